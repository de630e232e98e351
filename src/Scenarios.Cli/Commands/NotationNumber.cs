using System.CommandLine.Parsing;
using Scenarios.Service.Api.Notation;

namespace Scenarios.Cli.Commands;

/// <summary>Numbers of the command line, which are those of the notation: 20000, 20_000, 20k, 1.2M, 1e6.</summary>
internal static class NotationNumber
{
    /// <summary>Whole numbers up to here are told apart by doubles.</summary>
    private const double MostExact = 1L << 53;

    /// <summary>The only value of an option, as a whole number; 0 with an error if it is not one.</summary>
    public static long Whole(string option, ArgumentResult result) => Whole(option, result.Tokens[0].Value, result) ?? 0;

    /// <summary>A whole number; null with an error if it is not one.</summary>
    public static long? Whole(string option, string text, ArgumentResult result)
    {
        // Seeds have more digits than a double.
        if (long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var plain)
            && !text.TrimStart('+', '-').StartsWith("00", StringComparison.Ordinal))
        {
            return plain;
        }

        if (Real(text) is { } number && number == Math.Floor(number) && Math.Abs(number) <= MostExact)
        {
            return (long)number;
        }

        result.AddError($"{option}: {text} is not a whole number. Write twenty thousand as 20000, 20_000 or 20k, without commas.");
        return null;
    }

    /// <summary>A number; null with an error if it is not one.</summary>
    public static double? Real(string option, string text, ArgumentResult result)
    {
        var number = Real(text);
        if (number is null)
        {
            result.AddError($"{option}: {text} is not a number, such as 0.5, 20000 or 20k.");
        }

        return number;
    }

    /// <summary>A number of the notation; null if the text is not one.</summary>
    public static double? Real(string text)
    {
        try
        {
            var scanner = new NotationScanner(text);
            var number = scanner.TakeNumber("a number");
            return scanner.Current.Kind == TokenKind.End ? number : null;
        }
        catch (NotationException)
        {
            return null;
        }
    }
}
