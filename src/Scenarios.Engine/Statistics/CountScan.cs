using System.Numerics;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Statistics;

/// <summary>What one pass over the bins of a tally finds at every point in time.</summary>
/// <remarks>
/// The bins go one by one and the points in vectors, in sums that are the same on every machine. What is kept by point is so narrow that a
/// daily grid over two years stays in the first cache: with 64 bits for each count its pass takes a fifth longer.
/// </remarks>
internal sealed unsafe class CountScan
{
    private readonly CountTally _tally;
    private readonly CountsReached _reached;
    private readonly int[] _ranks;
    private readonly double[] _values;
    private readonly int[] _bins;
    private readonly int[] _next;
    private readonly double[] _memory;
    private readonly int _columnLength;
    private readonly double* _mean;
    private readonly double* _fourthMoment;
    private readonly int* _inBin;
    private readonly int* _upToBin;
    private readonly int* _nextRank;

    /// <param name="tally">What to read.</param>
    /// <param name="mean">Its mean at every point.</param>
    /// <param name="ranks">The ranks to look up, ascending.</param>
    /// <param name="histogramPoints">Points whose counts by bin are wanted.</param>
    /// <param name="reached">How many paths have reached counts within bins.</param>
    public CountScan(CountTally tally, ReadOnlySpan<double> mean, long[] ranks, IEnumerable<int> histogramPoints, CountsReached reached)
    {
        _tally = tally;
        _reached = reached;
        _ranks = Array.ConvertAll(ranks, rank => checked((int)rank)); // A tally counts paths in 32 bits.
        var points = tally.PointCount;
        _values = new double[ranks.Length * points];
        _bins = new int[ranks.Length * points];
        _next = new int[points];

        // Whole vectors: no path is ever at the points that fill up the last one.
        _columnLength = (points + Vector512<double>.Count - 1) / Vector512<double>.Count * Vector512<double>.Count;
        _memory = GC.AllocateArray<double>((4 * _columnLength) + Vector512<double>.Count, pinned: true);
        fixed (double* start = _memory)
        {
            var aligned = (double*)(((nint)start + 63) & ~63); // Pinned for good: the address stays true.
            _mean = aligned;
            _fourthMoment = aligned + _columnLength;
            _inBin = (int*)(aligned + (2 * _columnLength));
            _upToBin = _inBin + _columnLength;
            _nextRank = _inBin + (2 * _columnLength);
        }

        mean.CopyTo(new(_mean, _columnLength));
        new Span<int>(_nextRank, _columnLength).Fill(int.MaxValue);
        new Span<int>(_nextRank, points).Fill(_ranks[0]);
        Histograms = histogramPoints.Distinct().ToDictionary(point => point, _ => new long[tally.Bins.BinCount]);
        var whole = new int[points];
        for (var bin = 0; bin < tally.Bins.BinCount; bin++)
        {
            var (first, end) = tally.Differences.IsInCells(bin, out var cells, whole) ? Accumulate(cells) : Accumulate<int>(whole);
            if (first < end)
            {
                Enter(bin, first, end);
                PathsAboveRange += tally.Bins.IsAboveRange(bin) ? _inBin[points - 1] : 0;
                foreach (var (point, counts) in Histograms)
                {
                    counts[bin] = point < first ? 0 : _inBin[point];
                }
            }
        }
    }

    /// <summary>Sums of fourth powers of distances from the mean, by point.</summary>
    public ReadOnlySpan<double> FourthMoment => new(_fourthMoment, _next.Length);

    /// <summary>Paths that are above the range of fine bins at the last point.</summary>
    public long PathsAboveRange { get; }

    /// <summary>Counts of paths by bin at the histogram points.</summary>
    public Dictionary<int, long[]> Histograms { get; }

    /// <summary>The count of the path of a rank.</summary>
    public double ValueAt(int rank, int point) => _values[(rank * _next.Length) + point];

    /// <summary>The bin of the path of a rank.</summary>
    public int BinAt(int rank, int point) => _bins[(rank * _next.Length) + point];

    /// <summary>Changes over time become the paths in a bin at each point.</summary>
    /// <returns>The points at which there are any, from the first of a vector on.</returns>
    private (int First, int End) Accumulate<T>(ReadOnlySpan<T> changes)
        where T : unmanaged, IBinaryInteger<T>
    {
        var first = changes.IndexOfAnyExcept(T.Zero);
        if (first < 0)
        {
            return (0, 0);
        }

        first -= first % Vector512<double>.Count;
        var last = changes.LastIndexOfAnyExcept(T.Zero);
        var counts = new Span<int>(_inBin, changes.Length);
        var count = 0;
        for (var point = first; point <= last; point++)
        {
            count += int.CreateTruncating(changes[point]);
            counts[point] = count;
        }

        counts[(last + 1)..].Fill(count);
        return (first, count == 0 ? last + 1 : changes.Length);
    }

    /// <summary>A bin's paths enter the sums and pass ranks.</summary>
    private void Enter(int bin, int first, int end)
    {
        var (low, high) = _tally.Bins.Ends(bin);
        var middle = Vector512.Create((low + high) / 2.0);

        // Second and fourth central moments of a count that is as likely anywhere in the bin.
        var widthSquare = (high - low + 1.0) * (high - low + 1.0);
        var sixWithin2 = Vector512.Create(6 * ((widthSquare - 1) / 12));
        var within4 = Vector512.Create((widthSquare - 1) * ((3 * widthSquare) - 7) / 240);
        for (var point = first; point < end; point += Vector512<double>.Count)
        {
            var inBin = Vector256.LoadAligned(_inBin + point);
            var distance = middle - Vector512.LoadAligned(_mean + point);
            var square = distance * distance;
            (Vector512.LoadAligned(_fourthMoment + point) + (LaneVectors.Doubles(inBin) * ((square * (square + sixWithin2)) + within4))).StoreAligned(_fourthMoment + point);
            var upToBin = Vector256.LoadAligned(_upToBin + point) + inBin;
            upToBin.StoreAligned(_upToBin + point);
            if (Vector256.GreaterThanOrEqualAny(upToBin, Vector256.LoadAligned(_nextRank + point)))
            {
                for (var lane = point; lane < point + Vector512<double>.Count; lane++)
                {
                    Pass(lane, bin, low, high);
                }
            }
        }
    }

    /// <summary>The ranks of a point that are in a bin.</summary>
    private void Pass(int point, int bin, long low, long high)
    {
        while (_nextRank[point] <= _upToBin[point])
        {
            var slot = (_next[point] * _next.Length) + point;
            _bins[slot] = bin;
            _values[slot] = low == high ? low : Interpolate(point, low, high, _nextRank[point]);
            _next[point]++;
            _nextRank[point] = _next[point] < _ranks.Length ? _ranks[_next[point]] : int.MaxValue;
        }
    }

    /// <summary>
    /// The count of a rank within a bin, as if its paths lay evenly; a possible one, on the side of each threshold that the paths
    /// which have reached it say.
    /// </summary>
    private double Interpolate(int point, long low, long high, long rank)
    {
        var (first, last) = (_upToBin[point] - _inBin[point] + 1L, (long)_upToBin[point]);
        _reached.Narrow(point, rank, ref low, ref high, ref first, ref last);
        (low, high) = _tally.Bins.Possible(low, high);
        var share = (rank - first + 0.5) / (last - first + 1);
        return _tally.Bins.Nearest(Math.Clamp((long)Math.Floor(low + (share * (high - low + 1))), low, high), low, high);
    }
}
