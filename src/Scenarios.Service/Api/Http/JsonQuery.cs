using Google.Api;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Json;

namespace Scenarios.Service.Api.Http;

/// <summary>Query parameters of the JSON API: each sets a field that neither the path nor the body sets.</summary>
internal static class JsonQuery
{
    /// <summary>Finds what does not fit, and leaves the values in the one spelling that the transcoding library reads.</summary>
    public static void Read(HttpRequest request, MessageDescriptor input, HttpRule rule, List<JsonFault> faults)
    {
        FieldDescriptor[] settable = [.. input.Fields.InDeclarationOrder().Where(field => IsSettable(field, rule))];
        var read = new Dictionary<FieldDescriptor, string>();
        var given = new HashSet<FieldDescriptor>();
        foreach (var (name, values) in request.Query)
        {
            var shown = ApiErrors.Clipped(name, 80);
            if (settable.FirstOrDefault(field => field.Name == name || field.JsonName == name) is not { } field)
            {
                faults.Add(new(shown, ViolationReason.UnknownField, settable.Length == 0
                    ? rule.Body.Length > 0
                        ? "There are no query parameters here. Put the fields in the body."
                        : "There are no query parameters here: the path says all. Leave it out."
                    : $"There is no such query parameter, only {string.Join(", ", settable.Select(known => known.Name))}."));
            }
            else if (!given.Add(field) || values is not [{ } value])
            {
                faults.Add(new(field.Name, ViolationReason.Duplicate, "It is given more than once, perhaps in two spellings. Give it once."));
            }
            else if (ValueOf(value, field) is { } scalar)
            {
                read.Add(field, scalar);
            }
            else
            {
                var wanted = $"{JsonShapes.OneInWords(field)}. Write it as {field.Name}={JsonShapes.OneExample(field, JsonDialect.Protobuf)}";
                faults.Add(new(field.Name, ViolationReason.WrongType, $"\"{ApiErrors.Clipped(value, 80)}\" is not {wanted}."));
            }
        }

        request.QueryString = QueryString.Create(read.Select(parameter => KeyValuePair.Create<string, string?>(parameter.Key.JsonName, parameter.Value)));
    }

    private static bool IsSettable(FieldDescriptor field, HttpRule rule) =>
        (field.FieldType != FieldType.Message || IsMask(field)) && !field.IsRepeated
        && rule.Body != "*" && rule.Body != field.Name && !IsInPath(field, rule);

    /// <summary>Its paths arrive as they are written; what applies it says what is wrong with them.</summary>
    private static bool IsMask(FieldDescriptor field) => field.FieldType == FieldType.Message && field.MessageType == FieldMask.Descriptor;

    private static bool IsInPath(FieldDescriptor field, HttpRule rule)
    {
        var path = rule.Get + rule.Put + rule.Post + rule.Delete + rule.Patch; // One of them is set.
        return path.Contains($"{{{field.Name}=", StringComparison.Ordinal) || path.Contains($"{{{field.Name}}}", StringComparison.Ordinal);
    }

    /// <summary>A value that the transcoding library reads; null if the one given does not fit the field. A query has no quotes.</summary>
    private static string? ValueOf(string value, FieldDescriptor field)
    {
        if (field.FieldType == FieldType.String || IsMask(field))
        {
            return value;
        }

        var kind = field.FieldType == FieldType.Bool && value is "true" or "false" ? JsonKind.Boolean : JsonKind.Text;
        return JsonScalar.Read(new(kind, 0, value), field)?.ToString();
    }
}
