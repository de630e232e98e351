using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>Rules for texts, identifiers, enums and lengths of lists.</summary>
internal static partial class Texts
{
    /// <summary>The form of identifiers.</summary>
    public const string IdForm = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";

    private const int MostLabels = 64;
    private const int LongestLabel = 63;

    /// <summary>Is a text an identifier?</summary>
    public static bool IsId(string text) => IdPattern().IsMatch(text);

    /// <summary>Checks the length of a text, in characters: code points.</summary>
    public static void CheckLength(RequestField field, string text, int longest)
    {
        if (text.Length > longest && CodePoints.Count(text) is var length && length > longest)
        {
            field.Report(
                ViolationReason.BadFormat,
                $"The text has {Spoken.Number(length)} characters; at most {Spoken.Number(longest)} are allowed.",
                $"Shorten it by {Spoken.Number(length - longest)}.");
        }
    }

    /// <summary>Checks a text for people: its length, and that it has no character that steers a terminal or hides what is written.</summary>
    /// <param name="field">The text's field.</param>
    /// <param name="text">The text.</param>
    /// <param name="longest">Its most characters.</param>
    /// <param name="isMultiline">May it have line breaks and tabs?</param>
    public static void CheckShown(RequestField field, string text, int longest, bool isMultiline = false)
    {
        CheckLength(field, text, longest);
        if (field.IsStored)
        {
            return; // It was allowed when it was stored, and stays of use.
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (CodePoints.IsControl(text[i]) && !(isMultiline && IsLayout(text, i)))
            {
                field.Report(
                    ViolationReason.BadFormat,
                    $"Character {Spoken.Number(CodePoints.Count(text.AsSpan(0, i)))}, counted from 0, is the control character U+{(int)text[i]:X4}.",
                    isMultiline ? "Leave it out: line breaks and tabs alone are allowed." : "Leave it out: this is a text of one line without tabs.");
                return;
            }
        }
    }

    private static bool IsLayout(string text, int index) => text[index] is '\n' or '\t' || (text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n');

    /// <summary>Checks an identifier.</summary>
    public static void CheckId(RequestField field, string text)
    {
        if (text.Length == 0)
        {
            field.Report(ViolationReason.Required, "It is required.", $"Give an identifier of the form {IdForm}.");
        }
        else if (!IsId(text))
        {
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Quote(text)} is not an identifier of the form {IdForm}.",
                "Use lower-case letters, digits and hyphens, with a letter first and no hyphen last.");
        }
    }

    /// <summary>Checks that an enum's number is known.</summary>
    public static bool CheckEnum<T>(RequestField field, T value)
        where T : struct, Enum
    {
        if (Enum.IsDefined(value))
        {
            return true;
        }

        var known = Enum.GetNames<T>().Where(name => name != "Unspecified").Select(ApiErrors.UpperSnake).ToArray();
        field.Report(
            ViolationReason.UnknownValue,
            $"{value:D} is not a value of {typeof(T).Name}.",
            $"Give {Spoken.Row(known, "or")}.");
        return false;
    }

    /// <summary>Checks the number of elements of a list; too many are not looked at one by one.</summary>
    public static bool CheckCount(RequestField field, int count, int most)
    {
        if (count <= most)
        {
            return true;
        }

        field.Report(
            ViolationReason.TooMany,
            $"{Spoken.Number(count)} are given; at most {Spoken.Number(most)} are allowed.",
            $"Leave out {Spoken.Number(count - most)}.");
        return false;
    }

    /// <summary>Checks the labels of a message.</summary>
    public static void CheckLabels(RequestField owner, string name, MapField<string, string> labels)
    {
        if (!CheckCount(owner.At(name), labels.Count, MostLabels))
        {
            return;
        }

        foreach (var (key, value) in labels)
        {
            var at = owner.Entry(name, key);
            if (key.Length == 0)
            {
                at.Report(ViolationReason.Required, "The key of a label is empty.", "Give the label a key.");
            }

            CheckShown(at, key, LongestLabel);
            CheckShown(at, value, LongestLabel);
        }
    }

    [GeneratedRegex($"^{IdForm}\\z")]
    private static partial Regex IdPattern();
}
