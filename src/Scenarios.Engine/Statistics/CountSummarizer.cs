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
    private readonly CountScan _scan;
    private readonly CountReplicateErrors? _replicates;
    private readonly CountLimits _limits;
    private readonly bool[] _isOneCount;
    private readonly double[] _quantileRatios = [];

    /// <param name="tally">What to read.</param>
    /// <param name="paths">Its number of paths.</param>
    /// <param name="levels">Levels of quantiles, each with its standard error.</param>
    /// <param name="histogramPoints">Points whose counts by bin are wanted.</param>
    /// <param name="spread">The spread between replicates; null where paths are independent.</param>
    /// <param name="limits">What bounds the count where no path does.</param>
    /// <param name="reached">How many paths have reached the thresholds asked for.</param>
    public CountSummarizer(
        CountTally tally,
        long paths,
        ImmutableArray<double> levels,
        IEnumerable<int> histogramPoints,
        ReplicateSpread? spread,
        CountLimits limits,
        CountsReached reached)
    {
        _tally = tally;
        _limits = limits;
        _paths = paths;
        _levels = levels;
        _ranks = new(levels, paths);
        var points = tally.PointCount;
        (_mean, _deviation, _isOneCount) = (new double[points], new double[points], new bool[points]);
        Moments();
        _scan = new(tally, _mean, _ranks.Distinct, histogramPoints, reached);
        if (spread is not null)
        {
            _replicates = new(tally.Replicates!, spread, _mean, _deviation);
            _quantileRatios = _replicates.QuantileRatios(levels, (level, point) => _scan.BinAt(_ranks.SlotsOf(level).At, point));
        }
    }

    /// <summary>Paths that are above the range of fine bins at the last point.</summary>
    public long PathsAboveRange => _scan.PathsAboveRange;

    /// <summary>Counts of paths by bin at one of the histogram points.</summary>
    public long[] HistogramAt(int point) => _scan.Histograms[point];

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

        var tellsSpread = _paths > 1 || _limits.IsCertain;
        return new(
            _mean[point],
            _deviation[point],
            !tellsSpread ? double.PositiveInfinity : _replicates?.OfMean[point] ?? _deviation[point] / Math.Sqrt(_paths),
            !tellsSpread ? double.PositiveInfinity
                : _replicates?.OfDeviation[point] ?? StandardErrors.OfStandardDeviation(_deviation[point], _scan.FourthMoment[point] / _paths, _paths),
            quantiles.MoveToImmutable(),
            errors.MoveToImmutable(),
            ValueAt(Ranks.First, point),
            ValueAt(_ranks.Last, point));
    }

    /// <summary>
    /// The quantile of a level and its standard error: that of the interval of <see cref="Ranks"/> with half a bin in quadrature
    /// unless it is an atom; of replicates, times what they make of s. Where no path bounds the interval, what is possible at all
    /// does; the error is infinite if that has no bound.
    /// </summary>
    public CountQuantile QuantileAt(int point, int level)
    {
        var slots = _ranks.SlotsOf(level);
        var at = ValueAt(slots.At, point);
        if (_limits.IsCertain)
        {
            return new(at, 0);
        }

        var most = _limits.MostAt[point] == long.MaxValue ? double.PositiveInfinity : _limits.MostAt[point];
        var below = slots.Below == Slots.Unbounded ? Math.Min(_limits.Least, at) : ValueAt(slots.Below, point);
        var above = slots.Above == Slots.Unbounded ? Math.Max(most, at) : ValueAt(slots.Above, point);
        var spread = slots.Error(at, below, above);
        if (_replicates is not null)
        {
            var ratio = _quantileRatios[(level * _tally.PointCount) + point];
            spread *= slots.IsExact ? Math.Max(1, ratio) : ratio;
        }

        var (low, high) = _isOneCount[point] ? (0, 0) : _tally.Bins.Ends(_scan.BinAt(slots.At, point));
        var binning = (high - low) / 2.0;
        return new(at, binning == 0 ? spread : Math.Sqrt((spread * spread) + (binning * binning)));
    }

    /// <summary>The count of a rank: what its bin says, or the one count that all paths have, which their sum gives exactly.</summary>
    private double ValueAt(int rank, int point) => _isOneCount[point] ? _mean[point] : _scan.ValueAt(rank, point);

    private void Moments()
    {
        Int128 sum = 0;
        Int128 squares = 0;
        for (var point = 0; point < _tally.PointCount; point++)
        {
            sum += _tally.SumDifferences[point];
            squares += _tally.SquareDifferences[point];
            _mean[point] = (double)sum / _paths;
            var variance = ScaledVariance(sum, squares);
            _isOneCount[point] = variance == 0;
            _deviation[point] = _paths < 2 ? 0 : Math.Sqrt(variance / ((double)_paths * (_paths - 1)));
        }
    }

    /// <summary>n times the sum of squares less the square of the sum, exactly, then rounded once.</summary>
    private double ScaledVariance(Int128 sum, Int128 squares)
    {
        var fits = sum < (Int128.One << 62) && squares < (Int128.One << 94);
        return fits ? (double)((squares * _paths) - (sum * sum)) : (double)(((BigInteger)squares * _paths) - ((BigInteger)sum * sum));
    }
}
