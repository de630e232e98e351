namespace Scenarios.Engine.Distributions;

/// <summary>Numbers with 24 significant bits, as floats have, in the range of doubles.</summary>
internal static class Binary24
{
    private const int Dropped = 29;

    /// <summary>The nearest number of 24 bits: the last bits of the C library's functions do not show in it.</summary>
    public static double Round(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x) + (1L << (Dropped - 1));
        return double.IsFinite(x) ? BitConverter.Int64BitsToDouble(bits & -(1L << Dropped)) : x;
    }
}
