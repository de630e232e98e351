using System.Text.Json;
using Google.Protobuf.Reflection;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>Query parameters of the JSON API: each sets a field that neither the path nor the body sets.</summary>
internal static class JsonQuery
{
    public static void Check(HttpRequest request, MessageDescriptor input, string bodyField, List<JsonFault> faults)
    {
        foreach (var (name, values) in request.Query)
        {
            var shown = ApiErrors.Clipped(name, 80);
            var settable = bodyField == "*" ? [] : Settable(request, input, bodyField);
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

    private static FieldDescriptor[] Settable(HttpRequest request, MessageDescriptor input, string bodyField) =>
    [
        .. input.Fields.InDeclarationOrder().Where(field =>
            field.FieldType != FieldType.Message && !field.IsRepeated
            && field.Name != bodyField && !request.RouteValues.ContainsKey(field.Name)),
    ];

    private static string? FaultOf(string value, FieldDescriptor field)
    {
        if (field.FieldType == FieldType.String)
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
