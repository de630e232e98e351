using Grpc.AspNetCore.Server;
using Grpc.Core;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Telemetry;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Bytes that are not a message of the method's type are bad input: INVALID_ARGUMENT; too many of them are REQUEST_TOO_LARGE. The gRPC
/// server reads a request before any interceptor, would call them UNKNOWN, INTERNAL or RESOURCE_EXHAUSTED without a detail, and would write
/// a stack trace to the log for whoever sends them.
/// </summary>
internal sealed partial class UnreadableRequests(RequestDelegate next, ILogger<UnreadableRequests> logger)
{
    private const string Unknown = "2";
    private const string Internal = "13";
    private const string ResourceExhausted = "8";
    private const string Unimplemented = "12";

    private static readonly ServiceDescriptor[] Services = [V1.ProjectionService.Descriptor, V1.ScenarioService.Descriptor];

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
        var headers = http.Response.Headers;
        if (http.Response.HasStarted)
        {
            return;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not { } method)
        {
            if (headers.GrpcStatus == Unimplemented)
            {
                Refusal.Write(headers, NoSuchRpc(http.Request.Path.Value!.TrimStart('/')));
            }

            return;
        }

        if (headers.GrpcStatus is not [Unknown or Internal or ResourceExhausted])
        {
            return;
        }

        if (!http.Items.ContainsKey(WasRead))
        {
            var isTooLarge = headers.GrpcStatus == ResourceExhausted;
            var refusal = isTooLarge ? ApiErrors.MessageTooLarge() : NoMessage(method.Method.FullName, headers.GrpcMessage.ToString());
            RpcInstruments.RecordRefusal(method.Method.FullName, refusal);
            Refusal.Write(headers, refusal);
            if (isTooLarge)
            {
                await DrainAsync(http);
            }
        }
        else if (headers.GrpcStatus == Unknown)
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

    /// <summary>What is wrong with a request's frame, by the words of the server that refused it; else its message is not one.</summary>
    private static RpcException NoMessage(string method, string refusal)
    {
        var (problem, mend) = refusal switch
        {
            "Additional data after the message received." => ("There is more after the first message, and it takes one.", "Send one."),
            "Incomplete message." => (
                "The request ends before its message does.",
                "A frame is a byte 0 (or 1 if it is compressed), the number of bytes in four, the most significant first, and as many bytes."),
            "Request did not include grpc-encoding value with compressed message." => (
                "The frame is marked as compressed, and no header grpc-encoding says how.", "Send grpc-encoding: gzip, or a frame that begins with 0."),
            "Request sent 'identity' grpc-encoding value with compressed message." => (
                "The frame is marked as compressed, and grpc-encoding is identity.", "Send grpc-encoding: gzip, or a frame that begins with 0."),
            _ => (
                "The bytes sent are not a message that it takes.",
                "Make them with a client generated from the protos; messages nest to a depth of 100."),
        };
        return ApiErrors.InvalidRequest([new("request", ViolationReason.BadFormat, $"{method}: {problem}", mend)]);
    }

    private static RpcException NoSuchRpc(string path)
    {
        var service = path.Split('/')[0];
        var known = Services.FirstOrDefault(known => known.FullName == service);
        return ApiErrors.NoSuchRpc(path, known is null
            ? $"The services are {string.Join(" and ", Services.Select(served => served.FullName))}; reflection lists their rpcs."
            : $"{service} has {string.Join(", ", known.Methods.Select(served => served.Name))}.");
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} answered, but its answer could not be sent")]
    private partial void LogUnsent(string method);
}
