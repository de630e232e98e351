using System.Collections.Immutable;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Runs;

/// <summary>When to stop early, checked at ladder points by bounds that hold at all of them together.</summary>
/// <param name="RelativeHalfWidth">Half-width of the mean at the horizon relative to that mean; null for no such target.</param>
/// <param name="QuantileHalfWidth">Largest half-width of the quantiles at the horizon, in people; null for no such target.</param>
public sealed record TargetPrecision(double? RelativeHalfWidth, double? QuantileHalfWidth)
{
    /// <summary>Are all targets met?</summary>
    /// <param name="horizon">The cumulative count at the horizon, with the levels asked for.</param>
    /// <param name="liveErrorFactor">Makes a standard error a bound that holds at every ladder point together.</param>
    public bool IsMetBy(CountSummary horizon, double liveErrorFactor) =>
        !(liveErrorFactor * horizon.MeanStandardError > RelativeHalfWidth * horizon.Mean)
        && !(liveErrorFactor * horizon.QuantileStandardErrors.Max() > QuantileHalfWidth);
}

/// <summary>A projection asked for, parsed and valid: everything that determines its bits.</summary>
[Immutable]
public sealed record ProjectionSpec
{
    /// <summary>The permanent name, <c>projections/{hash}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of what determines the tally: equal for projections that can share a run.</summary>
    public required string InnerKey { get; init; }

    /// <summary>The scenario as projected: expanded, defaults filled in. Shared between readers, never changed.</summary>
    public required V1.Scenario Scenario { get; init; }

    /// <summary>The same for the engine.</summary>
    public required ArrivalModel Model { get; init; }

    /// <summary>Seed of the random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>How paths are drawn.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>Paths asked for.</summary>
    public required long Paths { get; init; }

    /// <summary>What the summary shall hold.</summary>
    public required SummaryQuery Query { get; init; }

    /// <summary>Thresholds whose passage the tally records: those asked for and the headline's, distinct, ascending.</summary>
    public required ImmutableArray<long> TallyThresholds { get; init; }

    /// <summary>Report days off the scenario's grid, distinct, ascending.</summary>
    public required ImmutableArray<double> ExtraDays { get; init; }

    /// <summary>Number of sample paths to return.</summary>
    public required int SamplePathCount { get; init; }

    /// <summary>When to stop early; null for never.</summary>
    public TargetPrecision? TargetPrecision { get; init; }

    /// <summary>The stored scenario that was asked for by name. Changes no number.</summary>
    public ScenarioOrigin Origin { get; init; }
}

/// <summary>Where a scenario came from: the default stands for one that was given inline.</summary>
/// <param name="Id">The id of <c>scenarios/{id}</c>.</param>
/// <param name="Revision">Its revision.</param>
public readonly record struct ScenarioOrigin(string? Id, string? Revision);

/// <summary>What one reader wants of a run. Changes no number.</summary>
/// <param name="UpdateInterval">Shortest time between snapshots.</param>
/// <param name="FinalOnly">Only the last message.</param>
public sealed record ReaderOptions(TimeSpan UpdateInterval, bool FinalOnly)
{
    /// <summary>By when it wants the last message; null for whenever that is.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
