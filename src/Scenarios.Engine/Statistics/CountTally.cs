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
        Differences = new(bins.BinCount, pointCount);
        SumDifferences = new Int128[Stride];
        SquareDifferences = new Int128[Stride];
        Replicates = replicates is null ? null : new(bins, Stride, replicates);
    }

    public CountBins Bins { get; }

    public int PointCount { get; }

    /// <summary>Distance of two bins in the cells of <see cref="Differences"/>.</summary>
    public int Stride => Differences.Stride;

    /// <summary>Paths that enter less those that leave, by [bin][point].</summary>
    public DifferenceTable Differences { get; }

    public Int128[] SumDifferences { get; }

    public Int128[] SquareDifferences { get; }

    /// <summary>The same by replicate, more coarsely; null where paths are independent.</summary>
    public ReplicateCounts? Replicates { get; }

    public static long BytesOf(CountBins bins, int pointCount, bool isReplicated) =>
        DifferenceTable.BytesOf(bins.BinCount, pointCount) + (isReplicated ? ReplicateCounts.BytesOf(bins.BinCount, pointCount) : 0);

    /// <summary>Paths start with a count.</summary>
    public void Enter(long count, int paths)
    {
        Enter(Bins.BinOf(count), 0, paths);
        AddSums(0, (Int128)count * paths, (Int128)count * count * paths);
    }

    /// <summary>Paths enter a bin at a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(int bin, int point, int paths)
    {
        Differences.Add(bin, point, paths);
        Replicates?.Enter(bin, point, paths);
    }

    /// <summary>Paths enter where a bin and a point meet in the cells.</summary>
    public void EnterAt(int cell, int paths)
    {
        var (bin, point) = Math.DivRem(cell, Stride);
        Enter(bin, point, paths);
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
        Enter(left, point, -1);
        Enter(entered, point, 1);
        AddSums(point, after - before, Math.BigMul(after - before, after + before));
    }

    public void Add(CountTally other)
    {
        Replicates?.Add(other.Replicates!);
        Differences.Add(other.Differences);
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
        Differences.Release();
    }

    public void Clear()
    {
        Replicates?.Clear();
        Differences.Clear();
        Array.Clear(SumDifferences);
        Array.Clear(SquareDifferences);
    }
}
