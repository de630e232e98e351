using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Scenarios.Service.Tests.Host;

public sealed class DrainTests
{
    [Fact]
    public async Task Drain_WhileAStreamRuns_IsNotServingRefusesNewRunsAndEndsTheStreamAfterTheGracePeriod()
    {
        await using var service = await RunningService.StartAsync(("Service:GracePeriod", "00:00:02"));
        var health = new Health.HealthClient(service.Channel);
        using var watch = health.Watch(new(), RunningService.InTime);
        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        using var stream = service.Projections.Project(Ask.Endless(), RunningService.InTime);
        await stream.FirstAsync();

        var stopped = service.StopAsync();
        var watched = await watch.ResponseStream.ReadAllAsync().ToListAsync();
        Assert.Equal([ServingStatus.NotServing], watched.Select(response => response.Status).Distinct());
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new(), RunningService.InTime)).Status);
        using var late = service.Projections.Project(Ask.Endless(2), RunningService.InTime);
        AssertDraining(await Assert.ThrowsAsync<RpcException>(late.AllAsync));
        AssertDraining(await Assert.ThrowsAsync<RpcException>(stream.AllAsync));
        await stopped.WaitAsync(RunningService.Patience);
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Drain_WhileAStreamCanEnd_LetsItEnd()
    {
        await using var service = await RunningService.StartAsync();
        using var stream = service.Projections.Project(Ask.Founding(paths: 1_000_000), RunningService.InTime);
        await stream.FirstAsync();
        var stopped = service.StopAsync();
        var rest = await stream.AllAsync();
        Assert.Equal(V1.Progress.Types.State.Completed, rest[^1].Progress.State);
        await stopped.WaitAsync(RunningService.Patience);
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Drain_OfAJsonStream_EndsItWithALastLineThatIsTheError()
    {
        await using var service = await RunningService.StartAsync(("Service:GracePeriod", "00:00:01"));
        var body = Google.Protobuf.JsonFormatter.Default.Format(Ask.Endless());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/projections:project", UriKind.Relative))
        {
            Content = new StringContent(body, null, "application/json"),
        };
        using var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            .WaitAsync(RunningService.Patience);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("{\"projection\":", await reader.ReadLineAsync().WaitAsync(RunningService.Patience), StringComparison.Ordinal);

        var stopped = service.StopAsync();
        var last = "";
        while (await reader.ReadLineAsync().WaitAsync(RunningService.Patience) is { } line)
        {
            last = line;
        }

        var error = System.Text.Json.JsonDocument.Parse(last).RootElement.GetProperty("error");
        Assert.Equal((int)StatusCode.Unavailable, error.GetProperty("code").GetInt32());
        Assert.Contains("google.rpc.RetryInfo", last, StringComparison.Ordinal);
        await stopped.WaitAsync(RunningService.Patience);
    }

    private static void AssertDraining(RpcException error)
    {
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        Assert.Equal("DRAINING", error.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>().Reason);
    }
}
