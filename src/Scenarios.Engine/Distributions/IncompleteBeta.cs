namespace Scenarios.Engine.Distributions;

/// <summary>The regularised incomplete beta function and its inverse, accurate in both tails.</summary>
/// <remarks>
/// Arguments come as a pair x and y = 1 - x, so that neither end is rounded away. Continued fraction DLMF 8.17.22; its prefix
/// by Loader's saddle-point form, which does not cancel for large shapes.
/// </remarks>
internal static class IncompleteBeta
{
    private const int MostSteps = 200;

    /// <summary>Error of a logarithm from which one more step of Newton, already made, leaves none.</summary>
    private const double Converged = 1e-8;

    /// <summary>ln(x^a y^b / B(a, b)): the logarithm of the density of ln(X / (1 - X)).</summary>
    public static double LogDensity(double a, double b, double x, double y)
    {
        var distance = (b * x) - (a * y);
        return Elementary.Shortfall(a, x * (a + b), distance) + Elementary.Shortfall(b, y * (a + b), -distance)
            + (0.5 * Math.Log(a / (2 * Math.PI) * (b / (a + b))))
            + Elementary.StirlingError(a + b) - Elementary.StirlingError(a) - Elementary.StirlingError(b);
    }

    /// <summary>I_x(a, b) and its complement, each with full relative accuracy where it is small.</summary>
    public static (double Lower, double Upper) Regularized(double a, double b, double x, double y)
    {
        if (x <= 0)
        {
            return (0, 1);
        }

        if (y <= 0)
        {
            return (1, 0);
        }

        var prefix = Math.Exp(LogDensity(a, b, x, y));
        if (IsLower(a, b, x, y))
        {
            var lower = Math.Min(prefix * Fraction(a, b, x, y), 1);
            return (lower, 1 - lower);
        }

        var upper = Math.Min(prefix * Fraction(b, a, y, x), 1);
        return (1 - upper, upper);
    }

    /// <summary>The x (and 1 - x) with I_x(a, b) = p, for p in (0, 1).</summary>
    public static (double X, double Y) Inverse(double a, double b, double p)
    {
        if (p > 0.5)
        {
            var (y, x) = Inverse(b, a, 1 - p);
            return (x, y);
        }

        // I_x(a, b) <= (x / y)^a / (a B(a, b)), and close to it for small x: a lower bound of the logit, exact far out.
        var floor = (Math.Log(p * a) + LogBeta(a, b)) / a;
        if (floor < -36 - Math.Log(a + b))
        {
            return (Math.Exp(floor), 1);
        }

        // The logarithm of the function is concave in the logit, so Newton's steps come from the left and do not overshoot.
        var target = Math.Log(p);
        var logit = Math.Max(floor, Start(a, b, p));
        for (var i = 0; i < MostSteps; i++)
        {
            var (x, y) = FromLogit(logit);
            var density = LogDensity(a, b, x, y);
            var at = IsLower(a, b, x, y) ? density + Math.Log(Fraction(a, b, x, y)) : Math.Log(Regularized(a, b, x, y).Lower);
            logit = Math.Max(logit - Math.Min((at - target) * Math.Exp(at - density), 20), floor);
            if (Math.Abs(at - target) < Converged)
            {
                break;
            }
        }

        return FromLogit(logit);
    }

    private static double LogBeta(double a, double b) =>
        LogShare(a, b) + LogShare(b, a) - (0.5 * Math.Log(a / (2 * Math.PI) * (b / (a + b))))
        + Elementary.StirlingError(a) + Elementary.StirlingError(b) - Elementary.StirlingError(a + b);

    private static double LogShare(double a, double b) => a * (a < b ? Math.Log(a / (a + b)) : Elementary.Log1P(-b / (a + b)));

    /// <summary>Is x below about the mean, where the fraction of the lower tail converges?</summary>
    private static bool IsLower(double a, double b, double x, double y) => x * (b + 1) < y * (a + 1);

    /// <summary>A starting logit: the normal approximation, or the gamma one of the smaller side where that is very skewed.</summary>
    private static double Start(double a, double b, double p)
    {
        if (b < 10 && a > 10 * b)
        {
            var y = IncompleteGamma.InverseQ(b, p) / a;
            return Math.Log((1 / Math.Min(y, 0.999)) - 1);
        }

        return Math.Log(a / b) + (NormalDistribution.StandardQuantile(p) * Math.Sqrt((1 / a) + (1 / b)));
    }

    private static (double X, double Y) FromLogit(double logit) => (1 / (1 + Math.Exp(-logit)), 1 / (1 + Math.Exp(logit)));

    /// <summary>
    /// I_x(a, b) B(a, b) / (x^a y^b): the even part of the continued fraction, in the form of BFRAC, which does not cancel for
    /// unlike shapes (A. R. DiDonato and A. H. Morris, "Algorithm 708", ACM Transactions on Mathematical Software 18, 1992).
    /// </summary>
    private static double Fraction(double a, double b, double x, double y)
    {
        var c = 1 + ((a * y) - (b * x));
        var (c0, c1) = (b / a, 1 + (1 / a));
        double p = 1, s = a + 1, numerator = 0, denominator = 1, nextDenominator = c / c1, value = c1 / c, nextNumerator = 1;
        for (var n = 1; n < 100_000; n++)
        {
            var t = n / a;
            var w = n * (b - n) * x;
            var e = a / s;
            var alpha = p * (p + c0) * e * e * (w * x);
            e = (1 + t) / (c1 + t + t);
            var beta = n + (w / s) + (e * (c + (n * (1 + y))));
            p = 1 + t;
            s += 2;
            (numerator, nextNumerator) = (nextNumerator, (alpha * numerator) + (beta * nextNumerator));
            (denominator, nextDenominator) = (nextDenominator, (alpha * denominator) + (beta * nextDenominator));
            var before = value;
            value = nextNumerator / nextDenominator;
            if (Math.Abs(value - before) <= 1e-16 * value)
            {
                break;
            }

            numerator /= nextDenominator;
            denominator /= nextDenominator;
            nextNumerator = value;
            nextDenominator = 1;
        }

        return value;
    }
}
