using Grpc.Core;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs.Grains;

/// <summary>
/// The tallies of one inner key that outlive their runs, in memory and in the store: a run for more paths goes on from them, with the same
/// bits as one from nothing.
/// </summary>
internal sealed class KeptTallies(RunServices services, string innerKey)
{
    /// <summary>What a path costs is a guess before any was computed: a tally is looked for where it may be that much dearer.</summary>
    private const double EstimateMargin = 3;

    /// <summary>A tally in memory, from now on the caller's; null without one of so few paths.</summary>
    public async Task<EarlierTally?> TakeAsync(long mostPaths, CancellationToken stop)
    {
        if (services.Admission.TakeKept(innerKey, mostPaths) is not { } kept)
        {
            return null;
        }

        return new(kept.Scenario, kept.IsLent ? await CopyAsync(kept, stop) : kept.Tally, kept.StoredPaths);
    }

    /// <summary>Paths of the largest tally stored that may be gone on from; null where there is none, or computing it anew is as fast.</summary>
    public async Task<long?> FindStoredAsync(CompiledScenario scenario, long mostPaths, CancellationToken stop)
    {
        if (!TallyStore.IsWorth(EstimateMargin * mostPaths * scenario.NanosecondsPerPath, scenario.Projector.TallyBytes))
        {
            return null;
        }

        try
        {
            return await services.Tallies.FindPathsAsync(innerKey, mostPaths, stop);
        }
        catch (RpcException outage) when (outage.StatusCode == StatusCode.Unavailable)
        {
            return null; // All of it is computed then.
        }
    }

    /// <summary>The tally stored; null where it cannot be read now, or not any more.</summary>
    public async Task<EarlierTally?> ReadStoredAsync(CompiledScenario scenario, long paths, CancellationToken stop)
    {
        try
        {
            return await services.Tallies.FindAsync(innerKey, paths, stop) is { } stored && await ReadAsync(scenario, stored, stop) is { } tally
                ? new(scenario, tally, paths)
                : null;
        }
        catch (RpcException outage) when (outage.StatusCode == StatusCode.Unavailable)
        {
            return null;
        }
    }

    /// <summary>Keeps a tally in memory, and where its run has an answer and it is worth it, in the store.</summary>
    public void Keep(EarlierTally kept, bool isAnswered)
    {
        var (scenario, tally, storedPaths) = kept;
        services.Admission.Keep(innerKey, scenario, tally, storedPaths);
        if (isAnswered && TallyStore.IsWorth((tally.Paths - storedPaths) * scenario.NanosecondsPerPath, scenario.Projector.TallyBytes))
        {
            services.Tallies.Store(innerKey);
        }
    }

    private Task<Tally> CopyAsync(RunAdmission.KeptTally kept, CancellationToken stop) => services.Engine.RunAsync(
        _ =>
        {
            var copy = kept.Scenario.Rent();
            copy.Add(kept.Tally);
            return copy;
        },
        stop);

    /// <summary>On an engine thread, because it is in place of computing, and far less.</summary>
    private Task<Tally?> ReadAsync(CompiledScenario scenario, TallyStore.CompressedTally stored, CancellationToken stop) => services.Engine.RunAsync(
        _ =>
        {
            var tally = scenario.Rent();
            if (stored.TryReadInto(tally))
            {
                return tally;
            }

            scenario.Return(tally);
            return null;
        },
        stop);
}

/// <summary>What earlier runs have computed.</summary>
/// <param name="Scenario">Of what.</param>
/// <param name="Tally">Its paths, from the first on.</param>
/// <param name="StoredPaths">As many of them are stored.</param>
internal readonly record struct EarlierTally(CompiledScenario Scenario, Tally Tally, long StoredPaths);
