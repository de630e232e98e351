using System.Globalization;
using System.Text;

namespace Scenarios.Service.Api;

/// <summary>Characters as people count them: code points, each one character however many code units encode it (AIP-210).</summary>
internal static class CodePoints
{
    /// <summary>How many characters a text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
            }
        }

        return count;
    }

    /// <summary>A text cut to a number of characters, the last three of which are dots if anything was cut off.</summary>
    public static string Clipped(string text, int length)
    {
        if (text.Length <= length || Count(text) <= length)
        {
            return text;
        }

        return string.Concat(text.AsSpan(0, IndexOf(text, length - 3)), "...");
    }

    /// <summary>Index of a character in a text that has more than so many.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The character's number, counted from 0.</param>
    public static int IndexOf(string text, int number)
    {
        var index = 0;
        for (var passed = 0; passed < number; passed++)
        {
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        }

        return index;
    }

    /// <summary>
    /// Does a character steer what shows it instead of being shown: C0, DEL, C1, or a control of the direction of writing (Unicode's property
    /// Bidi_Control)?
    /// </summary>
    public static bool IsControl(char character) => char.IsControl(character)
        || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>A text that can be shown anywhere: control characters as JSON escapes them.</summary>
    public static string Escaped(string text)
    {
        if (!text.Any(IsControl))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            escaped.Append(character switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when IsControl(character) => Escape(character),
                _ => character.ToString(),
            });
        }

        return escaped.ToString();
    }

    /// <summary>The escape of a character in JSON.</summary>
    public static string Escape(char character) => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);
}
