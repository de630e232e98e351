using System.Globalization;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>Numbers and texts as sentences to people carry them.</summary>
internal static class Spoken
{
    private const int LongestQuote = 60;

    /// <summary>A number: 20,000; 0.05; 1e15.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        return value == 0 ? "0"
            : size is >= 1e15 or < 1e-4 ? value.ToString("0.######e0")
            : double.IsFinite(value) ? value.ToString("#,0.############")
            : value.ToString();
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
}
