namespace Scenarios.Service.Api.Json;

/// <summary>Kinds of JSON values.</summary>
internal enum JsonKind
{
    Object,
    Array,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>A JSON value and where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first character in the source.</param>
/// <param name="Text">A text's characters; a number or word as written; empty for objects and arrays.</param>
internal sealed record JsonValue(JsonKind Kind, int Start, string Text = "")
{
    /// <summary>An object's members, in order; a name may come twice.</summary>
    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>An array's elements.</summary>
    public IReadOnlyList<JsonValue> Elements { get; init; } = [];
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Index of the name's first character in the source.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct JsonMember(string Name, int Start, JsonValue Value);
