using System.Globalization;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Notation;
using Date = Google.Type.Date;

namespace Scenarios.Service.Api.Json;

/// <summary>The shapes of fields in JSON: in words, and as examples that can be written in place of what was given.</summary>
internal static class JsonShapes
{
    private const int MostFieldsShown = 3;
    private const int LongestRepeated = 60;

    private static readonly Date ExampleDate = new() { Year = 2024, Month = 11, Day = 17 };

    /// <summary>What a field takes, to follow "is not".</summary>
    public static string InWords(FieldDescriptor field) => field switch
    {
        { IsMap: true } => "an object of names and values",
        { IsRepeated: true } => "a list",
        _ => OneInWords(field),
    };

    /// <summary>What one element of a field is, to follow "is not".</summary>
    public static string OneInWords(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => InWords(field.MessageType),
        FieldType.Double => "a number",
        FieldType.Int32 => $"a whole number from {int.MinValue:#,0} to {int.MaxValue:#,0}",
        FieldType.Int64 => $"a whole number from {long.MinValue:#,0} to {long.MaxValue:#,0}",
        FieldType.Bool => "true or false",
        FieldType.String => "a text",
        FieldType.Enum => $"one of {NotationNames.Alternatives([.. Named(field.EnumType)])}",
        _ => throw new NotSupportedException($"No message of the API has a field such as {field.FullName}."),
    };

    /// <summary>What a message is, to follow "is not".</summary>
    public static string InWords(MessageDescriptor message) =>
        message == Date.Descriptor ? "a date"
        : message == Duration.Descriptor ? "a duration"
        : message == Timestamp.Descriptor ? "a time"
        : message == FieldMask.Descriptor ? "a list of fields"
        : $"{("AEIOU".Contains(message.Name[0], StringComparison.Ordinal) ? "an" : "a")} {message.Name}";

    /// <summary>The values of an enum that can be given.</summary>
    public static IEnumerable<string> Named(EnumDescriptor type) => type.Values.Where(value => value.Number != 0).Select(value => value.Name);

    /// <summary>An example of a whole field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="dialect">How it may be written.</param>
    /// <param name="given">What was given, which the example keeps if it can.</param>
    public static string Example(FieldDescriptor field, JsonDialect dialect, JsonValue? given = null) => field switch
    {
        { IsMap: true } => "{\"name\": \"value\"}",
        { IsRepeated: true } => $"[{OneExample(field, dialect, given)}]",
        _ => OneExample(field, dialect, given),
    };

    /// <summary>An example of one element of a field.</summary>
    public static string OneExample(FieldDescriptor field, JsonDialect dialect, JsonValue? given = null) => field.FieldType switch
    {
        FieldType.Message => Example(field.MessageType, dialect, given),
        FieldType.Double => Kept(given, JsonKind.Number) ?? "0.5",
        FieldType.Int32 or FieldType.Int64 => Kept(given, JsonKind.Number) is { } number && JsonNumber.Whole(number) is not null ? number : "1000",
        FieldType.Bool => given is { Kind: JsonKind.Text, Text: var text } && bool.TryParse(text, out var flag) && !flag ? "false" : "true",
        FieldType.String => given is { Kind: JsonKind.Number or JsonKind.Boolean } ? $"\"{given.Text}\"" : "\"...\"",
        FieldType.Enum => $"\"{Named(field.EnumType).First()}\"",
        _ => throw new NotSupportedException($"No message of the API has a field such as {field.FullName}."),
    };

    /// <summary>An example of a message.</summary>
    public static string Example(MessageDescriptor message, JsonDialect dialect, JsonValue? given = null)
    {
        var isFile = dialect == JsonDialect.File;
        if (message == Date.Descriptor)
        {
            var date = given is { Kind: JsonKind.Text } && DateOf(given.Text) is { Day: > 0 } meant ? meant : ExampleDate;
            return isFile ? $"\"{date.Year:0000}-{date.Month:00}-{date.Day:00}\"" : $"{{\"year\": {date.Year}, \"month\": {date.Month}, \"day\": {date.Day}}}";
        }

        if (message == V1.Distribution.Descriptor)
        {
            return Kept(given, JsonKind.Number) is { } number ? isFile ? number : $"{{\"constant\": {number}}}"
                : isFile ? Text(given)
                : $"{{\"text\": {Text(given)}}}";
        }

        if (message == V1.Assumption.Descriptor)
        {
            return isFile ? Text(given) : $"{{\"distribution\": {Example(V1.Distribution.Descriptor, dialect, given)}}}";
        }

        return message == Duration.Descriptor ? "\"0.5s\""
            : message == Timestamp.Descriptor ? "\"2024-11-17T00:00:00Z\""
            : message == FieldMask.Descriptor ? "\"displayName,description\""
            : $"{{{string.Join(", ", FieldsShown(message).Select(field => $"\"{field.Name}\": {Example(field, dialect)}"))}}}";
    }

    /// <summary>The date that a text is, as 2024-11-17; month and day may be left out, which makes them 0. Null if it is not one.</summary>
    public static Date? DateOf(string text)
    {
        foreach (var (format, parts) in new[] { ("yyyy-MM-dd", 3), ("yyyy-MM", 2), ("yyyy", 1) })
        {
            if (DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return new() { Year = date.Year, Month = parts > 1 ? date.Month : 0, Day = parts > 2 ? date.Day : 0 };
            }
        }

        return null;
    }

    /// <summary>The fields that an example shows: no message within a message, which would go on and on, and one of a oneof.</summary>
    private static IEnumerable<FieldDescriptor> FieldsShown(MessageDescriptor message)
    {
        FieldDescriptor[] plain =
        [
            .. message.Fields.InDeclarationOrder().Where(field =>
                (field.RealContainingOneof is not { } oneof || field == oneof.Fields[0]) && (field.FieldType != FieldType.Message || IsShort(field))),
        ];
        return (plain.Length > 0 ? plain : [message.Fields.InDeclarationOrder()[0]]).Take(MostFieldsShown);
    }

    private static bool IsShort(FieldDescriptor field) => !field.IsMap && !field.IsRepeated
        && (field.MessageType == Date.Descriptor || field.MessageType == V1.Distribution.Descriptor || field.MessageType == V1.Assumption.Descriptor);

    private static string Text(JsonValue? given) =>
        given is { Kind: JsonKind.Text, Text: { Length: > 0 and <= LongestRepeated } text } && DistributionNotation.TryParse(text, out _, out _, NotationUnit.Days)
            ? $"\"{text}\""
            : "\"60 to 180\"";

    /// <summary>A number that was given, perhaps in quotes.</summary>
    private static string? Kept(JsonValue? given, JsonKind kind) =>
        given is { Text.Length: <= LongestRepeated } && (given.Kind == kind || given.Kind == JsonKind.Text) && JsonNumber.Is(given.Text.Trim())
            ? given.Text.Trim()
            : null;
}
