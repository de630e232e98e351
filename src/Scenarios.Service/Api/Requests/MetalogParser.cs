using System.Collections.Immutable;
using Scenarios.Engine.Distributions;

namespace Scenarios.Service.Api.Requests;

/// <summary>Parses metalogs: there is one through most ascending quantiles, not through all.</summary>
internal static class MetalogParser
{
    /// <summary>Distances of a bound from the quantile next to it that are tried, as parts of the range of the quantiles.</summary>
    private static readonly double[] BoundDistances = [1, 0.5, 0.25, 0.1, 0.05, 2, 5, 10];

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
                Alternatives(message));
            return;
        }

        var stretches = why.Falls.Select(fall =>
            fall.From <= 0 ? $"below {Figure(fall.To, fall)}" : fall.To >= 1 ? $"above {Figure(fall.From, fall)}" : $"from {Figure(fall.From, fall)} to {Figure(fall.To, fall)}");
        field.Report(
            ViolationReason.OutOfRange,
            $"No metalog passes through these quantiles: its density would be negative for probabilities {Spoken.Row([.. stretches])}.",
            Alternatives(message));
    }

    private static string Alternatives(V1.Metalog message)
    {
        var mends = string.Join(", or ", [.. Mends(message), "use empirical.quantiles with a min and a max, which takes any that ascend"]);
        return $"{char.ToUpperInvariant(mends[0])}{mends[1..]}.";
    }

    /// <summary>What makes a metalog of the quantiles: each was tried.</summary>
    private static IEnumerable<string> Mends(V1.Metalog message)
    {
        if (FeasibleBound(message) is { } bound)
        {
            yield return bound;
        }

        V1.Metalog Without(int index)
        {
            var rest = message.Clone();
            rest.Quantiles.RemoveAt(index);
            return rest;
        }

        if (message.Quantiles.Count > MetalogDistribution.MinQuantiles
            && Enumerable.Range(0, message.Quantiles.Count).Where(index => IsFeasible(Without(index))).ToArray() is { Length: > 0 } superfluous)
        {
            yield return $"leave out {Spoken.Row([.. superfluous.Select(index => $"quantiles[{index}]")], "or")}";
        }
    }

    /// <summary>A bound that bends the curve enough: those near the quantiles bend it most. Null if none does, or all are given.</summary>
    private static string? FeasibleBound(V1.Metalog message)
    {
        var (least, most) = (message.Quantiles[0].Value, message.Quantiles[^1].Value);
        foreach (var share in BoundDistances)
        {
            var above = Spoken.RoundedTo(most + (share * (most - least)), share * (most - least));
            var below = Spoken.RoundedTo(least - (share * (most - least)), share * (most - least));
            if (!message.HasUpperBound && above > most && above <= Bounds.Largest && IsFeasible(new(message) { UpperBound = above }))
            {
                return $"give an upper_bound of {Spoken.Number(above)}";
            }

            if (!message.HasLowerBound && below < least && below >= -Bounds.Largest && IsFeasible(new(message) { LowerBound = below }))
            {
                return $"give a lower_bound of {Spoken.Number(below)}";
            }
        }

        return null;
    }

    private static bool IsFeasible(V1.Metalog message) => MetalogDistribution.Through(
        [.. message.Quantiles.Select(quantile => (quantile.Probability, quantile.Value))],
        message.HasLowerBound ? message.LowerBound : null,
        message.HasUpperBound ? message.UpperBound : null,
        out _) is not null;

    /// <summary>A probability with the figures that tell the ends of its stretch apart.</summary>
    private static string Figure(double probability, (double From, double To) fall)
    {
        var decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(fall.To - fall.From)), 2, 12);
        return Spoken.Number(Math.Round(probability, decimals));
    }
}
