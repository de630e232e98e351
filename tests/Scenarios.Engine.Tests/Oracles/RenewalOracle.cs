using MathNet.Numerics.Distributions;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// The exact law of a scenario whose gaps and batches are independent and drawn per batch, with a constant initial count
/// and a constant cap on the cumulative count. No random number is drawn and nothing is shared with the engine.
/// </summary>
/// <remarks>
/// By day t there are K(t) batches: P(K(t) &gt;= k) is the distribution function of k gaps. Their sum is min(cap, N0 + S) with
/// S of K(t) rounded batches. A count is passed when the first k with S_k large enough arrives: a sum of a random number of gaps
/// that knows nothing of them. Gaps are put on a grid of cells by their middles, which adds a twelfth of a cell's square to the
/// variance of each; batches are whole, so theirs is exact.
/// </remarks>
internal sealed class RenewalOracle
{
    private readonly long _initial;
    private readonly int _room;
    private readonly int _mostBatches;
    private readonly double _cellsPerDay;
    private readonly IndependentSums _times;
    private readonly IndependentSums _counts;

    /// <param name="gapCdf">Distribution function of the gap in days.</param>
    /// <param name="sizeCdf">Distribution function of the batch size before rounding.</param>
    /// <param name="initial">Initial count.</param>
    /// <param name="cap">Cap.</param>
    /// <param name="horizonDays">No later day can be asked for.</param>
    /// <param name="cellsPerDay">Cells of the grid in time.</param>
    /// <param name="mostBatches">This many batches surely reach the cap or outlast the horizon.</param>
    public RenewalOracle(
        Func<double, double> gapCdf,
        Func<double, double> sizeCdf,
        long initial,
        long cap,
        double horizonDays,
        int cellsPerDay,
        int mostBatches)
    {
        _initial = initial;
        _room = (int)(cap - initial);
        _mostBatches = mostBatches;
        _cellsPerDay = cellsPerDay;
        _times = new(Masses(i => gapCdf((i - 0.5) / cellsPerDay), (int)(horizonDays * cellsPerDay) + 1));
        _counts = new(Masses(i => sizeCdf(i - 0.5), _room));
    }

    /// <summary>B1 of quality.md.</summary>
    public static RenewalOracle Weekly { get; } = new(
        LogNormalWithin90(60, 180).CumulativeDistribution,
        new Triangular(2000, 15_000, 5000).CumulativeDistribution,
        initial: 15_000, cap: 100_000, horizonDays: 728, cellsPerDay: 32, mostBatches: 24);

    /// <summary>B2 of quality.md.</summary>
    public static RenewalOracle Daily { get; } = new(
        new Gamma(2, 1 / 3.5).CumulativeDistribution,
        new BetaScaled(1 + (4.0 * 300 / 1100), 1 + (4.0 * 800 / 1100), 100, 1100).CumulativeDistribution,
        initial: 0, cap: 100_000, horizonDays: 1825, cellsPerDay: 32, mostBatches: 290);

    /// <summary>The law of the cumulative count on a day that is a whole number of cells.</summary>
    public CountLaw On(double day)
    {
        var atLeast = _times.AtMost((int)(day * _cellsPerDay), _mostBatches + 1, shareOfLast: 0.5);
        var weights = new double[_mostBatches];
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = atLeast[k] - atLeast[k + 1];
        }

        return AfterBatches(weights);
    }

    /// <summary>The law of the cumulative count where it is known how likely 0, 1, 2, ... batches have come.</summary>
    public CountLaw AfterBatches(ReadOnlySpan<double> probabilities) => new(_initial, _counts.Mixture(probabilities));

    /// <summary>The law of the first passage of a count above the initial one and at most the cap.</summary>
    public PassageLaw PassageOf(long count)
    {
        var below = _counts.AtMost((int)(count - _initial - 1), _mostBatches);
        var weights = new double[_mostBatches];
        for (var k = 1; k < weights.Length; k++)
        {
            weights[k] = below[k - 1] - below[k];
        }

        return new(_times.Mixture(weights), _cellsPerDay);
    }

    private static LogNormal LogNormalWithin90(double low, double high) =>
        new((Math.Log(low) + Math.Log(high)) / 2, (Math.Log(high) - Math.Log(low)) / 2 / Normal.InvCDF(0, 1, 0.95));

    private static double[] Masses(Func<int, double> cdfAtLowerEnd, int size)
    {
        var masses = new double[size];
        var below = 0.0;
        for (var i = 0; i < size; i++)
        {
            var upTo = cdfAtLowerEnd(i + 1);
            masses[i] = upTo - below;
            below = upTo;
        }

        return masses;
    }
}

/// <summary>A law of a count: probabilities from the initial count up, and the rest at the cap.</summary>
internal sealed class CountLaw
{
    private readonly long _initial;
    private readonly double[] _cumulative;

    public CountLaw(long initial, double[] masses)
    {
        _initial = initial;
        _cumulative = new double[masses.Length];
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
        {
            _cumulative[i] = sum += masses[i];
            Mean += masses[i] * (initial + i);
        }

        var atCap = Math.Max(0, 1 - sum);
        var cap = initial + masses.Length;
        Mean += atCap * cap;
        var (second, fourth) = (atCap * Math.Pow(cap - Mean, 2), atCap * Math.Pow(cap - Mean, 4));
        for (var i = 0; i < masses.Length; i++)
        {
            var square = (initial + i - Mean) * (initial + i - Mean);
            second += masses[i] * square;
            fourth += masses[i] * square * square;
        }

        StandardDeviation = Math.Sqrt(second);
        FourthMoment = fourth;
    }

    public double Mean { get; }

    public double StandardDeviation { get; }

    /// <summary>Fourth central moment.</summary>
    public double FourthMoment { get; }

    /// <summary>P(N &lt;= count).</summary>
    public double AtMost(double count)
    {
        var index = (long)Math.Floor(count) - _initial;
        return index < 0 ? 0 : index < _cumulative.Length ? _cumulative[index] : 1;
    }

    /// <summary>The smallest count v with P(N &lt;= v) at least p.</summary>
    public long Quantile(double p)
    {
        var (low, high) = (0, _cumulative.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _cumulative[middle] >= p ? (low, middle) : (middle + 1, high);
        }

        return _initial + low;
    }
}

/// <summary>A law of a first passage time within a horizon.</summary>
internal sealed class PassageLaw
{
    private readonly double[] _atCellEnd;
    private readonly double _cellsPerDay;

    public PassageLaw(double[] masses, double cellsPerDay)
    {
        _cellsPerDay = cellsPerDay;
        _atCellEnd = new double[masses.Length];
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++)
        {
            _atCellEnd[i] = sum += masses[i];
        }
    }

    /// <summary>Probability of a passage at or before a day within the horizon; cell i ends half a cell after its middle.</summary>
    public double By(double day)
    {
        var cell = Math.Max(0, (day * _cellsPerDay) - 0.5);
        var i = Math.Min((int)cell, _atCellEnd.Length - 2);
        return _atCellEnd[i] + ((cell - i) * (_atCellEnd[i + 1] - _atCellEnd[i]));
    }

    /// <summary>The day by which a share of all paths have passed; infinite where fewer do within the horizon.</summary>
    public double Quantile(double p)
    {
        var i = Array.FindIndex(_atCellEnd, c => c >= p);
        return i < 0 ? double.PositiveInfinity
            : i == 0 ? 0
            : (i - 0.5 + ((p - _atCellEnd[i - 1]) / (_atCellEnd[i] - _atCellEnd[i - 1]))) / _cellsPerDay;
    }
}
