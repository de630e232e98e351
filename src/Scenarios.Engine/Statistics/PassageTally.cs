using System.Numerics.Tensors;

namespace Scenarios.Engine.Statistics;

/// <summary>When paths first reach a count: by point in time exactly, and by bins of time for quantiles.</summary>
/// <remarks>
/// A bin remembers its earliest and latest passage, so that quantiles are exact wherever all passages of a bin are at one
/// instant, and within 1 / 4,096 of the horizon elsewhere.
/// </remarks>
internal sealed class PassageTally
{
    /// <summary>Number of time bins: the whole of [0, 2^30) ticks, half of which at least lies within the horizon.</summary>
    private const int BinShift = 30 - 13;

    public const int BinCount = 1 << 13;

    /// <summary>Number of groups of time bins, by which replicates are told apart.</summary>
    public const int GroupCount = 1 << 8;

    private const int GroupShift = 30 - 8;

    private readonly int _yearTicks;
    private readonly Replicates? _replicates;

    public PassageTally(int pointCount, int yearTicks, Replicates? replicates = null)
    {
        _replicates = replicates;
        Groups = replicates is null ? [] : new int[Replicates.Count * GroupCount];
        _yearTicks = yearTicks;
        ByPoint = new long[pointCount];
        Counts = new int[BinCount];
        Earliest = new int[BinCount];
        Latest = new int[BinCount];
        Clear();
    }

    /// <summary>Passages seen first at each point.</summary>
    public long[] ByPoint { get; }

    /// <summary>Passages by time bin.</summary>
    public int[] Counts { get; }

    /// <summary>Earliest passage of each time bin in ticks.</summary>
    public int[] Earliest { get; }

    /// <summary>Latest passage of each time bin in ticks.</summary>
    public int[] Latest { get; }

    /// <summary>Passages by [replicate][group of time bins]; empty where paths are independent.</summary>
    public int[] Groups { get; }

    /// <summary>The group of a time bin.</summary>
    public static int GroupOf(int bin) => bin >> (GroupShift - BinShift);

    /// <summary>Passages within the first year.</summary>
    public long WithinYear { get; set; }

    public static long BytesOf(int pointCount, bool isReplicated) =>
        (3L * BinCount * sizeof(int)) + (pointCount * sizeof(long)) + (isReplicated ? Replicates.Count * GroupCount * sizeof(int) : 0);

    /// <summary>A path gets there at an instant that a point sees first.</summary>
    public void Record(int ticks, int point)
    {
        var bin = ticks >> BinShift;
        Counts[bin]++;
        Earliest[bin] = Math.Min(Earliest[bin], ticks);
        Latest[bin] = Math.Max(Latest[bin], ticks);
        ByPoint[point]++;
        WithinYear += ticks <= _yearTicks ? 1 : 0;
        if (_replicates is not null)
        {
            Groups[(_replicates.Current * GroupCount) + (ticks >> GroupShift)]++;
        }
    }

    public void Add(PassageTally other)
    {
        TensorPrimitives.Add(Counts, other.Counts, Counts);
        TensorPrimitives.Min(Earliest, other.Earliest, Earliest);
        TensorPrimitives.Max(Latest, other.Latest, Latest);
        TensorPrimitives.Add(ByPoint, other.ByPoint, ByPoint);
        TensorPrimitives.Add(Groups, other.Groups, Groups);
        WithinYear += other.WithinYear;
    }

    public void Clear()
    {
        Array.Clear(ByPoint);
        Array.Clear(Counts);
        Array.Clear(Groups);
        Array.Fill(Earliest, int.MaxValue);
        Array.Fill(Latest, int.MinValue);
        WithinYear = 0;
    }
}
