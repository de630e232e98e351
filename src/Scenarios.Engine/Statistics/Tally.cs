using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// Everything that is kept of a set of paths, in exact integers: tallies of disjoint sets of paths add in any order to the
/// same bits. Its size is set by grid and bins, never by the number of paths.
/// </summary>
public sealed class Tally
{
    internal Tally(CountTally cumulative, CountTally? present, ImmutableArray<PassageTally> thresholds, PassageTally? cap, int eventCount, Replicates? replicates)
    {
        Cumulative = cumulative;
        Present = present;
        Thresholds = thresholds;
        Cap = cap;
        Happened = new long[eventCount];
        Replicates = replicates;
    }

    /// <summary>Number of paths in it.</summary>
    public long Paths { get; internal set; }

    /// <summary>Its paths by scramble; null where paths are independent.</summary>
    internal Replicates? Replicates { get; }

    internal CountTally Cumulative { get; }

    /// <summary>Null where the number present follows from the cumulative count, or is not known.</summary>
    internal CountTally? Present { get; }

    internal ImmutableArray<PassageTally> Thresholds { get; }

    internal PassageTally? Cap { get; }

    /// <summary>Paths in which each event happens within the horizon, in the order of their ids.</summary>
    internal long[] Happened { get; }

    /// <summary>Adds the paths of another tally of the same projector.</summary>
    public void Add(Tally other)
    {
        Paths += other.Paths;
        Replicates?.Add(other.Replicates!);
        Cumulative.Add(other.Cumulative);
        Present?.Add(other.Present!);
        Cap?.Add(other.Cap!);
        TensorPrimitives.Add(Happened, other.Happened, Happened);
        for (var i = 0; i < Thresholds.Length; i++)
        {
            Thresholds[i].Add(other.Thresholds[i]);
        }
    }

    /// <summary>Gives its tables back, for other tallies. It is of no use from then on.</summary>
    internal void Release()
    {
        Cumulative.Release();
        Present?.Release();
    }

    /// <summary>Forgets everything, for use with other paths.</summary>
    public void Clear()
    {
        Paths = 0;
        Replicates?.Clear();
        Cumulative.Clear();
        Present?.Clear();
        Cap?.Clear();
        Array.Clear(Happened);
        foreach (var threshold in Thresholds)
        {
            threshold.Clear();
        }
    }
}
