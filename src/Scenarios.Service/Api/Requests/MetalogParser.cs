using System.Collections.Immutable;
using Scenarios.Engine.Distributions;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>Parses metalogs: there is one through most ascending quantiles, not through all.</summary>
internal static class MetalogParser
{
    /// <summary>The metalog of a message; null, and reported, where it breaks a rule.</summary>
    public static MetalogDistribution? Parse(RequestField field, V1.Metalog message)
    {
        var hasBounds = !message.HasLowerBound || Bounds.Any.Allow(field.At("lower_bound"), message.LowerBound);
        hasBounds &= !message.HasUpperBound || Bounds.Any.Allow(field.At("upper_bound"), message.UpperBound);
        var quantiles = ParseQuantiles(field, message);
        if (!hasBounds || quantiles.IsDefault || !CheckBounds(field, message, quantiles))
        {
            return null;
        }

        var metalog = MetalogDistribution.Through(
            quantiles,
            message.HasLowerBound ? message.LowerBound : null,
            message.HasUpperBound ? message.UpperBound : null,
            out var infeasibility);
        if (metalog is null)
        {
            ReportInfeasible(field.At("quantiles"), message, infeasibility);
        }

        return metalog;
    }

    private static ImmutableArray<(double Probability, double Value)> ParseQuantiles(RequestField field, V1.Metalog message)
    {
        if (message.Quantiles.Count < MetalogDistribution.MinQuantiles)
        {
            field.At("quantiles").Report(
                ViolationReason.Required,
                $"{Spoken.Number(message.Quantiles.Count)} quantiles are given; {MetalogDistribution.MinQuantiles} to {MetalogDistribution.MaxQuantiles} are needed.",
                "Give more, or use normal or log_normal with an interval for two.");
            return default;
        }

        var points = ImmutableArray.CreateBuilder<(double Probability, double Value)>(message.Quantiles.Count);
        var isAscending = true;
        for (var i = 0; i < message.Quantiles.Count; i++)
        {
            var (at, quantile) = (field.At("quantiles", i), message.Quantiles[i]);
            var both = Forms.Both(
                at,
                new("probability", quantile.HasProbability, quantile.Probability, Bounds.OpenUnit),
                new("value", quantile.HasValue, quantile.Value, Bounds.Any));
            if (both is { } point)
            {
                isAscending &= points.Count == 0 || Forms.Ascending(at, points[^1], point, isStrict: true);
                points.Add(point);
            }
        }

        return isAscending && points.Count == message.Quantiles.Count ? points.ToImmutable() : default;
    }

    private static bool CheckBounds(RequestField field, V1.Metalog message, ImmutableArray<(double Probability, double Value)> quantiles)
    {
        var (least, most) = (quantiles[0].Value, quantiles[^1].Value);
        var isBelow = !message.HasLowerBound || message.LowerBound < least;
        if (!isBelow)
        {
            field.At("lower_bound").Report(
                ViolationReason.NotAscending,
                $"{Spoken.Number(message.LowerBound)} is not below the first quantile, {Spoken.Number(least)}.",
                $"Give a bound below {Spoken.Number(least)}, or leave it out.");
        }

        var isAbove = !message.HasUpperBound || message.UpperBound > most;
        if (!isAbove)
        {
            field.At("upper_bound").Report(
                ViolationReason.NotAscending,
                $"{Spoken.Number(message.UpperBound)} is not above the last quantile, {Spoken.Number(most)}.",
                $"Give a bound above {Spoken.Number(most)}, or leave it out.");
        }

        return isBelow && isAbove;
    }

    private static void ReportInfeasible(RequestField field, V1.Metalog message, MetalogInfeasibility why)
    {
        if (why.IsUndetermined)
        {
            field.Report(
                ViolationReason.OutOfRange,
                "These quantiles do not determine a metalog: their probabilities lie too close together, or mirror one another about 0.5.",
                "Leave one out, or add one.");
            return;
        }

        var (below, count) = (why.QuantilesBelow, message.Quantiles.Count);
        var (place, mend) = below switch
        {
            0 => ("below quantiles[0]", message.HasLowerBound ? "Move the first values apart" : "Give a lower_bound, move the first values apart"),
            _ when below == count =>
                ($"above quantiles[{count - 1}]", message.HasUpperBound ? "Move the last values apart" : "Give an upper_bound, move the last values apart"),
            _ => ($"between quantiles[{below - 1}] and quantiles[{below}]", $"Move the values of quantiles[{below - 1}] and quantiles[{below}] farther apart"),
        };
        field.Report(
            ViolationReason.OutOfRange,
            $"No metalog passes through these quantiles: {place}, from a probability of {why.From:0.####} to {why.To:0.####}, its density would be negative.",
            $"{mend}, leave a quantile out, or use empirical.quantiles, which takes any that ascend.");
    }
}
