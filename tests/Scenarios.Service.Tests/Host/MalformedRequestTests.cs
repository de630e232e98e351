using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Health.V1;
using Scenarios.Service.Tests.Requests;

namespace Scenarios.Service.Tests.Host;

public sealed class MalformedRequestTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private const int CallsAtOnce = 4;

    /// <summary>A request that turns out valid may ask for hours of work: its first snapshot is answer enough, or this long.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    private readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task MalformedRequests_OverGrpc_AreAnsweredOrSaidToBeWrong_AndTheServiceServesOn()
    {
        var outcomes = new ConcurrentBag<(int Index, StatusCode Status)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, MalformedRequests.Count),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce },
            async (index, _) => outcomes.Add((index, await OutcomeAsync(MalformedRequests.Request(seed: 2, index)))));

        StatusCode[] allowed =
        [
            StatusCode.OK, StatusCode.InvalidArgument, StatusCode.ResourceExhausted, StatusCode.NotFound, StatusCode.Cancelled,
        ];
        Assert.DoesNotContain(outcomes, outcome => !allowed.Contains(outcome.Status));
        Assert.InRange(outcomes.Count(outcome => outcome.Status == StatusCode.InvalidArgument), MalformedRequests.Count / 2, MalformedRequests.Count);
        Assert.Equal("", string.Join('\n', _service.LoggedErrors));
        var health = await new Health.HealthClient(_service.Channel).CheckAsync(new(), RunningService.InTime);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal(1_000, (await _service.Projections.Project(Ask.Founding(paths: 1_000), RunningService.InTime).AllAsync())[^1].Projection.Paths);
    }

    /// <summary>OK after a first message; CANCELLED where it computes for longer than the test waits.</summary>
    private async Task<StatusCode> OutcomeAsync(V1.ProjectRequest request)
    {
        using var patience = new CancellationTokenSource(LongEnough);
        try
        {
            using var call = _service.Projections.Project(request, cancellationToken: patience.Token);
            return await call.ResponseStream.MoveNext(patience.Token) ? StatusCode.OK : StatusCode.DataLoss;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
        catch (OperationCanceledException)
        {
            return StatusCode.Cancelled;
        }
    }
}
