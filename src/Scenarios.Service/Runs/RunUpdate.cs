using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Runs;

/// <summary>What a run has to say to the readers of one projection: a snapshot, the last one, or why there is none.</summary>
[GenerateSerializer, Immutable]
[Alias("scenarios.run-update")]
internal sealed record RunUpdate
{
    /// <summary>Counts the updates of a projection in its run, from 1.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>The projection of the paths so far, shared by all its readers; null with <see cref="Failure"/>.</summary>
    [Id(1)]
    public V1.Projection? Projection { get; init; }

    /// <summary>Where the run is.</summary>
    [Id(2)]
    public V1.Progress.Types.State State { get; init; }

    /// <summary>Paths computed per second since the run began.</summary>
    [Id(3)]
    public double PathsPerSecond { get; init; }

    /// <summary>The same of the last seconds, which tells how long the rest takes; 0 in the first snapshot of a run: too little was observed.</summary>
    [Id(7)]
    public double RecentPathsPerSecond { get; init; }

    /// <summary>How the paths of the projection are drawn.</summary>
    [Id(5)]
    public Sampling Sampling { get; init; }

    /// <summary>The span in which the snapshot was made; null where it has none.</summary>
    [Id(6)]
    public TraceContext? Snapshot { get; init; }

    /// <summary>Why the run has ended without an answer.</summary>
    [Id(4)]
    public RunFailure? Failure { get; init; }

    /// <summary>Nothing comes after it.</summary>
    public bool IsLast => State != V1.Progress.Types.State.Running;
}
