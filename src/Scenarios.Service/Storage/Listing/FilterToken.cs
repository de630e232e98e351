using System.Text;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Storage.Listing;

/// <summary>Kinds of tokens in a filter.</summary>
internal enum FilterTokenKind
{
    Word,
    Text,
    Comparator,
    Minus,
    Open,
    Close,
    End,
}

/// <summary>A token of a filter.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">As written; of a quoted text what it says.</param>
/// <param name="Position">Where it begins, in characters from 0.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position)
{
    private const string Special = "()=!<>:\"'";

    /// <summary>Joins comparisons.</summary>
    public bool IsKeyword => IsWord("AND") || IsWord("OR") || IsWord("NOT");

    /// <summary>Is it this word?</summary>
    public bool IsWord(string word) => Kind == FilterTokenKind.Word && Text == word;

    /// <summary>The tokens of a filter, the last of kind End.</summary>
    /// <exception cref="FilterException">A character belongs nowhere.</exception>
    public static List<FilterToken> Scan(string text)
    {
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul)
        {
            throw new FilterException(nul, "There is a character U+0000.", "Leave it out: no text has it.");
        }

        var tokens = new List<FilterToken>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = One(text, ref at);
            tokens.Add(token);
        }

        tokens.Add(new(FilterTokenKind.End, "", text.Length));
        return tokens;
    }

    private static FilterToken One(string text, ref int at)
    {
        var start = at;
        switch (text[at])
        {
            case '(':
                return new(FilterTokenKind.Open, text[at++..at], start);
            case ')':
                return new(FilterTokenKind.Close, text[at++..at], start);
            case '-':
                return new(FilterTokenKind.Minus, text[at++..at], start);
            case '"' or '\'':
                return Quoted(text, ref at);
            case '<' or '>' or '!':
                at += at + 1 < text.Length && text[at + 1] == '=' ? 2 : 1;
                return text[start..at] == "!"
                    ? throw new FilterException(start, "! stands alone.", "Give != or NOT.")
                    : new(FilterTokenKind.Comparator, text[start..at], start);
            case '=' or ':':
                return new(FilterTokenKind.Comparator, text[at++..at], start);
            default:
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && !Special.Contains(text[at], StringComparison.Ordinal))
                {
                    at++;
                }

                return new(FilterTokenKind.Word, text[start..at], start);
        }
    }

    private static FilterToken Quoted(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        var said = new StringBuilder();
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\'' or '\\')
            {
                at++;
            }

            said.Append(text[at]);
        }

        if (at == text.Length)
        {
            throw new FilterException(start, "A quoted text does not end.", $"Close it with {quote}.");
        }

        at++;
        return new(FilterTokenKind.Text, said.ToString(), start);
    }
}

/// <summary>A filter that cannot be read.</summary>
internal sealed class FilterException(int position, string problem, string mend) : Exception(problem)
{
    /// <summary>A comparison is with a field that there is not.</summary>
    public static FilterException NoField(FilterToken field, string fieldsInWords) =>
        new(field.Position, $"{Spoken.Quote(field.Text)} is no field to filter by.", $"There are {fieldsInWords}.");

    /// <summary>Where, in characters from 0.</summary>
    public int Position => position;

    /// <summary>How to mend it.</summary>
    public string Mend => mend;
}
