using System.Numerics;
using System.Numerics.Tensors;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// What a count tally keeps of each replicate, to tell its errors: sums, and a difference histogram whose bins are groups of the
/// tally's. All sixteen together take about as much memory as the tally itself.
/// </summary>
internal sealed class ReplicateCounts
{
    /// <summary>Most groups of bins.</summary>
    public const int MostGroups = 192;

    private readonly Replicates _replicates;

    public ReplicateCounts(CountBins bins, int stride, Replicates replicates)
    {
        _replicates = replicates;
        Stride = stride;
        GroupShift = ShiftFor(bins.BinCount);
        GroupCount = GroupsFor(bins.BinCount);
        Differences = TableMemory.Allocate<int>(checked(Replicates.Count * GroupCount * stride));
        SumDifferences = new Int128[Replicates.Count * stride];
        SquareDifferences = new Int128[Replicates.Count * stride];
    }

    /// <summary>A group is 2^this neighbouring bins.</summary>
    public int GroupShift { get; }

    public int GroupCount { get; }

    /// <summary>Distance of two groups in <see cref="Differences"/>: the points and one more, which nobody reads.</summary>
    public int Stride { get; }

    /// <summary>Paths that enter less those that leave, by [replicate][group][point].</summary>
    public int[] Differences { get; private set; }

    /// <summary>By [replicate][point].</summary>
    public Int128[] SumDifferences { get; }

    /// <summary>By [replicate][point].</summary>
    public Int128[] SquareDifferences { get; }

    /// <summary>Where in <see cref="Differences"/> the replicate stands whose paths are being written.</summary>
    public int CurrentStart => StartOf(_replicates.Current);

    public static long BytesOf(int binCount, long pointCount) => (pointCount + 1) * Replicates.Count * ((sizeof(int) * (long)GroupsFor(binCount)) + 32);

    /// <summary>The most that it can take, however many bins there are.</summary>
    public static long MostBytes(long points) => (points + 1) * Replicates.Count * ((sizeof(int) * (long)MostGroups) + 32);

    /// <summary>Where in <see cref="Differences"/> a replicate stands.</summary>
    public int StartOf(int replicate) => replicate * GroupCount * Stride;

    public void Enter(int bin, int point, int paths) => Differences[CurrentStart + ((bin >> GroupShift) * Stride) + point] += paths;

    public void AddSums(int point, Int128 sum, Int128 squares)
    {
        SumDifferences[(_replicates.Current * Stride) + point] += sum;
        SquareDifferences[(_replicates.Current * Stride) + point] += squares;
    }

    public void Add(ReplicateCounts other)
    {
        TensorPrimitives.Add(Differences, other.Differences, Differences);
        for (var i = 0; i < SumDifferences.Length; i++)
        {
            SumDifferences[i] += other.SumDifferences[i];
            SquareDifferences[i] += other.SquareDifferences[i];
        }
    }

    /// <summary>Gives its table back. It is of no use from then on.</summary>
    public void Release()
    {
        TableMemory.Release(Differences);
        Differences = [];
    }

    public void Clear()
    {
        Array.Clear(Differences);
        Array.Clear(SumDifferences);
        Array.Clear(SquareDifferences);
    }

    private static int ShiftFor(int binCount) => binCount <= MostGroups ? 0 : BitOperations.Log2((uint)(binCount - 1) / MostGroups) + 1;

    private static int GroupsFor(int binCount) => ((binCount - 1) >> ShiftFor(binCount)) + 1;
}
