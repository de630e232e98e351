using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Host;
using Scenarios.Service.Tests.Telemetry.Otlp;

namespace Scenarios.Service.Tests.Telemetry;

/// <summary>
/// What a collector has of a service in a process of its own, configured by OpenTelemetry's variables and nothing else, that was asked a
/// few things and then stopped.
/// </summary>
public sealed class ObservedService : IAsyncLifetime
{
    /// <summary>Readers of one and the same projection.</summary>
    public const int ReaderCount = 12;

    private readonly List<V1.ProjectResponse> _answers = [];
    private Collector? _collector;

    internal Collector Collector => _collector!;

    /// <summary>The messages of the call that <see cref="Alone"/> traces: one reader of a run of 200,000 paths.</summary>
    internal IReadOnlyList<V1.ProjectResponse> Answers => _answers;

    /// <summary>A client that has a run to itself.</summary>
    internal ClientTrace Alone { get; } = new("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");

    /// <summary>A client whose run another one joins.</summary>
    internal ClientTrace First { get; } = new("1bf7651916cd43dd8448eb211c80319c", "c7ad6b7169203331");

    /// <summary>The one who joins.</summary>
    internal ClientTrace Joining { get; } = new("2cf7651916cd43dd8448eb211c80319c", "d7ad6b7169203331");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        var variables = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        };
        using var process = await ServiceProcess.StartAsync(
            variables, "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0");
        using var channel = GrpcChannel.ForAddress(process.Address);
        var projections = new V1.ProjectionService.ProjectionServiceClient(channel);

        _answers.AddRange(await projections.Project(Ask.Founding(paths: 200_000), Alone.Call).AllAsync());
        using (var first = projections.Project(Ask.Endless(), First.Call))
        {
            await first.FirstAsync();
            using var joining = projections.Project(Ask.Endless(), Joining.Call);
            await joining.FirstAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, ReaderCount).Select(_ => projections.Project(Ask.Founding(5_000_000), RunningService.InTime).AllAsync()));
        await Assert.ThrowsAsync<RpcException>(() => projections.Project(new(), RunningService.InTime).AllAsync());

        // What is left is sent when the service stops.
        process.Terminate();
        Assert.Equal(0, await process.ExitCodeAsync());
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Collector.DisposeAsync();

    /// <summary>The spans of a trace.</summary>
    internal List<Span> SpansOf(ClientTrace client) => [.. Collector.Spans.Where(span => span.TraceId.Hex() == client.TraceId)];
}

/// <summary>The trace of a client: its id, and the span that calls.</summary>
internal sealed record ClientTrace(string TraceId, string SpanId)
{
    public const string State = "vendor=opaque";

    /// <summary>Options for its calls.</summary>
    public CallOptions Call => RunningService.InTime.WithHeaders(new()
    {
        { "traceparent", $"00-{TraceId}-{SpanId}-01" },
        { "tracestate", State },
    });
}
