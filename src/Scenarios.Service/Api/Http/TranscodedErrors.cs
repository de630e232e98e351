using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Status = Google.Rpc.Status;

namespace Scenarios.Service.Api.Http;

/// <summary>Errors of the JSON API where the transcoding library writes none, or not in the contract's form.</summary>
internal static class TranscodedErrors
{
    /// <summary>The messages that details are packed from.</summary>
    public static TypeRegistry Types { get; } = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor, V1.MendReflection.Descriptor);

    private static JsonFormatter Json { get; } = new(new JsonFormatter.Settings(formatDefaultValues: true, Types));

    /// <summary>A stream's first line is out: its status cannot change any more, an error is its last line.</summary>
    public static bool MustBeLastLine(HttpContext http) =>
        http.Response.HasStarted && http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null;

    /// <summary>Writes <c>{"error": {...}}</c> and a line end.</summary>
    public static async Task WriteLastLineAsync(HttpContext http, RpcException error)
    {
        if (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync($"{{\"error\":{Json.Format(StatusOf(error))}}}\n", CancellationToken.None);
        }
    }

    /// <summary>Answers a request that never reaches a method.</summary>
    /// <param name="http">The request.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="httpStatus">The HTTP status; by default the one that stands for the error's own.</param>
    public static async Task AnswerAsync(HttpContext http, RpcException error, int? httpStatus = null)
    {
        http.Response.StatusCode = httpStatus ?? HttpStatusOf(error.StatusCode);
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(Json.Format(StatusOf(error)), http.RequestAborted);
    }

    /// <summary>As google.rpc.Code says, and as the transcoding library has it for the errors of methods.</summary>
    private static int HttpStatusOf(StatusCode status) => status switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.Aborted or StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Status StatusOf(RpcException error) =>
        error.GetRpcStatus() ?? new() { Code = (int)error.StatusCode, Message = error.Status.Detail };
}
