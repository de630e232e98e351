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

    public static string Quote(string text) => text.Length <= 40 ? $"\"{text}\"" : $"\"{text[..37]}...\"";
}

/// <summary>Splits a text into numbers, names and symbols, one token ahead, in one pass.</summary>
internal sealed class NotationScanner
{
    /// <summary>How to write thousands, for every message about a comma or a point too many.</summary>
    public const string ThousandsMend = "Commas separate arguments only: write fifteen thousand as 15000, 15_000 or 15k.";

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
        var lostPoint = At(_next) == '.' && !IsDigit(_next + 1);
        if (At(_next) == '.')
        {
            _next++;
            SkipDigits(allowUnderscores: false);
        }

        var mantissa = _text[start.._next].Replace("_", "", StringComparison.Ordinal).TrimStart('+');
        var severalPoints = At(_next) == '.';
        var number = new DecimalNumber(mantissa, ScanExponent());
        var text = _text[start.._next];
        var problem = severalPoints ? $"{Token.Quote(text + ".")} has more than one decimal point. {ThousandsMend}"
            : lostPoint ? $"{Token.Quote(text)} has no digit after its decimal point: write {Token.Quote(text.TrimEnd('.'))}."
            : superfluousZero ? $"{Token.Quote(text)} begins with a superfluous 0. {ThousandsMend}"
            : double.IsInfinity(number.ToDouble()) ? $"{Token.Quote(text)} is too large: numbers are doubles, at most about 1.8e308."
            : number.ToDouble() == 0 && !number.IsZero ? TooSmall(text)
            : "";
        return problem.Length == 0
            ? new Token(TokenKind.Number, start, text, number)
            : new Token(TokenKind.Malformed, start, text, Problem: problem);
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
        var text = _text[start.._next];
        return text[0] switch
        {
            '(' or ')' or ',' or ':' or '=' or '%' => new Token(TokenKind.Symbol, start, text),
            '-' or (>= '\u2010' and <= '\u2015') or '\u2212' => Malformed(
                ": a range is written \"60 to 180\", a negative number \"-5\" with a plain hyphen before its digits."),
            _ => Malformed(", which is not part of the notation: it has numbers, names and the signs ( ) , : = % only."),
        };

        Token Malformed(string problem) => new(TokenKind.Malformed, start, text, Problem: $"Found {Token.Quote(text)}{problem}");
    }

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
