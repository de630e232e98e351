using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;

namespace Scenarios.Service.Tests.Host;

public sealed class OverloadTests
{
    private const int Places = 2;

    [Fact]
    public async Task TenTimesWhatFits_IsBusyWithWhenToComeBack_WhileSmallRequestsAndHealthAreAnswered_AndItPasses()
    {
        await using var service = await RunningService.StartAsync(("Limits:MaxConcurrentRuns", "1"), ("Limits:MaxQueuedRuns", $"{Places - 1}"));
        var calls = Enumerable.Range(1, 10 * Places).Select(seed => service.Projections.Project(Ask.Endless(seed))).ToList();
        var beginnings = calls.Select(BeginningAsync).ToList();
        var refused = new List<RpcException>();
        while (refused.Count < 9 * Places)
        {
            var beginning = await Task.WhenAny(beginnings).WaitAsync(RunningService.Patience);
            beginnings.Remove(beginning);
            if (await beginning is { } error)
            {
                refused.Add(error);
            }
        }

        Assert.All(refused, error => Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode));
        Assert.All(refused, error => Assert.Equal("BUSY", error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.All(refused, error => Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>()));
        for (var seed = 101; seed <= 105; seed++)
        {
            var small = await service.Projections.Project(Ask.Founding(10_000, seed, finalOnly: true), RunningService.InTime).AllAsync();
            Assert.Equal(10_000, small[^1].Projection.Paths);
            var health = await new Health.HealthClient(service.Channel).CheckAsync(new(), RunningService.InTime);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        }

        calls.ForEach(call => call.Dispose());
        await Task.WhenAll(beginnings);
        using var later = service.Projections.Project(Ask.Endless(10 * Places + 1), RunningService.InTime);
        await later.FirstAsync();
        Assert.Empty(service.LoggedErrors);
    }

    /// <summary>The error of a call that is refused; null with its first message, and where the test leaves before.</summary>
    private static async Task<RpcException?> BeginningAsync(AsyncServerStreamingCall<V1.ProjectResponse> call)
    {
        try
        {
            await call.ResponseStream.MoveNext();
            return null;
        }
        catch (RpcException error)
        {
            return error.StatusCode == StatusCode.Cancelled ? null : error;
        }
    }
}
