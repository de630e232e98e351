using System.Collections.Concurrent;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Runs.Compute;

/// <summary>A scenario compiled on this silo, with its spare tallies and what a path of it was measured to cost.</summary>
internal sealed class CompiledScenario(Projector projector, double nanosecondsPerPath)
{
    /// <summary>Merging reads two tallies and writes one: measured at 10 GB/s and more (kernel.md).</summary>
    private const double MergeNanosecondsPerByte = 0.1;

    private readonly ConcurrentStack<Tally> _spare = new();
    private double _nanosecondsPerPath = nanosecondsPerPath;

    /// <summary>The compiled scenario.</summary>
    public Projector Projector => projector;

    /// <summary>Time of one thread for a path: estimated at first, then measured.</summary>
    public double NanosecondsPerPath => Volatile.Read(ref _nanosecondsPerPath);

    /// <summary>Time to merge a tally into another.</summary>
    public double MergeNanoseconds => projector.TallyBytes * MergeNanosecondsPerByte;

    /// <summary>Takes note of what paths cost: the mean of the old figure and the new one, for single slices are noisy.</summary>
    public void Measured(long paths, TimeSpan time)
    {
        var measured = Math.Max(0.1, time.TotalNanoseconds / paths);
        Volatile.Write(ref _nanosecondsPerPath, (NanosecondsPerPath + measured) / 2);
    }

    /// <summary>An empty tally.</summary>
    public Tally Rent()
    {
        if (!_spare.TryPop(out var tally))
        {
            return projector.CreateTally();
        }

        tally.Clear();
        return tally;
    }

    /// <summary>Takes a tally back, whatever is in it.</summary>
    public void Return(Tally tally) => _spare.Push(tally);

    /// <summary>Gives spare tallies up: only runs under way are accounted for with more than their own one.</summary>
    public void Trim()
    {
        while (_spare.TryPop(out var tally))
        {
            projector.Release(tally);
        }
    }
}
