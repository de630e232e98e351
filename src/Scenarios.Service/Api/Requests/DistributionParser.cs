using Scenarios.Engine.Distributions;
using Scenarios.Service.Api.Notation;
using Family = Scenarios.V1.Distribution.FamilyOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// Parses the distributions of one request, and completes their messages with the defaults that were left out. One parser
/// per request: what all its distributions cost together is bounded.
/// </summary>
internal sealed class DistributionParser
{
    /// <summary>Most listed numbers (outcomes, samples, quantiles) in all distributions of a request together.</summary>
    public const int MostListed = 20_000;

    /// <summary>Most components of mixtures in a request, at all depths together.</summary>
    public const int MostComponents = 100;

    private const int MostOutcomes = 10_000;
    private const int MostQuantiles = 1_000;
    private const int DeepestMixture = 4;
    private const double SmallestMass = 1e-9;

    private int _listed;
    private int _components;

    /// <summary>The distribution of a message; null, and reported, where it breaks a rule.</summary>
    /// <param name="field">The distribution's field.</param>
    /// <param name="message">The message; a text in it is expanded.</param>
    /// <param name="unit">What its numbers are in.</param>
    /// <param name="written">Where rules about the distribution are reported: its field, or the text that it was written as.</param>
    public Distribution? Parse(RequestField field, V1.Distribution? message, NotationUnit unit, out RequestField written) =>
        Parse(field, message, unit, depth: 0, out written);

    private Distribution? Parse(RequestField field, V1.Distribution? message, NotationUnit unit, int depth, out RequestField written)
    {
        written = field;
        if (message is null || message.FamilyCase == Family.None)
        {
            field.Report(
                ViolationReason.Required,
                "No distribution is given.",
                "Give exactly one family, for instance constant, uniform, triangular, pert or log_normal, or a text such as \"60 to 180\".");
            return null;
        }

        var isTruncatedBeside = message.Truncation is not null;
        if (message.FamilyCase == Family.Text)
        {
            if (DistributionText.Expand(field, message, unit) is not { } text)
            {
                return null;
            }

            written = text;
        }

        var family = ParseFamily(written, message, unit, depth);
        return message.Truncation is null ? family : Truncate((isTruncatedBeside ? field : written).At("truncation"), message, family);
    }

    private Distribution? ParseFamily(RequestField field, V1.Distribution message, NotationUnit unit, int depth) => message.FamilyCase switch
    {
        Family.Constant => Bounds.Any.Allow(field.At("constant"), message.Constant) ? new ConstantDistribution(message.Constant) : null,
        Family.Uniform => ParseUniform(field.At("uniform"), message.Uniform),
        Family.Triangular => ParseTriangular(field.At("triangular"), message.Triangular),
        Family.Pert => ParsePert(field.At("pert"), message.Pert),
        Family.Normal => ParametricFamilies.Parse(field.At("normal"), message.Normal),
        Family.LogNormal => ParametricFamilies.Parse(field.At("log_normal"), message.LogNormal),
        Family.Gamma => ParametricFamilies.Parse(field.At("gamma"), message.Gamma),
        Family.Weibull => ParametricFamilies.Parse(field.At("weibull"), message.Weibull),
        Family.Exponential => ParseExponential(field.At("exponential"), message.Exponential),
        Family.Beta => ParseBeta(field.At("beta"), message.Beta),
        Family.Poisson => ParsePoisson(field.At("poisson"), message.Poisson),
        Family.NegativeBinomial => ParseNegativeBinomial(field.At("negative_binomial"), message.NegativeBinomial),
        Family.Discrete => ParseDiscrete(field.At("discrete"), message.Discrete),
        Family.Empirical => ParseEmpirical(field.At("empirical"), message.Empirical),
        Family.Mixture => ParseMixture(field.At("mixture"), message.Mixture, unit, depth + 1),
        Family.Metalog => ParseMetalog(field.At("metalog"), message.Metalog),
        _ => throw new System.Diagnostics.UnreachableException($"The family {message.FamilyCase} has no parser."),
    };

    private static UniformDistribution? ParseUniform(RequestField field, V1.Uniform message) =>
        Forms.Ends(
            field,
            new("min", message.HasMin, message.Min, Bounds.Any),
            new("max", message.HasMax, message.Max, Bounds.Any)) is { } ends
            ? new(ends.Low, ends.High)
            : null;

    private static TriangularDistribution? ParseTriangular(RequestField field, V1.Triangular message) =>
        Forms.ThreePoints(
            field,
            new("min", message.HasMin, message.Min, Bounds.Any),
            new("mode", message.HasMode, message.Mode, Bounds.Any),
            new("max", message.HasMax, message.Max, Bounds.Any)) is { } points
            ? new(points.Min, points.Mode, points.Max)
            : null;

    private static ScaledBetaDistribution? ParsePert(RequestField field, V1.Pert message)
    {
        message.Shape = message.HasShape ? message.Shape : 4;
        var isShaped = new Bounds(0.01, 1000).Allow(field.At("shape"), message.Shape);
        var points = Forms.ThreePoints(
            field,
            new("min", message.HasMin, message.Min, Bounds.Any),
            new("mode", message.HasMode, message.Mode, Bounds.Any),
            new("max", message.HasMax, message.Max, Bounds.Any));
        return points is { } p && isShaped ? ScaledBetaDistribution.Pert(p.Min, p.Mode, p.Max, message.Shape) : null;
    }

    private static ExponentialDistribution? ParseExponential(RequestField field, V1.Exponential message) =>
        Bounds.Positive.Require(field.At("mean"), message.HasMean, message.Mean) is { } mean ? new(mean) : null;

    private static ScaledBetaDistribution? ParseBeta(RequestField field, V1.Beta message)
    {
        message.Min = message.HasMin ? message.Min : 0;
        message.Max = message.HasMax ? message.Max : 1;
        var shapes = new Bounds(0.05, 1e6);
        var both = Forms.Both(
            field,
            new("alpha", message.HasAlpha, message.Alpha, shapes),
            new("beta", message.HasBeta_, message.Beta_, shapes));
        var ends = Forms.Ends(
            field,
            new("min", true, message.Min, Bounds.Any),
            new("max", true, message.Max, Bounds.Any));
        return both is { } shape && ends is { } end ? new(shape.First, shape.Second, end.Low, end.High) : null;
    }

    private static PoissonDistribution? ParsePoisson(RequestField field, V1.Poisson message) =>
        CountMean.Require(field.At("mean"), message.HasMean, message.Mean) is { } mean ? new(mean) : null;

    private static NegativeBinomialDistribution? ParseNegativeBinomial(RequestField field, V1.NegativeBinomial message) =>
        Forms.Both(
            field,
            new("mean", message.HasMean, message.Mean, CountMean),
            new("dispersion", message.HasDispersion, message.Dispersion, new(0.01, 1e6))) is { } both
            ? new(both.First, both.Second)
            : null;

    private static Bounds CountMean => new(Bounds.Smallest, 1e6);

    private DiscreteDistribution? ParseDiscrete(RequestField field, V1.Discrete message)
    {
        var list = field.At("outcomes");
        if (!CheckListed(list, message.Outcomes.Count, MostOutcomes))
        {
            return null;
        }

        var outcomes = new List<(double, double)>(message.Outcomes.Count);
        for (var i = 0; i < message.Outcomes.Count; i++)
        {
            var outcome = message.Outcomes[i];
            var both = Forms.Both(
                field.At("outcomes", i),
                new("value", outcome.HasValue, outcome.Value, Bounds.Any),
                new("weight", outcome.HasWeight, outcome.Weight, Bounds.Positive));
            if (both is { } pair)
            {
                outcomes.Add(pair);
            }
        }

        return outcomes.Count == message.Outcomes.Count ? DiscreteDistribution.From(outcomes) : null;
    }

    private Distribution? ParseEmpirical(RequestField field, V1.Empirical message)
    {
        (string, bool)[] samples = [("samples", message.Samples.Count > 0)];
        (string, bool)[] quantiles = [("quantiles", message.Quantiles.Count > 0), ("min", message.HasMin), ("max", message.HasMax)];
        return Forms.Choose(field, samples, quantiles) switch
        {
            0 => ParseSamples(field, message),
            1 => ParseQuantiles(field, message),
            _ => null,
        };
    }

    private DiscreteDistribution? ParseSamples(RequestField field, V1.Empirical message)
    {
        if (!CheckListed(field.At("samples"), message.Samples.Count, MostOutcomes))
        {
            return null;
        }

        var isAllowed = true;
        for (var i = 0; i < message.Samples.Count; i++)
        {
            isAllowed &= Bounds.Any.Allow(field.At("samples", i), message.Samples[i]);
        }

        return isAllowed ? DiscreteDistribution.FromSamples(message.Samples) : null;
    }

    private PiecewiseLinearDistribution? ParseQuantiles(RequestField field, V1.Empirical message)
    {
        var ends = Forms.Ends(
            field,
            new("min", message.HasMin, message.Min, Bounds.Any),
            new("max", message.HasMax, message.Max, Bounds.Any));
        if (!CheckListed(field.At("quantiles"), message.Quantiles.Count, MostQuantiles))
        {
            return null;
        }

        var points = new List<(double Probability, double Value)>(message.Quantiles.Count);
        var isAscending = true;
        for (var i = 0; i < message.Quantiles.Count; i++)
        {
            var quantile = message.Quantiles[i];
            var at = field.At("quantiles", i);
            var both = Forms.Both(
                at,
                new("probability", quantile.HasProbability, quantile.Probability, Bounds.OpenUnit),
                new("value", quantile.HasValue, quantile.Value, Bounds.Any));
            if (both is not { } point)
            {
                continue;
            }

            var previous = points.Count > 0 ? points[^1] : (Probability: 0, Value: ends?.Low ?? double.NegativeInfinity);
            isAscending &= Forms.Ascending(at, previous, point, isStrict: false);
            points.Add(point);
        }

        if (ends is not { } end || points.Count < message.Quantiles.Count || !isAscending)
        {
            return null;
        }

        if (points[^1].Value > end.High)
        {
            field.At("max").Report(
                ViolationReason.NotAscending,
                $"{Spoken.Number(end.High)} is below the last quantile, {Spoken.Number(points[^1].Value)}.",
                $"Give a max of at least {Spoken.Number(points[^1].Value)}.");
            return null;
        }

        return new(end.Low, points, end.High);
    }

    private MetalogDistribution? ParseMetalog(RequestField field, V1.Metalog message) =>
        CheckListed(field.At("quantiles"), message.Quantiles.Count, MetalogDistribution.MaxQuantiles) ? MetalogParser.Parse(field, message) : null;

    private MixtureDistribution? ParseMixture(RequestField field, V1.Mixture message, NotationUnit unit, int depth)
    {
        if (depth > DeepestMixture)
        {
            field.Report(
                ViolationReason.TooDeep,
                $"This mixture is nested {depth} deep; at most {DeepestMixture} are allowed.",
                "Multiply the weights out and list the components side by side.");
            return null;
        }

        var list = field.At("components");
        if (!CheckNotEmpty(list, message.Components.Count))
        {
            return null;
        }

        _components += message.Components.Count;
        if (_components > MostComponents)
        {
            list.Report(
                ViolationReason.TooMany,
                $"Mixtures have {Spoken.Number(_components)} components so far in this request; at most {MostComponents} are allowed in all.",
                "Join components that say nearly the same.");
            return null;
        }

        var components = new List<(double, Distribution)>(message.Components.Count);
        for (var i = 0; i < message.Components.Count; i++)
        {
            var component = message.Components[i];
            var at = field.At("components", i);
            var weight = Bounds.Positive.Require(at.At("weight"), component.HasWeight, component.Weight);
            var distribution = Parse(at.At("distribution"), component.Distribution, unit, depth, out _);
            if (weight is { } w && distribution is not null)
            {
                components.Add((w, distribution));
            }
        }

        return components.Count == message.Components.Count ? new(components) : null;
    }

    private static Distribution? Truncate(RequestField at, V1.Distribution message, Distribution? inner)
    {
        var truncation = message.Truncation;
        var isAllowed = !truncation.HasMin || Bounds.Any.Allow(at.At("min"), truncation.Min);
        isAllowed &= !truncation.HasMax || Bounds.Any.Allow(at.At("max"), truncation.Max);
        if (!isAllowed)
        {
            return null;
        }

        if (!truncation.HasMin && !truncation.HasMax)
        {
            message.Truncation = null;
            return inner;
        }

        var (min, max) = (
            truncation.HasMin ? truncation.Min : double.NegativeInfinity,
            truncation.HasMax ? truncation.Max : double.PositiveInfinity);
        if (min > max)
        {
            at.At("min").Report(
                ViolationReason.NotAscending,
                $"min {Spoken.Number(min)} is above max {Spoken.Number(max)}.",
                "Swap min and max, or move one of them.");
            return null;
        }

        if (inner is null)
        {
            return null;
        }

        var mass = TruncatedDistribution.MassOf(inner, min, max);
        if (mass >= SmallestMass)
        {
            return new TruncatedDistribution(inner, min, max);
        }

        at.Report(
            ViolationReason.OutOfRange,
            $"The distribution lies within the truncation with a probability of {Spoken.Rounded(mass)}; at least {Spoken.Number(SmallestMass)} is needed.",
            $"Widen the truncation: half of the distribution is below {Spoken.Rounded(inner.Quantile(0.5))}.");
        return null;
    }

    /// <summary>Checks a list's own length and what the request lists in all.</summary>
    private bool CheckListed(RequestField list, int count, int most)
    {
        if (!CheckNotEmpty(list, count) || !Texts.CheckCount(list, count, most))
        {
            return false;
        }

        _listed += count;
        if (_listed <= MostListed)
        {
            return true;
        }

        list.Report(
            ViolationReason.TooMany,
            $"The request lists {Spoken.Number(_listed)} numbers of distributions so far; at most {Spoken.Number(MostListed)} are allowed in all.",
            "Thin the samples or outcomes out, or give quantiles of them.");
        return false;
    }

    private static bool CheckNotEmpty(RequestField list, int count)
    {
        if (count == 0)
        {
            list.Report(ViolationReason.Required, "The list is empty.", "Give at least one.");
        }

        return count > 0;
    }
}
