using System.Collections.Immutable;
using System.Numerics;

namespace Scenarios.Engine.Statistics;

/// <summary>Reads a <see cref="CountTally"/>: moments, quantiles and errors at every point, in one pass over its bins.</summary>
internal sealed class CountSummarizer
{
    private readonly CountTally _tally;
    private readonly long _paths;
    private readonly ImmutableArray<double> _levels;
    private readonly Ranks _ranks;
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly double[] _fourthMoment;
    private readonly int[] _lowestBin;
    private readonly int[] _highestBin;
    private readonly double[] _values;
    private readonly int[] _bins;
    private readonly Dictionary<int, long[]> _histograms;
    private readonly CountReplicateErrors? _replicates;
    private readonly double[] _quantileRatios = [];

    /// <param name="tally">What to read.</param>
    /// <param name="paths">Its number of paths.</param>
    /// <param name="levels">Levels of quantiles, each with its standard error.</param>
    /// <param name="histogramPoints">Points whose counts by bin are wanted.</param>
    /// <param name="spread">The spread between replicates; null where paths are independent.</param>
    public CountSummarizer(
        CountTally tally, long paths, ImmutableArray<double> levels, IEnumerable<int> histogramPoints, ReplicateSpread? spread)
    {
        _tally = tally;
        _paths = paths;
        _levels = levels;
        _ranks = new(levels, paths);
        var points = tally.PointCount;
        (_mean, _deviation, _fourthMoment) = (new double[points], new double[points], new double[points]);
        (_lowestBin, _highestBin) = (new int[points], new int[points]);
        _values = new double[_ranks.Distinct.Length * points];
        _bins = new int[_ranks.Distinct.Length * points];
        _histograms = histogramPoints.Distinct().ToDictionary(point => point, _ => new long[tally.Bins.BinCount]);
        Moments();
        Scan();
        if (spread is not null)
        {
            _replicates = new(tally.Replicates!, spread, _mean, _deviation);
            _quantileRatios = _replicates.QuantileRatios(levels, (level, point) => _bins[(_ranks.SlotsOf(level).At * points) + point]);
        }
    }

    /// <summary>Paths that are above the range of fine bins at the last point.</summary>
    public long PathsAboveRange { get; private set; }

    /// <summary>Counts of paths by bin at one of the histogram points.</summary>
    public long[] HistogramAt(int point) => _histograms[point];

    /// <summary>Everything about one point.</summary>
    public CountSummary At(int point)
    {
        var quantiles = ImmutableArray.CreateBuilder<double>(_levels.Length);
        var errors = ImmutableArray.CreateBuilder<double>(_levels.Length);
        for (var level = 0; level < _levels.Length; level++)
        {
            var quantile = QuantileAt(point, level);
            quantiles.Add(quantile.Value);
            errors.Add(quantile.StandardError);
        }

        return new(
            _mean[point],
            _deviation[point],
            _replicates?.OfMean[point] ?? _deviation[point] / Math.Sqrt(_paths),
            _replicates?.OfDeviation[point] ?? StandardErrors.OfStandardDeviation(_deviation[point], _fourthMoment[point] / _paths, _paths),
            quantiles.MoveToImmutable(),
            errors.MoveToImmutable(),
            Middle(_lowestBin[point]),
            Middle(_highestBin[point]));
    }

    /// <summary>
    /// The quantile of a level, and (Q(p + 1.96 s) - Q(p - 1.96 s)) / 3.92 with half a bin in quadrature unless it is an atom
    /// (model.md, Errors of computing); of replicates, times what they make of s.
    /// </summary>
    public CountQuantile QuantileAt(int point, int level)
    {
        var (at, below, above) = _ranks.SlotsOf(level);
        var points = _tally.PointCount;
        var spread = (_values[(above * points) + point] - _values[(below * points) + point]) / (2 * StandardErrors.Z95);
        spread *= _replicates is null ? 1 : _quantileRatios[(level * points) + point];
        var (low, high) = _tally.Bins.Ends(_bins[(at * points) + point]);
        var binning = (high - low) / 2.0;
        return new(_values[(at * points) + point], binning == 0 ? spread : Math.Sqrt((spread * spread) + (binning * binning)));
    }

    private double Middle(int bin)
    {
        var (low, high) = _tally.Bins.Ends(bin);
        return Math.Floor(low + ((high - low) / 2.0) + 0.5);
    }

    private void Moments()
    {
        Int128 sum = 0;
        Int128 squares = 0;
        for (var point = 0; point < _tally.PointCount; point++)
        {
            sum += _tally.SumDifferences[point];
            squares += _tally.SquareDifferences[point];
            _mean[point] = (double)sum / _paths;
            _deviation[point] = _paths < 2 ? 0 : Math.Sqrt(ScaledVariance(sum, squares) / ((double)_paths * (_paths - 1)));
        }
    }

    /// <summary>n times the sum of squares less the square of the sum, exactly, then rounded once.</summary>
    private double ScaledVariance(Int128 sum, Int128 squares)
    {
        var fits = sum < (Int128.One << 62) && squares < (Int128.One << 94);
        return fits ? (double)((squares * _paths) - (sum * sum)) : (double)(((BigInteger)squares * _paths) - ((BigInteger)sum * sum));
    }

    private void Scan()
    {
        var points = _tally.PointCount;
        var below = new long[points];
        var next = new int[points];
        var ranks = _ranks.Distinct;
        for (var bin = 0; bin < _tally.Bins.BinCount; bin++)
        {
            var row = _tally.Differences.AsSpan(bin * _tally.Stride, points);
            var first = row.IndexOfAnyExcept(0);
            if (first < 0)
            {
                continue;
            }

            var (low, high) = _tally.Bins.Ends(bin);
            var middle = (low + high) / 2.0;

            // Second and fourth central moments of a count that is as likely anywhere in the bin.
            var widthSquare = (high - low + 1.0) * (high - low + 1.0);
            var within2 = (widthSquare - 1) / 12;
            var within4 = (widthSquare - 1) * ((3 * widthSquare) - 7) / 240;
            long count = 0;
            for (var point = first; point < points; point++)
            {
                count += row[point];
                if (count == 0)
                {
                    continue;
                }

                var before = below[point];
                if (before == 0)
                {
                    _lowestBin[point] = bin;
                }

                _highestBin[point] = bin;
                var square = (middle - _mean[point]) * (middle - _mean[point]);
                _fourthMoment[point] += count * ((square * (square + (6 * within2))) + within4);
                below[point] = before + count;
                while (next[point] < ranks.Length && ranks[next[point]] <= before + count)
                {
                    var slot = (next[point]++ * points) + point;
                    _bins[slot] = bin;
                    _values[slot] = Interpolate(low, high, (ranks[next[point] - 1] - before - 0.5) / count);
                }
            }

            PathsAboveRange += _tally.Bins.IsAboveRange(bin) ? count : 0;
            foreach (var (point, counts) in _histograms)
            {
                counts[bin] = SumTo(row, point);
            }
        }
    }

    private static long SumTo(ReadOnlySpan<int> row, int point)
    {
        long sum = 0;
        foreach (var difference in row[..(point + 1)])
        {
            sum += difference;
        }

        return sum;
    }

    /// <summary>A whole count of the bin, at a share in (0, 1) of its paths, as if they lay evenly.</summary>
    private static double Interpolate(long low, long high, double share) =>
        low == high ? low : Math.Clamp(Math.Floor(low + (share * (high - low + 1))), low, high);
}
