using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Scenarios.Service;

/// <summary>The configuration section <c>Service</c>.</summary>
public sealed class ServiceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Service";

    /// <summary>
    /// How long the service takes to stop at most when it is asked to (SIGTERM). Default 20 s. Streams may run on until the last two
    /// seconds of it, or its last quarter where that is shorter.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Drains before anything stops: health says NOT_SERVING and new runs are refused while the listeners still answer; calls under way may
/// end within the grace period, the others then end with UNAVAILABLE; the process is gone when the period is.
/// </summary>
internal sealed partial class DrainOnStop(
    ServiceDrain drain,
    CallsUnderWay calls,
    ServiceHealth health,
    IHostApplicationLifetime lifetime,
    IOptions<ServiceOptions> options,
    ILogger<DrainOnStop> logger) : IHostedLifecycleService
{
    /// <summary>
    /// When the host stops waiting for its parts, beyond the grace period: that a machine is busy is no reason to cut them off.
    /// </summary>
    public static TimeSpan StopMargin { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Kept of the grace period for the ended streams' last bytes, the listeners and the silo: 0.2 s or so where nothing else runs.
    /// </summary>
    private static readonly TimeSpan WindUp = TimeSpan.FromSeconds(2);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var gracePeriod = options.Value.GracePeriod;
        var forCalls = gracePeriod - TimeSpan.FromTicks(Math.Min(WindUp.Ticks, gracePeriod.Ticks / 4));
        drain.Begin();
        health.Tell();
        lifetime.StopApplication(); // Ends the watches of health.
        var none = calls.WhenNoneAsync();
        if (!none.IsCompleted)
        {
            LogWaiting(forCalls);
        }

        try
        {
            await none.WaitAsync(forCalls, cancellationToken);
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
        health.Begin();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Stopping: calls under way have {Time} to end")]
    private partial void LogWaiting(TimeSpan time);

    [LoggerMessage(2, LogLevel.Warning, "The grace period is over: the calls that are left end with UNAVAILABLE")]
    private partial void LogGraceEnded();
}
