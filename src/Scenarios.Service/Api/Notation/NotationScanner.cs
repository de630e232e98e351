using System.Text.RegularExpressions;

namespace Scenarios.Service.Api.Notation;

internal enum TokenKind
{
    Number,
    Name,
    Symbol,
    Malformed,
    End,
}

/// <summary>
/// One word of a text. A malformed one says why only when a parser comes to it, so that the first error is the one reported.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Index of its first character.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Number">A number's value.</param>
/// <param name="Problem">What is wrong with a malformed one.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, DecimalNumber Number = default, string Problem = "")
{
    public bool IsWord(string word) => Kind == TokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(char symbol) => Kind == TokenKind.Symbol && Text[0] == symbol;

    /// <summary>How a message names it; never long, whatever the text was.</summary>
    public string Quoted => Kind == TokenKind.End ? "the end of the text" : Quote(Text);

    public static string Quote(string text) => $"\"{CodePoints.Escaped(CodePoints.Clipped(text, 40))}\"";
}

/// <summary>Splits a text into numbers, names and symbols, one token ahead, in one pass.</summary>
internal sealed partial class NotationScanner
{
    private const string Minus = "-";

    // Beyond any double; keeps the exponent of a hostile text in an int.
    private const int LargestExponent = 99_999;

    private readonly string _text;
    private int _next;

    public NotationScanner(string text)
    {
        _text = text;
        Advance();
    }

    /// <summary>The token not yet taken.</summary>
    public Token Current { get; private set; }

    /// <summary>Takes the current token.</summary>
    public Token Take()
    {
        var taken = Current;
        Advance();
        return taken;
    }

    public bool TakeWord(string word) => TakeIf(Current.IsWord(word));

    public bool TakeSymbol(char symbol) => TakeIf(Current.IsSymbol(symbol));

    /// <summary>
    /// Takes what stands between the ends of a range: "to", a dash, or dots (60-150, 60 \u2013 150, 60..180). There is no subtraction, so
    /// that a dash behind a number can only mean a range; but a blank on its left side alone leaves open whether a minus was meant.
    /// </summary>
    public bool TakeRange()
    {
        if (TakeIf(Current.IsWord("to") || IsDots(Current.Text) || IsDash(Current.Text)))
        {
            return true;
        }

        if (Current is not { Kind: TokenKind.Number, Text: ['-', .. var digits] } || Current.Position == 0 || IsBlankBefore(Current.Position))
        {
            return false;
        }

        Current = Current with { Position = Current.Position + 1, Text = digits, Number = Current.Number with { Mantissa = Current.Number.Mantissa[1..] } };
        return true;
    }

    /// <summary>"write 15000" if a number with something between its thousands stands there; else nothing, for a hint fits its own cause only.</summary>
    /// <param name="position">Of anything in that number.</param>
    public string ThousandsMend(int position)
    {
        var match = Thousands().Matches(_text).FirstOrDefault(number => number.Index <= position && position <= number.Index + number.Length);
        return match is null ? "" : $" Nothing stands between thousands: write {string.Concat(match.Value.Where(char.IsAsciiDigit))}.";
    }

    public void ExpectSymbol(char symbol, string expectation)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unexpected(expectation);
        }
    }

    /// <summary>A finite number.</summary>
    public double TakeNumber(string expectation) => TakeNumberToken(expectation).Number.ToDouble();

    /// <summary>A finite number with an optional percent sign, which makes it hundredths.</summary>
    public double TakeProbability(string expectation) => WithPercent(TakeNumberToken(expectation));

    /// <summary>The value of a number already taken, with the percent sign that may follow it.</summary>
    public double WithPercent(Token number)
    {
        if (!TakeSymbol('%'))
        {
            return number.Number.ToDouble();
        }

        var value = number.Number.Shift(-2).ToDouble();
        return value == 0 && !number.Number.IsZero ? throw new NotationException(number.Position, TooSmall(number.Text + " %")) : value;
    }

    public Token TakeNumberToken(string expectation) => Current switch
    {
        { Kind: TokenKind.Number } => Take(),
        { Kind: TokenKind.Name, Text: var name } when NotationNames.IsNotFinite(name) => throw new NotationException(
            Current.Position,
            $"{Current.Quoted} is not a value: numbers are finite. Leave a bound that does not exist out, or write a large number."),
        _ => throw Unexpected(expectation),
    };

    /// <summary>The error of finding the current token where <paramref name="expectation"/> should be.</summary>
    public NotationException Unexpected(string expectation) => Current.Kind == TokenKind.Malformed
        ? new NotationException(Current.Position, Current.Problem)
        : new NotationException(Current.Position, $"Found {Current.Quoted}, expected {expectation}.");

    private bool TakeIf(bool condition)
    {
        if (condition)
        {
            Advance();
        }

        return condition;
    }

    private void Advance()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
        {
            _next++;
        }

        var start = _next;
        Current = start == _text.Length ? new Token(TokenKind.End, start, "")
            : BeginsNumber(start) ? ScanNumber()
            : char.IsAsciiLetter(_text[start]) ? ScanName()
            : ScanSymbol();
    }

    private bool BeginsNumber(int at)
    {
        if (_text[at] is '+' or '-')
        {
            at++;
        }

        return IsDigit(at) || (At(at) == '.' && IsDigit(at + 1));
    }

    private Token ScanNumber()
    {
        var start = _next;
        if (_text[_next] is '+' or '-')
        {
            _next++;
        }

        var whole = _next;
        SkipDigits(allowUnderscores: true);
        var superfluousZero = _next > whole + 1 && _text[whole] == '0';
        var isRange = At(_next) == '.' && At(_next + 1) == '.';
        var lostPoint = At(_next) == '.' && !IsDigit(_next + 1) && !isRange;
        if (At(_next) == '.' && !isRange)
        {
            _next++;
            SkipDigits(allowUnderscores: false);
        }

        var mantissa = _text[start.._next].Replace("_", "", StringComparison.Ordinal).TrimStart('+');
        var severalPoints = At(_next) == '.' && At(_next + 1) != '.';
        var number = new DecimalNumber(mantissa, ScanExponent());
        var text = _text[start.._next];
        var problem = severalPoints ? $"{Token.Quote(text + ".")} has more than one decimal point.{ThousandsMend(start)}"
            : lostPoint ? $"{Token.Quote(text)} has no digit after its decimal point: write {Token.Quote(text.TrimEnd('.'))}."
            : superfluousZero ? Superfluous(start, text)
            : double.IsInfinity(number.ToDouble()) ? $"{Token.Quote(text)} is too large: numbers are doubles, at most about 1.8e308."
            : number.ToDouble() == 0 && !number.IsZero ? TooSmall(text)
            : "";
        return problem.Length == 0
            ? new Token(TokenKind.Number, start, text, number)
            : new Token(TokenKind.Malformed, start, text, Problem: problem);
    }

    private string Superfluous(int start, string text)
    {
        var thousands = ThousandsMend(start);
        var sign = text[..(text[0] is '+' or '-' ? 1 : 0)];
        var digits = text[sign.Length..].TrimStart('0', '_');
        var mended = sign.TrimStart('+') + (digits.Length > 0 && char.IsAsciiDigit(digits[0]) ? digits : "0" + digits);
        return $"{Token.Quote(text)} begins with a superfluous 0.{(thousands.Length > 0 ? thousands : $" Write {Token.Quote(mended)}.")}";
    }

    private static string TooSmall(string text) => $"{Token.Quote(text)} is too small to tell from 0: write 0, or at least 5e-324.";

    private int ScanExponent()
    {
        var signed = At(_next + 1) is '+' or '-';
        if (At(_next) is 'e' or 'E' && IsDigit(_next + (signed ? 2 : 1)))
        {
            var negative = At(_next + 1) == '-';
            _next += signed ? 2 : 1;
            var exponent = 0;
            for (; IsDigit(_next); _next++)
            {
                exponent = Math.Min(LargestExponent, (exponent * 10) + (_text[_next] - '0'));
            }

            return negative ? -exponent : exponent;
        }

        var places = At(_next) switch { 'k' or 'K' => 3, 'M' => 6, _ => 0 };
        if (places == 0 || char.IsAsciiLetter(At(_next + 1)))
        {
            return 0;
        }

        _next++;
        return places;
    }

    // There is no subtraction, so a hyphen between letters belongs to the name: log-normal.
    private Token ScanName()
    {
        var start = _next;
        while (char.IsAsciiLetter(At(_next)) || At(_next) == '_' || (At(_next) == '-' && char.IsAsciiLetter(At(_next + 1))))
        {
            _next++;
        }

        return new Token(TokenKind.Name, start, _text[start.._next]);
    }

    private Token ScanSymbol()
    {
        var start = _next;
        _next += char.IsSurrogatePair(_text, start) ? 2 : 1;
        while (_text[start] == '.' && At(_next) == '.' && _next - start < 3)
        {
            _next++;
        }

        var text = _text[start.._next];
        return text[0] switch
        {
            '(' or ')' or ',' or ':' or '=' or '%' => new Token(TokenKind.Symbol, start, text),
            _ when IsDash(text) => Malformed(
                ": a range is written \"60 to 180\", a negative number \"-5\" with a plain hyphen before its digits."),
            _ when IsDots(text) => Malformed(": a range is written \"60 to 180\"."),
            _ => Malformed(", which is not part of the notation: it has numbers, names and the signs ( ) , : = % only."),
        };

        Token Malformed(string problem) => new(TokenKind.Malformed, start, text, Problem: $"Found {Token.Quote(text)}{problem}");
    }

    private static bool IsDash(string text) => text is Minus or [(>= '\u2010' and <= '\u2015') or '\u2212'];

    private static bool IsDots(string text) => text is ".." or "..." or "\u2026";

    private bool IsBlankBefore(int position) => char.IsWhiteSpace(_text[position - 1]);

    [GeneratedRegex(@"(?<![0-9.,_])[0-9]{1,3}([.,' \u00a0\u2009\u202f][0-9]{3})+(?![0-9])")]
    private static partial Regex Thousands();

    private void SkipDigits(bool allowUnderscores)
    {
        while (IsDigit(_next) || (allowUnderscores && At(_next) == '_' && IsDigit(_next - 1) && IsDigit(_next + 1)))
        {
            _next++;
        }
    }

    private char At(int index) => index < _text.Length ? _text[index] : '\0';

    private bool IsDigit(int index) => index >= 0 && char.IsAsciiDigit(At(index));
}
