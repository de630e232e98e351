using Scenarios.Service.Runs.Readers;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs;

/// <summary>
/// Finished projections by name, in the store; those of late in memory too, bounded in number and in bytes, the least recently read
/// leaves first. A projection is in memory only after its commit.
/// </summary>
internal sealed class FinishedProjections(ProjectionStore store, RunInstruments instruments)
{
    private const int MostProjections = 4_096;
    private const long MostBytes = 256L << 20;

    /// <summary>One is there as objects beside its encoding, and they take two and a half times as much (founding scenario, .NET 10).</summary>
    private const double MemoryPerEncodedByte = 3.5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(RunUpdate Update, long Bytes)>> _byName = [];
    private readonly LinkedList<(RunUpdate Update, long Bytes)> _byUse = new();
    private long _bytes;

    /// <summary>The last update of a run, or null where it is not kept.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public async ValueTask<RunUpdate?> FindAsync(string name, CancellationToken cancellation)
    {
        if (FindOfLate(name) is { } update)
        {
            instruments.AnsweredFrom("memory");
            return update;
        }

        if (await store.FindAsync(name, cancellation) is not { } stored)
        {
            return null;
        }

        instruments.AnsweredFrom("store");
        var projection = V1.Projection.Parser.ParseFrom(stored.Message);
        SharedProjection.Share(projection, stored.Message);
        update = new()
        {
            Version = 1,
            Projection = projection,
            Sampling = stored.Sampling,
            State = stored.IsConverged ? V1.Progress.Types.State.Converged : V1.Progress.Types.State.Completed,
        };
        Remember(update);
        return update;
    }

    /// <summary>The same of those that are in memory: whatever ended on this silo a moment ago.</summary>
    public RunUpdate? FindOfLate(string name)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(name, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            store.NoteRead(name);
            return node.Value.Update;
        }
    }

    /// <summary>Keeps the last update of a run. It is committed when this returns.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public async Task KeepAsync(RunUpdate update, ScenarioOrigin origin)
    {
        var projection = update.Projection!;
        SharedProjection.Share(projection, update.Snapshot, instruments);
        await store.KeepAsync(new()
        {
            Name = projection.Name,
            Headline = projection.Headline,
            Paths = projection.Paths,
            Sampling = update.Sampling,
            IsConverged = update.State == V1.Progress.Types.State.Converged,
            ScenarioId = origin.Id ?? "",
            ScenarioRevision = origin.Revision ?? "",
            Message = SharedProjection.Of(projection)!.Bytes,
        });
        Remember(update with { PathsPerSecond = 0, RecentPathsPerSecond = 0 }); // Nobody computes for those who come later.
    }

    private void Remember(RunUpdate update)
    {
        var projection = update.Projection!;
        var bytes = (long)(MemoryPerEncodedByte * projection.CalculateSize());
        lock (_gate)
        {
            if (_byName.ContainsKey(projection.Name))
            {
                return; // The same bits.
            }

            _byName.Add(projection.Name, _byUse.AddFirst((update, bytes)));
            _bytes += bytes;
            while (_bytes > MostBytes || _byName.Count > MostProjections)
            {
                var last = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _byName.Remove(last.Update.Projection!.Name);
                _bytes -= last.Bytes;
            }
        }
    }
}
