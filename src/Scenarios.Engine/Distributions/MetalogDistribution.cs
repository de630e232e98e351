using System.Collections.Immutable;

namespace Scenarios.Engine.Distributions;

/// <summary>
/// The metalog distribution through given quantiles, unbounded or with one bound or two (T. W. Keelin, "The Metalog
/// Distributions", Decision Analysis 13, 2016): with as many terms as quantiles, so that it passes through all of them.
/// </summary>
/// <remarks>
/// Unbounded, its tails are those of a logistic distribution. With one bound, the logarithm of the distance from the bound is
/// a metalog, and the other tail may be so heavy that the variance or the mean is infinite; with two, the logit of the place
/// between them is.
/// </remarks>
public sealed record MetalogDistribution : Distribution
{
    /// <summary>Fewest quantiles.</summary>
    public const int MinQuantiles = 3;

    /// <summary>Most quantiles.</summary>
    public const int MaxQuantiles = 16;

    /// <summary>Largest distance of a value or bound from zero.</summary>
    public const double MaxSize = 1e100;

    // Derived, so equality leaves them out.
    private readonly MetalogCurve _curve;
    private readonly double _middle; // The curve at probability 1/2.
    private readonly Lazy<(double Mean, double Variance)> _moments;

    private MetalogDistribution(
        ImmutableArray<(double Probability, double Value)> quantiles, double? lowerBound, double? upperBound, MetalogCurve curve)
    {
        (Quantiles, LowerBound, UpperBound) = (quantiles, lowerBound, upperBound);
        _curve = curve;
        _middle = curve.Value(0.5, lower: true);
        _moments = new(Moments);
    }

    /// <summary>The quantiles that it passes through, ascending.</summary>
    public ImmutableArray<(double Probability, double Value)> Quantiles { get; }

    /// <summary>Lower bound; null where there is none.</summary>
    public double? LowerBound { get; }

    /// <summary>Upper bound; null where there is none.</summary>
    public double? UpperBound { get; }

    /// <inheritdoc/>
    public override double Mean => _moments.Value.Mean;

    /// <inheritdoc/>
    public override double Variance => _moments.Value.Variance;

    /// <inheritdoc/>
    public override double Min => LowerBound ?? (_curve.LowerEnd > 0 ? At(_curve.LowerEnd, lower: true) : double.NegativeInfinity);

    /// <inheritdoc/>
    public override double Max => UpperBound ?? (_curve.UpperEnd > 0 ? At(_curve.UpperEnd, lower: false) : double.PositiveInfinity);

    /// <summary>
    /// The metalog through all of the quantiles; null where its quantile function would fall somewhere (its density would be
    /// negative there), or where they do not determine it.
    /// </summary>
    /// <param name="quantiles">
    /// <see cref="MinQuantiles"/> to <see cref="MaxQuantiles"/> cumulative probabilities and values, both strictly ascending,
    /// probabilities in (0, 1), values strictly between the bounds.
    /// </param>
    /// <param name="lowerBound">Lower bound; null for none.</param>
    /// <param name="upperBound">Upper bound; null for none.</param>
    /// <param name="infeasibility">Why null is returned, if it is.</param>
    /// <exception cref="ArgumentException">
    /// There are too few or too many quantiles, they are not in order or not between the bounds, or a number is not finite or
    /// further than <see cref="MaxSize"/> from zero.
    /// </exception>
    public static MetalogDistribution? Through(
        ImmutableArray<(double Probability, double Value)> quantiles,
        double? lowerBound,
        double? upperBound,
        out MetalogInfeasibility infeasibility)
    {
        if (quantiles.Length is < MinQuantiles or > MaxQuantiles)
        {
            throw new ArgumentException($"There must be {MinQuantiles} to {MaxQuantiles} quantiles.", nameof(quantiles));
        }

        var least = lowerBound is { } l ? Within(l, -MaxSize, MaxSize, nameof(lowerBound)) : double.NegativeInfinity;
        var most = upperBound is { } u ? Within(u, -MaxSize, MaxSize, nameof(upperBound)) : double.PositiveInfinity;
        var (probability, value) = (0.0, least);
        foreach (var quantile in quantiles)
        {
            probability = Within(quantile.Probability, Math.BitIncrement(probability), Math.BitDecrement(1), nameof(quantiles));
            var (above, below) = (Math.Max(Math.BitIncrement(value), -MaxSize), Math.Min(Math.BitDecrement(most), MaxSize));
            value = Within(quantile.Value, above, below, nameof(quantiles));
        }

        var curve = MetalogCurve.Through([.. quantiles.Select(q => (q.Probability, Transformed(q.Value, lowerBound, upperBound)))]);
        if (curve is null)
        {
            infeasibility = MetalogInfeasibility.Undetermined;
            return null;
        }

        var falls = curve.Falls();
        if (falls.Count == 0)
        {
            infeasibility = default;
            return new(quantiles, lowerBound, upperBound, curve);
        }

        var fall = falls.MinBy(stretch => stretch.Slope);
        infeasibility = new(fall.Steepest, fall.From, fall.To, quantiles.Count(q => q.Probability <= fall.Steepest))
        {
            Falls = [.. falls.Select(stretch => (stretch.From, stretch.To))],
        };
        return null;
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => Probability(x, lower: true);

    /// <inheritdoc/>
    public override double UpperTail(double x) => Probability(x, lower: false);

    /// <inheritdoc/>
    public override double Quantile(double p) => p <= 0.5 ? At(p, lower: true) : At(1 - p, lower: false);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => q <= 0.5 ? At(q, lower: false) : At(1 - q, lower: true);

    /// <inheritdoc/>
    public bool Equals(MetalogDistribution? other) =>
        other is not null && LowerBound.Equals(other.LowerBound) && UpperBound.Equals(other.UpperBound)
        && Quantiles.AsSpan().SequenceEqual(other.Quantiles.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(LowerBound);
        hash.Add(UpperBound);
        foreach (var quantile in Quantiles)
        {
            hash.Add(quantile);
        }

        return hash.ToHashCode();
    }

    /// <summary>What is a metalog without bounds: x itself, or logarithms of its distances from the bounds.</summary>
    private static DoubleDouble Transformed(double x, double? lower, double? upper) => (lower, upper) switch
    {
        ({ } l, { } u) => DoubleDouble.Log((DoubleDouble)x - l) - DoubleDouble.Log((DoubleDouble)u - x),
        ({ } l, null) => DoubleDouble.Log((DoubleDouble)x - l),
        (null, { } u) => -DoubleDouble.Log((DoubleDouble)u - x),
        _ => x,
    };

    /// <summary>The value where the curve is z.</summary>
    private double Untransformed(double z) => (LowerBound, UpperBound) switch
    {
        ({ } l, { } u) when z <= 0 => l + ((u - l) * (Math.Exp(z) / (1 + Math.Exp(z)))),
        ({ } l, { } u) => u - ((u - l) * (Math.Exp(-z) / (1 + Math.Exp(-z)))),
        ({ } l, null) => l + Math.Exp(z),
        (null, { } u) => u - Math.Exp(-z),
        _ => z,
    };

    /// <summary>The value with a probability of at most 1/2 below it or above it.</summary>
    private double At(double nearer, bool lower) => Untransformed(_curve.Value(nearer, lower));

    /// <summary>P(X &lt;= x), or P(X &gt; x).</summary>
    private double Probability(double x, bool lower)
    {
        if (x <= Min || x >= Max)
        {
            return x <= Min == lower ? 0 : 1;
        }

        var z = Transformed(x, LowerBound, UpperBound).ToDouble();
        var isLower = z <= _middle;
        var nearer = Nearer(z, isLower);
        return isLower == lower ? nearer : 1 - nearer;
    }

    /// <summary>The probability of the nearer tail where the curve is z; 0 below the smallest of normal doubles.</summary>
    private double Nearer(double z, bool lower)
    {
        // The search ends at differences below 2e-15: scaled up, so that it goes on to the last bit.
        var scale = (lower ? 1e30 : -1e30) / _curve.MeanSlope;
        const double Least = 2.2250738585072014e-308;
        double Excess(double p) => (_curve.Value(p, lower) - z) * scale;
        return Excess(Least) >= 0 ? 0 : MonotoneSearch.Root(Excess, Least, 0.5);
    }

    /// <summary>
    /// By integrals; with one bound, the distance from it goes with the power -B of the other tail's probability, where B is the
    /// curve's slope there: infinite mean from B = 1, infinite variance from B = 1/2.
    /// </summary>
    private (double Mean, double Variance) Moments()
    {
        var power = (LowerBound, UpperBound) switch
        {
            ({ }, null) => _curve.UpperTailSlope,
            (null, { }) => _curve.LowerTailSlope,
            _ => 0,
        };
        if (power >= 1)
        {
            return (LowerBound is null ? double.NegativeInfinity : double.PositiveInfinity, double.PositiveInfinity);
        }

        var (mean, variance) = QuantileMoments.Of(this);
        return (mean, power >= 0.5 ? double.PositiveInfinity : variance);
    }
}
