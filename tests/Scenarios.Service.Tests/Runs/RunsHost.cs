using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs;
using Scenarios.Service.Runs.Grains;
using Scenarios.Service.Storage;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Runs;

/// <summary>The runs of the service on a real silo in this process.</summary>
internal sealed class RunsHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Holds, TaskCompletionSource Signal)> _waiting = [];
    private long _paths;
    private long _runs;

    private RunsHost(IHost host)
    {
        _host = host;
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "scenarios.paths" or "scenarios.runs.begun" or "scenarios.runs.ended" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, change, _, _) => Count(instrument.Name, change));
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
        GrainCalls? calls = null,
        params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration
            .AddInMemoryCollection([new("Storage:Path", TestFiles.NewDatabase()), new("Engine:Threads", threads.ToString())])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddSingleton<BuiltInScenarios>();
        builder.Services.AddSingleton<ProjectRequestParser>();
        builder.Services.AddProjectionRuns(builder.Configuration);
        builder.AddScenariosSilo();
        builder.Services.AddScenarioStorage(builder.Configuration);
        if (calls is not null)
        {
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(calls);
        }

        var host = new RunsHost(builder.Build());
        await host._host.StartAsync().WaitAsync(Patience);
        host._listener.Start();
        return host;
    }

    /// <summary>A reader of a projection.</summary>
    public TestReader Watch(ProjectionSpec spec, TimeSpan? updateInterval = null, bool finalOnly = false) =>
        new(Runs, spec, new(updateInterval ?? TimeSpan.FromMilliseconds(100), finalOnly));

    /// <summary>All messages of a projection.</summary>
    public async Task<List<V1.ProjectResponse>> ReadAsync(ProjectionSpec spec, TimeSpan? updateInterval = null, bool finalOnly = false)
    {
        await using var reader = Watch(spec, updateInterval, finalOnly);
        var messages = new List<V1.ProjectResponse>();
        while (await reader.NextAsync() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Completes when so many paths have been computed since the start.</summary>
    public Task ComputedAsync(long paths) => UntilAsync(() => _paths >= paths);

    /// <summary>Completes when so many runs are under way, computing or waiting.</summary>
    public Task RunsAsync(int count) => UntilAsync(() => _runs == count);

    /// <summary>Completes when no run is under way.</summary>
    public Task NoRunsAsync() => UntilAsync(() => _runs == 0);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Drain.EndGrace();
        await _host.StopAsync().WaitAsync(Patience);
        _host.Dispose();
    }

    private Task UntilAsync(Func<bool> holds)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((holds, signal));
            if (holds())
            {
                signal.SetResult();
            }
        }

        return signal.Task.WaitAsync(Patience);
    }

    private void Count(string name, long change)
    {
        lock (_gate)
        {
            _ = name switch
            {
                "scenarios.paths" => _paths += change,
                "scenarios.runs.begun" => _runs += change,
                _ => _runs -= change,
            };
            foreach (var (_, signal) in _waiting.Where(waiting => waiting.Holds()))
            {
                signal.TrySetResult();
            }
        }
    }
}

/// <summary>Steps in before or after calls to the grains of a silo, as a network between silos would.</summary>
internal sealed class GrainCalls : IIncomingGrainCallFilter
{
    private readonly Dictionary<string, TaskCompletionSource> _returned = [];

    /// <summary>Called with the name of each method that is called; what it throws, the caller gets.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Called with the name of each method that returned; what it throws, the caller gets instead.</summary>
    public Action<string> After { get; set; } = _ => { };

    /// <summary>Completes when a method has returned once since the first time of asking.</summary>
    public Task ReturnedAsync(string method)
    {
        lock (_returned)
        {
            return Signal(method).Task.WaitAsync(RunsHost.Patience);
        }
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not (IRunGrain or IShardGrain))
        {
            await context.Invoke(); // Orleans' own.
            return;
        }

        Before(context.MethodName);
        await context.Invoke();
        lock (_returned)
        {
            Signal(context.MethodName).TrySetResult();
        }

        After(context.MethodName);
    }

    private TaskCompletionSource Signal(string method)
    {
        if (!_returned.TryGetValue(method, out var signal))
        {
            _returned.Add(method, signal = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return signal;
    }
}
