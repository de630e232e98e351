using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Tests.Runs;

/// <summary>The runs of the service on a real silo in this process.</summary>
internal sealed class RunsHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<(long Threshold, TaskCompletionSource Reached)> _waiting = [];
    private long _paths;

    private RunsHost(IHost host)
    {
        _host = host;
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "scenarios.paths" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, paths, _, _) => Count(paths));
    }

    public IProjectionRuns Runs => _host.Services.GetRequiredService<IProjectionRuns>();

    public ServiceDrain Drain => _host.Services.GetRequiredService<ServiceDrain>();

    /// <summary>Paths computed since the start.</summary>
    public long Paths => Volatile.Read(ref _paths);

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<RunsHost> StartAsync(
        int threads = 2,
        TimeProvider? time = null,
        Action<ISiloBuilder>? silo = null,
        params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings
            .Append(("Engine:Threads", threads.ToString()))
            .Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddProjectionRuns(builder.Configuration);
        builder.AddScenariosSilo();
        if (silo is not null)
        {
            builder.UseOrleans(silo);
        }

        var host = new RunsHost(builder.Build());
        await host._host.StartAsync().WaitAsync(Patience);
        host._listener.Start();
        return host;
    }

    /// <summary>All messages of a projection, with an interval of no length at all where none is said.</summary>
    public async Task<List<V1.ProjectResponse>> ReadAsync(ProjectionSpec spec, TimeSpan updateInterval = default, bool finalOnly = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        var messages = new List<V1.ProjectResponse>();
        await foreach (var message in Runs.WatchAsync(spec, new(updateInterval, finalOnly), patience.Token))
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Completes when so many paths have been computed.</summary>
    public Task ComputedAsync(long paths)
    {
        lock (_gate)
        {
            if (_paths >= paths)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((paths, reached));
            return reached.Task.WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _host.StopAsync().WaitAsync(Patience);
        _host.Dispose();
    }

    private void Count(long paths)
    {
        lock (_gate)
        {
            _paths += paths;
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.Threshold <= _paths))
            {
                reached.TrySetResult();
            }
        }
    }
}
