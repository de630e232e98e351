namespace Scenarios.Service.Runs.Grains;

/// <summary>
/// Speed of a run as of late. What goes before the first paths, compiling and waiting for a place, says nothing of how long the others
/// take, nor does the speed of a minute ago, when other runs had a share of the threads or had not yet.
/// </summary>
internal sealed class RunSpeed
{
    /// <summary>How far it looks back: long enough to even out shards, which end in lumps, and what else the machine does.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Queue<(TimeSpan At, long Paths)> _observed = new();
    private (TimeSpan At, long Paths) _newest;

    /// <summary>Paths per second; 0 as long as nothing was observed between two points in time.</summary>
    public double PathsPerSecond => _observed.TryPeek(out var oldest) && _newest.At > oldest.At
        ? (_newest.Paths - oldest.Paths) / (_newest.At - oldest.At).TotalSeconds
        : 0;

    /// <summary>Takes note of how far the run is.</summary>
    /// <param name="at">Time since it began.</param>
    /// <param name="paths">Its paths.</param>
    public void Observe(TimeSpan at, long paths)
    {
        _newest = (at, paths);
        _observed.Enqueue(_newest);
        while (_observed.Count > 2 && at - _observed.Peek().At > Window)
        {
            _observed.Dequeue();
        }
    }
}
