using Scenarios.Service.Api.Notation;

namespace Scenarios.Service.Api.Requests;

/// <summary>Replaces texts by what they stand for, so that whatever comes after sees messages only.</summary>
internal static class DistributionText
{
    /// <summary>
    /// Expands the text of a distribution in its message. Where rules about what it stands for are reported: at the text, for
    /// the caller wrote nothing else. Null, and reported, where it is not in the notation.
    /// </summary>
    public static RequestField? Expand(RequestField field, V1.Distribution message, NotationUnit unit)
    {
        var text = message.Text;
        if (!DistributionNotation.TryParse(text, out var expanded, out var error, unit))
        {
            ReportUnreadable(field.At("text"), text, error.Position, error.Message);
            return null;
        }

        if (expanded.Truncation is not null && message.Truncation is { } beside)
        {
            if (beside.HasMin || beside.HasMax)
            {
                field.At("truncation").Report(
                    ViolationReason.Conflict,
                    $"{Spoken.Quote(text)} is truncated already, and truncation is given beside it.",
                    "Truncate in the text or beside it, not in both.");
                return null;
            }

            message.Truncation = null;
        }

        MessageTree.ClearSignsOfZero(expanded);
        message.MergeFrom(expanded);
        return field.Text("text", text);
    }

    /// <summary>Reports a text or value that is not in the notation.</summary>
    /// <param name="field">Its field.</param>
    /// <param name="text">The text.</param>
    /// <param name="position">The number of the character that is wrong, counted from 0.</param>
    /// <param name="message">What was found, what is allowed and how to mend it.</param>
    public static void ReportUnreadable(RequestField field, string text, int position, string message) => field.Report(
        ViolationReason.BadFormat,
        $"{Spoken.Quote(text)} cannot be read at character {Spoken.Number(position)}, counted from 0:",
        message);
}
