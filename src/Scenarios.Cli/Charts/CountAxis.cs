using Scenarios.V1;

namespace Scenarios.Cli.Charts;

/// <summary>The scale of counts, from 0 up. It holds still while snapshots arrive, and grows where one needs more.</summary>
/// <param name="Top">The largest count that must be on the scale; positive.</param>
internal sealed record CountAxis(double Top)
{
    /// <summary>A ceiling or threshold further out than this many times the rest would press the fan flat.</summary>
    private const double FurthestLine = 2;

    private static readonly double[] RoundFactors = [1, 2, 5, 10];

    /// <summary>The scale of a projection: its fan, with its ceiling and thresholds where these are near.</summary>
    public static CountAxis For(Projection projection)
    {
        var fan = projection.Points
            .SelectMany(point => point.Cumulative.Quantiles.Concat(point.Present?.Quantiles.AsEnumerable() ?? []))
            .DefaultIfEmpty(0)
            .Max();
        if (fan <= 0)
        {
            fan = 1;
        }

        var lines = projection.Thresholds.Select(threshold => (double)threshold.Count).Append(ConstantCap(projection) ?? 0);
        return new(lines.Where(line => line <= fan * FurthestLine).Append(fan).Max());
    }

    /// <summary>The same scale, or that of the projection where it needs more.</summary>
    public CountAxis Holding(Projection projection)
    {
        var needed = For(projection);
        return needed.Top > Top ? needed : this;
    }

    /// <summary>The ceiling, where it is one number and limits what is drawn.</summary>
    public static double? ConstantCap(Projection projection) =>
        projection.Scenario?.Assumptions is { } assumptions
        && assumptions.CapBasis != Assumptions.Types.CapBasis.Present
        && assumptions.Cap is { PathFactor: null, Distribution: { FamilyCase: Distribution.FamilyOneofCase.Constant } cap }
            ? cap.Constant
            : null;

    /// <summary>The same, where no event moves it: only then is a count at the ceiling one that stays there.</summary>
    public static double? FixedCap(Projection projection) =>
        projection.Scenario?.Events.Any(happening => !happening.Disabled && happening.Effects?.CapChange is not (null or 0)) is true
            ? null
            : ConstantCap(projection);

    /// <summary>Round counts at least <paramref name="rows"/> rows apart on a scale of that height, 0 not among them.</summary>
    public IEnumerable<double> Ticks(int height, int rows)
    {
        var scale = Scale(height);
        var step = RoundStep(rows / scale);
        for (var tick = step; tick <= Top; tick += step)
        {
            yield return tick;
        }
    }

    /// <summary>Rows per count on a scale of that height: the largest count is at the upper edge of the top row.</summary>
    public double Scale(int height) => height / Top;

    private static double RoundStep(double least)
    {
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, least))));
        return RoundFactors.Select(factor => factor * magnitude).First(step => step >= least - 1e-9);
    }
}
