using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Alpha = Grpc.Reflection.V1Alpha;
using One = Grpc.Reflection.V1;

namespace Scenarios.Service.Tests.Host;

public sealed class AroundItTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    [Theory]
    [InlineData("")]
    [InlineData("scenarios.v1.ProjectionService")]
    [InlineData("scenarios.v1.ScenarioService")]
    public async Task Health_OfEveryService_IsServing(string service)
    {
        var health = new Health.HealthClient(_service.Channel);
        var response = await health.CheckAsync(new() { Service = service }, RunningService.InTime);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task Health_OfAnUnknownService_IsNotFound()
    {
        var health = new Health.HealthClient(_service.Channel);
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await health.CheckAsync(new() { Service = "nobody" }, RunningService.InTime));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Reflection_InBothVersions_ListsTheServices()
    {
        string[] expected = ["grpc.health.v1.Health", "scenarios.v1.ProjectionService", "scenarios.v1.ScenarioService"];
        using var alpha = new Alpha.ServerReflection.ServerReflectionClient(_service.Channel)
            .ServerReflectionInfo(RunningService.InTime);
        await alpha.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await alpha.ResponseStream.MoveNext());
        var names = alpha.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Subset(names.ToHashSet(), expected.ToHashSet());

        using var v1 = new One.ServerReflection.ServerReflectionClient(_service.Channel)
            .ServerReflectionInfo(RunningService.InTime);
        await v1.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await v1.ResponseStream.MoveNext());
        names = v1.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Subset(names.ToHashSet(), expected.ToHashSet());
    }

    [Fact]
    public async Task Metrics_OfCallsAndRuns_AreThereForPrometheus()
    {
        await _service.Projections.Project(Ask.Founding(paths: 3_000), RunningService.InTime).AllAsync();
        await Assert.ThrowsAsync<RpcException>(() => _service.Projections.Project(new(), RunningService.InTime).AllAsync());
        var metrics = await _service.Http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        string[] expected =
        [
            """rpc_method="scenarios.v1.ProjectionService/Project",rpc_response_status_code="OK",rpc_system_name="grpc",le="3600"}""",
            """rpc_response_status_code="INVALID_ARGUMENT""",
            "scenarios_paths",
            "scenarios_runs_active",
            "scenarios_readers_active",
            "scenarios_run_first_snapshot_duration_seconds",
            "http_server_request_duration_seconds",
            "dotnet_gc_",
        ];
        Assert.All(expected, part => Assert.Contains(part, metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OnTheGrpcListener_AreNotThere()
    {
        using var http = new HttpClient { BaseAddress = _service.GrpcAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("metrics", UriKind.Relative))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = _service.HttpAddress.Authority },
        };
        using var response = await http.SendAsync(request).WaitAsync(RunningService.Patience);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Trace_OfACall_NamesItsMethodAndStatus()
    {
        var stopped = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var parent = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == parent.TraceId)
                {
                    stopped.TrySetResult(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await _service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime);
        var span = await stopped.Task.WaitAsync(RunningService.Patience);
        Assert.Equal("scenarios.v1.ScenarioService/GetScenario", span.GetTagItem("rpc.method"));
        Assert.Equal("OK", span.GetTagItem("rpc.response.status_code"));
    }
}
