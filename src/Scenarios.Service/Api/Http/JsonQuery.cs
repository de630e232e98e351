using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>Query parameters of the JSON API: each sets a field that neither the path nor the body sets.</summary>
internal static class JsonQuery
{
    public static void Check(IQueryCollection query, MessageDescriptor input, HttpRule rule, List<JsonFault> faults)
    {
        FieldDescriptor[] settable = [.. input.Fields.InDeclarationOrder().Where(field => IsSettable(field, rule))];
        foreach (var (name, values) in query)
        {
            var shown = ApiErrors.Clipped(name, 80);
            if (settable.FirstOrDefault(field => field.Name == name || field.JsonName == name) is not { } field)
            {
                faults.Add(new(shown, settable.Length == 0
                    ? "There are no query parameters here. Put the fields in the body."
                    : $"There is no such query parameter, only {string.Join(", ", settable.Select(known => known.Name))}."));
            }
            else if (values is not [{ } value])
            {
                faults.Add(new(field.Name, "It is given more than once. Give it once."));
            }
            else if (FaultOf(value, field) is { } fault)
            {
                faults.Add(new(field.Name, fault));
            }
        }
    }

    private static bool IsSettable(FieldDescriptor field, HttpRule rule) =>
        (field.FieldType != FieldType.Message || IsMask(field)) && !field.IsRepeated
        && rule.Body != "*" && rule.Body != field.Name && !IsInPath(field, rule);

    /// <summary>Its paths arrive as they are written; who applies it says what is wrong with them.</summary>
    private static bool IsMask(FieldDescriptor field) => field.FieldType == FieldType.Message && field.MessageType == FieldMask.Descriptor;

    private static bool IsInPath(FieldDescriptor field, HttpRule rule)
    {
        var path = rule.Get + rule.Put + rule.Post + rule.Delete + rule.Patch; // One of them is set.
        return path.Contains($"{{{field.Name}=", StringComparison.Ordinal) || path.Contains($"{{{field.Name}}}", StringComparison.Ordinal);
    }

    private static string? FaultOf(string value, FieldDescriptor field)
    {
        if (field.FieldType == FieldType.String || IsMask(field))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(field.FieldType == FieldType.Enum ? JsonSerializer.Serialize(value) : value);
            return JsonMessage.FaultOfScalar(json.RootElement, field);
        }
        catch (JsonException)
        {
            using var text = JsonDocument.Parse(JsonSerializer.Serialize(value));
            return JsonMessage.FaultOfScalar(text.RootElement, field);
        }
    }
}
