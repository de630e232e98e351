using System.Collections.Immutable;

namespace Scenarios.Engine.Simulation;

/// <summary>Something drawn once for the whole path.</summary>
/// <param name="Field">Field of the assumption, for instance <c>cap</c>, or <c>batch_size.path_factor</c>.</param>
/// <param name="Value">The value as drawn, before rounding.</param>
public readonly record struct PathDraw(string Field, double Value);

/// <summary>Something that happened in a path.</summary>
/// <param name="Day">When, in days after the start.</param>
public abstract record ReplayEntry(double Day);

/// <summary>A batch that was scheduled within the horizon.</summary>
/// <param name="Batch">Its number, from 1.</param>
/// <param name="Day">When, in days after the start.</param>
/// <param name="GapDays">The gap before it, path and event factors included; null for a first batch on its own day.</param>
/// <param name="DrawnCount">The size drawn, rounded, path and event factors included.</param>
/// <param name="Skipped">It did not come at all.</param>
/// <param name="ArrivedCount">How many arrived.</param>
/// <param name="ReturnedCount">How many went home at the same instant.</param>
/// <param name="Cumulative">Everyone who has ever arrived, afterwards.</param>
/// <param name="Present">Those present, afterwards; null without a rotation mode.</param>
public sealed record BatchReplay(
    long Batch,
    double Day,
    double? GapDays,
    double DrawnCount,
    bool Skipped,
    double ArrivedCount,
    double ReturnedCount,
    double Cumulative,
    double? Present) : ReplayEntry(Day)
{
    /// <summary>An event kept it from coming.</summary>
    public bool Halted { get; init; }

    /// <summary>Its tour in days, path factor included; null without tours and where nobody arrived.</summary>
    public double? TourLengthDays { get; init; }
}

/// <summary>People went home at the end of their tour.</summary>
/// <param name="Day">When, in days after the start.</param>
/// <param name="Batch">Number of the batch, from 1; 0 for the initial contingent.</param>
/// <param name="ReturnedCount">How many went home.</param>
/// <param name="Cumulative">Everyone who has ever arrived, afterwards.</param>
/// <param name="Present">Those present, afterwards.</param>
public sealed record TourEndReplay(double Day, long Batch, double ReturnedCount, double Cumulative, double Present) : ReplayEntry(Day);

/// <summary>An event happened.</summary>
/// <param name="Day">When; negative where it was running, or over, before the start.</param>
/// <param name="EventId">The event.</param>
/// <param name="DurationDays">How long its effects last, path factor included; null for good.</param>
public sealed record EventStartReplay(double Day, string EventId, double? DurationDays) : ReplayEntry(Day);

/// <summary>An event's effects ended.</summary>
/// <param name="Day">When: its effects last until just before.</param>
/// <param name="EventId">The event.</param>
public sealed record EventEndReplay(double Day, string EventId) : ReplayEntry(Day);

/// <summary>One path, event by event.</summary>
/// <param name="Draws">What was drawn for the whole path, in the order of model.md.</param>
/// <param name="InitialCumulative">Cumulative count at day 0.</param>
/// <param name="Entries">
/// What happened up to the horizon, in order; at one instant tours end first, then events start and end, then batches arrive.
/// </param>
public sealed record PathReplay(ImmutableArray<PathDraw> Draws, double InitialCumulative, ImmutableArray<ReplayEntry> Entries)
{
    /// <summary>Every scheduled batch within the horizon, in order.</summary>
    public ImmutableArray<BatchReplay> Batches { get; } = [.. Entries.OfType<BatchReplay>()];
}

/// <summary>A path has more batches than its replay was to keep.</summary>
/// <param name="day">When the first batch too many comes, in days after the start.</param>
public sealed class ReplayTooLongException(double day)
    : Exception($"The path has more batches than asked for: the first too many on day {day}.")
{
    /// <summary>When the first batch too many comes, in days after the start.</summary>
    public double Day => day;
}

/// <summary>A path is refused because it outgrows the memory kept for one.</summary>
/// <param name="what">What there is too much of: "more than 10 jumps".</param>
/// <param name="day">By when, in days after the start.</param>
public sealed class PathTooLargeException(string what, double day)
    : Exception($"a path with {what} by day {day.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}");

/// <summary>The total of a path passes what totals are counted to.</summary>
/// <param name="path">Index of the path.</param>
/// <param name="batches">How many batches were due by then; 0 if it starts there.</param>
/// <param name="day">When, in days after the start.</param>
public sealed class CountTooLargeException(long path, long batches, double day)
    : Exception($"The total of path {path} passes {MaxCount:#,0} by day {day.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}")
{
    /// <summary>The largest total: 2^50.</summary>
    public const long MaxCount = PathLaw.MaxCount;

    /// <summary>How many batches were due by then; 0 if the path starts there.</summary>
    public long Batches => batches;
}
