using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Json;

/// <summary>A value of a field that is neither a list nor a message, read in any of the spellings of protobuf's JSON mapping.</summary>
internal readonly struct JsonScalar
{
    private readonly JsonValue _json;
    private readonly long? _whole;
    private readonly double? _number;
    private readonly string? _text;

    private JsonScalar(JsonValue json, long? whole = null, double? number = null, string? text = null) =>
        (_json, _whole, _number, _text) = (json, whole, number, text);

    /// <summary>The value that JSON stands for; null if it does not fit the field.</summary>
    public static JsonScalar? Read(JsonValue json, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double => ReadDouble(json),
        FieldType.Int32 => Whole(json) is { } whole and >= int.MinValue and <= int.MaxValue ? new(json, whole: whole) : null,
        FieldType.Int64 => Whole(json) is { } whole ? new(json, whole: whole) : null,
        FieldType.Bool => json.Kind == JsonKind.Boolean ? new(json) : null,
        FieldType.String => json.Kind == JsonKind.Text || (json.Kind == JsonKind.Number && IsNotation(field)) ? new(json, text: json.Text) : null,
        FieldType.Enum => ReadEnum(json, field.EnumType),
        _ => throw new NotSupportedException($"No message of the API has a field such as {field.FullName}."),
    };

    /// <summary>Is it a number that a double cannot tell from infinity or from 0?</summary>
    public static bool IsBeyondDoubles(JsonValue json) => IsNumber(json) && Double(json) is null;

    /// <summary>Writes it in the one spelling that every parser reads.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (_whole is { } whole)
        {
            writer.WriteNumberValue(whole);
        }
        else if (_number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (_text is { } text)
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteBooleanValue(_json.Text == "true");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _whole?.ToString(CultureInfo.InvariantCulture)
        ?? _number?.ToString("R", CultureInfo.InvariantCulture)
        ?? _text
        ?? _json.Text;

    private static bool IsNumber(JsonValue json) => json.Kind is JsonKind.Number or JsonKind.Text && JsonNumber.Is(json.Text);

    private static long? Whole(JsonValue json) => IsNumber(json) ? JsonNumber.Whole(json.Text) : null;

    private static double? Double(JsonValue json)
    {
        var number = double.Parse(json.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        var mantissa = json.Text.AsSpan(0, json.Text.AsSpan().IndexOfAny('e', 'E') is >= 0 and var end ? end : json.Text.Length);
        return double.IsFinite(number) && (number != 0 || !mantissa.ContainsAnyInRange('1', '9')) ? number : null;
    }

    private static JsonScalar? ReadDouble(JsonValue json) =>
        json is { Kind: JsonKind.Text, Text: "NaN" or "Infinity" or "-Infinity" } ? new(json, text: json.Text) // Refused later, at its field, as not finite.
        : IsNumber(json) && Double(json) is { } number ? new(json, number: number)
        : null;

    private static JsonScalar? ReadEnum(JsonValue json, EnumDescriptor type) =>
        json.Kind == JsonKind.Number ? JsonNumber.Whole(json.Text) is { } number and >= int.MinValue and <= int.MaxValue ? new(json, whole: number) : null // One without a name is refused later, at its field.
        : json.Kind == JsonKind.Text && JsonMessage.ValueOf(type, json.Text) is { } value ? new(json, text: value.Name)
        : null;

    /// <summary>A text that many write as a number: 15000 is one in the notation.</summary>
    private static bool IsNotation(FieldDescriptor field) => field.ContainingType == V1.Distribution.Descriptor && field.Name == "text";
}
