using Grpc.AspNetCore.Server;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Bytes that are no message of the method's type are bad input: INVALID_ARGUMENT. The gRPC server reads a request before any
/// interceptor, would call them UNKNOWN or INTERNAL, and would write a stack trace to the log for whoever sends them.
/// </summary>
internal sealed partial class UnreadableRequests(RequestDelegate next, ILogger<UnreadableRequests> logger)
{
    private const string Unknown = "2";
    private const string Internal = "13";

    /// <summary>Set among the items of a request once it was read: from there on the call's own status stands.</summary>
    public static object WasRead { get; } = new();

    /// <summary>Mutes what the server logs of its own: faults of methods are logged by <see cref="CallInterceptor"/>, the others here.</summary>
    public static void Mute(ILoggingBuilder logging) => logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } method || http.Response.HasStarted
            || http.Response.Headers.GrpcStatus is not [Unknown or Internal])
        {
            return;
        }

        if (!http.Items.ContainsKey(WasRead))
        {
            Mend(http.Response.Headers, method.Method.FullName);
        }
        else if (http.Response.Headers.GrpcStatus == Unknown)
        {
            LogUnsent(method.Method.FullName);
        }
    }

    private static void Mend(IHeaderDictionary headers, string method)
    {
        var error = ApiErrors.InvalidRequest([new(
            "request",
            ViolationReason.BadFormat,
            $"The bytes sent are no message that {method} takes.",
            "Make them with a client generated from the protos; messages nest to a depth of 100.")]);
        headers.GrpcStatus = ((int)error.StatusCode).ToString();
        headers.GrpcMessage = Uri.EscapeDataString(error.Status.Detail);
        foreach (var trailer in error.Trailers.Where(trailer => trailer.IsBinary))
        {
            headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} answered, but its answer could not be sent")]
    private partial void LogUnsent(string method);
}
