using Grpc.Core;
using Scenarios.Client;
using Scenarios.Service.Tests.Host;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Cli;

public sealed class ClientTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Refusal_IsDecodedWithEveryViolation()
    {
        using var client = new ScenariosClient(fixture.Service.GrpcAddress);

        var error = await Assert.ThrowsAsync<ScenariosException>(() => client.ProjectToEndAsync(
            new() { ScenarioName = "scenarios/dprk-rotation", Paths = -1, QuantileLevels = { 2 } }).WaitAsync(RunningService.Patience));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_REQUEST"), (error.StatusCode, error.Reason));
        Assert.Equal(["paths", "quantile_levels[0]"], error.Violations.Select(violation => violation.Field).Order());
        Assert.All(error.Violations, violation => Assert.NotEmpty(violation.Description));
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task UnknownScenario_IsNamed()
    {
        using var client = new ScenariosClient(fixture.Service.Channel);

        var error = await Assert.ThrowsAsync<ScenariosException>(
            () => client.GetScenarioAsync("scenarios/none").WaitAsync(RunningService.Patience));

        Assert.Equal((StatusCode.NotFound, "SCENARIO_NOT_FOUND", "scenarios/none"), (error.StatusCode, error.Reason, error.ResourceName));
    }

    [Fact]
    public async Task Nobody_IsAskedAsOftenAsTheOptionsSay()
    {
        var retries = new List<TimeSpan>();
        var options = new ScenariosClientOptions
        {
            MaxRetries = 2,
            FirstBackoff = TimeSpan.FromMilliseconds(1),
            OnRetry = (_, wait) => retries.Add(wait),
        };
        using var client = new ScenariosClient(new Uri("http://127.0.0.1:1"), options);

        var error = await Assert.ThrowsAsync<ScenariosException>(
            () => client.GetScenarioAsync("scenarios/x").WaitAsync(RunningService.Patience));

        Assert.Equal((StatusCode.Unavailable, ""), (error.StatusCode, error.Reason));
        Assert.Equal(2, retries.Count);
    }

    [Fact]
    public async Task Stream_EndsWithTheFinalProjection()
    {
        using var client = new ScenariosClient(fixture.Service.GrpcAddress);
        using var patience = new CancellationTokenSource(RunningService.Patience);
        var request = new ProjectRequest { ScenarioName = "scenarios/dprk-rotation", Paths = 200_000, Seed = 5 };

        var shown = new List<ProjectResponse>();
        await foreach (var snapshot in client.ProjectAsync(request, patience.Token))
        {
            shown.Add(snapshot);
        }

        Assert.Equal(Progress.Types.State.Completed, shown[^1].Progress.State);
        Assert.Equal(shown[^1].Projection, await client.ProjectToEndAsync(request, patience.Token));
        Assert.Equal(shown[^1].Projection, await client.GetProjectionAsync(shown[^1].Projection.Name, patience.Token));
    }

    [Fact]
    public async Task Cancelling_EndsTheSequence()
    {
        using var client = new ScenariosClient(fixture.Service.GrpcAddress);
        using var leaving = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.ProjectAsync(
                new() { ScenarioName = "scenarios/dprk-rotation", Paths = 50_000_000, Seed = 6 }, leaving.Token))
            {
                await leaving.CancelAsync();
            }
        }).WaitAsync(RunningService.Patience);
    }
}
