using Grpc.AspNetCore.Server;
using Grpc.Core;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Bytes that are no message of the method's type are bad input: INVALID_ARGUMENT; too many of them are REQUEST_TOO_LARGE. The gRPC
/// server reads a request before any interceptor, would call them UNKNOWN, INTERNAL or RESOURCE_EXHAUSTED without a detail, and would write
/// a stack trace to the log for whoever sends them.
/// </summary>
internal sealed partial class UnreadableRequests(RequestDelegate next, ILogger<UnreadableRequests> logger)
{
    private const string Unknown = "2";
    private const string Internal = "13";
    private const string ResourceExhausted = "8";

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    /// <summary>Set among the items of a request once it was read: from there on the call's own status stands.</summary>
    public static object WasRead { get; } = new();

    /// <summary>
    /// Mutes what the server logs of its own: faults of methods are logged by <see cref="CallInterceptor"/>, the others here.
    /// </summary>
    public static void Mute(ILoggingBuilder logging) => logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } method || http.Response.HasStarted
            || http.Response.Headers.GrpcStatus is not [Unknown or Internal or ResourceExhausted])
        {
            return;
        }

        if (!http.Items.ContainsKey(WasRead))
        {
            var isTooLarge = http.Response.Headers.GrpcStatus == ResourceExhausted;
            var refusal = isTooLarge ? ApiErrors.MessageTooLarge() : NoMessage(method.Method.FullName);
            RpcInstruments.RecordRefusal(method.Method.FullName, refusal);
            Refusal.Write(http.Response.Headers, refusal);
            if (isTooLarge)
            {
                await DrainAsync(http);
            }
        }
        else if (http.Response.Headers.GrpcStatus == Unknown)
        {
            LogUnsent(method.Method.FullName);
        }
    }

    /// <summary>
    /// Reads what is still being sent, before the answer ends the stream: HTTP/2 would reset it, and a client in the middle of its message may
    /// see the reset, INTERNAL to it, in place of the answer. Over HTTP/1.1 Kestrel does the same, for as long.
    /// </summary>
    private static async Task DrainAsync(HttpContext http)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(DrainPatience);
        try
        {
            await http.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Whoever sends for longer, or leaves, does not wait for the answer.
        }
    }

    private static RpcException NoMessage(string method) => ApiErrors.InvalidRequest([new(
        "request",
        ViolationReason.BadFormat,
        $"The bytes sent are no message that {method} takes.",
        "Make them with a client generated from the protos; messages nest to a depth of 100.")]);

    [LoggerMessage(1, LogLevel.Error, "{Method} answered, but its answer could not be sent")]
    private partial void LogUnsent(string method);
}
