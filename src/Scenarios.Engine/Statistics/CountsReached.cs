namespace Scenarios.Engine.Statistics;

/// <summary>
/// How many paths have reached each of a few counts at each point, exactly: the same that the reached probabilities say, so that
/// no quantile read from a bin contradicts them.
/// </summary>
internal sealed class CountsReached
{
    private readonly (long Count, long[] Below)[] _counts;

    /// <param name="counts">Counts with their passages.</param>
    /// <param name="paths">Number of paths.</param>
    public CountsReached(IEnumerable<(long Count, PassageTally Passages)> counts, long paths) =>
        _counts = [.. counts.Select(count => (count.Count, Below(count.Passages, paths)))];

    /// <summary>Nothing is known.</summary>
    public static CountsReached None { get; } = new([], 0);

    /// <summary>Narrows a bin to the side of each count on which a rank is.</summary>
    /// <param name="point">The point.</param>
    /// <param name="rank">The rank, from 1.</param>
    /// <param name="low">The smallest count of the bin.</param>
    /// <param name="high">The largest.</param>
    /// <param name="first">The first rank within.</param>
    /// <param name="last">The last.</param>
    public void Narrow(int point, long rank, ref long low, ref long high, ref long first, ref long last)
    {
        foreach (var (count, below) in _counts)
        {
            if (count <= low || count > high)
            {
                continue;
            }

            if (rank <= below[point])
            {
                (high, last) = (count - 1, Math.Min(last, below[point]));
            }
            else
            {
                (low, first) = (count, Math.Max(first, below[point] + 1));
            }
        }
    }

    private static long[] Below(PassageTally passages, long paths)
    {
        var below = new long[passages.ByPoint.Length];
        for (var point = 0; point < below.Length; point++)
        {
            paths -= passages.ByPoint[point];
            below[point] = paths;
        }

        return below;
    }
}
