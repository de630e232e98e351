using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs.Compute;

namespace Scenarios.Service.Runs.Grains;

/// <summary>Computes ranges of paths on the engine threads of the silo it is placed on.</summary>
/// <remarks>Its key is the inner key and a number: as many as shards may be under way at once.</remarks>
[Alias("scenarios.shard")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Computes a range of paths.</summary>
    [Alias("compute"), ResponseTimeout("1.00:00:00")]
    Task<ShardTally> ComputeAsync(ShardRequest request, CancellationToken cancellation);
}

/// <summary>A range of paths to compute.</summary>
[GenerateSerializer, Immutable]
[Alias("scenarios.shard-request")]
internal sealed record ShardRequest
{
    /// <summary>What is projected; the silo compiles it where it has not yet.</summary>
    [Id(0)]
    public required ProjectionSpec Spec { get; init; }

    /// <summary>The run it is for.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>Index of the first path.</summary>
    [Id(2)]
    public required long FirstPath { get; init; }

    /// <summary>Number of paths.</summary>
    [Id(3)]
    public required long PathCount { get; init; }

    /// <summary>Class of the run.</summary>
    [Id(4)]
    public required WorkClass Class { get; init; }

    /// <summary>Most tallies that may be in use for it.</summary>
    [Id(5)]
    public required int MostTallies { get; init; }

    /// <summary>The span of the run; null where this shard has none.</summary>
    [Id(6)]
    public TraceContext? Run { get; init; }
}

/// <summary>What a shard gives back. The tally is the receiver's own from here on: within a silo it is handed over, not copied.</summary>
[Immutable]
internal sealed record ShardTally(long Generation, long FirstPath, Tally Tally);
