namespace Scenarios.Service.Api.Requests;

/// <summary>The name of a scenario, <c>scenarios/{id}</c>, or of one of its revisions, <c>scenarios/{id}@{revision}</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Revision">The revision; null for the newest.</param>
public readonly record struct ScenarioName(string Id, string? Revision = null)
{
    /// <summary>What every name begins with.</summary>
    public const string Collection = "scenarios/";

    private const int LongestRevision = 40;

    /// <inheritdoc/>
    public override string ToString() => Revision is null ? Collection + Id : $"{Collection}{Id}@{Revision}";

    /// <summary>The name that a text is; null, and reported, where it is none.</summary>
    /// <param name="field">Where it stands.</param>
    /// <param name="text">The text.</param>
    /// <param name="mayHaveRevision">Is a revision one of the things that can be named here?</param>
    internal static ScenarioName? Parse(RequestField field, string text, bool mayHaveRevision)
    {
        if (text.Length == 0)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give a name such as \"scenarios/dprk-rotation\".");
            return null;
        }

        var isCollection = text.StartsWith(Collection, StringComparison.Ordinal);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var id = isCollection ? text[Collection.Length..Math.Max(at < 0 ? text.Length : at, Collection.Length)] : "";
        var revision = at < 0 ? null : text[(at + 1)..];
        if (!Texts.IsId(id) || (revision is not null && !IsRevision(revision)))
        {
            var orRevision = mayHaveRevision ? $", or {Collection}{{id}}@{{revision}}" : "";
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Quote(text)} is not the name of a scenario.",
                $"Give {Collection}{{id}}{orRevision}, with an id of the form {Texts.IdForm}.");
            return null;
        }

        if (revision is not null && !mayHaveRevision)
        {
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Quote(text)} names a revision, and revisions never change.",
                $"Give \"{Collection}{id}\".");
            return null;
        }

        return new(id, revision);
    }

    private static bool IsRevision(string text) => text.Length is > 0 and <= LongestRevision && text.All(char.IsAsciiLetterOrDigit);
}
