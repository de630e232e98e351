namespace Scenarios.Engine.Distributions;

/// <summary>
/// A number of about 106 bits, as the unevaluated sum of two doubles (T. J. Dekker, "A floating-point technique for extending
/// the available precision", Numerische Mathematik 18, 1971; with fused multiply-add).
/// </summary>
/// <remarks>Made of + - x / and explicit fused multiply-add in a fixed order: every machine has the same bits.</remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    private static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var (high, error) = TwoSum(a.High, b.High);
        var (low, lowError) = TwoSum(a.Low, b.Low);
        (high, error) = FastTwoSum(high, error + low);
        return FastTwoSum(high, error + lowError);
    }

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var high = a.High * b.High;
        var error = Math.FusedMultiplyAdd(a.High, b.High, -high);
        return FastTwoSum(high, error + Math.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var first = a.High / b.High;
        var rest = a - (b * first);
        var second = rest.High / b.High;
        rest -= b * second;
        return FastTwoSum(first, second) + (rest.High / b.High);
    }

    /// <summary>Natural logarithm of a number above zero.</summary>
    public static DoubleDouble Log(DoubleDouble x)
    {
        var exponent = Math.ILogB(x.High);
        var mantissa = new DoubleDouble(Math.ScaleB(x.High, -exponent), Math.ScaleB(x.Low, -exponent)); // In [1, 2).
        if (mantissa.High > 1.4142135623730951)
        {
            exponent++;
            mantissa = new(mantissa.High / 2, mantissa.Low / 2);
        }

        return (Ln2 * exponent) + (2 * Atanh((mantissa - 1) / (mantissa + 1)));
    }

    public double ToDouble() => High + Low;

    /// <summary>Inverse hyperbolic tangent for |x| &lt;= 0.172, by its power series.</summary>
    private static DoubleDouble Atanh(DoubleDouble x)
    {
        var square = x * x;
        DoubleDouble sum = 0;
        for (var k = 43; k >= 1; k -= 2)
        {
            sum = (sum * square) + ((DoubleDouble)1 / k);
        }

        return sum * x;
    }

    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        var sum = a + b;
        var part = sum - a;
        return (sum, a - (sum - part) + (b - part));
    }

    private static DoubleDouble FastTwoSum(double larger, double smaller)
    {
        var sum = larger + smaller;
        return new(sum, smaller - (sum - larger));
    }
}
