using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Scenarios.Service.Api.Json;

/// <summary>
/// Reads JSON (RFC 8259) by recursive descent. System.Text.Json reads it too, but its errors are for the program that calls it and
/// count bytes; these are for the person who wrote the text.
/// </summary>
internal sealed partial class JsonReader
{
    private const int MostDepth = 64;
    private const int LongestShown = 40;

    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly string _text;
    private readonly bool _isFile;
    private readonly List<string> _path = [];
    private int _next;
    private int _depth;

    private JsonReader(string text, JsonDialect dialect) => (_text, _isFile) = (text, dialect == JsonDialect.File);

    /// <summary>The value of a text; null, with the first fault, if the text is not JSON.</summary>
    /// <param name="source">The text.</param>
    /// <param name="dialect">What is read beside JSON.</param>
    /// <param name="path">Proto path of the value, for the fault.</param>
    /// <param name="fault">The fault.</param>
    public static JsonValue? Read(JsonSource source, JsonDialect dialect, string path, out JsonFault? fault)
    {
        var reader = new JsonReader(source.Text, dialect);
        try
        {
            fault = null;
            return reader.ReadRoot();
        }
        catch (SyntaxException exception)
        {
            var field = string.Concat(reader._path);
            fault = new(
                path.Length == 0 ? field.TrimStart('.') : path + field,
                V1.ViolationReason.Syntax,
                exception.Message,
                source.PlaceOf(exception.Index));
            return null;
        }
    }

    private char Current => _next < _text.Length ? _text[_next] : '\0';

    private bool IsAtEnd => _next == _text.Length;

    private JsonValue ReadRoot()
    {
        SkipBlanks();
        if (IsAtEnd)
        {
            throw Wrong("There is nothing here. Write an object, {...}.");
        }

        if (Current != '{' && Yaml().IsMatch(_text))
        {
            throw Wrong("This looks like YAML, and JSON is read here. Write an object: {\"field\": value, ...}.");
        }

        var root = ReadValue("an object, {...}");
        SkipBlanks();
        return IsAtEnd ? root : throw Wrong($"Found {Found()} after the end of the object. Leave out what follows it.");
    }

    private JsonValue ReadValue(string expectation)
    {
        var start = _next;
        return Current switch
        {
            _ when IsAtEnd => throw Wrong($"The text ends here, and {expectation} is missing."),
            '{' => ReadObject(),
            '[' => ReadArray(),
            '"' => new(JsonKind.Text, start, ReadText()),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            '+' or '.' => throw Malformed(TakeWord(), start),
            _ when IsWordStart(Current) => ReadWord(),
            _ => throw Unexpected(expectation),
        };
    }

    private JsonValue ReadObject()
    {
        var start = Enter();
        var members = new List<JsonMember>();
        while (!IsClosed('}', members.Count))
        {
            var nameStart = _next;
            if (Current != '"')
            {
                throw NoName(members);
            }

            var name = ReadText();
            _path.Add("." + CodePoints.Escaped(CodePoints.Clipped(name, 80)));
            SkipBlanks();
            if (Current != ':')
            {
                throw Wrong($"Found {Found()}, expected a colon after the name of the field: {Quoted(name)}: ...");
            }

            _next++;
            SkipBlanks();
            members.Add(new(name, nameStart, ReadValue($"the value of {Quoted(name)}")));
            _path.RemoveAt(_path.Count - 1);
            Separate('}');
        }

        Leave();
        return new(JsonKind.Object, start) { Members = members };
    }

    private JsonValue ReadArray()
    {
        var start = Enter();
        var elements = new List<JsonValue>();
        while (!IsClosed(']', elements.Count))
        {
            _path.Add($"[{elements.Count}]");
            elements.Add(ReadValue("a value or ]"));
            _path.RemoveAt(_path.Count - 1);
            Separate(']');
        }

        Leave();
        return new(JsonKind.Array, start) { Elements = elements };
    }

    private int Enter()
    {
        if (++_depth > MostDepth)
        {
            throw Wrong($"Objects and lists are nested more than {MostDepth} deep here. Nest them less.");
        }

        return _next++;
    }

    private void Leave()
    {
        _depth--;
        _next++;
    }

    /// <summary>Has the closing bracket come? A comma before it is read in files only.</summary>
    private bool IsClosed(char closing, int count)
    {
        SkipBlanks();
        if (Current != closing)
        {
            return IsAtEnd ? throw Wrong($"The text ends here, and {closing} is missing.") : false;
        }

        return count == 0 || _isFile || _text[LastInk()] != ',' ? true
            : throw Wrong($"There is a comma before {closing}. Leave the comma out.", LastInk());
    }

    private void Separate(char closing)
    {
        SkipBlanks();
        if (Current == ',')
        {
            _next++;
        }
        else if (Current != closing || IsAtEnd)
        {
            throw IsAtEnd ? Wrong($"The text ends here, and {closing} is missing.")
                : Current == '"' || IsWordStart(Current) || Current is '{' or '[' || char.IsAsciiDigit(Current) ? Wrong($"Found {Found()}, and a comma is missing before it.")
                : Wrong($"Found {Found()}, expected a comma or {closing}.");
        }
    }

    private SyntaxException NoName(List<JsonMember> before)
    {
        if (before is [.., { Value: { Kind: JsonKind.Number } number }] && ThousandsHere() is { } thousands)
        {
            return Wrong($"Found {thousands} after a comma. Numbers are written without commas: {number.Text}{thousands}.");
        }

        if (IsWordStart(Current))
        {
            var (start, word) = (_next, TakeWord());
            return Wrong($"The name of a field stands in double quotes. Write \"{word}\".", start);
        }

        return Unexpected("the name of a field in double quotes");
    }

    private JsonValue ReadWord()
    {
        var (start, word) = (_next, TakeWord());
        return word switch
        {
            "true" or "false" => new(JsonKind.Boolean, start, word),
            "null" => new(JsonKind.Null, start, word),
            _ when word.ToLowerInvariant() is "true" or "false" or "null" => throw Wrong($"Found {Shown(word)}. Write {word.ToLowerInvariant()}.", start),
            "None" or "nil" or "undefined" => throw Wrong($"Found {word}. Leave the field out, or write null.", start),
            "NaN" or "Infinity" or "inf" => throw Wrong($"Found {word}. Numbers are finite.", start),
            _ => throw Wrong($"Found {Shown(word)} without quotes. Texts stand in double quotes: write \"{Shown(word)}\".", start),
        };
    }

    private JsonValue ReadNumber()
    {
        var (start, thousands) = (_next, ThousandsHere());
        var word = TakeWord();
        return JsonNumber.Is(word) ? new(JsonKind.Number, start, word)
            : thousands is not null ? throw Wrong($"Found {thousands} after a comma. Numbers are written without commas, as 15000.", start)
            : throw Malformed(word, start);
    }

    /// <summary>Three digits right behind a number and a comma: 15,000. Null if there are none here.</summary>
    private string? ThousandsHere() => Thousands().Match(_text, _next) is { Success: true } match ? match.Value : null;

    private static SyntaxException Malformed(string word, int start)
    {
        var unsigned = word.TrimStart('+');
        string[] mended =
        [
            unsigned, LeadingZeros().Replace(unsigned, "$1"), unsigned.Replace("_", "", StringComparison.Ordinal), unsigned.TrimEnd('.'),
            unsigned.StartsWith('.') ? "0" + unsigned : unsigned, unsigned.StartsWith("-.", StringComparison.Ordinal) ? "-0" + unsigned[1..] : unsigned,
        ];
        var cause = word.StartsWith('+') ? " has a plus sign"
            : LeadingZeros().IsMatch(word) ? " begins with a superfluous 0"
            : word.Contains('_', StringComparison.Ordinal) ? " has an underscore"
            : word.EndsWith('.') || word.TrimStart('-').StartsWith('.') ? " lacks a digit beside its point"
            : "";
        return mended.FirstOrDefault(JsonNumber.Is) is { } mend
            ? new(start, $"{Shown(word)}{cause}. Write {Shown(mend)}.")
            : new(start, $"{Shown(word)} is not a number as JSON writes it, such as 15000, 0.5 or 1e6. A text stands in double quotes: \"{Shown(word)}\".");
    }

    private string ReadText()
    {
        var start = _next++;
        var text = new StringBuilder();
        while (true)
        {
            if (IsAtEnd)
            {
                throw Wrong("The text that begins here does not end: its closing double quote is missing.", start);
            }

            var character = _text[_next];
            switch (character)
            {
                case '"':
                    _next++;
                    return text.ToString();
                case '\\':
                    ReadEscape(text);
                    break;
                case '\n' or '\r':
                    throw Wrong("A line ends within a text. Write \\n in its place, or the closing double quote that is missing.");
                case < ' ':
                    throw Wrong($"There is a control character in a text. Write it as {CodePoints.Escaped(character.ToString())}.");
                default:
                    text.Append(character);
                    _next++;
                    break;
            }
        }
    }

    private void ReadEscape(StringBuilder text)
    {
        var start = _next;
        var letter = start + 1 < _text.Length ? _text[start + 1] : '\0';
        if (letter == 'u')
        {
            var first = ReadCodeUnit(start);
            text.Append(first);
            var isWhole = !char.IsSurrogate(first);
            if (char.IsHighSurrogate(first) && _text.AsSpan(_next).StartsWith("\\u", StringComparison.Ordinal))
            {
                var second = ReadCodeUnit(_next);
                text.Append(second);
                isWhole = char.IsLowSurrogate(second);
            }

            if (!isWhole)
            {
                throw Wrong($"{_text[start.._next]} is half of a surrogate pair. Write the character whole.", start);
            }

            return;
        }

        text.Append(letter switch
        {
            '"' or '\\' or '/' => letter,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Wrong($"A backslash stands before \" \\ / b f n r t or u and four digits. Write \\\\ for a backslash."),
        });
        _next += 2;
    }

    private char ReadCodeUnit(int at)
    {
        var digits = _text.AsSpan(Math.Min(at + 2, _text.Length));
        digits = digits[..Math.Min(4, digits.Length)];
        if (digits.Length < 4 || digits.ContainsAnyExcept(HexadecimalDigits))
        {
            throw Wrong("\\u stands before four hexadecimal digits, as in \\u00e4.", at);
        }

        _next = at + 6;
        return (char)int.Parse(digits, NumberStyles.AllowHexSpecifier);
    }

    private void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Current is ' ' or '\t' or '\n' or '\r')
            {
                _next++;
            }
            else if (Current == '/' && _next + 1 < _text.Length && _text[_next + 1] is '/' or '*')
            {
                SkipComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipComment()
    {
        if (!_isFile)
        {
            throw Wrong("JSON has no comments. Leave the comment out.");
        }

        var isBlock = _text[_next + 1] == '*';
        var end = _text.IndexOf(isBlock ? "*/" : "\n", _next + 2, StringComparison.Ordinal);
        _next = end >= 0 ? end + (isBlock ? 2 : 1)
            : isBlock ? throw Wrong("The comment that begins here does not end: */ is missing.")
            : _text.Length;
    }

    /// <summary>Index of the last character before the current one that is neither blank nor in a comment.</summary>
    private int LastInk() => _text.AsSpan(0, _next).LastIndexOfAnyExcept(" \t\r\n");

    private string TakeWord()
    {
        var start = _next;
        while (!IsAtEnd && (IsWordStart(Current) || char.IsAsciiDigit(Current) || Current is '.' or '+' or '-'))
        {
            _next++;
        }

        return _text[start.._next];
    }

    private static bool IsWordStart(char character) => char.IsLetter(character) || character is '_' or '$';

    private SyntaxException Unexpected(string expectation) => Wrong(Current switch
    {
        _ when IsAtEnd => $"The text ends here, and {expectation} is missing.",
        '\'' or '`' or '\u2018' or '\u2019' or '\u201C' or '\u201D' or '\u201E' or '\u00AB' =>
            $"Found {Found()}. Texts and names stand in straight double quotes: \"...\".",
        '#' => "Found \"#\". " + (_isFile ? "Comments begin with //." : "JSON has no comments."),
        _ => $"Found {Found()}, expected {expectation}.",
    });

    /// <summary>What stands here, for a message.</summary>
    private string Found()
    {
        if (IsAtEnd)
        {
            return "the end of the text";
        }

        if (IsWordStart(Current) || char.IsAsciiDigit(Current))
        {
            var start = _next;
            var word = TakeWord();
            _next = start;
            return Shown(word);
        }

        var character = _text.Substring(_next, char.IsSurrogatePair(_text, _next) ? 2 : 1);
        return Current == '"' ? "a text" : $"\"{CodePoints.Escaped(character)}\"";
    }

    private static string Shown(string word) => CodePoints.Escaped(CodePoints.Clipped(word, LongestShown));

    private static string Quoted(string word) => $"\"{Shown(word)}\"";

    private SyntaxException Wrong(string message, int? index = null) => new(index ?? _next, message);

    // A document mark or a name with a colon, at the beginning of the first line that is not a comment.
    [GeneratedRegex(@"\A(\s*(#[^\n]*\n)?)*(---|%YAML|-\s|[A-Za-z_][A-Za-z_0-9-]*\s*:(\s|\z))", RegexOptions.NonBacktracking)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"\G(?<=[0-9],)[0-9]{3}(?![0-9A-Za-z_.])")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^(-?)0+(?=[0-9])")]
    private static partial Regex LeadingZeros();

    private sealed class SyntaxException(int index, string message) : Exception(message)
    {
        public int Index { get; } = index;
    }
}
