using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Notation;
using Date = Google.Type.Date;

namespace Scenarios.Service.Api.Json;

/// <summary>
/// Reads a JSON value as the message that it stands for (protobuf's JSON mapping): finds all that does not fit, each at its field, and
/// writes what fits in one spelling, which any of protobuf's JSON parsers reads.
/// </summary>
internal sealed class JsonMessage
{
    /// <summary>Faults beyond this many are not looked for: the first ones say what is wrong.</summary>
    private const int MostFaults = 100;

    private const int LongestShown = 60;

    private readonly JsonSource _source;
    private readonly JsonDialect _dialect;
    private readonly List<JsonFault> _faults;
    private readonly Utf8JsonWriter _writer;

    private JsonMessage(JsonSource source, JsonDialect dialect, List<JsonFault> faults, Utf8JsonWriter writer) =>
        (_source, _dialect, _faults, _writer) = (source, dialect, faults, writer);

    /// <summary>The message in JSON of one spelling; null, with faults, if the bytes are not JSON or do not fit it.</summary>
    /// <param name="bytes">The JSON.</param>
    /// <param name="message">The message that it stands for.</param>
    /// <param name="path">Proto path of the value; empty for the request or file itself.</param>
    /// <param name="dialect">What is read beside protobuf's JSON.</param>
    /// <param name="faults">What was found.</param>
    public static ReadOnlyMemory<byte>? Read(ReadOnlySpan<byte> bytes, MessageDescriptor message, string path, JsonDialect dialect, List<JsonFault> faults)
    {
        if (JsonSource.Decode(bytes, dialect, out var unreadable) is not { } source
            || JsonReader.Read(source, dialect, path, out unreadable) is not { } root)
        {
            faults.Add(unreadable! with { Field = unreadable.Field.Length == 0 ? path : unreadable.Field });
            return null;
        }

        var before = faults.Count;
        var written = new ArrayBufferWriter<byte>(bytes.Length + 256);
        using (var writer = new Utf8JsonWriter(written, new() { SkipValidation = true }))
        {
            new JsonMessage(source, dialect, faults, writer).ReadMessage(root, message, path);
        }

        return faults.Count == before ? (ReadOnlyMemory<byte>?)written.WrittenMemory : null;
    }

    /// <summary>A field by its proto name or its JSON name.</summary>
    public static FieldDescriptor? FieldOf(MessageDescriptor message, string name) =>
        message.FindFieldByName(name) ?? message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);

    /// <summary>The names of a message's fields in a row.</summary>
    public static string FieldNames(MessageDescriptor message) =>
        string.Join(", ", message.Fields.InDeclarationOrder().Select(field => field.Name));

    /// <summary>A value of an enum by its name, whatever its case; null if there is none.</summary>
    public static EnumValueDescriptor? ValueOf(EnumDescriptor type, string name) =>
        type.FindValueByName(name) ?? type.Values.FirstOrDefault(value => NotationNames.AreSame(value.Name, name));

    private void ReadMessage(JsonValue json, MessageDescriptor message, string path)
    {
        if (IsWrittenAsText(message))
        {
            ReadTextual(json, message, path);
        }
        else if (json.Kind == JsonKind.Object)
        {
            ReadMembers(json, message, path);
        }
        else if (_dialect != JsonDialect.File || !ReadShort(json, message, path))
        {
            Refuse(json, path, JsonShapes.InWords(message), JsonShapes.Example(message, _dialect, json));
        }
    }

    private void ReadMembers(JsonValue json, MessageDescriptor message, string path)
    {
        _writer.WriteStartObject();
        var given = new HashSet<FieldDescriptor>();
        var chosen = new Dictionary<OneofDescriptor, FieldDescriptor>();
        foreach (var member in json.Members)
        {
            if (_faults.Count >= MostFaults)
            {
                break;
            }

            if (FieldOf(message, member.Name) is not { } field)
            {
                ReportUnknown(member, message, Join(path, member.Name));
                continue;
            }

            var fieldPath = Join(path, field.Name);
            if (!given.Add(field))
            {
                Report(member.Start, fieldPath, V1.ViolationReason.Duplicate, "It is given twice. Give it once.");
            }
            else if (member.Value.Kind == JsonKind.Null)
            {
                continue; // As if it were left out.
            }
            else if (field.RealContainingOneof is { } oneof && !chosen.TryAdd(oneof, field))
            {
                Report(
                    member.Start,
                    fieldPath,
                    V1.ViolationReason.Conflict,
                    $"{chosen[oneof].Name} is given too, and only one of them can be. Leave one out.");
            }
            else
            {
                _writer.WritePropertyName(field.JsonName);
                ReadField(member.Value, field, fieldPath);
            }
        }

        _writer.WriteEndObject();
    }

    /// <summary>Reads what a person writes for a message in a file; false if it is not one of these.</summary>
    private bool ReadShort(JsonValue json, MessageDescriptor message, string path)
    {
        if (message == Date.Descriptor && json.Kind == JsonKind.Text && JsonShapes.DateOf(json.Text) is { } date)
        {
            _writer.WriteRawValue(JsonFormatter.Default.Format(date));
            return true;
        }

        if (message == V1.Assumption.Descriptor && json.Kind is JsonKind.Text or JsonKind.Number)
        {
            _writer.WriteStartObject();
            _writer.WritePropertyName("distribution");
            ReadShort(json, V1.Distribution.Descriptor, path);
            _writer.WriteEndObject();
            return true;
        }

        if (message != V1.Distribution.Descriptor || json.Kind is not (JsonKind.Text or JsonKind.Number))
        {
            return false;
        }

        var family = V1.Distribution.Descriptor.FindFieldByName(json.Kind == JsonKind.Text ? "text" : "constant");
        _writer.WriteStartObject();
        _writer.WritePropertyName(family.JsonName);
        ReadScalar(json, family, path);
        _writer.WriteEndObject();
        return true;
    }

    private void ReadField(JsonValue json, FieldDescriptor field, string path)
    {
        if (field.IsMap)
        {
            ReadMap(json, field, path);
        }
        else if (field.IsRepeated)
        {
            ReadList(json, field, path);
        }
        else
        {
            ReadOne(json, field, path);
        }
    }

    private void ReadList(JsonValue json, FieldDescriptor field, string path)
    {
        if (json.Kind != JsonKind.Array)
        {
            Refuse(json, path, "a list", JsonShapes.Example(field, _dialect, json));
            return;
        }

        _writer.WriteStartArray();
        for (var i = 0; i < json.Elements.Count && _faults.Count < MostFaults; i++)
        {
            ReadOne(json.Elements[i], field, $"{path}[{i}]");
        }

        _writer.WriteEndArray();
    }

    private void ReadMap(JsonValue json, FieldDescriptor field, string path)
    {
        if (json.Kind != JsonKind.Object)
        {
            Refuse(json, path, JsonShapes.InWords(field), JsonShapes.Example(field, _dialect));
            return;
        }

        var value = field.MessageType.FindFieldByName("value");
        var keys = new HashSet<string>();
        _writer.WriteStartObject();
        foreach (var member in json.Members)
        {
            if (_faults.Count >= MostFaults)
            {
                break;
            }

            var entryPath = $"{path}[\"{Shown(member.Name)}\"]";
            if (!keys.Add(member.Name))
            {
                Report(member.Start, entryPath, V1.ViolationReason.Duplicate, "It is given twice. Give it once.");
                continue;
            }

            _writer.WritePropertyName(member.Name);
            if (value.FieldType == FieldType.String && member.Value.Kind is JsonKind.Number or JsonKind.Boolean)
            {
                _writer.WriteStringValue(member.Value.Text); // As most people write a cap of 60000.
            }
            else
            {
                ReadOne(member.Value, value, entryPath);
            }
        }

        _writer.WriteEndObject();
    }

    private void ReadOne(JsonValue json, FieldDescriptor field, string path)
    {
        if (field.FieldType == FieldType.Message)
        {
            ReadMessage(json, field.MessageType, path);
        }
        else
        {
            ReadScalar(json, field, path);
        }
    }

    private void ReadScalar(JsonValue json, FieldDescriptor field, string path)
    {
        if (JsonScalar.Read(json, field) is { } scalar)
        {
            scalar.WriteTo(_writer);
            return;
        }

        if (field.FieldType == FieldType.Enum && json.Kind == JsonKind.Text)
        {
            var suggestion = NotationNames.Suggestion(json.Text, JsonShapes.Named(field.EnumType));
            Report(
                json.Start,
                path,
                V1.ViolationReason.UnknownValue,
                $"{Given(json)} is not {JsonShapes.OneInWords(field)}. {suggestion}Write one of them in double quotes.");
            _writer.WriteNullValue();
            return;
        }

        if (field.FieldType == FieldType.Double && JsonScalar.IsBeyondDoubles(json))
        {
            Report(
                json.Start,
                path,
                V1.ViolationReason.OutOfRange,
                $"{Given(json)} is too large, or too near 0, for a double. Write 0, or a number of a size from 5e-324 to about 1.8e308.");
            _writer.WriteNullValue();
            return;
        }

        Refuse(json, path, JsonShapes.OneInWords(field), JsonShapes.OneExample(field, _dialect, json));
    }

    private static bool IsWrittenAsText(MessageDescriptor message) =>
        message == Duration.Descriptor || message == Timestamp.Descriptor || message == FieldMask.Descriptor;

    private void ReadTextual(JsonValue json, MessageDescriptor message, string path)
    {
        if (json.Kind == JsonKind.Text)
        {
            try
            {
                JsonParser.Default.Parse(JsonSerializer.Serialize(json.Text), message);
                _writer.WriteStringValue(json.Text);
                return;
            }
            catch (InvalidProtocolBufferException)
            {
                // Said below, together with values that are not texts at all.
            }
        }

        Refuse(json, path, JsonShapes.InWords(message), JsonShapes.Example(message, _dialect, json));
    }

    private void ReportUnknown(JsonMember member, MessageDescriptor message, string path)
    {
        var inside = message.Fields.InDeclarationOrder().FirstOrDefault(field =>
            field.FieldType == FieldType.Message && !field.IsRepeated && FieldOf(field.MessageType, member.Name) is not null);
        var mend = inside is not null
            ? $"It belongs into {inside.Name}: {{\"{inside.Name}\": {{\"{Shown(member.Name)}\": ...}}}}."
            : NotationNames.Suggestion(member.Name, message.Fields.InDeclarationOrder().Select(field => field.Name)) + $"{message.Name} has {FieldNames(message)}.";
        Report(member.Start, path, V1.ViolationReason.UnknownField, $"There is no such field. {mend}");
    }

    /// <summary>Reports a value of another kind than the field takes.</summary>
    private void Refuse(JsonValue json, string path, string wanted, string example)
    {
        Report(json.Start, path, V1.ViolationReason.WrongType, $"{Given(json)} is not {wanted}. Write it as {example}.");
        _writer.WriteNullValue();
    }

    private void Report(int index, string path, V1.ViolationReason reason, string message) =>
        _faults.Add(new(path, reason, message, _source.PlaceOf(index)));

    private static string Given(JsonValue json) => json.Kind switch
    {
        JsonKind.Object => "An object",
        JsonKind.Array => "A list",
        JsonKind.Text => $"\"{Shown(json.Text)}\"",
        _ => Shown(json.Text),
    };

    private static string Shown(string text) => CodePoints.Escaped(CodePoints.Clipped(text, LongestShown));

    private static string Join(string path, string name) => path.Length == 0 ? Shown(name) : $"{path}.{Shown(name)}";
}
