using System.Text;
using System.Text.Unicode;

namespace Scenarios.Service.Api.Json;

/// <summary>A text that is read as JSON, with its places.</summary>
internal sealed class JsonSource
{
    private const int MostBytesShown = 4;

    private readonly List<int> _lineStarts = [0];

    private JsonSource(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>
    /// Decodes UTF-8; a file that begins with the byte order mark of UTF-16 or UTF-32 is read as that. Null, with a fault, if a byte belongs to
    /// no character.
    /// </summary>
    public static JsonSource? Decode(ReadOnlySpan<byte> bytes, JsonDialect dialect, out JsonFault? fault)
    {
        fault = null;
        if (dialect == JsonDialect.File && Wide(bytes) is { } wide)
        {
            try
            {
                return new(wide.GetString(bytes[wide.Preamble.Length..]));
            }
            catch (DecoderFallbackException)
            {
                fault = new("", V1.ViolationReason.Syntax, $"The text is not valid {wide.WebName.ToUpperInvariant()}. Save it as UTF-8.");
                return null;
            }
        }

        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (Utf8.IsValid(bytes))
        {
            return new(Encoding.UTF8.GetString(bytes));
        }

        fault = Invalid(bytes);
        return null;
    }

    /// <summary>The place of a character.</summary>
    /// <param name="index">Its index; the text's length for the end.</param>
    public JsonPlace PlaceOf(int index)
    {
        var found = _lineStarts.BinarySearch(index);
        var line = found >= 0 ? found : ~found - 1;
        return new(line + 1, 1 + CodePoints.Count(Text.AsSpan(_lineStarts[line]..index)));
    }

    private static Encoding? Wide(ReadOnlySpan<byte> bytes)
    {
        // UTF-32's mark begins with that of UTF-16.
        Encoding[] encodings =
        [
            new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
            new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
            new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        ];
        foreach (var encoding in encodings)
        {
            if (bytes.StartsWith(encoding.Preamble))
            {
                return encoding;
            }
        }

        return null;
    }

    private static JsonFault Invalid(ReadOnlySpan<byte> bytes)
    {
        var (at, line, column) = (0, 1, 1);
        while (Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            at += length;
        }

        var end = at;
        while (end < bytes.Length && end - at < MostBytesShown
            && Rune.DecodeFromUtf8(bytes[end..], out _, out var length) != System.Buffers.OperationStatus.Done)
        {
            end += length;
        }

        end = Math.Min(end, at + MostBytesShown);
        var shown = string.Join(' ', bytes[at..end].ToArray().Select(value => value.ToString("X2")));
        var (words, verb) = end - at == 1 ? ("The byte", "is") : ("The bytes", "are");
        return new("", V1.ViolationReason.Syntax, $"{words} {shown} {verb} not valid UTF-8. Write the text in UTF-8.", new(line, column));
    }
}
