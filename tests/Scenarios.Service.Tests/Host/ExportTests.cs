using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Scenarios.Service.Tests.Host;

public sealed class ExportTests
{
    [Fact]
    public async Task Telemetry_WithACollector_GoesThereAllOfIt()
    {
        var received = new ConcurrentDictionary<string, TaskCompletionSource>();
        TaskCompletionSource Signal(string path) => received.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(http =>
        {
            Signal(http.Request.Path).TrySetResult();
            return Task.CompletedTask;
        });
        await collector.StartAsync();

        await using (var service = await RunningService.StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            await service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime);
        }

        // What is left is sent when the service stops.
        await Task.WhenAll(Signal("/v1/traces").Task, Signal("/v1/metrics").Task, Signal("/v1/logs").Task)
            .WaitAsync(RunningService.Patience);
    }
}
