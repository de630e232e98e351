namespace Scenarios.Service.Runs;

/// <summary>
/// Finished projections by name, in memory: bounded in number and in bytes, the least recently read leaves first.
/// </summary>
internal sealed class FinishedProjections
{
    private const int MostProjections = 4_096;
    private const long MostBytes = 128L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(RunUpdate Update, long Bytes)>> _byName = [];
    private readonly LinkedList<(RunUpdate Update, long Bytes)> _byUse = new();
    private long _bytes;

    /// <summary>The last update of a run, or null where it is not kept.</summary>
    public RunUpdate? Find(string name)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(name, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Update;
        }
    }

    /// <summary>Keeps the last update of a run.</summary>
    public void Keep(RunUpdate update)
    {
        var projection = update.Projection!;
        var bytes = (long)projection.CalculateSize();
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
