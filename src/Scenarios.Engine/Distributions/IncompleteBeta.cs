using MathNet.Numerics;

namespace Scenarios.Engine.Distributions;

/// <summary>The regularised incomplete beta function and its inverse, accurate in both tails.</summary>
/// <remarks>
/// Arguments come as a pair x and y = 1 - x, so that neither end is rounded away. Continued fraction DLMF 8.17.22; its prefix
/// by Loader's saddle-point form, which does not cancel for large shapes.
/// </remarks>
internal static class IncompleteBeta
{
    /// <summary>ln(x^a y^b / B(a, b)): the logarithm of the density of ln(X / (1 - X)).</summary>
    public static double LogDensity(double a, double b, double x, double y)
    {
        var distance = (b * x) - (a * y);
        return (a * Elementary.Log1PMinus(distance / a)) + (b * Elementary.Log1PMinus(-distance / b))
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
        if (x * (b + 1) < y * (a + 1))
        {
            var lower = Math.Min(prefix / a * Fraction(a, b, x), 1);
            return (lower, 1 - lower);
        }

        var upper = Math.Min(prefix / b * Fraction(b, a, y), 1);
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
        var floor = (Math.Log(p * a) + SpecialFunctions.BetaLn(a, b)) / a;
        if (floor < -36 - Math.Log(a + b))
        {
            return (Math.Exp(floor), 1);
        }

        // The logarithm of the function is concave in the logit, so Newton's steps come from the left and do not overshoot.
        var logit = Math.Max(floor, Math.Log(a / b) + (NormalDistribution.StandardQuantile(p) * Math.Sqrt((1 / a) + (1 / b))));
        for (var i = 0; i < 200; i++)
        {
            var (x, y) = FromLogit(logit);
            var at = Regularized(a, b, x, y).Lower;
            var residual = Math.Log(at / p);
            logit = Math.Max(logit - (residual * at * Math.Exp(-LogDensity(a, b, x, y))), floor);
            if (Math.Abs(residual) < 1e-8)
            {
                break;
            }
        }

        return FromLogit(logit);
    }

    private static (double X, double Y) FromLogit(double logit) => (1 / (1 + Math.Exp(-logit)), 1 / (1 + Math.Exp(logit)));

    /// <summary>Lentz's evaluation of the continued fraction.</summary>
    private static double Fraction(double a, double b, double x)
    {
        const double tiny = 1e-300;
        double c = 1, d = 1 - ((a + b) * x / (a + 1));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var h = d;
        for (var m = 1; m < 100_000; m++)
        {
            var even = m * (b - m) * x / ((a - 1 + (2 * m)) * (a + (2 * m)));
            d = 1 + (even * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (even / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + 1 + (2 * m)));
            d = 1 + (odd * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (odd / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }

        return h;
    }
}
