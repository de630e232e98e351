namespace Scenarios.Engine.Statistics;

/// <summary>
/// The ranks to look up for quantiles and their errors: of each level p itself, and of the ends of an interval that holds the
/// true quantile in 95 % of runs; and the first and the last.
/// </summary>
/// <remarks>
/// The interval is from p - 1.96 s to p + 1.96 s with s = sqrt(p (1 - p) / n) if at least <see cref="FewPaths"/> paths are expected
/// beyond the quantile. If fewer are, it is the exact one of order statistics: how many of n paths lie at or below the true
/// quantile is binomial, whatever the distribution (H. A. David and H. N. Nagaraja, "Order Statistics", 2003, section 7.1). Below
/// about 3.7 expected paths one of its ends is beyond every path: the sample bounds nothing there.
/// </remarks>
internal sealed class Ranks
{
    /// <summary>Where in <see cref="Distinct"/> rank 1 stands.</summary>
    public const int First = 0;

    /// <summary>Expected paths beyond a quantile below which the exact interval is used.</summary>
    private const double FewPaths = 100;

    /// <summary>Chance that the true quantile lies beyond either end.</summary>
    private const double Tail = 0.025;

    /// <summary>Room for the binary representation of decimal levels: 0.05 of 1,000 paths is rank 50, not 51.</summary>
    private const double Decimal = 1e-12;

    private readonly Slots[] _slots;

    public Ranks(IReadOnlyList<double> levels, long paths)
    {
        var intervals = levels.Select(level => (At: Of(level, paths), Interval: IntervalOf(level, paths))).ToArray();
        long[] wanted = [1, paths, .. intervals.SelectMany(level => (long[])[level.At, level.Interval.Below, level.Interval.Above])];
        Distinct = [.. wanted.Where(rank => rank >= 1 && rank <= paths).Distinct().Order()];
        _slots =
        [
            .. intervals.Select(level => new Slots(
                SlotOf(level.At), SlotOf(level.Interval.Below), SlotOf(level.Interval.Above), level.Interval.IsExact)),
        ];
    }

    /// <summary>The ranks, ascending, each once: from 1 to the number of paths.</summary>
    public long[] Distinct { get; }

    /// <summary>Where in <see cref="Distinct"/> the number of paths stands.</summary>
    public int Last => Distinct.Length - 1;

    /// <summary>Where in <see cref="Distinct"/> the ranks of a level stand.</summary>
    public Slots SlotsOf(int level) => _slots[level];

    /// <summary>Do so few paths lie beyond the quantile of a level that they do not bound it on both sides?</summary>
    public static bool AreTooFew(double level, long paths) =>
        IntervalOf(level, paths) is var interval && (interval.Below < 1 || interval.Above > paths);

    /// <summary>The rank of the quantile at a level: the smallest k with k / n at least p.</summary>
    private static long Of(double level, long paths) =>
        Math.Clamp((long)Math.Ceiling(level * paths * (1 - Decimal)), 1, paths);

    private static (long Below, long Above, bool IsExact) IntervalOf(double level, long paths)
    {
        if (paths * Math.Min(level, 1 - level) >= FewPaths)
        {
            var s = StandardErrors.Z95 * Math.Sqrt(level * (1 - level) / paths);
            return (Of(level - s, paths), Of(level + s, paths), false);
        }

        // Of a level above a half by its mirror image: rank k from above is rank n + 1 - k.
        var (below, above) = level <= 0.5 ? ExactInterval(level, paths) : ExactInterval(1 - level, paths);
        return level <= 0.5 ? (below, above, true) : (paths + 1 - above, paths + 1 - below, true);
    }

    /// <summary>
    /// The largest rank of which fewer than 2.5 % of samples have that many paths below the true quantile, and the smallest that as
    /// few have; 0 and n + 1 if there are none.
    /// </summary>
    private static (long Below, long Above) ExactInterval(double level, long paths)
    {
        var mass = Math.Exp(paths * Distributions.Elementary.Log1P(-level));
        var upTo = mass;
        var odds = level / (1 - level);
        var (below, above) = (0L, paths + 1);
        for (long hits = 0; hits <= paths; hits++)
        {
            if (upTo <= Tail)
            {
                below = hits + 1;
            }

            if (upTo >= 1 - Tail)
            {
                above = hits + 1;
                break;
            }

            mass *= (paths - hits) * odds / (hits + 1);
            upTo += mass;
        }

        return (below, above);
    }

    private int SlotOf(long rank) => Array.BinarySearch(Distinct, rank) is >= 0 and var slot ? slot : Slots.Unbounded;
}

/// <summary>Where the ranks of a level stand.</summary>
/// <param name="At">That of the quantile.</param>
/// <param name="Below">That of the lower end of its interval; <see cref="Unbounded"/> if no path bounds it below.</param>
/// <param name="Above">That of the upper end; <see cref="Unbounded"/> if no path bounds it above.</param>
/// <param name="IsExact">Is the interval the exact one of few paths? Its longer side then stands for both.</param>
internal readonly record struct Slots(int At, int Below, int Above, bool IsExact)
{
    /// <summary>No rank.</summary>
    public const int Unbounded = -1;

    /// <summary>The standard error that an interval around a quantile stands for.</summary>
    public double Error(double at, double below, double above) =>
        IsExact ? Math.Max(at - below, above - at) / StandardErrors.Z95 : (above - below) / (2 * StandardErrors.Z95);
}
