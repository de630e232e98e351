using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Statistics;

/// <summary>The distribution of a count at every point in time, in exact integers.</summary>
/// <remarks>
/// Nothing changes between arrivals, so only changes are written: a difference histogram by bin and point, whose running sum
/// over time is the histogram at each point, and differences of the sum and of the sum of squares. Column
/// <see cref="PointCount"/> takes what happens past the horizon and is never read.
/// </remarks>
internal sealed class CountTally
{
    public CountTally(CountBins bins, int pointCount, Replicates? replicates = null)
    {
        Bins = bins;
        PointCount = pointCount;
        Stride = pointCount + 1;
        Differences = TableMemory.Allocate(checked(bins.BinCount * Stride));
        SumDifferences = new Int128[Stride];
        SquareDifferences = new Int128[Stride];
        Replicates = replicates is null ? null : new(bins, Stride, replicates);
    }

    public CountBins Bins { get; }

    public int PointCount { get; }

    /// <summary>Distance of two bins in <see cref="Differences"/>.</summary>
    public int Stride { get; }

    /// <summary>Paths that enter less those that leave, by [bin][point]. 32 bits hold as many paths as a run may have.</summary>
    public int[] Differences { get; private set; }

    public Int128[] SumDifferences { get; }

    public Int128[] SquareDifferences { get; }

    /// <summary>The same by replicate, more coarsely; null where paths are independent.</summary>
    public ReplicateCounts? Replicates { get; }

    public static long BytesOf(CountBins bins, int pointCount, bool isReplicated) =>
        ((long)bins.BinCount * (pointCount + 1) * sizeof(int)) + (isReplicated ? ReplicateCounts.BytesOf(bins.BinCount, pointCount) : 0);

    /// <summary>Paths start with a count.</summary>
    public void Enter(long count, int paths)
    {
        EnterAt(Bins.BinOf(count) * Stride, paths);
        AddSums(0, (Int128)count * paths, (Int128)count * count * paths);
    }

    /// <summary>Paths enter a bin, in its row and at a point.</summary>
    public void EnterAt(int offset, int paths)
    {
        Differences[offset] += paths;
        if (Replicates is not null)
        {
            var (bin, point) = Math.DivRem(offset, Stride);
            Replicates.Enter(bin, point, paths);
        }
    }

    /// <summary>The sum and the sum of squares change, as seen from a point on.</summary>
    public void AddSums(int point, Int128 sum, Int128 squares)
    {
        SumDifferences[point] += sum;
        SquareDifferences[point] += squares;
        Replicates?.AddSums(point, sum, squares);
    }

    /// <summary>A path's count changes, as seen from a point on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Change(long before, long after, int point)
    {
        var (left, entered) = (Bins.BinOf(before), Bins.BinOf(after));
        Differences[(left * Stride) + point]--;
        Differences[(entered * Stride) + point]++;
        Replicates?.Enter(left, point, -1);
        Replicates?.Enter(entered, point, 1);
        AddSums(point, after - before, Math.BigMul(after - before, after + before));
    }

    public void Add(CountTally other)
    {
        Replicates?.Add(other.Replicates!);
        TensorPrimitives.Add(Differences, other.Differences, Differences);
        for (var i = 0; i < Stride; i++)
        {
            SumDifferences[i] += other.SumDifferences[i];
            SquareDifferences[i] += other.SquareDifferences[i];
        }
    }

    /// <summary>Gives its tables back. It is of no use from then on.</summary>
    public void Release()
    {
        Replicates?.Release();
        TableMemory.Release(Differences);
        Differences = [];
    }

    public void Clear()
    {
        Replicates?.Clear();
        Array.Clear(Differences);
        Array.Clear(SumDifferences);
        Array.Clear(SquareDifferences);
    }
}
