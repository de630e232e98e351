using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Net.Http.Headers;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Api.Http;

/// <summary>Answers a request that never reaches a method, in the protocol that it came by.</summary>
internal static partial class Refusal
{
    private const string GrpcContentType = "application/grpc";

    /// <summary>Answers, and counts the call among those of its method.</summary>
    /// <param name="http">The request; gRPC-Web may have been turned into gRPC.</param>
    /// <param name="error">Why it is refused.</param>
    /// <param name="startTimestamp">When it began.</param>
    public static Task AnswerAsync(HttpContext http, RpcException error, long startTimestamp)
    {
        Count(http, error, startTimestamp);
        if (!IsGrpc(http.Request))
        {
            return TranscodedErrors.AnswerAsync(http, error);
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) ? type.MediaType.Value : GrpcContentType;
        Write(http.Response.Headers, error);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Answers a request whose HTTP is not what the address takes: by that HTTP status and in JSON for whoever looks at it, and in gRPC's
    /// headers too for a client of gRPC.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="error">Why it is refused.</param>
    /// <param name="httpStatus">The HTTP status.</param>
    /// <param name="startTimestamp">When it began.</param>
    public static Task AnswerAsync(HttpContext http, RpcException error, int httpStatus, long startTimestamp)
    {
        Count(http, error, startTimestamp);
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null)
        {
            Write(http.Response.Headers, error);
        }

        return TranscodedErrors.AnswerAsync(http, error, httpStatus);
    }

    /// <summary>Writes an answer of a status alone: gRPC calls it Trailers-Only.</summary>
    public static void Write(IHeaderDictionary headers, RpcException error)
    {
        headers.GrpcStatus = ((int)error.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers.GrpcMessage = PercentEncoding.Encode(error.Status.Detail);
        foreach (var trailer in error.Trailers.Where(trailer => trailer.IsBinary))
        {
            headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }
    }

    /// <summary>Whether a request is gRPC's or gRPC-Web's, by its Content-Type.</summary>
    public static bool IsGrpc(HttpRequest request) => GrpcType().IsMatch(request.ContentType ?? "");

    /// <summary>For instance <c>/scenarios.v1.ProjectionService/Project</c>; null where the endpoint is no method.</summary>
    public static string? MethodOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName;

    private static void Count(HttpContext http, RpcException error, long startTimestamp)
    {
        if (MethodOf(http.GetEndpoint()) is { } method)
        {
            RpcInstruments.Record(method, error.StatusCode, startTimestamp);
            RpcInstruments.RecordRefusal(method, error);
        }
    }

    [GeneratedRegex(@"^application/grpc(-web|-web-text)?\s*([;+]|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex GrpcType();
}
