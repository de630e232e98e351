using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Scenarios.Service.Tests.Host;

public sealed class ProcessTests
{
    [Fact]
    public async Task Process_AskedToStopBySigterm_EndsItsStreamsAndExitsWithZero()
    {
        using var process = await ServiceProcess.StartAsync(
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0");
        using var channel = GrpcChannel.ForAddress(process.Address);
        var client = new V1.ProjectionService.ProjectionServiceClient(channel);
        using var stream = client.Project(Ask.Founding(paths: 2_000_000), RunningService.InTime);
        await stream.FirstAsync();

        process.Terminate();
        var rest = await stream.AllAsync();
        Assert.Equal(V1.Progress.Types.State.Completed, rest[^1].Progress.State);
        Assert.Equal(2_000_000, rest[^1].Projection.Paths);
        Assert.Equal(0, await process.ExitCodeAsync());
    }

    [Fact]
    public async Task Process_AskedToStopWhileEndlessRunsComputeAndWait_EndsThemUnavailableAndExitsWithinTheGracePeriod()
    {
        var gracePeriod = TimeSpan.FromSeconds(8);

        // Other work on the machine can hold any one of them up, never make it faster.
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 1; attempt <= 3 && fastest > gracePeriod; attempt++)
        {
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, (await StopWhileRunsAreUnderWayAsync(gracePeriod)).Ticks));
        }

        Assert.InRange(fastest, TimeSpan.Zero, gracePeriod);
    }

    [Fact]
    public async Task Process_InTheEnvironmentDevelopment_WhereUserJwtsKeepsItsKeys_Serves()
    {
        using var process = await ServiceProcess.StartAsync(
            "--environment=Development", "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0");
        using var channel = GrpcChannel.ForAddress(process.Address);
        var health = await new Health.HealthClient(channel).CheckAsync(new(), RunningService.InTime);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Process_ThatMayNotListen_SaysWhyAndExitsWithOne()
    {
        using var process = ServiceProcess.Start(
            "--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0", "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0");
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains("Refused to listen on 0.0.0.0", await process.ErrorsAsync(), StringComparison.Ordinal);
    }

    /// <summary>The time from SIGTERM to the end of the process.</summary>
    private static async Task<TimeSpan> StopWhileRunsAreUnderWayAsync(TimeSpan gracePeriod)
    {
        using var process = await ServiceProcess.StartAsync(
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            $"--Service:GracePeriod={gracePeriod}", "--Limits:MaxConcurrentRuns=1");
        using var channel = GrpcChannel.ForAddress(process.Address);
        var client = new V1.ProjectionService.ProjectionServiceClient(channel);
        using var computing = client.Project(Ask.Endless(1), RunningService.InTime);
        await computing.FirstAsync();
        using var waiting = client.Project(Ask.Endless(2), RunningService.InTime);
        using var health = new Health.HealthClient(channel).Watch(new(), RunningService.InTime);
        Assert.True(await health.ResponseStream.MoveNext());

        var asked = Stopwatch.GetTimestamp();
        process.Terminate();
        Assert.True(await health.ResponseStream.MoveNext());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, health.ResponseStream.Current.Status);
        foreach (var stream in new[] { computing, waiting })
        {
            var error = await Assert.ThrowsAsync<RpcException>(stream.AllAsync);
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.NotNull(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>());
        }

        Assert.Equal(0, await process.ExitCodeAsync());
        return Stopwatch.GetElapsedTime(asked);
    }
}
