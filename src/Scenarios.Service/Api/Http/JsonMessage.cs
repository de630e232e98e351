using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>Compares a JSON value with the message it stands for (protobuf's JSON mapping), and finds all that does not fit.</summary>
internal static class JsonMessage
{
    /// <summary>Faults beyond this many are not looked for: the first ones say what is wrong.</summary>
    private const int MostFaults = 100;

    /// <summary>Adds what does not fit to <paramref name="faults"/>.</summary>
    /// <param name="json">The value given.</param>
    /// <param name="message">The message it stands for.</param>
    /// <param name="path">Proto path of the value; empty for the request itself.</param>
    /// <param name="faults">What was found.</param>
    public static void Check(JsonElement json, MessageDescriptor message, string path, List<JsonFault> faults)
    {
        if (IsWrittenAsText(message))
        {
            CheckText(json, message, path, faults);
            return;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(path, $"{Given(json)} is no {message.Name}: write an object, {{...}}."));
            return;
        }

        var given = new HashSet<FieldDescriptor>();
        var chosen = new Dictionary<OneofDescriptor, FieldDescriptor>();
        foreach (var property in json.EnumerateObject())
        {
            if (faults.Count >= MostFaults)
            {
                return;
            }

            if (FieldOf(message, property.Name) is not { } field)
            {
                faults.Add(new(Join(path, property.Name), $"There is no such field. {message.Name} has {FieldNames(message)}."));
                continue;
            }

            var fieldPath = Join(path, field.Name);
            if (!given.Add(field))
            {
                faults.Add(new(fieldPath, "It is given twice. Give it once."));
            }
            else if (field.RealContainingOneof is { } oneof && !chosen.TryAdd(oneof, field))
            {
                faults.Add(new(fieldPath, $"{chosen[oneof].Name} is given too, and only one of them can be. Leave one out."));
            }
            else
            {
                CheckField(property.Value, field, fieldPath, faults);
            }
        }
    }

    /// <summary>A field by its proto name or its JSON name.</summary>
    public static FieldDescriptor? FieldOf(MessageDescriptor message, string name) =>
        message.FindFieldByName(name) ?? message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);

    public static string FieldNames(MessageDescriptor message) =>
        string.Join(", ", message.Fields.InDeclarationOrder().Select(field => field.Name));

    /// <summary>What is wrong with a value for a field that is neither repeated nor a message; null where it fits.</summary>
    public static string? FaultOfScalar(JsonElement json, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double or FieldType.Float => IsNumber(json) ? null : $"{Given(json)} is no number: write it without quotes, as 0.5.",
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 =>
            json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _)
                ? null
                : $"{Given(json)} is no whole number from {int.MinValue:#,0} to {int.MaxValue:#,0}: write it without quotes and decimals.",
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => IsInt64(json)
            ? null
            : $"{Given(json)} is no whole number from {long.MinValue:#,0} to {long.MaxValue:#,0}: write it without decimals.",
        FieldType.Bool => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{Given(json)} is neither true nor false.",
        FieldType.String => json.ValueKind == JsonValueKind.String && json.GetString() is not null
            ? null
            : $"{Given(json)} is no text: put it in quotes.",
        FieldType.Enum => IsEnum(json, field.EnumType)
            ? null
            : $"{Given(json)} is none of {string.Join(", ", field.EnumType.Values.Select(value => value.Name))}.",
        _ => throw new NotSupportedException($"No message of the API has a field such as {field.FullName}."),
    };

    private static void CheckField(JsonElement json, FieldDescriptor field, string path, List<JsonFault> faults)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            faults.Add(new(path, "null is no value. Leave the field out."));
        }
        else if (field.IsMap)
        {
            CheckMap(json, field.MessageType.FindFieldByName("value"), path, faults);
        }
        else if (field.IsRepeated)
        {
            CheckList(json, field, path, faults);
        }
        else
        {
            CheckValue(json, field, path, faults);
        }
    }

    private static void CheckList(JsonElement json, FieldDescriptor field, string path, List<JsonFault> faults)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            faults.Add(new(path, $"{Given(json)} is no list: write it as [...]."));
            return;
        }

        var index = 0;
        foreach (var element in json.EnumerateArray())
        {
            if (faults.Count >= MostFaults)
            {
                return;
            }

            CheckValue(element, field, $"{path}[{index++}]", faults);
        }
    }

    private static void CheckMap(JsonElement json, FieldDescriptor value, string path, List<JsonFault> faults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(path, $"{Given(json)} is no map: write it as {{\"key\": ...}}."));
            return;
        }

        var keys = new HashSet<string>();
        foreach (var property in json.EnumerateObject())
        {
            var entryPath = $"{path}[\"{ApiErrors.Clipped(property.Name, 80)}\"]";
            if (!keys.Add(property.Name))
            {
                faults.Add(new(entryPath, "It is given twice. Give it once."));
            }

            CheckValue(property.Value, value, entryPath, faults);
        }
    }

    private static void CheckValue(JsonElement json, FieldDescriptor field, string path, List<JsonFault> faults)
    {
        if (field.FieldType == FieldType.Message)
        {
            Check(json, field.MessageType, path, faults);
        }
        else if (FaultOfScalar(json, field) is { } fault)
        {
            faults.Add(new(path, fault));
        }
    }

    private static bool IsWrittenAsText(MessageDescriptor message) =>
        message == Duration.Descriptor || message == Timestamp.Descriptor || message == FieldMask.Descriptor;

    private static void CheckText(JsonElement json, MessageDescriptor message, string path, List<JsonFault> faults)
    {
        var example = message == Duration.Descriptor ? "\"0.5s\""
            : message == Timestamp.Descriptor ? "\"2024-11-17T00:00:00Z\""
            : "\"displayName,description\"";
        try
        {
            if (json.ValueKind == JsonValueKind.String)
            {
                JsonParser.Default.Parse(json.GetRawText(), message);
                return;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Said below, together with values that are no text at all.
        }

        faults.Add(new(path, $"{Given(json)} is no {message.Name}: write it as {example}."));
    }

    private static bool IsNumber(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetDouble(out _),
        JsonValueKind.String => json.GetString() is "NaN" or "Infinity" or "-Infinity", // Refused later, at its field, as not finite.
        _ => false,
    };

    private static bool IsInt64(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetInt64(out _),
        JsonValueKind.String => long.TryParse(json.GetString(), System.Globalization.NumberStyles.AllowLeadingSign, null, out _),
        _ => false,
    };

    private static bool IsEnum(JsonElement json, EnumDescriptor type) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetInt32(out _), // A number without a name is refused later, at its field.
        JsonValueKind.String => type.FindValueByName(json.GetString()!) is not null,
        _ => false,
    };

    private static string Given(JsonElement json) => ApiErrors.Clipped(json.GetRawText(), 80);

    private static string Join(string path, string name)
    {
        var shown = ApiErrors.Clipped(name, 80);
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }
}
