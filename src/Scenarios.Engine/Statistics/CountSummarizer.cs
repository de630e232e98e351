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
        (_mean, _deviation) = (new double[points], new double[points]);
        Moments();
        _scan = new(tally, _mean, _ranks.Distinct, histogramPoints);
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

        return new(
            _mean[point],
            _deviation[point],
            _replicates?.OfMean[point] ?? _deviation[point] / Math.Sqrt(_paths),
            _replicates?.OfDeviation[point] ?? StandardErrors.OfStandardDeviation(_deviation[point], _scan.FourthMoment[point] / _paths, _paths),
            quantiles.MoveToImmutable(),
            errors.MoveToImmutable(),
            Middle(_scan.BinAt(Ranks.First, point)),
            Middle(_scan.BinAt(_ranks.Last, point)));
    }

    /// <summary>
    /// The quantile of a level, and (Q(p + 1.96 s) - Q(p - 1.96 s)) / 3.92 with half a bin in quadrature unless it is an atom
    /// (model.md, Errors of computing); of replicates, times what they make of s.
    /// </summary>
    public CountQuantile QuantileAt(int point, int level)
    {
        var (at, below, above) = _ranks.SlotsOf(level);
        var spread = (_scan.ValueAt(above, point) - _scan.ValueAt(below, point)) / (2 * StandardErrors.Z95);
        spread *= _replicates is null ? 1 : _quantileRatios[(level * _tally.PointCount) + point];
        var (low, high) = _tally.Bins.Ends(_scan.BinAt(at, point));
        var binning = (high - low) / 2.0;
        return new(_scan.ValueAt(at, point), binning == 0 ? spread : Math.Sqrt((spread * spread) + (binning * binning)));
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
}
