using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Telemetry;

/// <summary>
/// Durations of calls by method and status, named as in OpenTelemetry's semantic conventions for RPC: ASP.NET Core's own metrics see
/// HTTP status 200 in every gRPC call, failed ones too.
/// </summary>
internal static class RpcInstruments
{
    public const string CallDurationName = "rpc.server.call.duration";

    private static readonly Histogram<double> CallDuration = ScenariosTelemetry.Meter.CreateHistogram<double>(
        CallDurationName, "s", "Duration of calls, streams from first to last message");

    private static readonly Counter<long> Refusals = ScenariosTelemetry.Meter.CreateCounter<long>(
        "scenarios.refusals", "{call}", "Calls that ended with an error, by method and reason");

    /// <summary>Records why a call ended with an error.</summary>
    /// <param name="fullMethod">For instance <c>/scenarios.v1.ProjectionService/Project</c>.</param>
    /// <param name="error">The error; without a reason of the catalogue its status counts as one.</param>
    public static void RecordRefusal(string fullMethod, RpcException error) => Refusals.Add(
        1,
        new("rpc.method", fullMethod.TrimStart('/')),
        new("reason", error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? CodeOf(error.StatusCode)));

    /// <summary>Records a call that ended.</summary>
    /// <param name="fullMethod">For instance <c>/scenarios.v1.ProjectionService/Project</c>.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="startTimestamp">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public static void Record(string fullMethod, StatusCode status, long startTimestamp)
    {
        var method = fullMethod.TrimStart('/');
        var code = CodeOf(status);
        CallDuration.Record(
            Stopwatch.GetElapsedTime(startTimestamp).TotalSeconds,
            new("rpc.system.name", "grpc"),
            new("rpc.method", method),
            new("rpc.response.status_code", code));
        if (Activity.Current is { } span)
        {
            span.SetTag("rpc.system.name", "grpc");
            span.SetTag("rpc.method", method);
            span.SetTag("rpc.response.status_code", code);
            if (IsFaultOfServer(status))
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static string CodeOf(StatusCode status) => status == StatusCode.OK ? "OK" : ApiErrors.UpperSnake(status.ToString());

    /// <summary>The statuses that the semantic conventions count as errors of a server.</summary>
    private static bool IsFaultOfServer(StatusCode status) => status is StatusCode.Unknown or StatusCode.DeadlineExceeded
        or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
}
