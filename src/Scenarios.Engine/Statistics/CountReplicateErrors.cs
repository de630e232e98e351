namespace Scenarios.Engine.Statistics;

/// <summary>Standard errors of a count at every point from its replicates.</summary>
internal sealed class CountReplicateErrors
{
    private const int Count = Replicates.Count;

    private readonly ReplicateCounts _counts;
    private readonly ReplicateSpread _spread;
    private readonly int _points;

    /// <param name="counts">The replicates.</param>
    /// <param name="spread">The spread between them.</param>
    /// <param name="mean">Mean of all paths at each point.</param>
    /// <param name="deviation">Their standard deviation.</param>
    public CountReplicateErrors(ReplicateCounts counts, ReplicateSpread spread, double[] mean, double[] deviation)
    {
        (_counts, _spread, _points) = (counts, spread, mean.Length);
        (OfMean, OfDeviation) = (new double[_points], new double[_points]);
        Moments(mean, deviation);
    }

    /// <summary>Standard error of the mean at each point.</summary>
    public double[] OfMean { get; }

    /// <summary>Standard error of the standard deviation at each point.</summary>
    public double[] OfDeviation { get; }

    /// <summary>The factor on plain sampling's error of each quantile: see <see cref="ReplicateSpread.QuantileRatio"/>.</summary>
    /// <param name="levels">The level of each quantile.</param>
    /// <param name="binOf">The bin of a level's quantile at a point.</param>
    /// <returns>By [level][point].</returns>
    public double[] QuantileRatios(IReadOnlyList<double> levels, Func<int, int, int> binOf)
    {
        var ratios = new double[levels.Count * _points];
        var groups = new int[ratios.Length];
        var order = new int[ratios.Length];
        for (var i = 0; i < ratios.Length; i++)
        {
            groups[i] = binOf(i / _points, i % _points) >> _counts.GroupShift;
            order[i] = i;
        }

        Array.Sort(groups, order);
        var below = new long[_points * Count];
        var within = new long[_points * Count];
        var next = 0;
        for (var group = 0; next < order.Length; group++)
        {
            CountGroup(group, within);
            for (; next < order.Length && groups[next] == group; next++)
            {
                var (level, point) = Math.DivRem(order[next], _points);
                var at = point * Count;
                ratios[order[next]] = _spread.QuantileRatio(levels[level], below.AsSpan(at, Count), within.AsSpan(at, Count));
            }

            System.Numerics.Tensors.TensorPrimitives.Add(below, within, below);
        }

        return ratios;
    }

    /// <summary>Paths of each replicate in a group at each point.</summary>
    private void CountGroup(int group, long[] within)
    {
        for (var replicate = 0; replicate < Count; replicate++)
        {
            var row = _counts.Differences.AsSpan(_counts.StartOf(replicate) + (group * _counts.Stride), _points);
            long there = 0;
            for (var point = 0; point < _points; point++)
            {
                there += row[point];
                within[(point * Count) + replicate] = there;
            }
        }
    }

    /// <summary>
    /// The deviation's error is that of its influence function, ((x - mean)^2 - variance) / (2 deviation). Integers as far as they
    /// go: small differences of large sums.
    /// </summary>
    private void Moments(double[] mean, double[] deviation)
    {
        Span<Int128> sums = stackalloc Int128[Count];
        Span<Int128> squares = stackalloc Int128[Count];
        Span<double> counts = stackalloc double[Count];
        Span<double> distances = stackalloc double[Count];
        sums.Clear();
        squares.Clear();
        for (var point = 0; point < _points; point++)
        {
            var center = (Int128)Math.Round(mean[point]);
            var off = mean[point] - (double)center;
            for (var replicate = 0; replicate < Count; replicate++)
            {
                var paths = _spread.PathsOf(replicate);
                sums[replicate] += _counts.SumDifferences[(replicate * _counts.Stride) + point];
                squares[replicate] += _counts.SquareDifferences[(replicate * _counts.Stride) + point];

                // Sums about a whole number near the mean: what overflows on the way comes back.
                var about = (double)(sums[replicate] - (paths * center));
                var squaresAbout = (double)unchecked(squares[replicate] - (2 * center * sums[replicate]) + (paths * center * center));
                counts[replicate] = about;
                distances[replicate] = squaresAbout - (2 * off * about) + (paths * off * off);
            }

            OfMean[point] = _spread.OfMean(counts);
            OfDeviation[point] = deviation[point] == 0 ? 0 : _spread.OfMean(distances) / (2 * deviation[point]);
        }
    }
}
