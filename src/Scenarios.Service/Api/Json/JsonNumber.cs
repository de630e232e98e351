using System.Globalization;
using System.Text.RegularExpressions;

namespace Scenarios.Service.Api.Json;

/// <summary>Numbers as JSON writes them; in protobuf's JSON those in quotes follow the same rules.</summary>
internal static partial class JsonNumber
{
    // Beyond any integer; keeps the exponent of a hostile text in an int.
    private const int LargestExponent = 99_999;

    /// <summary>Is a text a number?</summary>
    public static bool Is(string text) => Grammar().IsMatch(text);

    /// <summary>The whole number that a number is (1000.0, 1e3); null if it has a fraction or an int64 cannot hold it.</summary>
    public static long? Whole(string number)
    {
        var match = Grammar().Match(number);
        var digits = (match.Groups["whole"].Value + match.Groups["fraction"].Value).TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return match.Success ? 0 : null;
        }

        var exponent = Exponent(match.Groups["exponent"].ValueSpan) - match.Groups["fraction"].Length + digits.Length - significant.Length;
        return exponent is >= 0 and < 20
            && long.TryParse($"{match.Groups["sign"].Value}{significant}{new string('0', exponent)}", NumberStyles.AllowLeadingSign, null, out var whole)
            ? whole
            : null;
    }

    private static int Exponent(ReadOnlySpan<char> written) => written.Length == 0 ? 0
        : int.TryParse(written, NumberStyles.AllowLeadingSign, null, out var exponent) ? Math.Clamp(exponent, -LargestExponent, LargestExponent)
        : written[0] == '-' ? -LargestExponent
        : LargestExponent;

    [GeneratedRegex(
        @"^(?<sign>-?)(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]+))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
