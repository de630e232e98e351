using MathNet.Numerics;

namespace Scenarios.Engine.Distributions;

/// <summary>Elementary functions without the cancellation of their textbook forms.</summary>
internal static class Elementary
{
    private const double HalfLogTwoPi = 0.918938533204672741780329736406;

    /// <summary>ln(1 + x), accurate for small x (W. Kahan's form; the runtime's LogP1 is plain Log(1 + x)).</summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1, accurate for small x (W. Kahan's form; the runtime's ExpM1 is plain Exp(x) - 1).</summary>
    public static double ExpM1(double x)
    {
        var u = Math.Exp(x);
        return u == 1 ? x : u == 0 || double.IsInfinity(u) ? u - 1 : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + x) - x for x &gt; -1, with full relative accuracy.</summary>
    public static double Log1PMinus(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return Log1P(x) - x;
        }

        // ln(1 + x) = 2 (s + s^3/3 + s^5/5 + ...) with s = x / (2 + x), and x - 2s = s x.
        var s = x / (2 + x);
        var square = s * s;
        double sum = 0, power = 1;
        for (var k = 3; k < 45; k += 2)
        {
            sum += power / k;
            power *= square;
        }

        return s * ((2 * square * sum) - x);
    }

    /// <summary>
    /// ln(p / (1 - p)) for p in (0, 1/2], with full relative accuracy, without the C library: the same bits on every machine.
    /// </summary>
    public static double Logit(double p)
    {
        if (p > 1 / 3.0)
        {
            return 2 * Atanh((2 * p) - 1);
        }

        var exponent = Math.ILogB(p);
        var mantissa = Math.ScaleB(p, -exponent); // In [1, 2).
        if (mantissa > Constants.Sqrt2)
        {
            exponent++;
            mantissa /= 2;
        }

        // ln p - ln(1 - p); ln 2 in two parts, of which the first times an exponent is exact.
        const double Ln2 = 0.69314718036912382, Ln2Rest = 1.9082149292705877e-10;
        var rest = Atanh((mantissa - 1) / (mantissa + 1)) + Atanh(p / (2 - p));
        return (exponent * Ln2) + Math.FusedMultiplyAdd(exponent, Ln2Rest, 2 * rest);
    }

    /// <summary>
    /// a ln(x / a) - (x - a), where <paramref name="distance"/> = x - a is given as accurately as it is known: minus half the
    /// deviance of Loader's saddle-point forms.
    /// </summary>
    public static double Shortfall(double a, double x, double distance) =>
        Math.Abs(distance) < 0.5 * a ? a * Log1PMinus(distance / a) : (a * Math.Log(x / a)) - distance;

    /// <summary>
    /// The error of Stirling's formula: the logarithm of Gamma(a) / (sqrt(2 pi / a) (a / e)^a) (C. Loader, "Fast and accurate
    /// computation of binomial probabilities", 2000).
    /// </summary>
    public static double StirlingError(double a)
    {
        if (a < 16)
        {
            return SpecialFunctions.GammaLn(a + 1) - ((a + 0.5) * Math.Log(a)) + a - HalfLogTwoPi;
        }

        var s = 1 / (a * a);
        return ((1 / 12.0) - (s * ((1 / 360.0) - (s * ((1 / 1260.0) - (s * ((1 / 1680.0) - (s / 1188)))))))) / a;
    }

    /// <summary>Inverse hyperbolic tangent for |x| &lt;= 1/3, by its power series.</summary>
    private static double Atanh(double x)
    {
        var square = x * x;
        var sum = 0.0;
        for (var k = 35; k >= 3; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(sum, square, 1.0 / k);
        }

        return Math.FusedMultiplyAdd(x * square, sum, x);
    }
}
