using System.Globalization;
using System.Text;

namespace Scenarios.Cli.Output;

/// <summary>
/// Text as a terminal may have it: whatever would move the cursor, change colours or titles, or turn the direction of writing
/// is shown as its number instead.
/// </summary>
internal static class Legible
{
    /// <summary>The text with its control characters as <c>\u{1b}</c>.</summary>
    /// <param name="text">Text from anywhere.</param>
    /// <param name="keepLines">Leave line feeds as they are.</param>
    public static string Of(string text, bool keepLines = false) => Escaped(text, keepLines, rune => $"\\u{{{rune:x}}}");

    /// <summary>JSON with its control characters as JSON itself escapes them: the document means the same.</summary>
    public static string OfJson(string json) => Escaped(json, keepLines: true, rune => string.Concat(
        (rune > char.MaxValue ? char.ConvertFromUtf32(rune) : ((char)rune).ToString()).Select(unit => $"\\u{(int)unit:x4}")));

    private static string Escaped(string text, bool keepLines, Func<int, string> escape)
    {
        var at = 0;
        while (at < text.Length && !Acts(text, at, keepLines))
        {
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        }

        if (at >= text.Length)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, at, text.Length + 16);
        while (at < text.Length)
        {
            var length = char.IsSurrogatePair(text, at) ? 2 : 1;
            if (Acts(text, at, keepLines))
            {
                shown.Append(escape(length == 2 ? char.ConvertToUtf32(text, at) : text[at]));
            }
            else
            {
                shown.Append(text, at, length);
            }

            at += length;
        }

        return shown.ToString();
    }

    /// <summary>Tells whether a character does something instead of being seen.</summary>
    private static bool Acts(string text, int at, bool keepLines) => text[at] switch
    {
        '\n' => !keepLines,
        // Arabic letter mark, marks of direction, embeddings and overrides, isolates (UAX #9); separators of lines and paragraphs.
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        // Marks that change how the text around them is read and are never seen.
        '\ufeff' or (>= '\ufff9' and <= '\ufffb') => true,
        // Tags: invisible copies of ASCII (U+E0000 to U+E007F).
        '\udb40' when at + 1 < text.Length && text[at + 1] is >= '\udc00' and <= '\udc7f' => true,
        var unit when char.IsSurrogate(unit) => !char.IsSurrogatePair(text, at),
        var unit => CharUnicodeInfo.GetUnicodeCategory(unit) == UnicodeCategory.Control,
    };
}
