using Orleans.Concurrency;
using Orleans.Placement;
using Scenarios.Service.Runs.Compute;

namespace Scenarios.Service.Runs.Grains;

/// <inheritdoc cref="IShardGrain"/>
[Reentrant]
[RandomPlacement] // The default keeps nearly all grains on the caller's silo.
[CollectionAgeLimit(Minutes = 2)]
internal sealed class ShardGrain(CompiledScenarios compiled, EngineThreads engine) : Grain, IShardGrain
{
    /// <inheritdoc/>
    public async Task<ShardTally> ComputeAsync(ShardRequest request, CancellationToken cancellation)
    {
        using var span = RunTraces.StartShard(request.Run, request.FirstPath, request.PathCount);
        var scenario = await compiled.GetAsync(request.Spec, cancellation);
        var tally = await engine.ComputeAsync(new(
            new(request.Spec.InnerKey, request.Generation),
            scenario,
            request.FirstPath,
            request.PathCount,
            request.Class,
            request.MostTallies,
            cancellation));
        return new(request.Generation, request.FirstPath, tally);
    }
}
