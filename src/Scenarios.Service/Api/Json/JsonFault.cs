namespace Scenarios.Service.Api.Json;

/// <summary>A place in a text, as editors count: the first character of the first line is at 1, 1.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in it, from 1: a character is a code point.</param>
public readonly record struct JsonPlace(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line:#,0}, column {Column:#,0}";
}

/// <summary>Something in JSON that cannot be read as the message that it stands for.</summary>
/// <param name="Field">Proto path of the field; empty for the whole.</param>
/// <param name="Reason">The kind of fault.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Place">Where it stands; null in a query.</param>
public sealed record JsonFault(string Field, V1.ViolationReason Reason, string Message, JsonPlace? Place = null)
{
    /// <summary>The message with its place, as a person reads it.</summary>
    public string Description => Place is { } place ? $"{char.ToUpperInvariant(place.ToString()[0])}{place.ToString()[1..]}: {Message}" : Message;
}

/// <summary>How much beside protobuf's JSON is read.</summary>
internal enum JsonDialect
{
    /// <summary>Protobuf's JSON, as programs write it.</summary>
    Protobuf,

    /// <summary>
    /// A file that a person writes: also comments, trailing commas, dates as "2024-11-17", and texts and numbers where a distribution or an
    /// assumption stands.
    /// </summary>
    File,
}
