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

    /// <summary>Why the run has ended without an answer.</summary>
    [Id(4)]
    public RunFailure? Failure { get; init; }

    /// <summary>Nothing comes after it.</summary>
    public bool IsLast => State != V1.Progress.Types.State.Running;
}

/// <summary>A projection on its way between silos; within one it is passed as it is.</summary>
[GenerateSerializer]
[Alias("scenarios.projection")]
internal struct ProjectionSurrogate
{
    /// <summary>The message in wire format.</summary>
    [Id(0)]
    public byte[] Message;
}

/// <summary>Converts projections for Orleans.</summary>
[RegisterConverter]
internal sealed class ProjectionConverter : IConverter<V1.Projection, ProjectionSurrogate>
{
    /// <inheritdoc/>
    public V1.Projection ConvertFromSurrogate(in ProjectionSurrogate surrogate) => V1.Projection.Parser.ParseFrom(surrogate.Message);

    /// <inheritdoc/>
    public ProjectionSurrogate ConvertToSurrogate(in V1.Projection value) => new() { Message = Google.Protobuf.MessageExtensions.ToByteArray(value) };
}
