using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Runs.Grains;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs.Readers;

/// <summary>How long a projection takes at least, whatever else the service does: a deadline before that is in vain.</summary>
internal sealed class RunForecast(
    IGrainFactory grains, CompiledScenarios compiled, RunAdmission admission, TallyStore tallies, EngineThreads engine)
{
    /// <summary>The fastest step that was ever measured took 2.8 ns (kernel.md): a bound, where an estimate would refuse what a quiet machine can do.</summary>
    private const double LeastNanosecondsPerArrival = 2;

    /// <summary>The least time from now until the last message; zero where that depends on what the paths say.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="left">What there is of it: less need not be known exactly.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE, or what the run would end with.</exception>
    public async Task<TimeSpan> LeastTimeAsync(ProjectionSpec spec, TimeSpan left, CancellationToken cancellation)
    {
        if (spec.TargetPrecision is not null)
        {
            return TimeSpan.Zero; // It may stop early.
        }

        CompiledScenario scenario;
        try
        {
            scenario = await compiled.GetAsync(spec, cancellation);
        }
        catch (Exception end) when (RunFailure.Of(end) is { } failure)
        {
            throw failure.ToException();
        }

        TimeSpan TimeOf(long paths) =>
            TimeSpan.FromMicroseconds(paths * (scenario.Projector.ArrivalsPerPath + 1) * LeastNanosecondsPerArrival / 1000 / engine.Count);
        return TimeOf(spec.Paths) is var fromNothing && fromNothing <= left
            ? fromNothing
            : TimeOf(spec.Paths - await ComputedAsync(spec, cancellation));
    }

    /// <summary>Paths that need not be computed: those of a run under way, or of a tally in memory or in the store.</summary>
    private async Task<long> ComputedAsync(ProjectionSpec spec, CancellationToken cancellation)
    {
        var underWay = await grains.GetGrain<IRunGrain>(spec.InnerKey).GetPathsAsync();
        var stored = await tallies.FindPathsAsync(spec.InnerKey, spec.Paths, cancellation) ?? 0;
        return Math.Min(spec.Paths, Math.Max(Math.Max(underWay, stored), admission.KeptPaths(spec.InnerKey)));
    }
}
