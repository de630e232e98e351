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
        Assert.Equal(V1.Progress.Types.State.Completed, messages[^1].Progress.State);
        Assert.All(messages.SkipLast(1), message => Assert.Equal(V1.Progress.Types.State.Running, message.Progress.State));
        Assert.All(messages, message => Assert.Equal(spec.Directly(message.Progress.PathsCompleted), message.Projection));
    }

    [Fact]
    public async Task ARun_ShorterThanTheInterval_SendsTheFirstSnapshotAndTheLast()
    {
        await using var host = await RunsHost.StartAsync();

        var messages = await host.ReadAsync(Specs.Weekly(50_000), updateInterval: TimeSpan.FromMinutes(1));

        Assert.Equal([1_000, 50_000], messages.Select(message => message.Progress.PathsCompleted));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1_000, false)]
    [InlineData(50_000, true)]
    public async Task ARun_OfOneRungOrForTheFinalOnly_SendsOneMessage(long paths, bool finalOnly)
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(paths);

        var message = Assert.Single(await host.ReadAsync(spec, finalOnly: finalOnly));

        Assert.Equal(spec.Directly(paths), message.Projection);
    }

    [Fact]
    public async Task AFinishedProjection_IsFoundByNameAndSentAtOnce()
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(20_000);
        Assert.Null(await host.Runs.FindFinishedAsync(spec.Name, default));
        await host.ReadAsync(spec);

        var again = Assert.Single(await host.ReadAsync(spec));

        Assert.Equal(20_000, host.Paths);
        Assert.Same((await host.Runs.FindFinishedAsync(spec.Name, default))?.Projection, again.Projection);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnEarlyStop_WithAnyNumberOfThreads_IsAtTheFirstRungPreciseEnough(int threads)
    {
        await using var host = await RunsHost.StartAsync(threads);
        var spec = Specs.Weekly(1_000_000) with { TargetPrecision = new(0.002, null) };
        var precise = new Scenarios.Service.Runs.PrefixLadder(spec.Paths).Rungs.First(IsPrecise);

        var last = (await host.ReadAsync(spec))[^1];

        Assert.InRange(precise, 2_000, 500_000); // Else the target tells nothing.
        Assert.Equal(V1.Progress.Types.State.Converged, last.Progress.State);
        Assert.Equal(spec.Directly(precise), last.Projection);

        bool IsPrecise(long paths)
        {
            var projection = spec.Directly(paths);
            var horizon = projection.Points[^1].Cumulative;
            return projection.LiveErrorFactor * horizon.MeanStandardError <= 0.002 * horizon.Mean;
        }
    }

    [Fact]
    public async Task AnEarlyStop_ByQuantiles_AsksForTheWorstOfThem()
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(1_000_000) with { TargetPrecision = new(null, 400) };

        var last = (await host.ReadAsync(spec, finalOnly: true)).Single();

        Assert.Equal(V1.Progress.Types.State.Converged, last.Progress.State);
        var ladder = new Scenarios.Service.Runs.PrefixLadder(spec.Paths).Rungs;
        var stop = ladder.IndexOf(last.Projection.Paths);
        Assert.True(WidestAt(ladder[stop]) <= 400);
        Assert.True(WidestAt(ladder[stop - 1]) > 400);

        double WidestAt(long paths)
        {
            var projection = spec.Directly(paths);
            return projection.LiveErrorFactor * projection.Points[^1].Cumulative.QuantileStandardErrors.Max();
        }
    }
}
