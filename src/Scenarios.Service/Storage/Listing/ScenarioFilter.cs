using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;
using Condition = System.Linq.Expressions.Expression<System.Func<Scenarios.Service.Storage.ScenarioRow, bool>>;

namespace Scenarios.Service.Storage.Listing;

/// <summary>
/// Parses filters (AIP-160): the part of its grammar that scenario_service.proto states, by recursive descent, into a condition
/// that the database evaluates.
/// </summary>
internal sealed class ScenarioFilter
{
    private const int LongestFilter = 2_000;
    private const int MostComparisons = 64;
    private const int DeepestNesting = 32;
    private const string Labels = "labels";
    private const string FieldsInWords = "name, display_name, labels.KEY, create_time and update_time";

    private readonly IReadOnlyList<FilterToken> _tokens;
    private int _next;
    private int _depth;
    private int _comparisons;

    private ScenarioFilter(IReadOnlyList<FilterToken> tokens) => _tokens = tokens;

    private FilterToken Next => _tokens[_next];

    /// <summary>The condition of a filter: null, and reported, where it is none.</summary>
    public static Condition? Parse(RequestField field, string text)
    {
        if (text.Length > LongestFilter)
        {
            Texts.CheckLength(field, text, LongestFilter);
            return null;
        }

        try
        {
            var filter = new ScenarioFilter(FilterToken.Scan(text));
            if (filter.Next.Kind == FilterTokenKind.End)
            {
                return row => true;
            }

            var condition = filter.Expression();
            return filter.Next.Kind == FilterTokenKind.End ? condition : throw filter.Unexpected("AND or OR");
        }
        catch (FilterException fault)
        {
            field.Report(ViolationReason.BadFormat, $"At character {fault.Position}: {fault.Message}", fault.Mend);
            return null;
        }
    }

    /// <summary>Sequences joined by AND or by nothing; alike here, where there is no ranking.</summary>
    private Condition Expression()
    {
        var condition = Factor();
        while (true)
        {
            if (Next.IsWord("AND"))
            {
                _next++;
            }
            else if (Next.Kind is FilterTokenKind.End or FilterTokenKind.Close || Next.IsWord("OR"))
            {
                return condition;
            }

            condition = condition.And(Factor());
        }
    }

    /// <summary>OR binds tighter than AND (AIP-160).</summary>
    private Condition Factor()
    {
        var condition = Term();
        while (Next.IsWord("OR"))
        {
            _next++;
            condition = condition.Or(Term());
        }

        return condition;
    }

    private Condition Term()
    {
        if (Next.Kind != FilterTokenKind.Minus && !Next.IsWord("NOT"))
        {
            return Simple();
        }

        _next++;
        return Simple().Not();
    }

    private Condition Simple()
    {
        if (Next.Kind != FilterTokenKind.Open)
        {
            return Comparison();
        }

        if (++_depth > DeepestNesting)
        {
            throw new FilterException(Next.Position, $"Parentheses are nested deeper than {DeepestNesting}.", "Write it flatter.");
        }

        _next++;
        var condition = Expression();
        Take(FilterTokenKind.Close, "a closing parenthesis");
        _depth--;
        return condition;
    }

    private Condition Comparison()
    {
        var field = Take(FilterTokenKind.Word, "a field");
        if (field.IsKeyword)
        {
            throw new FilterException(field.Position, $"{field.Text} has nothing on one side.", "Write a comparison on both.");
        }

        if (++_comparisons > MostComparisons)
        {
            throw new FilterException(field.Position, $"There are more than {MostComparisons} comparisons.", "Ask for less at once.");
        }

        string? key = null;
        if (field.Text == $"{Labels}." && Next.Kind == FilterTokenKind.Text)
        {
            key = Take(FilterTokenKind.Text, "a key").Text;
        }
        else if (field.Text.StartsWith($"{Labels}.", StringComparison.Ordinal))
        {
            key = field.Text[(Labels.Length + 1)..];
        }

        if (Next.Kind != FilterTokenKind.Comparator)
        {
            throw new FilterException(
                Next.Position,
                $"{Spoken.Quote(field.Text)} stands alone: texts are not searched for everywhere.",
                "Compare a field, as in display_name:\"rotation\".");
        }

        var comparator = Take(FilterTokenKind.Comparator, "a comparator");
        var value = Next.Kind == FilterTokenKind.Text ? Take(FilterTokenKind.Text, "a value") : Take(FilterTokenKind.Word, "a value");
        return key is not null ? LabelIs(key, comparator, value.Text)
            : field.Text switch
            {
                "name" => NameIs(comparator, value),
                "display_name" => DisplayNameIs(comparator, value.Text),
                "create_time" or "update_time" => TimeIs(field.Text == "create_time", comparator, value),
                Labels => LabelIsThere(comparator, value.Text),
                _ => throw new FilterException(
                    field.Position, $"{Spoken.Quote(field.Text)} is no field to filter by.", $"There are {FieldsInWords}."),
            };
    }

    private static Condition NameIs(FilterToken comparator, FilterToken value)
    {
        if (comparator.Text == ":")
        {
            var part = value.Text;
            return row => (ScenarioName.Collection + row.Id).Contains(part);
        }

        if (!value.Text.StartsWith(ScenarioName.Collection, StringComparison.Ordinal))
        {
            throw new FilterException(
                value.Position, $"{Spoken.Quote(value.Text)} is no name of a scenario.", "Give scenarios/{id}, or name:\"part of it\".");
        }

        var id = value.Text[ScenarioName.Collection.Length..];
        return Equality(comparator, row => row.Id == id);
    }

    private static Condition DisplayNameIs(FilterToken comparator, string value) => comparator.Text == ":"
        ? row => row.DisplayName.Contains(value)
        : Equality(comparator, row => row.DisplayName == value);

    private static Condition LabelIs(string key, FilterToken comparator, string value) => comparator.Text == ":"
        ? row => row.Labels.Any(label => label.Key == key && label.Value.Contains(value))
        : Equality(comparator, row => row.Labels.Any(label => label.Key == key && label.Value == value));

    private static Condition LabelIsThere(FilterToken comparator, string key) => comparator.Text == ":"
        ? row => row.Labels.Any(label => label.Key == key)
        : throw new FilterException(comparator.Position, "Labels are compared one by one.", "Give labels.KEY = VALUE, or labels:KEY.");

    private static Condition Equality(FilterToken comparator, Condition equal) => comparator.Text switch
    {
        "=" => equal,
        "!=" => equal.Not(),
        _ => throw new FilterException(
            comparator.Position, $"{comparator.Text} does not compare texts.", "Give =, != or \":\" for \"contains\"."),
    };

    private static Condition TimeIs(bool isCreation, FilterToken comparator, FilterToken value)
    {
        var ticks = TicksOf(value);
        return (comparator.Text, isCreation) switch
        {
            ("=", true) => row => row.CreateTicks == ticks,
            ("=", false) => row => row.UpdateTicks == ticks,
            ("!=", true) => row => row.CreateTicks != ticks,
            ("!=", false) => row => row.UpdateTicks != ticks,
            ("<", true) => row => row.CreateTicks < ticks,
            ("<", false) => row => row.UpdateTicks < ticks,
            ("<=", true) => row => row.CreateTicks <= ticks,
            ("<=", false) => row => row.UpdateTicks <= ticks,
            (">", true) => row => row.CreateTicks > ticks,
            (">", false) => row => row.UpdateTicks > ticks,
            (">=", true) => row => row.CreateTicks >= ticks,
            (">=", false) => row => row.UpdateTicks >= ticks,
            _ => throw new FilterException(comparator.Position, "A time contains nothing.", "Give =, !=, <, <=, > or >=."),
        };
    }

    /// <summary>The UTC ticks of a time as protobuf's JSON has them: an answer's times can be asked for as they stand there.</summary>
    private static long TicksOf(FilterToken value)
    {
        const int nanosecondsPerTick = 100;
        try
        {
            var time = JsonParser.Default.Parse<Timestamp>(JsonSerializer.Serialize(value.Text));
            if (time.Nanos % nanosecondsPerTick == 0)
            {
                return time.ToDateTime().Ticks;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Said below, together with times that are too fine.
        }

        throw new FilterException(
            value.Position,
            $"{Spoken.Quote(value.Text)} is no time.",
            "Give one with its zone and in quotes, such as \"2025-01-31T12:00:00Z\", no finer than 100 ns.");
    }

    private FilterToken Take(FilterTokenKind kind, string what) => Next.Kind == kind ? _tokens[_next++] : throw Unexpected(what);

    private FilterException Unexpected(string wanted) => new(
        Next.Position,
        Next.Kind == FilterTokenKind.End ? "The filter ends too early." : $"{Spoken.Quote(Next.Text)} stands where something else belongs.",
        $"Write {wanted}.");
}
