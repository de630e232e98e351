using System.Globalization;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Notation;

namespace Scenarios.Service.Api.Requests;

/// <summary>Numbers and texts as sentences to people carry them.</summary>
internal static class Spoken
{
    private const int LongestQuote = 60;

    /// <summary>
    /// A number so that it can be told from every other and given back: 20,000; 0.05; 1e15. Its digits are as many as it takes.
    /// </summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        if (value == 0)
        {
            return "0";
        }

        var shortest = DecimalNumber.From(value);
        if (Math.Abs(value) is >= 1e15 or < 1e-4)
        {
            var (mantissa, exponent) = Scientific(shortest);
            return $"{mantissa}e{exponent}";
        }

        var plain = shortest.ToString();
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? plain : plain[..point];
        return Grouped(whole) + (point < 0 ? "" : plain[point..]);
    }

    /// <summary>A computed number that is not to be given back, to four figures.</summary>
    public static string Rounded(double value) =>
        Number(double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A number to two figures of a distance that matters: 1,234.5 and a distance of 100 give 1,230.</summary>
    public static double RoundedTo(double value, double distance)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(distance)) - 1);
        return double.IsFinite(value / unit) && unit > 0 ? Math.Round(value / unit) * unit : value;
    }

    /// <summary>The largest number of six figures that is at most <paramref name="value"/>, which is above 0.</summary>
    public static double RoundedDown(double value)
    {
        var rounded = double.Parse(value.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded <= value ? rounded : double.Parse((value * (1 - 5e-6)).ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The smallest number of six figures that is at least <paramref name="value"/>, which is above 0.</summary>
    public static double RoundedUp(double value)
    {
        var rounded = double.Parse(value.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded >= value ? rounded : double.Parse((value * (1 + 5e-6)).ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>A probability in per cent, to two figures: 3 %, 0.012 %.</summary>
    public static string Probability(double probability) =>
        $"{Number(double.Parse((probability * 100).ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))} %";

    /// <summary>A text in quotes, its length bounded.</summary>
    public static string Quote(string text) => $"\"{ApiErrors.Clipped(text, LongestQuote)}\"";

    /// <summary>Names in a row: "a, b and c".</summary>
    public static string Row(IReadOnlyList<string> names, string last = "and") => names.Count switch
    {
        0 => "",
        1 => names[0],
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} {last} {names[^1]}",
    };

    private static string Grouped(string whole)
    {
        var sign = whole[0] == '-' ? 1 : 0;
        var grouped = whole;
        for (var at = whole.Length - 3; at > sign; at -= 3)
        {
            grouped = grouped.Insert(at, ",");
        }

        return grouped;
    }

    private static (string Mantissa, int Exponent) Scientific(DecimalNumber number)
    {
        var sign = number.Mantissa[0] == '-' ? "-" : "";
        var unsigned = number.Mantissa[sign.Length..];
        var point = unsigned.IndexOf('.', StringComparison.Ordinal);
        var digits = unsigned.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        var exponent = number.Exponent + (point < 0 ? unsigned.Length : point) - (digits.Length - significant.Length) - 1;
        significant = significant.TrimEnd('0');
        return ($"{sign}{significant[0]}{(significant.Length > 1 ? "." : "")}{significant[1..]}", exponent);
    }
}
