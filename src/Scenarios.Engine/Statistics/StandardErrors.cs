namespace Scenarios.Engine.Statistics;

/// <summary>How far a computation may be off, and bounds that hold while somebody watches.</summary>
public static class StandardErrors
{
    /// <summary>Half-width of a 95 % interval in standard errors.</summary>
    public const double Z95 = 1.96;

    /// <summary>The bound of a live run is tightest, relative to a single look's, near this number of paths.</summary>
    private const double TightestAt = 10_000;

    private const double Alpha = 0.05;

    /// <summary>
    /// The factor from a standard error to a 95 % bound that holds at every number of paths together: the two-sided
    /// asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform central limit theory
    /// and asymptotic confidence sequences", 2021, theorem 2.2), sqrt(2 (n r + 1) / (n r) log(sqrt(n r + 1) / alpha)) with
    /// r = rho^2 chosen for 10,000 paths by their equation for the tightest bound.
    /// </summary>
    public static double LiveErrorFactor(long paths)
    {
        var twiceLog = -2 * Math.Log(Alpha);
        var nr = paths * (twiceLog + Math.Log(twiceLog + 1)) / TightestAt;
        return Math.Round(Math.Sqrt(2 * (nr + 1) / nr * Math.Log(Math.Sqrt(nr + 1) / Alpha)), 9);
    }

    /// <summary>
    /// The same factor for standard errors from sixteen replicates: t(15, 1 - 0.05 / 80) over t(15, 0.975) / 1.96, which such a
    /// standard error has in it already. By Bonferroni's inequality it holds at forty looks together, however they depend on
    /// one another; the ladder of prefixes has 39 rungs up to the most paths of a tally, and the number asked for.
    /// </summary>
    public const double LiveErrorFactorOfReplicates = 3.644217647;

    /// <summary>
    /// A probability seen in <paramref name="hits"/> of <paramref name="paths"/> paths. Its standard error is the further end of
    /// Wilson's interval (1927) over 1.96: the interval lies around another centre, so that its half width alone covers rare
    /// probabilities too seldom. What was never seen is not certainly never.
    /// </summary>
    public static Chance Chance(long hits, long paths)
    {
        var p = hits / (double)paths;
        return new(p, WilsonError(p, p * (1 - p) / paths, paths));
    }

    /// <summary>The distance from a probability to the further end of Wilson's interval around it, over 1.96.</summary>
    /// <param name="p">The probability as seen.</param>
    /// <param name="variance">Its variance.</param>
    /// <param name="paths">Number of paths.</param>
    internal static double WilsonError(double p, double variance, double paths)
    {
        const double Square = Z95 * Z95;
        var shrink = 1 + (Square / paths);
        var toCentre = Math.Abs(0.5 - p) * (Square / paths) / shrink;
        var half = Z95 / shrink * Math.Sqrt(variance + (Square / (4 * paths * paths)));
        return (toCentre + half) / Z95;
    }

    /// <summary>Standard error of a sample standard deviation from the second and fourth central moments.</summary>
    internal static double OfStandardDeviation(double deviation, double fourthMoment, long paths)
    {
        if (deviation == 0)
        {
            return 0;
        }

        if (paths < 4)
        {
            return double.PositiveInfinity; // So few tell nothing of their fourth moment.
        }

        var n = (double)paths;
        var square = deviation * deviation;
        var variance = (fourthMoment - (square * square * (n - 3) / (n - 1))) / n;
        return Math.Sqrt(Math.Max(variance, 0)) / (2 * deviation);
    }
}
