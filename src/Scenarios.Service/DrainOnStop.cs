using Grpc.AspNetCore.HealthChecks;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Options;

namespace Scenarios.Service;

/// <summary>The configuration section <c>Service</c>.</summary>
public sealed class ServiceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Service";

    /// <summary>How long running streams may go on when the service is asked to stop (SIGTERM). Default 20 s.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Drains before anything stops: health says NOT_SERVING and new runs are refused while the listeners still answer; calls under way may
/// end within the grace period, the others then end with UNAVAILABLE.
/// </summary>
internal sealed partial class DrainOnStop(
    ServiceDrain drain,
    CallsUnderWay calls,
    HealthServiceImpl health,
    IOptions<GrpcHealthChecksOptions> healthOptions,
    IHostApplicationLifetime lifetime,
    IOptions<ServiceOptions> options,
    ILogger<DrainOnStop> logger) : IHostedLifecycleService
{
    /// <summary>Time beyond the grace period for the ended streams' last bytes, the listeners and the silo.</summary>
    public static TimeSpan StopMargin { get; } = TimeSpan.FromSeconds(10);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        drain.Begin();
        Tell(HealthCheckResponse.Types.ServingStatus.NotServing);
        lifetime.StopApplication(); // Ends the watches of health.
        var none = calls.WhenNoneAsync();
        if (!none.IsCompleted)
        {
            LogWaiting(options.Value.GracePeriod);
        }

        try
        {
            await none.WaitAsync(options.Value.GracePeriod, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogGraceEnded();
        }
        finally
        {
            drain.EndGrace();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Tell(HealthCheckResponse.Types.ServingStatus.Serving);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells health's checks and watches at once: a publisher of health checks would do it within half a minute.</summary>
    private void Tell(HealthCheckResponse.Types.ServingStatus status)
    {
        foreach (var service in healthOptions.Value.Services)
        {
            health.SetStatus(service.Name, status);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Stopping: calls under way have {GracePeriod} to end")]
    private partial void LogWaiting(TimeSpan gracePeriod);

    [LoggerMessage(2, LogLevel.Warning, "The grace period is over: the calls that are left end with UNAVAILABLE")]
    private partial void LogGraceEnded();
}
