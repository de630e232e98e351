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
    public CountTally(CountBins bins, int pointCount)
    {
        Bins = bins;
        PointCount = pointCount;
        Stride = pointCount + 1;
        Differences = GC.AllocateArray<int>(checked(bins.BinCount * Stride), pinned: true);
        SumDifferences = new Int128[Stride];
        SquareDifferences = new Int128[Stride];
    }

    public CountBins Bins { get; }

    public int PointCount { get; }

    /// <summary>Distance of two bins in <see cref="Differences"/>.</summary>
    public int Stride { get; }

    /// <summary>Paths that enter less those that leave, by [bin][point]. 32 bits hold as many paths as a run may have.</summary>
    public int[] Differences { get; }

    public Int128[] SumDifferences { get; }

    public Int128[] SquareDifferences { get; }

    public static long BytesOf(CountBins bins, int pointCount) => (long)bins.BinCount * (pointCount + 1) * sizeof(int);

    /// <summary>Paths start with a count.</summary>
    public void Enter(long count, int paths)
    {
        Differences[Bins.BinOf(count) * Stride] += paths;
        SumDifferences[0] += (Int128)count * paths;
        SquareDifferences[0] += (Int128)count * count * paths;
    }

    /// <summary>A path's count changes, as seen from a point on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Change(long before, long after, int point)
    {
        Differences[(Bins.BinOf(before) * Stride) + point]--;
        Differences[(Bins.BinOf(after) * Stride) + point]++;
        SumDifferences[point] += after - before;
        SquareDifferences[point] += Math.BigMul(after - before, after + before);
    }

    public void Add(CountTally other)
    {
        TensorPrimitives.Add(Differences, other.Differences, Differences);
        for (var i = 0; i < Stride; i++)
        {
            SumDifferences[i] += other.SumDifferences[i];
            SquareDifferences[i] += other.SquareDifferences[i];
        }
    }

    public void Clear()
    {
        Array.Clear(Differences);
        Array.Clear(SumDifferences);
        Array.Clear(SquareDifferences);
    }
}
