using Grpc.AspNetCore.Server;
using Grpc.Core;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Api.Http;

/// <summary>Answers a request that never reaches a method, in the protocol that it came by.</summary>
internal static class Refusal
{
    private const string GrpcContentType = "application/grpc";

    /// <summary>Answers, and counts the call among those of its method.</summary>
    /// <param name="http">The request; gRPC-Web has been turned into gRPC.</param>
    /// <param name="error">Why it is refused.</param>
    /// <param name="startTimestamp">When it began.</param>
    public static Task AnswerAsync(HttpContext http, RpcException error, long startTimestamp)
    {
        if (MethodOf(http.GetEndpoint()) is { } method)
        {
            RpcInstruments.Record(method, error.StatusCode, startTimestamp);
            RpcInstruments.RecordRefusal(method, error);
        }

        if (http.Request.ContentType?.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return TranscodedErrors.AnswerAsync(http, error);
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = GrpcContentType;
        Write(http.Response.Headers, error);
        return Task.CompletedTask;
    }

    /// <summary>Writes an answer of a status alone: gRPC calls it Trailers-Only.</summary>
    public static void Write(IHeaderDictionary headers, RpcException error)
    {
        headers.GrpcStatus = ((int)error.StatusCode).ToString();
        headers.GrpcMessage = Uri.EscapeDataString(error.Status.Detail);
        foreach (var trailer in error.Trailers.Where(trailer => trailer.IsBinary))
        {
            headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }
    }

    /// <summary>For instance <c>/scenarios.v1.ProjectionService/Project</c>; null where the endpoint is no method.</summary>
    public static string? MethodOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName;
}
