using System.Collections.Immutable;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Responses;

namespace Scenarios.Service.Tests.Runs;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EverySnapshot_WithAnyNumberOfThreads_IsTheFinishedProjectionOfItsPathsButForItsName(int threads)
    {
        await using var host = await RunsHost.StartAsync(threads);
        var spec = Specs.Weekly(2_000_000);

        var messages = await host.ReadAsync(spec, updateInterval: TimeSpan.FromMilliseconds(20));

        Assert.Equal(1_000, messages[0].Progress.PathsCompleted);
        Assert.Equal(2_000_000, messages[^1].Progress.PathsCompleted);
        Assert.All(messages, message => Assert.Equal(spec.Name, message.Projection.Name));
        Assert.All(messages, message => Assert.Equal(Directly(spec, message.Progress.PathsCompleted), message.Projection));
    }

    /// <summary>What the engine says of the first paths when it is asked in one go, without any run.</summary>
    private static V1.Projection Directly(Scenarios.Service.Runs.ProjectionSpec spec, long paths)
    {
        var projector = Projector.Compile(spec.Model, spec.Seed, spec.TallyThresholds, spec.ExtraDays);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        ImmutableArray<Scenarios.Engine.Statistics.SamplePath> samples = [.. Enumerable.Range(0, spec.SamplePathCount).Select(path => projector.SamplePath(path))];
        return ProjectionMessage.From(spec, projector.Summarize(tally, spec.Query), samples);
    }
}
