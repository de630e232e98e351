using System.Buffers;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Net.Http.Headers;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Holds requests of the JSON API to the messages they stand for, before the transcoding library reads them: that one drops unknown
/// fields and query parameters silently and names no field in its errors.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 64 };

    public static void UseStrictJson(this IApplicationBuilder app) => app.Use((http, next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } transcoding
            ? InvokeAsync(http, next, transcoding)
            : next(http));

    private static async Task InvokeAsync(HttpContext http, RequestDelegate next, GrpcJsonTranscodingMetadata transcoding)
    {
        var faults = new List<JsonFault>();
        RpcException? tooLarge = null;
        var input = transcoding.MethodDescriptor.InputType;
        var bodyField = transcoding.HttpRule.Body;
        if (bodyField.Length > 0)
        {
            var whole = bodyField == "*";
            var field = whole ? null : input.FindFieldByName(bodyField);
            tooLarge = await CheckBodyAsync(http.Request, field?.MessageType ?? input, field?.Name ?? "", faults);
        }

        JsonQuery.Check(http.Request.Query, input, transcoding.HttpRule, faults);
        if (tooLarge is not null || faults.Count > 0)
        {
            await TranscodedErrors.AnswerAsync(http, tooLarge ?? ApiErrors.MalformedJson(faults));
            return;
        }

        await next(http);
    }

    /// <summary>Reads the body, checks it, and leaves it to be read again.</summary>
    private static async Task<RpcException?> CheckBodyAsync(
        HttpRequest request, MessageDescriptor message, string path, List<JsonFault> faults)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType == "application/json" || type.Suffix == "json"))
        {
            faults.Add(new("", $"Content-Type is {Quoted(request.ContentType)}. Send application/json."));
            return null;
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(new("", $"The charset is {Quoted(type.Charset.Value)}. Send UTF-8."));
            return null;
        }

        if (await ReadBodyAsync(request) is not { } body)
        {
            return ApiErrors.MessageTooLarge();
        }

        request.Body = body;
        if (body.Length == 0)
        {
            faults.Add(new(path, "The body is empty. Send an object, {...}."));
            return null;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(body, DocumentOptions, request.HttpContext.RequestAborted);
            JsonMessage.Check(document.RootElement, message, path, faults);
        }
        catch (JsonException exception)
        {
            faults.Add(new(path, $"The body is no JSON: {exception.Message}"));
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("UTF-16", StringComparison.Ordinal))
        {
            faults.Add(new(path, "The body has half of a surrogate pair in a text. Write the character whole."));
        }

        body.Position = 0;
        return null;
    }

    private static async Task<MemoryStream?> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > RequestCost.MostMessageBytes)
        {
            return null;
        }

        var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            {
                body.Write(buffer, 0, read);
                if (body.Length > RequestCost.MostMessageBytes)
                {
                    return null;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        body.Position = 0;
        return body;
    }

    private static string Quoted(string? text) => text is null ? "missing" : $"\"{ApiErrors.Clipped(text, 80)}\"";
}

/// <summary>Something in a JSON request that cannot be read.</summary>
/// <param name="Field">Proto path of the field; empty for the whole.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public readonly record struct JsonFault(string Field, string Message);
