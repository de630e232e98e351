using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Telemetry;

/// <summary>
/// The states that an operator has to see, as Prometheus gets them from a service in a process of its own: a reader of metrics sees all services
/// of a process as one.
/// </summary>
public sealed class OperationMetricsTests
{
    private static readonly string[] FreePorts = ["--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0"];

    [Fact]
    public async Task O9_ActiveRuns_AreThoseThatCompute_AndTheQueueIsApart()
    {
        using var process = await ServiceProcess.StartAsync([.. FreePorts, "--Limits:MaxConcurrentRuns=1"]);
        using var channel = GrpcChannel.ForAddress(process.Address);
        using var http = new HttpClient { BaseAddress = process.HttpAddress };
        var projections = new V1.ProjectionService.ProjectionServiceClient(channel);
        var streams = Enumerable.Range(1, 4).Select(seed => projections.Project(Ask.Endless(seed), RunningService.InTime)).ToArray();

        await UntilAsync(http, metrics => ValueOf(metrics, "scenarios_runs_waiting") == 3 && ValueOf(metrics, "scenarios_runs_active") == 1);

        Array.ForEach(streams, stream => stream.Dispose());
        var metrics = await UntilAsync(http, metrics => ValueOf(metrics, "scenarios_runs_begun_total") == 4
            && ValueOf(metrics, "scenarios_runs_ended_total") == 4);
        Assert.Equal(0, ValueOf(metrics, "scenarios_runs_active"));
        Assert.Equal(0, ValueOf(metrics, "scenarios_runs_waiting"));
    }

    [Fact]
    public async Task O9_Answers_Refusals_Bytes_AndRoutes_CanBeSeen()
    {
        string[] args = [.. FreePorts, $"--Storage:Path={TestFiles.NewDatabase()}", "--Storage:MaxBytes=1000000000", "--Limits:MemoryBytes=500000000"];
        using (var before = await ServiceProcess.StartAsync(args))
        {
            using var toBefore = GrpcChannel.ForAddress(before.Address);
            await new V1.ProjectionService.ProjectionServiceClient(toBefore).Project(Ask.Founding(paths: 2_000), RunningService.InTime).AllAsync();
            before.Terminate();
            await before.ExitCodeAsync();
        }

        using var process = await ServiceProcess.StartAsync(args);
        using var channel = GrpcChannel.ForAddress(process.Address);
        using var http = new HttpClient { BaseAddress = process.HttpAddress };
        var projections = new V1.ProjectionService.ProjectionServiceClient(channel);
        foreach (var paths in new[] { 2_000, 2_000, 3_000 })
        {
            await projections.Project(Ask.Founding(paths), RunningService.InTime).AllAsync();
        }

        await Assert.ThrowsAsync<RpcException>(() => projections.Project(new(), RunningService.InTime).AllAsync());
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new V1.ScenarioService.ScenarioServiceClient(channel).GetScenarioAsync(new() { Name = "scenarios/nobody" }, RunningService.InTime));
        await http.GetStringAsync(new Uri("v1/scenarios/dprk-rotation", UriKind.Relative));
        await http.GetStringAsync(new Uri("v1/scenarios/dprk-rotation:listRevisions", UriKind.Relative));

        var metrics = await UntilAsync(http, metrics => ValueOf(metrics, "scenarios_storage_size_bytes") > 0
            && ValueOf(metrics, "scenarios_tallies_size_bytes", "state=\"kept\"") > 0);

        Assert.Equal(1, ValueOf(metrics, "scenarios_answers_total", "source=\"store\""));
        Assert.Equal(1, ValueOf(metrics, "scenarios_answers_total", "source=\"memory\""));
        Assert.Equal(1, ValueOf(metrics, "scenarios_answers_total", "source=\"run\""));
        Assert.Equal(1, ValueOf(metrics, "scenarios_refusals_total", "reason=\"INVALID_REQUEST\"", "rpc_method=\"scenarios.v1.ProjectionService/Project\""));
        Assert.Equal(1, ValueOf(metrics, "scenarios_refusals_total", "reason=\"SCENARIO_NOT_FOUND\""));
        Assert.Equal(1_000_000_000, ValueOf(metrics, "scenarios_storage_limit_bytes"));
        Assert.Equal(500_000_000, ValueOf(metrics, "scenarios_tallies_limit_bytes"));
        Assert.Contains("http_route=\"/v1/{name=scenarios/*}\"", metrics, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/v1/{name=scenarios/*}:listRevisions\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("__Complex", metrics, StringComparison.Ordinal);
    }

    /// <summary>The metrics as soon as they are as a test wants them.</summary>
    private static async Task<string> UntilAsync(HttpClient http, Func<string, bool> holds)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (true)
        {
            var metrics = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), patience.Token);
            if (holds(metrics))
            {
                return metrics;
            }
        }
    }

    /// <summary>The value of a metric with some labels; null if it is not there.</summary>
    private static double? ValueOf(string metrics, string name, params string[] labels) => metrics.Split('\n')
        .Where(line => Regex.IsMatch(line, $"^{name}[{{ ]") && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Select(line => (double?)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
