using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Notation;

/// <summary>Recursive descent over one text; the grammar is at <see cref="DistributionNotation"/>.</summary>
/// <param name="text">The text.</param>
/// <param name="unit">What its numbers are in, which may be written behind them.</param>
internal sealed class DistributionParser(string text, NotationUnit unit)
{
    private const string AnyDistribution = "a distribution, such as 15000, 60 to 180 or triangular(2000, 5000, 15000)";

    private const string NoPercent = "no percent sign: it goes with probabilities and weights only. Write 0.8 for 80 %";

    private readonly NotationScanner _scanner = new(text);
    private int _mixtureDepth;
    private int _lastClosing;
    private bool _mayBeRange; // What was read last is a number alone, which "to" may follow.

    public V1.Distribution ParseText()
    {
        var distribution = ParseDistribution();
        return _scanner.Current.Kind == TokenKind.End ? distribution : throw TrailingText();
    }

    private V1.Distribution ParseDistribution()
    {
        var distribution = _scanner.Current.Kind == TokenKind.Name && !NotationNames.IsNotFinite(_scanner.Current.Text)
            ? ParseCall()
            : ParseNumberOrInterval();
        TakeUnit();
        while (_scanner.Current is var word && _scanner.TakeWord("truncated"))
        {
            _mayBeRange = false;
            distribution.Truncation = Both(distribution.Truncation, ParseTruncation(), word);
            TakeUnit();
        }

        return distribution;
    }

    private V1.Distribution ParseNumberOrInterval()
    {
        var low = _scanner.TakeNumberToken(AnyDistribution);
        TakeUnit();
        _mayBeRange = !_scanner.TakeRange();
        return _mayBeRange
            ? new V1.Distribution { Constant = low.Number.ToDouble() }
            : new V1.Distribution { LogNormal = new V1.LogNormal { Interval = ParseInterval(low) } };
    }

    private void TakeUnit()
    {
        if (unit == NotationUnit.Days && !_scanner.TakeWord("days"))
        {
            _scanner.TakeWord("day");
        }
    }

    /// <summary>What follows "low to".</summary>
    private V1.Interval ParseInterval(Token low)
    {
        var interval = new V1.Interval
        {
            Low = low.Number.ToDouble(),
            High = _scanner.TakeNumber("the upper end of the interval, a number"),
        };
        TakeUnit();
        if (_scanner.TakeSymbol('('))
        {
            interval.Probability = _scanner.TakeProbability("the probability of the interval, such as 80 %");
            _scanner.ExpectSymbol(')', "\")\" after the probability of the interval");
        }

        return interval;
    }

    private V1.Truncation ParseTruncation()
    {
        const string Bounds = "\"0 to 200\", \"at least 0\" or \"at most 200\" after \"truncated\"";
        if (_scanner.TakeWord("at"))
        {
            return _scanner.TakeWord("least") ? new V1.Truncation { Min = _scanner.TakeNumber("the smallest value kept, a number") }
                : _scanner.TakeWord("most") ? new V1.Truncation { Max = _scanner.TakeNumber("the largest value kept, a number") }
                : throw _scanner.Unexpected(Bounds);
        }

        var truncation = new V1.Truncation { Min = _scanner.TakeNumber(Bounds) };
        TakeUnit();
        if (!_scanner.TakeRange())
        {
            throw _scanner.Unexpected("\"to\" and the largest value kept; one bound alone is written \"at least 0\" or \"at most 200\"");
        }

        truncation.Max = _scanner.TakeNumber("the largest value kept, a number; one bound alone is written \"at least 0\"");
        return truncation;
    }

    /// <summary>What lies within both of two truncations: a distribution that is conditioned twice.</summary>
    private static V1.Truncation Both(V1.Truncation? first, V1.Truncation second, Token word)
    {
        if (first is null)
        {
            return second;
        }

        var both = new V1.Truncation();
        if (first.HasMin || second.HasMin)
        {
            both.Min = !first.HasMin ? second.Min : !second.HasMin ? first.Min : Math.Max(first.Min, second.Min);
        }

        if (first.HasMax || second.HasMax)
        {
            both.Max = !first.HasMax ? second.Max : !second.HasMax ? first.Max : Math.Min(first.Max, second.Max);
        }

        return both.HasMin && both.HasMax && both.Min > both.Max
            ? throw new NotationException(word.Position, "No value lies within this truncation and the one before it: leave one of them out.")
            : both;
    }

    private V1.Distribution ParseCall()
    {
        var name = _scanner.Take();
        _mayBeRange = false;
        if (NotationNames.AreSame(name.Text, "constant"))
        {
            _scanner.ExpectSymbol('(', "\"(\" after constant, as in constant(15000)");
            var constant = new V1.Distribution { Constant = _scanner.TakeNumber("a number, as in constant(15000)") };
            ExpectClosing("constant(value)");
            return constant;
        }

        var family = Families.Find(name.Text) ?? throw UnknownFamily(name);
        _scanner.ExpectSymbol('(', $"\"(\" after {family.Name}, as in {family.Usage}");
        var distribution = new V1.Distribution();
        family.Field.Accessor.SetValue(distribution, family switch
        {
            ParameterFamily parameters => ParseParameters(parameters),
            ListFamily list => ParseList(list, name),
            _ => throw new InvalidOperationException($"No way to read {family}."),
        });
        return distribution;
    }

    private IMessage ParseParameters(ParameterFamily family)
    {
        var message = NewMessage(family.Field);
        var arguments = new List<(FieldDescriptor Parameter, Token Token)>();
        ForEachArgument(family, () =>
        {
            var token = _scanner.Current;
            if (token.Kind == TokenKind.Name && !NotationNames.IsNotFinite(token.Text))
            {
                arguments.Add((ParseNamedArgument(family, message, arguments.ConvertAll(argument => argument.Parameter)), token));
                return;
            }

            if (arguments.Any(argument => argument.Token.Kind == TokenKind.Name))
            {
                throw _scanner.Unexpected($"a name: arguments without one stand before those with one. Write {family.Usage}");
            }

            token = _scanner.TakeNumberToken($"a number. Write {family.Usage}");
            var parameter = _scanner.TakeRange()
                ? SetInterval(family, message, token)
                : SetPositional(family, message, token, arguments.Count);
            arguments.Add((parameter, token));
        });
        RequireOneForm(family, arguments);
        return message;
    }

    private FieldDescriptor SetInterval(ParameterFamily family, IMessage message, Token low)
    {
        var interval = ParseInterval(low);
        var field = family.Interval ?? throw new NotationException(
            low.Position,
            $"{family.Name} is not given by an interval: write {family.Usage}. Intervals are for normal, log_normal, gamma and weibull.");
        field.Accessor.SetValue(message, interval);
        return field;
    }

    private FieldDescriptor SetPositional(ParameterFamily family, IMessage message, Token number, int index)
    {
        if (family.Positional.Count == 0)
        {
            throw new NotationException(
                number.Position,
                $"{number.Quoted} needs a name, because tools differ in what the arguments of {family.Name} mean: write {family.Usage}.");
        }

        if (index >= family.Positional.Count)
        {
            throw new NotationException(
                number.Position,
                $"{number.Quoted} is one argument too many without a name: write {family.Usage}.{_scanner.ThousandsMend(number.Position)}");
        }

        family.Positional[index].Accessor.SetValue(message, number.Number.ToDouble());
        return family.Positional[index];
    }

    /// <summary>Refuses arguments of two forms at once, and a form that is not complete.</summary>
    private void RequireOneForm(ParameterFamily family, List<(FieldDescriptor Parameter, Token Token)> arguments)
    {
        IReadOnlyList<FieldDescriptor>[] forms = family.Interval is null ? [.. family.Forms] : [.. family.Forms, [family.Interval]];
        var given = new HashSet<FieldDescriptor>();
        var possible = forms;
        foreach (var (parameter, token) in arguments.Where(argument => !family.Optional.Contains(argument.Parameter)))
        {
            var isNew = given.Add(parameter);
            possible = [.. forms.Where(given.IsSubsetOf)];
            if (!isNew || possible.Length == 0)
            {
                throw new NotationException(
                    token.Position,
                    $"{token.Quoted} can't stand beside {arguments[0].Token.Quoted}: give one form only. Write {family.Usage}.");
            }
        }

        if (!possible.Any(given.IsSupersetOf))
        {
            var missing = given.Count == 0
                ? "its arguments"
                : string.Join(" and ", possible[0].Where(parameter => !given.Contains(parameter)).Select(Family.NameOf));
            throw new NotationException(_lastClosing, $"{family.Name} lacks {missing}: write {family.Usage}.");
        }
    }

    private IMessage ParseList(ListFamily family, Token name)
    {
        if (family == Families.Mixture && ++_mixtureDepth > DistributionNotation.MaxMixtureDepth)
        {
            throw new NotationException(
                name.Position,
                $"Mixtures nest to a depth of {DistributionNotation.MaxMixtureDepth}: "
                    + "write the inner components into the outer mixture, weights multiplied.");
        }

        var message = NewMessage(family.Field);
        var entries = (IList)family.List.Accessor.GetValue(message);
        var named = new List<FieldDescriptor>();
        ForEachArgument(family, () =>
        {
            if (_scanner.Current.Kind == TokenKind.Name && !NotationNames.IsNotFinite(_scanner.Current.Text))
            {
                named.Add(ParseNamedArgument(family, message, named));
            }
            else if (named.Count > 0)
            {
                throw _scanner.Unexpected($"a name: entries stand before arguments with a name. Write {family.Usage}");
            }
            else
            {
                entries.Add(ParseEntry(family));
            }
        });
        if (entries.Count == 0)
        {
            throw new NotationException(_lastClosing, $"{family.Name} is empty: write {family.Usage}.");
        }

        if (family.Required.FirstOrDefault(parameter => !named.Contains(parameter)) is { } missing)
        {
            throw new NotationException(_lastClosing, $"{family.Name} lacks {Family.NameOf(missing)}: write {family.Usage}.");
        }

        if (family == Families.Mixture)
        {
            _mixtureDepth--;
        }

        return message;
    }

    private object ParseEntry(ListFamily family)
    {
        var number = _scanner.TakeNumberToken($"{family.Entry}. Write {family.Usage}");
        if (family.Key is null || family.Value is null)
        {
            return _scanner.Current.IsSymbol(':')
                ? throw _scanner.Unexpected($"\",\" or \")\": samples are equally likely. With weights, write discrete(weight: value, ...)")
                : number.Number.ToDouble();
        }

        var entry = NewMessage(family.List);
        family.Key.Accessor.SetValue(entry, _scanner.WithPercent(number));
        _scanner.ExpectSymbol(':', $"\":\" after {number.Quoted}: every entry of {family.Name} is {family.Entry}");
        family.Value.Accessor.SetValue(
            entry,
            family.Value.FieldType == FieldType.Message ? ParseDistribution() : _scanner.TakeNumber($"the {family.Value.Name}, a number"));
        return entry;
    }

    private FieldDescriptor ParseNamedArgument(Family family, IMessage message, List<FieldDescriptor> given)
    {
        var name = _scanner.Take();
        var parameter = family.FindParameter(name.Text);
        if (parameter is null)
        {
            throw new NotationException(
                name.Position,
                $"{name.Quoted} is not an argument of {family.Name}. "
                    + $"{NotationNames.Suggestion(name.Text, family.Parameters.Select(Family.NameOf).Distinct())}Write {family.Usage}.");
        }

        if (given.Contains(parameter))
        {
            throw new NotationException(name.Position, $"{Family.NameOf(parameter)} is given twice: leave one of the two out.");
        }

        _scanner.ExpectSymbol('=', $"\"=\" and a number after {name.Text}");
        parameter.Accessor.SetValue(message, _scanner.TakeNumber($"a number after {name.Text}="));
        return parameter;
    }

    /// <summary>Goes through the arguments up to the closing parenthesis.</summary>
    private void ForEachArgument(Family family, Action parse)
    {
        if (!_scanner.Current.IsSymbol(')'))
        {
            do
            {
                parse();
            }
            while (_scanner.TakeSymbol(','));
        }

        ExpectClosing(family.Usage);
    }

    private void ExpectClosing(string usage)
    {
        _lastClosing = _scanner.Current.Position;
        if (_scanner.Current.IsSymbol('%'))
        {
            throw _scanner.Unexpected(NoPercent);
        }

        _scanner.ExpectSymbol(')', $"\",\" or \")\". Write {usage}");
    }

    private static IMessage NewMessage(FieldDescriptor field) => field.MessageType.Parser.ParseFrom(ByteString.Empty);

    private static NotationException UnknownFamily(Token name)
    {
        var mend = NotationNames.AreSame(name.Text, "empirical")
            ? "Write samples(3, 5, 8) or quantiles(0.1: 50, 0.9: 200, min=0, max=400)."
            : NotationNames.Suggestion(name.Text, Families.All.Select(family => family.Name))
                + $"The distributions are constant, {string.Join(", ", Families.All.Select(family => family.Name))}.";
        return new NotationException(name.Position, $"{name.Quoted} is not a distribution. {mend}");
    }

    private NotationException TrailingText()
    {
        var found = _scanner.Current;
        var expected = _mayBeRange ? "the end of the text, \"to\" or \"truncated\"" : "the end of the text or \"truncated\"";
        return found switch
        {
            { Kind: TokenKind.Symbol, Text: "," } when _scanner.ThousandsMend(found.Position) is { Length: > 0 } thousands => new NotationException(
                found.Position, $"Found a comma after the distribution.{thousands}"),
            { Kind: TokenKind.Symbol, Text: "," } => new NotationException(
                found.Position, "Found a comma after the distribution. Commas separate arguments only; a range is written \"60 to 180\""),
            { Kind: TokenKind.Symbol, Text: "%" } => _scanner.Unexpected(NoPercent),
            { Kind: TokenKind.Number, Text: ['-', .. var upper] } when _mayBeRange => _scanner.Unexpected(
                $"{expected}. A range is written with \"to\": to {upper}"),
            { Kind: TokenKind.Number } when _mayBeRange => _scanner.Unexpected($"{expected}. A range is written with \"to\": to {found.Text}"),
            { Kind: TokenKind.Name, Text: "m" } => _scanner.Unexpected(
                "the end of the text. A million is written with a capital M: 1.2M"),
            { Kind: TokenKind.Name } when !_mayBeRange && found.IsWord("to") => new NotationException(
                found.Position, "Found \"to\" where no number stands before it alone: a range has two ends, as in \"60 to 180\"."),
            { Kind: TokenKind.Name } when NotationUnits.IsUnit(found.Text) => _scanner.Unexpected($"{expected}. {NotationUnits.Mend(unit)}"),
            { Kind: TokenKind.Name } => _scanner.Unexpected(
                $"{expected}. {NotationNames.Suggestion(found.Text, _mayBeRange ? ["to", "truncated"] : ["truncated"])}Numbers stand alone, without what they count"),
            _ => _scanner.Unexpected(expected),
        };
    }
}
