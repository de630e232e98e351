using Orleans.Serialization;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs;
using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Runs.Grains;

namespace Scenarios.Service.Tests.Runs;

/// <summary>Messages between silos, in the format in which they travel.</summary>
public sealed class GrainMessageTests
{
    [Fact]
    public async Task AShardRequest_BetweenSilos_AsksForTheSameBits()
    {
        await using var host = await RunsHost.StartAsync();
        var serializer = host.Service<Serializer>();
        var request = new ShardRequest
        {
            Spec = (await host.Service<ProjectRequestParser>().ParseAsync(new()
            {
                ScenarioName = "scenarios/dprk-rotation",
                Paths = 12_345,
                Seed = 7,
                QuantileLevels = { 0.1, 0.5 },
                Thresholds = { 40_000, 30_000 },
                ReportDays = { 10.5, 70, 365 },
                HistogramDays = { 70 },
                HistogramBinCount = 30,
                SamplePathCount = 3,
                Sampling = V1.ProjectRequest.Types.Sampling.QuasiRandom,
                TargetPrecision = new() { QuantileHalfWidth = 500 },
            }, CancellationToken.None)).Spec,
            Generation = 3,
            FirstPath = 1_000,
            PathCount = 11_345,
            Class = WorkClass.Large,
            MostTallies = 2,
        };

        var arrived = serializer.Deserialize<ShardRequest>(serializer.SerializeToArray(request))!;

        Assert.Equal(request.Spec.Name, arrived.Spec.Name);
        Assert.Equal(request.Spec.InnerKey, arrived.Spec.InnerKey);
        Assert.Equal("dprk-rotation", arrived.Spec.Origin.Id);
        Assert.Equal(request.Spec.Origin, arrived.Spec.Origin);
        Assert.Equal(request.Spec.Directly(2_000), arrived.Spec.Directly(2_000));
        Assert.Equal(request with { Spec = arrived.Spec }, arrived);
    }

    [Fact]
    public async Task AnUpdate_BetweenSilos_ArrivesWhole()
    {
        await using var host = await RunsHost.StartAsync();
        var serializer = host.Service<Serializer>();
        var update = new RunUpdate
        {
            Version = 3,
            Projection = Specs.Weekly(1_000).Directly(1_000),
            State = V1.Progress.Types.State.Completed,
            PathsPerSecond = 1e6,
            Sampling = Sampling.QuasiRandom,
        };
        var failed = new RunUpdate { Version = 4, Failure = new() { Kind = RunFailureKind.Busy, Limit = "Limits:MaxQueuedRuns" } };

        Assert.Equal(update, serializer.Deserialize<RunUpdate>(serializer.SerializeToArray(update)));
        Assert.Equal(failed, serializer.Deserialize<RunUpdate>(serializer.SerializeToArray(failed)));
    }

    [Fact]
    public async Task AnUpdate_WithinASilo_IsPassedAsItIs()
    {
        await using var host = await RunsHost.StartAsync();
        var update = new RunUpdate { Version = 3, Projection = new() };

        Assert.Same(update, host.Service<DeepCopier>().Copy(update));
        var spec = Specs.Weekly(1_000);
        Assert.Same(spec, host.Service<DeepCopier>().Copy(spec));
    }
}
