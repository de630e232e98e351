using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Api.Responses;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Api;

/// <summary>
/// Replays single paths, on threads of its own: a scenario of short gaps takes a good part of a second to compile, too long for the
/// threads that serve streams. As many at once as there are cores; the others wait their turn.
/// </summary>
internal sealed class PathReplays : IDisposable
{
    /// <summary>More entries than this never fit a message: the shortest take more than 100 bytes.</summary>
    private const int MostBatches = RequestCost.MostMessageBytes / 100;

    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);

    /// <summary>One path of a scenario.</summary>
    /// <exception cref="Grpc.Core.RpcException">REQUEST_TOO_LARGE, or what a run of the scenario would end with.</exception>
    public async Task<V1.ReplayPathResponse> ReplayAsync(ReplaySpec spec, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(
                () => Replay(spec, cancellation),
                cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        catch (ReplayTooLongException tooLong)
        {
            throw TooLarge($"a path of more than {MostBatches:#,0} arrivals", tooLong.Day);
        }
        catch (Exception end) when (RunFailure.Of(end) is { } failure)
        {
            throw failure.ToException();
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private static V1.ReplayPathResponse Replay(ReplaySpec spec, CancellationToken cancellation)
    {
        var projector = Projector.Compile(spec.Model, spec.Seed, [], [], spec.Sampling, cancellation);
        var replay = projector.Replay(spec.PathIndex, MostBatches, cancellation);
        var message = ReplayMessage.From(spec.Scenario, spec.Model, spec.Seed, spec.PathIndex, replay);
        var size = message.CalculateSize();
        if (size <= RequestCost.MostMessageBytes)
        {
            return message;
        }

        var entriesThatFit = (int)((long)message.Entries.Count * RequestCost.MostMessageBytes / size);
        throw TooLarge($"a replay of {size / 1048576.0:0.0} MiB", message.Entries[Math.Max(0, entriesThatFit - 1)].Day);
    }

    private static Grpc.Core.RpcException TooLarge(string asked, double day) => ApiErrors.RequestTooLarge(
        "message size", asked, "3.5 MiB", $"A horizon of {Math.Floor(day):#,0} days would fit.");
}
