using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Scenarios.Service.Tests.Telemetry.Otlp;

namespace Scenarios.Service.Tests.Telemetry;

/// <summary>A collector of OpenTelemetry: its three gRPC services on a listener of its own, and what they were sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public IReadOnlyCollection<Span> Spans => Received.Spans;

    public IReadOnlyCollection<LogRecord> Logs => Received.Logs;

    public IReadOnlyCollection<ResourceMetrics> Metrics => Received.Metrics;

    private Inbox Received => _app.Services.GetRequiredService<Inbox>();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Inbox>();
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Traces>();
        app.MapGrpcService<Measurements>();
        app.MapGrpcService<Records>();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class Inbox
    {
        public ConcurrentQueue<Span> Spans { get; } = new();

        public ConcurrentQueue<LogRecord> Logs { get; } = new();

        public ConcurrentQueue<ResourceMetrics> Metrics { get; } = new();
    }

    private sealed class Traces(Inbox inbox) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var span in request.ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans))
            {
                inbox.Spans.Enqueue(span);
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Measurements(Inbox inbox) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            foreach (var metrics in request.ResourceMetrics)
            {
                inbox.Metrics.Enqueue(metrics);
            }

            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class Records(Inbox inbox) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            foreach (var record in request.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords))
            {
                inbox.Logs.Enqueue(record);
            }

            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }
}

internal static class Attributes
{
    /// <summary>The value of an attribute; null where it is not there.</summary>
    public static object? Of(this RepeatedField<KeyValue> attributes, string key) => attributes.SingleOrDefault(pair => pair.Key == key)?.Value switch
    {
        null => null,
        { ValueCase: AnyValue.ValueOneofCase.IntValue } value => value.IntValue,
        { ValueCase: AnyValue.ValueOneofCase.DoubleValue } value => value.DoubleValue,
        { ValueCase: AnyValue.ValueOneofCase.BoolValue } value => value.BoolValue,
        var value => value.StringValue,
    };

    /// <summary>An id as traceparent has it.</summary>
    public static string Hex(this ByteString id) => Convert.ToHexStringLower(id.Span);
}
