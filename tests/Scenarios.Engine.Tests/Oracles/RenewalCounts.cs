namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// How likely it is that 0, 1, 2, ... batches of a renewal process have come by a day, where what is due comes with a chance that
/// depends on the day (a halt, skips), and gaps depend on the day they start (an interval factor).
/// </summary>
/// <remarks>
/// With u(i, n) the probability that a batch is due in cell i with n come up to then, itself included: u(i, n) is the sum over j of
/// u(j, .) times the chance of a gap of i - j cells, moved up by one with the chance that the batch comes. Cell i holds the days
/// nearest to i cells; half of what is due in the cell of a day comes at or before it. As in <see cref="RenewalOracle"/> this adds
/// a twelfth of a cell's square to the variance of a gap.
/// </remarks>
internal sealed class RenewalCounts
{
    private readonly double _cellsPerDay;
    private readonly int _most;
    private readonly double[][] _due;
    private readonly Gaps[] _gapsFrom;

    /// <param name="gapCdf">Distribution function of the gap in days.</param>
    /// <param name="horizonDays">No later day can be asked for.</param>
    /// <param name="cellsPerDay">Cells of the grid in time.</param>
    /// <param name="mostBatches">More than this come with no probability worth knowing, or fill the cap.</param>
    /// <param name="comes">The chance that a batch due in a stretch of days comes; null for certainty.</param>
    /// <param name="factor">An interval factor, and the days from and to which gaps start that it multiplies.</param>
    public RenewalCounts(
        Func<double, double> gapCdf,
        double horizonDays,
        int cellsPerDay,
        int mostBatches,
        Func<double, double, double>? comes = null,
        (double Factor, double From, double To)? factor = null)
    {
        (_cellsPerDay, _most) = (cellsPerDay, mostBatches);
        var cells = (int)(horizonDays * cellsPerDay) + 1;
        var usual = new Gaps(gapCdf, cells, cellsPerDay);
        var scaled = factor is { } f ? new Gaps(x => gapCdf(x / f.Factor), cells, cellsPerDay) : usual;
        bool IsScaled(double day) => factor is { } window && day >= window.From && day < window.To;
        _gapsFrom = [.. Enumerable.Range(0, cells).Select(i => IsScaled(i / _cellsPerDay) ? scaled : usual)];
        _due = new double[cells][];
        _due[0] = new double[mostBatches + 1];
        _due[0][0] = 1;
        for (var i = 1; i < cells; i++)
        {
            var arrived = new double[mostBatches + 1];
            for (var j = 0; j < i; j++)
            {
                Add(arrived, _due[j], _gapsFrom[j].Masses[i - j]);
            }

            var chance = comes?.Invoke((i - 0.5) / cellsPerDay, (i + 0.5) / cellsPerDay) ?? 1;
            var due = _due[i] = new double[mostBatches + 1];
            for (var n = 0; n <= mostBatches; n++)
            {
                due[n] = ((1 - chance) * arrived[n]) + (n > 0 ? chance * arrived[n - 1] : 0);
            }

            due[mostBatches] += chance * arrived[mostBatches]; // This many or more.
        }
    }

    /// <summary>The share of a stretch of days that lies outside a window: the chance that a batch due in it is not halted.</summary>
    public static Func<double, double, double> Outside(double start, double end) =>
        (from, to) => 1 - (Math.Max(0, Math.Min(to, end) - Math.Max(from, start)) / (to - from));

    /// <summary>Probabilities of 0, 1, 2, ... batches by a day that is a whole number of cells.</summary>
    public double[] By(double day)
    {
        var cell = (int)Math.Round(day * _cellsPerDay);
        var counts = new double[_most + 1];
        Add(counts, _due[cell], cell == 0 ? 1 : 0.5);
        for (var j = 0; j < cell; j++)
        {
            Add(counts, _due[j], _gapsFrom[j].Longer[cell - j] + (0.5 * _gapsFrom[j].Masses[cell - j]));
        }

        return counts;
    }

    private static void Add(double[] to, double[] from, double weight)
    {
        for (var n = 0; n < to.Length; n++)
        {
            to[n] += from[n] * weight;
        }
    }

    private sealed class Gaps
    {
        public Gaps(Func<double, double> cdf, int cells, double cellsPerDay)
        {
            Masses = new double[cells];
            Longer = new double[cells];
            var below = 0.0; // What is shorter than half a cell is put into the first.
            for (var i = 1; i < cells; i++)
            {
                var upTo = cdf((i + 0.5) / cellsPerDay);
                (Masses[i], Longer[i]) = (upTo - below, 1 - upTo);
                below = upTo;
            }
        }

        /// <summary>Probabilities of gaps of i cells.</summary>
        public double[] Masses { get; }

        /// <summary>Probabilities of gaps of more than i cells.</summary>
        public double[] Longer { get; }
    }
}
