using MathNet.Numerics;

namespace Scenarios.Engine.Distributions;

/// <summary>The regularised incomplete gamma functions and their inverses, accurate in both tails for shapes up to 1e9.</summary>
/// <remarks>
/// Series and continued fraction (DLMF 8.7.1, 8.9.2) converge in about sqrt(a) steps where x is near a; there, for large a,
/// stands Temme's uniform expansion (N. M. Temme, "The asymptotic expansion of the incomplete gamma functions", SIAM J.
/// Math. Anal. 10, 1979), whose coefficients come from one power series by a backward recursion.
/// </remarks>
internal static class IncompleteGamma
{
    private const double TemmeFrom = 60;
    private const int Terms = 40;
    private const int MostSteps = 200;

    /// <summary>Error of a logarithm from which one more step of Newton, already made, leaves none.</summary>
    private const double Converged = 1e-8;

    /// <summary>Coefficients of eta / mu in powers of eta, where eta^2 / 2 = mu - ln(1 + mu).</summary>
    private static readonly double[] Ratio = RatioSeries();

    /// <summary>ln(x^a e^-x / Gamma(a)): the logarithm of the density of ln X.</summary>
    public static double LogDensity(double a, double x) =>
        Elementary.Shortfall(a, x, x - a) + (0.5 * Math.Log(a / (2 * Math.PI))) - Elementary.StirlingError(a);

    /// <summary>P(a, x) and Q(a, x) = 1 - P(a, x), each with full relative accuracy where it is small.</summary>
    public static (double P, double Q) Regularized(double a, double x)
    {
        if (x <= 0)
        {
            return (0, 1);
        }

        if (double.IsPositiveInfinity(x))
        {
            return (1, 0);
        }

        if (IsNear(a, x))
        {
            return Temme(a, x);
        }

        if (x < a + 1)
        {
            var p = Math.Exp(LogDensity(a, x)) * Series(a, x) / a;
            return (Math.Min(p, 1), Math.Max(1 - p, 0));
        }

        var q = Math.Exp(LogDensity(a, x)) * Fraction(a, x);
        return (Math.Max(1 - q, 0), Math.Min(q, 1));
    }

    /// <summary>The x with P(a, x) = p, for p in (0, 1).</summary>
    public static double InverseP(double a, double p)
    {
        if (p > 0.5)
        {
            return InverseQ(a, 1 - p);
        }

        // P(a, x) <= x^a / Gamma(a + 1), and close to it for small x: a lower bound of ln x, exact far out.
        var floor = (Math.Log(p) + SpecialFunctions.GammaLn(a + 1)) / a;
        if (floor < -36)
        {
            return Math.Exp(floor);
        }

        // ln P is concave in ln x, so Newton's steps come from the left and do not overshoot.
        var target = Math.Log(p);
        var y = Math.Max(floor, Math.Log(WilsonHilferty(a, NormalDistribution.StandardQuantile(p))));
        for (var i = 0; i < MostSteps; i++)
        {
            var x = Math.Exp(y);
            var at = x < a + 1 && !IsNear(a, x) ? LogDensity(a, x) + Math.Log(Series(a, x) / a) : Math.Log(Regularized(a, x).P);
            y = Math.Max(y - Math.Min((at - target) * Math.Exp(at - LogDensity(a, x)), 20), floor);
            if (Math.Abs(at - target) < Converged)
            {
                break;
            }
        }

        return Math.Exp(y);
    }

    /// <summary>The x with Q(a, x) = q, for q in (0, 1).</summary>
    public static double InverseQ(double a, double q)
    {
        if (q > 0.5)
        {
            return InverseP(a, 1 - q);
        }

        // Likewise, from the right; a first step from the left is bounded.
        var target = Math.Log(q);
        var y = Math.Log(WilsonHilferty(a, -NormalDistribution.StandardQuantile(q)));
        for (var i = 0; i < MostSteps; i++)
        {
            var x = Math.Exp(y);
            var at = x < a + 1 || IsNear(a, x) ? Math.Log(Regularized(a, x).Q) : LogDensity(a, x) + Math.Log(Fraction(a, x));
            y += Math.Min((at - target) * Math.Exp(at - LogDensity(a, x)), 1);
            if (Math.Abs(at - target) < Converged)
            {
                break;
            }
        }

        return Math.Exp(y);
    }

    /// <summary>Is x near a large a, where the expansion is exact and the others slow?</summary>
    private static bool IsNear(double a, double x) => a >= TemmeFrom && x > 0.4 * a && x < 2 * a;

    /// <summary>A starting value: cube roots of gamma variables are nearly normal.</summary>
    private static double WilsonHilferty(double a, double z)
    {
        var root = 1 - (1 / (9 * a)) + (z / (3 * Math.Sqrt(a)));
        return a * Math.Max(root * root * root, 1e-3);
    }

    private static double Series(double a, double x)
    {
        double sum = 1, term = 1;
        for (var n = 1; term > sum * 1e-17; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum;
    }

    /// <summary>Lentz's evaluation of the continued fraction of e^x x^-a Gamma(a, x).</summary>
    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < 10_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = (an * d) + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + (an / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }

        return h;
    }

    private static (double P, double Q) Temme(double a, double x)
    {
        var mu = (x - a) / a;
        var half = -Elementary.Log1PMinus(mu);
        var eta = Math.CopySign(Math.Sqrt(2 * half), mu);

        // The remainder e^(-a eta^2 / 2) / sqrt(2 pi a) S(eta) obeys eta S - S' / a = f / G - 1, with f = eta / mu and
        // G = Gamma(a) / (sqrt(2 pi / a) (a / e)^a): a recursion for G S from the highest power down, and G from its end.
        double later = 0, last = 0, sum = 0, first = 0;
        for (var n = Terms - 1; n >= 1; n--)
        {
            var s = Ratio[n] + ((n + 1) / a * later);
            later = last;
            last = s;
            sum = (sum * eta) + s;
            first = later;
        }

        var remainder = Math.Exp(-a * half) / Math.Sqrt(2 * Math.PI * a) * sum / (1 + (first / a));
        var z = eta * Math.Sqrt(a / 2);
        return ((0.5 * SpecialFunctions.Erfc(-z)) - remainder, (0.5 * SpecialFunctions.Erfc(z)) + remainder);
    }

    private static double[] RatioSeries()
    {
        // mu mu' = eta (1 + mu), then the reciprocal of mu / eta.
        var mu = new double[Terms + 2];
        mu[1] = 1;
        for (var n = 2; n <= Terms; n++)
        {
            double sum = 0;
            for (var k = 2; k < n; k++)
            {
                sum += mu[k] * mu[n + 1 - k];
            }

            mu[n] = (mu[n - 1] / (n + 1)) - (sum / 2);
        }

        var ratio = new double[Terms];
        ratio[0] = 1;
        for (var n = 1; n < Terms; n++)
        {
            for (var k = 1; k <= n; k++)
            {
                ratio[n] -= mu[k + 1] * ratio[n - k];
            }
        }

        return ratio;
    }
}
