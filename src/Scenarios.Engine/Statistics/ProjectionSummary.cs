using System.Collections.Immutable;

namespace Scenarios.Engine.Statistics;

/// <summary>A distribution of a count over futures, in people.</summary>
/// <param name="Mean">Mean over all paths.</param>
/// <param name="StandardDeviation">Standard deviation over all paths (n - 1); 0 for a single path.</param>
/// <param name="MeanStandardError">Standard error of the mean; infinite for a single path, unless all paths are the same.</param>
/// <param name="StandardDeviationStandardError">Standard error of the standard deviation; infinite for fewer than 4 paths that differ.</param>
/// <param name="Quantiles">Quantiles in the order of the levels asked, whole.</param>
/// <param name="QuantileStandardErrors">Their standard errors, binning included; 0 in an atom; infinite if neither paths nor the scenario bound them.</param>
/// <param name="Min">Smallest over all paths, within the binning bound; a possible count.</param>
/// <param name="Max">Largest over all paths, within the binning bound; a possible count.</param>
public sealed record CountSummary(
    double Mean,
    double StandardDeviation,
    double MeanStandardError,
    double StandardDeviationStandardError,
    ImmutableArray<double> Quantiles,
    ImmutableArray<double> QuantileStandardErrors,
    double Min,
    double Max);

/// <summary>The state of affairs at one reported day.</summary>
/// <param name="Day">Days after the start.</param>
/// <param name="Cumulative">Everyone who has ever arrived.</param>
/// <param name="Present">Those present; null without a rotation mode.</param>
public sealed record PointSummary(double Day, CountSummary Cumulative, CountSummary? Present);

/// <summary>A quantile of a first passage time over all paths, where "not within the horizon" is later than any day.</summary>
/// <param name="Level">The level.</param>
/// <param name="Day">The day; null where fewer paths get there within the horizon.</param>
/// <param name="DayStandardError">Standard error of the day; null with the day, and if the paths do not bound it above.</param>
public readonly record struct PassageQuantile(double Level, double? Day, double? DayStandardError);

/// <summary>A probability and its standard error (the further end of Wilson's interval / 1.96).</summary>
public readonly record struct Chance(double Probability, double StandardError);

/// <summary>The chance that an event happens within the horizon.</summary>
public readonly record struct EventChance(string EventId, Chance Chance);

/// <summary>When a count is first reached.</summary>
/// <param name="Reached">Probability of reaching it within the horizon.</param>
/// <param name="ReachedByPoint">Probability of having reached it by each reported point.</param>
/// <param name="EarliestDay">Earliest passage in any path; null where no path gets there.</param>
/// <param name="Quantiles">Quantiles of the passage time in the order of the levels asked.</param>
public sealed record PassageSummary(
    Chance Reached,
    ImmutableArray<double> ReachedByPoint,
    double? EarliestDay,
    ImmutableArray<PassageQuantile> Quantiles);

/// <summary>Counts of paths by bins of the cumulative count at one reported day.</summary>
/// <param name="Day">Days after the start.</param>
/// <param name="Edges">Ascending, one more than the counts; an atom is a bin [a, a].</param>
/// <param name="Counts">Number of paths in each bin.</param>
public sealed record HistogramSummary(double Day, ImmutableArray<double> Edges, ImmutableArray<long> Counts);

/// <summary>One path exactly: its jump times and the counts right after each.</summary>
/// <param name="Days">Jump times in days; the first is 0.</param>
/// <param name="Cumulative">Everyone who has ever arrived.</param>
/// <param name="Present">Those present; empty without a rotation mode.</param>
public sealed record SamplePath(ImmutableArray<double> Days, ImmutableArray<double> Cumulative, ImmutableArray<double> Present);

/// <summary>A quantile of a count with its standard error; 0 in an atom.</summary>
public readonly record struct CountQuantile(double Value, double StandardError);

/// <summary>
/// The figures that the headline and the consequence speak of. They come from the tally, whatever levels, thresholds
/// and days were asked for.
/// </summary>
public sealed record KeyFigures
{
    /// <summary>Cumulative count at the horizon: the 5 % quantile.</summary>
    public required CountQuantile Low { get; init; }

    /// <summary>Cumulative count at the horizon: the median.</summary>
    public required CountQuantile Median { get; init; }

    /// <summary>Cumulative count at the horizon: the 95 % quantile.</summary>
    public required CountQuantile High { get; init; }

    /// <summary>Chance of passing the scenario's first threshold within the horizon; null without a threshold.</summary>
    public Chance? Threshold { get; init; }

    /// <summary>Chance of reaching the cap within the horizon; null without a cap.</summary>
    public Chance? Cap { get; init; }

    /// <summary>The cap where it is one known number; null where it is drawn or absent.</summary>
    public double? ConstantCap { get; init; }

    /// <summary>Number of paths that reach the cap within a year (365.25 days) of the start.</summary>
    public long CapWithinYearPaths { get; init; }

    /// <summary>Day by which the fastest 1 in 100 paths reach the cap; null where fewer do.</summary>
    public double? CapFastestPercentDay { get; init; }

    /// <summary>The number present where it never changes in any path; null otherwise or without a rotation mode.</summary>
    public double? PresentThroughout { get; init; }

    /// <summary>Median number present at the horizon; null without a rotation mode.</summary>
    public CountQuantile? PresentMedian { get; init; }

    /// <summary>Paths whose cumulative count is above the range of fine bins by the horizon.</summary>
    public long PathsAboveRange { get; init; }

    /// <summary>The end of the range of fine bins, in people.</summary>
    public double RangeEnd { get; init; }
}

/// <summary>The finished projection of <see cref="Paths"/> paths, in figures.</summary>
public sealed record ProjectionSummary
{
    /// <summary>Number of paths.</summary>
    public required long Paths { get; init; }

    /// <summary>Factor from a standard error to a 95 % bound at every snapshot together.</summary>
    public required double LiveErrorFactor { get; init; }

    /// <summary>The reported points, ascending in time.</summary>
    public required ImmutableArray<PointSummary> Points { get; init; }

    /// <summary>First passages in the order of the thresholds asked.</summary>
    public required ImmutableArray<PassageSummary> Thresholds { get; init; }

    /// <summary>First passage of the path's own cap; null without a cap.</summary>
    public PassageSummary? Cap { get; init; }

    /// <summary>Histograms of the cumulative count, in the order of the days asked.</summary>
    public required ImmutableArray<HistogramSummary> Histograms { get; init; }

    /// <summary>Levels asked for beyond which so few paths lie that these do not bound the quantile on both sides.</summary>
    public ImmutableArray<double> FewPathLevels { get; init; } = [];

    /// <summary>The events, in the order of the scenario.</summary>
    public ImmutableArray<EventChance> Events { get; init; } = [];

    /// <summary>What the sentences speak of.</summary>
    public required KeyFigures KeyFigures { get; init; }
}

/// <summary>What a summary is asked to hold. All of it can be asked of one and the same tally.</summary>
public sealed record SummaryQuery
{
    /// <summary>Quantile levels, ascending, in (0, 1).</summary>
    public required ImmutableArray<double> QuantileLevels { get; init; }

    /// <summary>Days to report, ascending, each a point of the tally; empty for all points of the grid.</summary>
    public ImmutableArray<double> ReportDays { get; init; } = [];

    /// <summary>Thresholds to report, each one of the tally's.</summary>
    public required ImmutableArray<long> Thresholds { get; init; }

    /// <summary>The scenario's first threshold, for the headline; null without one. One of the tally's.</summary>
    public long? HeadlineThreshold { get; init; }

    /// <summary>Days of which a histogram is wanted; snapped to the nearest reported point.</summary>
    public ImmutableArray<double> HistogramDays { get; init; } = [];

    /// <summary>Bins of a histogram beside the atoms, 1 to 500.</summary>
    public int HistogramBinCount { get; init; } = 50;
}
