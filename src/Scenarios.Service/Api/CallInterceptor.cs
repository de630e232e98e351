using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Http;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Api;

/// <summary>
/// Around every call, whichever protocol brought it: only statuses leave the service, never an exception's text; each call is timed
/// by method and status; calls under way are known to the drain.
/// </summary>
internal sealed partial class CallInterceptor(CallsUnderWay calls, ILogger<CallInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await GuardAsync(context, async () => response = await continuation(request, context));
        return response!;
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, responseStream, context), isStream: true);

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, responseStream, context));

    private async Task GuardAsync(ServerCallContext context, Func<Task> call, bool isStream = false)
    {
        var start = Stopwatch.GetTimestamp();
        var http = context.GetHttpContext();
        http.Items[UnreadableRequests.WasRead] = true;
        using var underWay = calls.Begin(context.Method);
        var status = StatusCode.OK;
        try
        {
            if (context.Deadline <= DateTime.UtcNow)
            {
                throw ApiErrors.DeadlinePassed();
            }

            await call();
            status = context.Status.StatusCode;
        }
        catch (Exception exception)
        {
            var error = AsStatus(exception, context);
            status = error.StatusCode;
            RpcInstruments.RecordRefusal(context.Method, error);
            if (isStream && TranscodedErrors.MustBeLastLine(http))
            {
                await TranscodedErrors.WriteLastLineAsync(http, error);
                return;
            }

            throw error;
        }
        finally
        {
            RpcInstruments.Record(context.Method, status, start);
        }
    }

    private RpcException AsStatus(Exception exception, ServerCallContext context)
    {
        // Once the call is over, whatever its end made fail is no fault of the service's.
        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.Deadline <= DateTime.UtcNow
                ? new(new(StatusCode.DeadlineExceeded, "The deadline passed before the answer was there."))
                : new(new(StatusCode.Cancelled, "The client left."));
        }

        if (exception is RpcException error)
        {
            return error;
        }

        LogFault(context.Method, exception);
        return ApiErrors.Failed();
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed")]
    private partial void LogFault(string method, Exception exception);
}
