using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Scenarios.Service.Tests.Host;

/// <summary>The real service on real listeners at free ports, for the tests of a class or a collection.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private RunningService? _service;

    /// <summary>The service.</summary>
    public RunningService Service => _service!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _service = await RunningService.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Service.DisposeAsync();
}

/// <summary>A service within this process, started.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RecordedLogs _logs;

    private RunningService(WebApplication app, RecordedLogs logs)
    {
        _app = app;
        _logs = logs;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        GrpcAddress = new(addresses[0]);
        HttpAddress = new(addresses[1]);
        Channel = GrpcChannel.ForAddress(GrpcAddress);
        WebChannel = GrpcChannel.ForAddress(HttpAddress, new()
        {
            HttpHandler = new GrpcWebHandler(new HttpClientHandler()),
            HttpVersion = System.Net.HttpVersion.Version11,
        });
        Http = new() { BaseAddress = HttpAddress };
        Projections = new(Channel);
        Scenarios = new(Channel);
    }

    /// <summary>Longest that a test waits for anything.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The gRPC listener.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>The HTTP/1.1 listener.</summary>
    public Uri HttpAddress { get; }

    /// <summary>gRPC over HTTP/2.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>gRPC-Web over HTTP/1.1.</summary>
    public GrpcChannel WebChannel { get; }

    /// <summary>JSON over HTTP/1.1.</summary>
    public HttpClient Http { get; }

    /// <summary>Projections by gRPC.</summary>
    public V1.ProjectionService.ProjectionServiceClient Projections { get; }

    /// <summary>Scenarios by gRPC.</summary>
    public V1.ScenarioService.ScenarioServiceClient Scenarios { get; }

    /// <summary>The service's own parts.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Everything logged as an error so far.</summary>
    public IReadOnlyCollection<string> LoggedErrors => _logs.Errors;

    /// <summary>A deadline for calls of a test.</summary>
    public static CallOptions InTime => new(deadline: DateTime.UtcNow + Patience);

    /// <summary>Starts a service.</summary>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<RunningService> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, null, settings);

    /// <summary>Starts a service with a clock of the test's.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<RunningService> StartAsync(TimeProvider time, params (string Key, string Value)[] settings) => StartAsync(null, time, settings);

    /// <summary>Starts a service whose logs are read.</summary>
    /// <param name="reader">Gets what the configured levels let through.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<RunningService> StartAsync(ILoggerProvider reader, params (string Key, string Value)[] settings) => StartAsync(reader, null, settings);

    /// <summary>Starts a service whose connections to its database an interceptor sees.</summary>
    /// <param name="interceptor">EF Core's.</param>
    /// <param name="settings">Configuration keys and values.</param>
    public static Task<RunningService> StartAsync(IInterceptor interceptor, params (string Key, string Value)[] settings) =>
        StartAsync(null, null, settings, services => services.AddSingleton(interceptor));

    private static async Task<RunningService> StartAsync(
        ILoggerProvider? reader, TimeProvider? time, (string Key, string Value)[] settings, Action<IServiceCollection>? configure = null)
    {
        var logs = new RecordedLogs();
        var app = ScenariosHost.Build([], builder =>
        {
            builder.Configuration
                .AddInMemoryCollection(
                [
                    new("Kestrel:Endpoints:Grpc:Url", "http://127.0.0.1:0"),
                    new("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:0"),
                    new("Storage:Path", TestFiles.NewDatabase()),
                ])
                .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
            builder.Logging.ClearProviders().AddProvider(logs);
            if (reader is not null)
            {
                builder.Logging.AddProvider(reader);
            }

            if (time is not null)
            {
                builder.Services.AddSingleton(time);
            }

            configure?.Invoke(builder.Services);
        });
        try
        {
            await app.StartAsync().WaitAsync(Patience);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, logs);
    }

    /// <summary>Asks the service to stop, as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        WebChannel.Dispose();
        Http.Dispose();
        await _app.StopAsync().WaitAsync(Patience);
        await _app.DisposeAsync();
    }

    private sealed class RecordedLogs : ILoggerProvider
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _errors = new();

        public IReadOnlyCollection<string> Errors => _errors;

        public ILogger CreateLogger(string categoryName) => new Log(categoryName, _errors);

        public void Dispose()
        {
        }

        private sealed class Log(string category, System.Collections.Concurrent.ConcurrentQueue<string> errors) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            void ILogger.Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                {
                    errors.Enqueue($"{category}: {formatter(state, exception)} {exception}");
                }
            }
        }
    }
}
