using System.Globalization;

namespace Scenarios.Service.Api.Notation;

/// <summary>
/// A number as decimal digits, so that suffixes and percent signs move the point instead of multiplying: 80 % is the double 0.8.
/// </summary>
/// <param name="Mantissa">Digits with an optional sign and an optional point.</param>
/// <param name="Exponent">The power of ten that multiplies them.</param>
internal readonly record struct DecimalNumber(string Mantissa, int Exponent)
{
    // As ECMAScript prints numbers: only outside 1e-6 .. 1e21 is a power of ten easier to read than zeros.
    private const int SmallestPlainPoint = -5;
    private const int LargestPlainPoint = 21;

    /// <summary>The number with its point moved right by <paramref name="places"/>.</summary>
    public DecimalNumber Shift(int places) => this with { Exponent = Exponent + places };

    /// <summary>The nearest double; infinite where there is none, 0 where the number is too small.</summary>
    public double ToDouble() => double.Parse($"{Mantissa}e{Exponent}", NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Whether any digit is other than 0.</summary>
    public bool IsZero => Mantissa.AsSpan().IndexOfAnyInRange('1', '9') < 0;

    /// <summary>The shortest decimal that reads back as <paramref name="value"/>, which is finite.</summary>
    public static DecimalNumber From(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E');
        return mark < 0
            ? new DecimalNumber(shortest, 0)
            : new DecimalNumber(
                shortest[..mark], int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    /// <summary>The number as the notation writes it.</summary>
    public override string ToString()
    {
        var sign = Mantissa[0] == '-' ? "-" : "";
        var unsigned = Mantissa.AsSpan(sign.Length);
        var mark = unsigned.IndexOf('.');
        var whole = mark < 0 ? unsigned : unsigned[..mark];
        var fraction = mark < 0 ? [] : unsigned[(mark + 1)..];
        var all = string.Concat(whole, fraction);
        var digits = all.TrimStart('0');
        // The point stands before the digit with this index; negative: so many zeros follow it.
        var point = whole.Length - (all.Length - digits.Length) + Exponent;
        digits = digits.TrimEnd('0');
        if (digits.Length == 0)
        {
            return sign + "0";
        }

        return sign + point switch
        {
            < SmallestPlainPoint or > LargestPlainPoint => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{point - 1}",
            <= 0 => "0." + new string('0', -point) + digits,
            _ when point >= digits.Length => digits.PadRight(point, '0'),
            _ => $"{digits[..point]}.{digits[point..]}",
        };
    }
}
