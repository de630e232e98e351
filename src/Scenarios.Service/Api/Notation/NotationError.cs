namespace Scenarios.Service.Api.Notation;

/// <summary>Why a text is not in the notation.</summary>
/// <param name="Position">
/// Where: the number of the offending character, a code point, counted from 0; the number of all if something is missing at the end.
/// </param>
/// <param name="Message">What was found, what is allowed and how to mend it, in sentences for the person who wrote the text.</param>
public sealed record NotationError(int Position, string Message);

/// <summary>Carries a <see cref="NotationError"/> out of a recursive descent; it never leaves this namespace.</summary>
/// <param name="index">Where: an index of the text.</param>
/// <param name="message">As of the error.</param>
internal sealed class NotationException(int index, string message) : Exception(message)
{
    /// <summary>The error in the text that was read.</summary>
    public NotationError In(string text) => new(CodePoints.Count(text.AsSpan(0, Math.Min(index, text.Length))), Message);

    /// <summary>Refuses a text that is too long to be read.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, as the subject of a sentence.</param>
    /// <param name="mend">What to do instead.</param>
    public static void ThrowIfTooLong(string text, string what, string mend)
    {
        const int most = DistributionNotation.MaxLength;
        if (text.Length > most && CodePoints.Count(text) is > most and var count)
        {
            throw new NotationException(CodePoints.IndexOf(text, most), $"{what} has {count:#,0} characters, at most {most:#,0} are read{mend}.");
        }
    }
}
