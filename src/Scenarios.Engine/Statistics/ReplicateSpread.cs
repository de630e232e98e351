namespace Scenarios.Engine.Statistics;

/// <summary>
/// Standard errors from the spread of sixteen independent replicates. Paths of one replicate depend on one another, so nothing
/// else tells the error of quasi-random sampling.
/// </summary>
/// <remarks>
/// <para>
/// Every figure is, near enough, the mean over paths of something that each path adds (its count; its squared distance from the mean; whether it is
/// at most the quantile), so that a replicate is weighed by its number of paths, and the error is sqrt(r / (r - 1) sum d^2) / n
/// with d the replicate's total less its share of all. Fifteen degrees of freedom: the standard error is made larger by
/// t(15, 0.975) / 1.96, so that 1.96 of it to either side cover 95 %. That intervals of Student's t from few replicates of
/// scrambled nets do so is what L'Ecuyer, Nakayama, Owen and Tuffin found ("Confidence intervals for randomized quasi-Monte Carlo
/// estimators", Winter Simulation Conference 2023).
/// </para>
/// <para>Up to sixteen paths are of different replicates, so independent: what holds of plain sampling holds of them.</para>
/// </remarks>
internal sealed class ReplicateSpread
{
    /// <summary>t(15, 0.975) / 1.96.</summary>
    private const double Inflation = 2.131449545559323 / StandardErrors.Z95;

    private const int Count = Replicates.Count;

    private readonly long[] _paths;
    private readonly double _all;

    private ReplicateSpread(Replicates replicates)
    {
        _paths = replicates.Paths;
        _all = _paths.Sum();
    }

    /// <summary>The spread between the replicates of a tally; null where its paths are independent.</summary>
    public static ReplicateSpread? Of(Tally tally) => tally.Replicates is { } replicates && tally.Paths > Count ? new(replicates) : null;

    /// <summary>Paths of a replicate.</summary>
    public long PathsOf(int replicate) => _paths[replicate];

    /// <summary>Standard error of the mean over paths, from the total of each replicate.</summary>
    public double OfMean(ReadOnlySpan<double> totals)
    {
        var mean = 0.0;
        foreach (var total in totals)
        {
            mean += total / _all;
        }

        var squares = 0.0;
        for (var replicate = 0; replicate < Count; replicate++)
        {
            var distance = totals[replicate] - (_paths[replicate] * mean);
            squares += distance * distance;
        }

        return Inflation * Math.Sqrt(squares * Count / (Count - 1)) / _all;
    }

    /// <summary>
    /// A probability from the hits of each replicate, with the error of <see cref="StandardErrors.Chance"/>, in which the spread
    /// stands for p (1 - p) / n.
    /// </summary>
    public Chance Chance(ReadOnlySpan<double> hits)
    {
        var all = 0.0;
        foreach (var ofReplicate in hits)
        {
            all += ofReplicate;
        }

        var error = OfMean(hits);
        return new(all / _all, StandardErrors.WilsonError(all / _all, error * error, _all));
    }

    /// <summary>
    /// How the error of the share of paths at or below a quantile compares with that of plain sampling, sqrt(p (1 - p) / n): by so
    /// much is the quantile nearer or further than plain sampling would have it.
    /// </summary>
    /// <param name="level">The level p of the quantile.</param>
    /// <param name="below">Paths of each replicate in the groups of bins below the quantile's.</param>
    /// <param name="within">Paths of each replicate in the quantile's group.</param>
    /// <remarks>
    /// Within the group the replicates are not told apart: there they count by the share u of its w n paths that is
    /// below the quantile, and w u (1 - u) / n is added, the error of plain sampling within it.
    /// </remarks>
    public double QuantileRatio(double level, ReadOnlySpan<long> below, ReadOnlySpan<long> within)
    {
        var (belowAll, withinAll) = (0L, 0L);
        for (var replicate = 0; replicate < Count; replicate++)
        {
            belowAll += below[replicate];
            withinAll += within[replicate];
        }

        var share = withinAll == 0 ? 0 : Math.Clamp(((level * _all) - belowAll) / withinAll, 0, 1);
        Span<double> hits = stackalloc double[Count];
        for (var replicate = 0; replicate < Count; replicate++)
        {
            hits[replicate] = below[replicate] + (share * within[replicate]);
        }

        var error = OfMean(hits);
        var variance = (error * error) + (withinAll / _all * share * (1 - share) / _all) + Whole;
        return Math.Sqrt(variance * _all / (level * (1 - level)));
    }

    /// <summary>What Wilson's interval adds because hits are whole: (1.96 / 2 n)^2.</summary>
    private double Whole => StandardErrors.Z95 * StandardErrors.Z95 / (4 * _all * _all);
}
