using System.Collections.Immutable;

namespace Scenarios.Engine.Simulation;

/// <summary>Something drawn once for the whole path.</summary>
/// <param name="Field">Field of the assumption, for instance <c>cap</c>, or <c>batch_size.path_factor</c>.</param>
/// <param name="Value">The value as drawn, before rounding.</param>
public readonly record struct PathDraw(string Field, double Value);

/// <summary>A batch that was scheduled within the horizon.</summary>
/// <param name="Batch">Its number, from 1.</param>
/// <param name="Day">When, in days after the start.</param>
/// <param name="GapDays">The gap before it, path factor included; null for a first batch on its own day.</param>
/// <param name="DrawnCount">The size drawn, rounded, path factor included.</param>
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
    double? Present);

/// <summary>One path, event by event.</summary>
/// <param name="Draws">What was drawn for the whole path, in the order of model.md.</param>
/// <param name="InitialCumulative">Cumulative count at day 0.</param>
/// <param name="Batches">Every scheduled batch within the horizon, in order.</param>
public sealed record PathReplay(ImmutableArray<PathDraw> Draws, double InitialCumulative, ImmutableArray<BatchReplay> Batches);

/// <summary>A path has more batches than its replay was to keep.</summary>
/// <param name="day">When the first batch too many comes, in days after the start.</param>
public sealed class ReplayTooLongException(double day)
    : Exception($"The path has more batches than asked for: the first too many on day {day}.")
{
    /// <summary>When the first batch too many comes, in days after the start.</summary>
    public double Day => day;
}
