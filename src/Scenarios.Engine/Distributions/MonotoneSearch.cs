namespace Scenarios.Engine.Distributions;

/// <summary>Searches along ascending functions.</summary>
internal static class MonotoneSearch
{
    /// <summary>The first index below <paramref name="count"/> that satisfies an ascending condition, or count.</summary>
    public static int First(int count, Func<int, bool> satisfies)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = satisfies(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>
    /// The smallest x in [low, high] at which an ascending function is not below zero; high if there is none.
    /// </summary>
    /// <remarks>
    /// T. R. Chandrupatla's method ("A new hybrid quadratic/bisection algorithm...", Advances in Engineering Software 28,
    /// 1997) on the doubles in their order, so that the number of steps does not depend on how many magnitudes the bracket
    /// spans: about a logarithmic scale.
    /// </remarks>
    public static double Root(Func<double, double> ascending, double low, double high)
    {
        if (!(low < high) || ascending(low) >= 0)
        {
            return low < high ? low : high;
        }

        if (low < 0 && high > 0)
        {
            (low, high) = ascending(0) >= 0 ? (low, 0.0) : (0.0, high);
        }

        var (a, b) = (Rank(high), Rank(low)); // b is the newest point, a the other end of the bracket.
        var (fa, fb) = (ascending(high), ascending(low));
        if (fa < 0)
        {
            return high;
        }

        var part = 0.5;
        while (Math.Abs(a - b) > 1)
        {
            var next = b + (long)((a - b) * part);
            next = Math.Clamp(next, Math.Min(a, b) + 1, Math.Max(a, b) - 1);
            var f = ascending(AtRank(next));
            if (Math.Abs(f) < 2e-15)
            {
                return AtRank(next);
            }

            long c;
            double fc;
            if ((f >= 0) == (fb >= 0))
            {
                (c, fc) = (b, fb);
            }
            else
            {
                (c, fc) = (a, fa);
                (a, fa) = (b, fb);
            }

            (b, fb) = (next, f);

            // a is on the other side of b, c is the point before: inverse quadratic interpolation where it is safe.
            var xi = (double)(b - a) / (c - a);
            var phi = (fb - fa) / (fc - fa);
            part = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi
                ? (fb / (fa - fb) * (fc / (fa - fc))) + ((double)(c - b) / (a - b) * (fb / (fc - fb)) * (fa / (fc - fa)))
                : 0.5;
            var least = Math.Min(2.0 / Math.Abs(a - b), 0.5); // Two doubles: enough to pass the root and close the bracket.
            part = double.IsFinite(part) ? Math.Clamp(part, least, 1 - least) : 0.5;
        }

        return AtRank(fb >= 0 ? b : a);
    }

    private static long Rank(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x + 0.0);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    private static double AtRank(long rank) => BitConverter.Int64BitsToDouble(rank >= 0 ? rank : long.MinValue - rank);
}
