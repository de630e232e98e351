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

    /// <summary>Checks the length of a text, in UTF-16 code units.</summary>
    public static void CheckLength(RequestField field, string text, int longest)
    {
        if (text.Length > longest)
        {
            field.Report(
                ViolationReason.BadFormat,
                $"The text has {Spoken.Number(text.Length)} characters; at most {Spoken.Number(longest)} are allowed.",
                $"Shorten it by {Spoken.Number(text.Length - longest)}.");
        }
    }

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

            CheckLength(at, key, LongestLabel);
            CheckLength(at, value, LongestLabel);
        }
    }

    [GeneratedRegex($"^{IdForm}\\z")]
    private static partial Regex IdPattern();
}
