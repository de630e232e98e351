using System.Buffers;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Json;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Holds requests of the JSON API to the messages they stand for, before the transcoding library reads them: that one drops unknown
/// fields and query parameters silently and names no field in its errors.
/// </summary>
internal static class StrictJson
{
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

        JsonQuery.Read(http.Request, input, transcoding.HttpRule, faults);
        if (tooLarge is not null || faults.Count > 0)
        {
            await TranscodedErrors.AnswerAsync(http, tooLarge ?? ApiErrors.MalformedJson(faults));
            return;
        }

        await next(http);
    }

    /// <summary>Reads the body, checks it, and leaves it to be read again, each value in the one spelling that the library reads.</summary>
    private static async Task<RpcException?> CheckBodyAsync(
        HttpRequest request, MessageDescriptor message, string path, List<JsonFault> faults)
    {
        if (await ReadBodyAsync(request) is not { } body)
        {
            return ApiErrors.MessageTooLarge();
        }

        if (JsonMessage.Read(body.GetBuffer().AsSpan(0, (int)body.Length), message, path, JsonDialect.Protobuf, faults) is { } read)
        {
            request.Body = new MemoryStream(read.ToArray());
            request.ContentLength = read.Length;
        }

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

        return body;
    }
}
