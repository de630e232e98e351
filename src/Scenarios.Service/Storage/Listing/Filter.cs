using System.Linq.Expressions;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Storage.Listing;

/// <summary>A comparison within a filter.</summary>
/// <param name="Field">The field as written.</param>
/// <param name="Name">The field: what stands before its first dot.</param>
/// <param name="Key">What stands behind that dot; null where there is none.</param>
/// <param name="Comparator">What compares.</param>
/// <param name="Value">What with.</param>
internal readonly record struct FilterComparison(FilterToken Field, string Name, string? Key, FilterToken Comparator, FilterToken Value);

/// <summary>
/// Parses filters (AIP-160): the part of its grammar that the protos state, by recursive descent, into a condition that the database
/// evaluates.
/// </summary>
/// <typeparam name="TRow">What is filtered.</typeparam>
internal sealed class Filter<TRow>
{
    private const int LongestFilter = 2_000;
    private const int MostComparisons = 64;
    private const int DeepestNesting = 32;

    private readonly IReadOnlyList<FilterToken> _tokens;
    private readonly Func<FilterComparison, Expression<Func<TRow, bool>>> _compare;
    private int _next;
    private int _depth;
    private int _comparisons;

    private Filter(IReadOnlyList<FilterToken> tokens, Func<FilterComparison, Expression<Func<TRow, bool>>> compare)
    {
        (_tokens, _compare) = (tokens, compare);
    }

    private FilterToken Next => _tokens[_next];

    /// <summary>The condition of a filter: null, and reported, where it is none.</summary>
    /// <param name="field">Where it stands.</param>
    /// <param name="text">The filter.</param>
    /// <param name="compare">The condition of one comparison. Throws <see cref="FilterException"/>.</param>
    public static Expression<Func<TRow, bool>>? Parse(
        RequestField field, string text, Func<FilterComparison, Expression<Func<TRow, bool>>> compare)
    {
        if (text.Length > LongestFilter)
        {
            Texts.CheckLength(field, text, LongestFilter);
            return null;
        }

        try
        {
            var filter = new Filter<TRow>(FilterToken.Scan(text), compare);
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

    /// <summary>A text is equal to another, or is not.</summary>
    public static Expression<Func<TRow, bool>> Equality(FilterToken comparator, Expression<Func<TRow, bool>> equal) => comparator.Text switch
    {
        "=" => equal,
        "!=" => equal.Not(),
        _ => throw new FilterException(
            comparator.Position, $"{comparator.Text} does not compare texts.", "Give =, != or \":\" for \"contains\"."),
    };

    /// <summary>A time is before, at or after another.</summary>
    /// <param name="ticks">The row's time.</param>
    /// <param name="comparator">What compares.</param>
    /// <param name="value">The other time.</param>
    public static Expression<Func<TRow, bool>> TimeIs(Expression<Func<TRow, long>> ticks, FilterToken comparator, FilterToken value)
    {
        var other = TicksOf(value);
        Expression<Func<long>> parameter = () => other; // As the compiler captures it: a parameter of the statement, not a part of it.
        var (left, right) = (ticks.Body, parameter.Body);
        return System.Linq.Expressions.Expression.Lambda<Func<TRow, bool>>(
            comparator.Text switch
            {
                "=" => System.Linq.Expressions.Expression.Equal(left, right),
                "!=" => System.Linq.Expressions.Expression.NotEqual(left, right),
                "<" => System.Linq.Expressions.Expression.LessThan(left, right),
                "<=" => System.Linq.Expressions.Expression.LessThanOrEqual(left, right),
                ">" => System.Linq.Expressions.Expression.GreaterThan(left, right),
                ">=" => System.Linq.Expressions.Expression.GreaterThanOrEqual(left, right),
                _ => throw new FilterException(comparator.Position, "A time contains nothing.", "Give =, !=, <, <=, > or >=."),
            },
            ticks.Parameters);
    }

    /// <summary>Sequences joined by AND or by nothing; alike here, where there is no ranking.</summary>
    private Expression<Func<TRow, bool>> Expression()
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
    private Expression<Func<TRow, bool>> Factor()
    {
        var condition = Term();
        while (Next.IsWord("OR"))
        {
            _next++;
            condition = condition.Or(Term());
        }

        return condition;
    }

    private Expression<Func<TRow, bool>> Term()
    {
        if (Next.Kind != FilterTokenKind.Minus && !Next.IsWord("NOT"))
        {
            return Simple();
        }

        _next++;
        return Simple().Not();
    }

    private Expression<Func<TRow, bool>> Simple()
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

    private Expression<Func<TRow, bool>> Comparison()
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

        var dot = field.Text.IndexOf('.', StringComparison.Ordinal);
        var key = dot < 0 ? null : field.Text[(dot + 1)..];
        if (key is "" && Next.Kind == FilterTokenKind.Text)
        {
            key = Take(FilterTokenKind.Text, "a key").Text;
        }

        if (Next.Kind != FilterTokenKind.Comparator)
        {
            throw new FilterException(
                Next.Position,
                $"{Spoken.Quote(field.Text)} stands alone: texts are not searched for everywhere.",
                "Compare a field with a value, as in field = value.");
        }

        var comparator = Take(FilterTokenKind.Comparator, "a comparator");
        var value = Next.Kind == FilterTokenKind.Text ? Take(FilterTokenKind.Text, "a value") : Take(FilterTokenKind.Word, "a value");
        return _compare(new(field, dot < 0 ? field.Text : field.Text[..dot], key, comparator, value));
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
