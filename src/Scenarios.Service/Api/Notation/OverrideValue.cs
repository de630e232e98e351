using System.Globalization;
using Google.Protobuf.Reflection;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.Notation;

/// <summary>
/// The value of one override, read as what its key wants. Every reading throws <see cref="NotationException"/> at the character
/// that is wrong.
/// </summary>
internal sealed class OverrideValue(string text)
{
    private const int MostOffered = 20;

    /// <summary>Whether the value takes away what the scenario says.</summary>
    public bool IsNone => Is("none");

    public V1.Distribution Distribution(NotationUnit unit) => DistributionNotation.Parse(text, unit);

    public double Number() => Single("a number", scanner => scanner.TakeNumber("a number"));

    public double Probability()
    {
        const string Expectation = "a probability, such as 0.3 or 30 %";
        return Single(Expectation, scanner => scanner.TakeProbability(Expectation));
    }

    public bool Flag() => Is("true") || (Is("false") ? false : throw Wrong("true or false"));

    public Google.Type.Date Date() =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new Google.Type.Date { Year = date.Year, Month = date.Month, Day = date.Day }
            : throw Wrong("a date that exists, such as 2024-11-17");

    /// <summary>A value of an enum, by its name; not its unspecified one.</summary>
    public int Choice(EnumDescriptor choices)
    {
        var known = choices.Values.Where(choice => choice.Number != 0).ToArray();
        return known.FirstOrDefault(choice => NotationNames.AreSame(choice.Name, text.Trim()))?.Number
            ?? throw Wrong($"{NotationNames.Alternatives([.. known.Select(choice => choice.Name), "none"])}");
    }

    /// <summary>The identifier of an event.</summary>
    public string EventId(V1.Scenario scenario)
    {
        var id = text.Trim();
        return scenario.Events.Any(known => known.EventId == id) ? id : throw Wrong($"the id of an event ({EventIds(scenario)}) or none");
    }

    /// <summary>Whole numbers, with commas between them.</summary>
    public IReadOnlyList<long> Counts()
    {
        const string Expectation = "whole numbers with commas between them, such as 50000, 100k";
        var scanner = Scanner();
        var counts = new List<long>();
        do
        {
            var number = scanner.TakeNumberToken(Expectation);
            var value = number.Number.ToDouble();
            // Beyond 2^53 a double no longer tells whole numbers apart.
            if (value != Math.Floor(value) || Math.Abs(value) > 1L << 53)
            {
                throw new NotationException(number.Position, $"{number.Quoted} is not a whole number of at most 2^53.");
            }

            counts.Add((long)value);
        }
        while (scanner.TakeSymbol(','));
        return scanner.Current.Kind == TokenKind.End ? counts : throw scanner.Unexpected($"\",\" or the end: {Expectation}");
    }

    /// <summary>The identifiers that a message may offer: a few, and none that is no identifier, however long.</summary>
    public static IReadOnlyList<string> OfferedIds(V1.Scenario scenario) =>
        [.. scenario.Events.Select(known => known.EventId).Where(Texts.IsId).Take(MostOffered)];

    public static string EventIds(V1.Scenario scenario) =>
        OfferedIds(scenario) is { Count: > 0 } ids ? NotationNames.Alternatives(ids) : "the scenario has none";

    public NotationException Wrong(string expectation)
    {
        var blanks = text.Length - text.TrimStart().Length;
        return new NotationException(
            blanks, $"Found {(blanks == text.Length ? "nothing" : Token.Quote(text.Trim()))}, expected {expectation}.");
    }

    private bool Is(string word) => text.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    private double Single(string expectation, Func<NotationScanner, double> take)
    {
        var scanner = Scanner();
        var value = take(scanner);
        return scanner.Current.Kind == TokenKind.End
            ? value
            : throw scanner.Unexpected($"the end of the text: this is {expectation} alone, not a distribution, and has no unit");
    }

    private NotationScanner Scanner()
    {
        NotationException.ThrowIfTooLong(text, "The value", "");
        return new(text);
    }
}
