using MathNet.Numerics.Distributions;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// Does what was simulated agree with what is known? Everything is held to five standard errors: by chance alone, once in
/// 1.7 million.
/// </summary>
internal static class Agreement
{
    public const double StandardErrors = 5;

    /// <summary>Fewest paths expected in a cell of a chi-square: its far tail is then what theory says.</summary>
    public const double Few = 100;

    /// <summary>A chi-square fails once in so many times by chance.</summary>
    public const double OnceIn = 1e7;

    /// <summary>
    /// A mean or a deviation whose standard error is known. Only for sums to which so many paths contribute that they are normal
    /// as far out as that.
    /// </summary>
    public static void OfMoment(double exact, double simulated, double standardError, string what) => Assert.True(
        Math.Abs(simulated - exact) <= StandardErrors * standardError,
        $"{what}: {simulated:R}, exactly {exact:R}, off by {(simulated - exact) / standardError:F2} standard errors of {standardError:G3}");

    /// <summary>
    /// A share of paths, by the likelihood ratio: 2 n KL(share, p) is the square of a standard normal number where p is not small,
    /// and where it is (Chernoff) exceeds 25 with a probability below 2 exp(-12.5) still.
    /// </summary>
    public static void OfProbability(double exact, double share, long paths, string what)
    {
        var p = Math.Clamp(exact, 1e-9, 1 - 1e-9); // As far as an oracle knows it.
        var divergence = Term(share, p) + Term(1 - share, 1 - p);
        Assert.True(
            2 * paths * divergence <= StandardErrors * StandardErrors,
            $"{what}: {share:R}, exactly {exact:R}, {Math.Sqrt(2 * paths * divergence):F2} standard errors off");
    }

    /// <summary>
    /// A quantile: at most the binning bound beside the exact quantiles of p less and more five standard errors of a share.
    /// Needs no density, and holds in atoms.
    /// </summary>
    public static void OfQuantile(Func<double, double> exact, double level, double simulated, double shareError, double binning, string what)
    {
        var low = exact(Math.Max(level - (StandardErrors * shareError), 0)) - binning;
        var high = exact(Math.Min(level + (StandardErrors * shareError), 1)) + binning;
        Assert.True(simulated >= low && simulated <= high, $"{what}, level {level}: {simulated:R}, should be in {low:R} to {high:R}");
    }

    /// <summary>All that is reported of a count: mean, deviation and quantiles.</summary>
    public static void OfCount(CountLaw law, CountSummary seen, ReadOnlySpan<double> levels, int paths, double binning, string what)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            OfQuantile(p => law.Quantile(p), levels[i], seen.Quantiles[i], OfShare(levels[i], paths), binning, what);
        }

        // Where fewer paths than this are off the ends of what was seen, moments are not normal; probabilities test these days.
        const double Normal = 10_000;
        if (Math.Min(1 - law.AtMost(seen.Min), law.AtMost(seen.Max - 1)) * paths < Normal)
        {
            return;
        }

        var square = law.StandardDeviation * law.StandardDeviation;
        OfMoment(law.Mean, seen.Mean, law.StandardDeviation / Math.Sqrt(paths), $"{what}, mean");
        OfMoment(
            law.StandardDeviation,
            seen.StandardDeviation,
            Math.Sqrt((law.FourthMoment - (square * square)) / paths) / (2 * law.StandardDeviation),
            $"{what}, deviation");
    }

    /// <summary>
    /// A whole distribution, by Pearson's chi-square over its values, where fewer than <see cref="Few"/> paths are expected pooled
    /// with those after them: exceeded by chance once in <see cref="OnceIn"/> times. What cannot be must not be.
    /// </summary>
    /// <param name="law">Values and their exact probabilities, which add up to 1.</param>
    /// <param name="seen">Numbers of paths by value.</param>
    /// <param name="what">For the message.</param>
    public static void OfLaw(IEnumerable<(long Value, double Probability)> law, IReadOnlyDictionary<long, long> seen, string what)
    {
        var paths = seen.Values.Sum();
        var (cells, statistic, expected, found, foundInAll) = (0, 0.0, 0.0, 0L, 0L);
        foreach (var (value, probability) in law.OrderBy(entry => entry.Value))
        {
            expected += probability * paths;
            var here = seen.GetValueOrDefault(value);
            (found, foundInAll) = (found + here, foundInAll + here);
            Assert.True(here == 0 || probability > 0, $"{what}: {here} paths with {value}, which cannot be");
            if (expected >= Few && paths - foundInAll >= Few)
            {
                Close();
            }
        }

        Assert.True(foundInAll == paths, $"{what}: {paths - foundInAll} paths with values that cannot be");
        Close();
        var limit = cells < 2 ? 0 : ChiSquared.InvCDF(cells - 1, 1 - (1 / OnceIn));
        Assert.True(statistic <= limit + 1e-6, $"{what}: chi-square {statistic:F1} of {cells} cells, by chance at most {limit:F1}");

        void Close()
        {
            cells++;
            statistic += expected > 0 ? (found - expected) * (found - expected) / expected : 0;
            (expected, found) = (0, 0);
        }
    }

    /// <summary>Standard error of a share of paths.</summary>
    public static double OfShare(double p, double paths) => Math.Sqrt(p * (1 - p) / paths);

    /// <summary>
    /// A number of times out of so many, as in <see cref="OfProbability"/>, one-sided where more is allowed.
    /// </summary>
    public static void OfCoverage(double nominal, int covered, int of, string what, bool atLeast = false)
    {
        if (!(atLeast && covered >= nominal * of))
        {
            OfProbability(nominal, covered / (double)of, of, what);
        }
    }

    private static double Term(double share, double p) => share == 0 ? 0 : share * Math.Log(share / p);
}
