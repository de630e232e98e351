using Microsoft.Extensions.Time.Testing;
using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Tests.Runs;

public sealed class SharedRunTests
{
    [Fact]
    public async Task EqualRequests_AtTheSameTime_AreComputedOnce()
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(500_000);

        var readers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => host.ReadAsync(spec))));

        Assert.Equal(500_000, host.Paths);
        Assert.All(readers, messages => Assert.Same(readers[0][^1].Projection, messages[^1].Projection));
    }

    [Fact]
    public async Task RequestsOfOneInnerKey_WithTheirOwnPathsAndLevels_ShareARun()
    {
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(calls: calls);
        var few = Specs.Long(30_000);
        var many = Specs.Long(60_000).Named("levels") with { Query = few.Query with { QuantileLevels = [0.1, 0.9] } };
        using var bothJoined = new CountdownEvent(2);
        calls.After = method => _ = method == "JoinAsync" && bothJoined.Signal();
        calls.Before = method => Assert.True(method != "ComputeAsync" || bothJoined.Wait(RunsHost.Patience));

        await using var readerOfFew = host.Watch(few);
        await using var readerOfMany = host.Watch(many);
        var lasts = await Task.WhenAll(readerOfFew.LastAsync(), readerOfMany.LastAsync());

        Assert.Equal(60_000, host.Paths);
        Assert.Equal(few.Directly(30_000), lasts[0].Projection);
        Assert.Equal(many.Directly(60_000), lasts[1].Projection);
    }

    [Fact]
    public async Task MorePathsOfAFinishedRun_AreAddedToItsTally_ToTheBitsOfAFreshOne()
    {
        await using var host = await RunsHost.StartAsync();
        await host.ReadAsync(Specs.Weekly(10_000));
        await host.NoRunsAsync();
        var spec = Specs.Weekly(100_000);

        var messages = await host.ReadAsync(spec);

        Assert.Equal(100_000, host.Paths);
        Assert.Equal(10_000, messages[0].Progress.PathsCompleted);
        Assert.Equal(spec.Directly(10_000), messages[0].Projection);
        Assert.Equal(spec.Directly(100_000), messages[^1].Projection);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATallyOfMostOfTheMemory_IsKept_UntilTheNext(bool isFollowed)
    {
        var projector = Projector.Compile(Specs.Weekly(1).Model, seed: 1, [50_000], []);
        await using var host = await RunsHost.StartAsync(settings: ("Limits:MemoryBytes", $"{projector.TallyBytes * 5 / 2}"));
        await host.ReadAsync(Specs.Weekly(10_000));
        await host.NoRunsAsync();
        if (isFollowed)
        {
            await host.ReadAsync(Specs.Weekly(10_000, seed: 2));
            await host.NoRunsAsync();
        }

        var spec = Specs.Weekly(100_000);
        var messages = await host.ReadAsync(spec);

        Assert.Equal(isFollowed ? 120_000 : 100_000, host.Paths);
        Assert.Equal(spec.Directly(100_000), messages[^1].Projection);
    }

    [Fact]
    public async Task OtherLevelsOfAFinishedRun_AreReadFromItsTally()
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(10_000);
        await host.ReadAsync(spec);
        await host.NoRunsAsync();
        var other = spec.Named("levels") with { Query = spec.Query with { QuantileLevels = [0.01, 0.99] } };

        var message = Assert.Single(await host.ReadAsync(other));

        Assert.Equal(10_000, host.Paths);
        Assert.Equal(other.Directly(10_000), message.Projection);
    }

    [Fact]
    public async Task FewerPathsThanAFinishedRun_AreComputedAnew()
    {
        await using var host = await RunsHost.StartAsync();
        await host.ReadAsync(Specs.Weekly(20_000));
        await host.NoRunsAsync();
        var fewer = Specs.Weekly(7_000);

        var messages = await host.ReadAsync(fewer);

        Assert.Equal(27_000, host.Paths);
        Assert.Equal(fewer.Directly(7_000), messages[^1].Projection);
    }

    [Fact]
    public async Task TheLastReader_Leaving_StopsTheWorkAfterTheLinger()
    {
        var time = new FakeTimeProvider();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(time: time, calls: calls);
        await using (var reader = host.Watch(Specs.Long(100_000_000)))
        {
            Assert.NotNull(await reader.NextAsync());
        }

        await calls.ReturnedAsync("LeaveAsync");
        time.Advance(TimeSpan.FromMilliseconds(50));
        await host.NoRunsAsync();

        var stopped = host.Paths;
        await host.ReadAsync(Specs.Weekly(20_000)); // Time enough for whatever might still be at work.
        Assert.Equal(stopped + 20_000, host.Paths);
        Assert.True(stopped < 100_000_000);
    }

    [Fact]
    public async Task AJoin_InTheLinger_KeepsTheRun()
    {
        var time = new FakeTimeProvider();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(time: time, calls: calls);
        var spec = Specs.Long(40_000);
        await using (var reader = host.Watch(spec))
        {
            Assert.NotNull(await reader.NextAsync());
        }

        await calls.ReturnedAsync("LeaveAsync");
        time.Advance(TimeSpan.FromMilliseconds(49));
        await using var second = host.Watch(spec);
        Assert.NotNull(await second.NextAsync());
        time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(spec.Directly(40_000), (await second.LastAsync()).Projection);
        Assert.Equal(40_000, host.Paths);
    }

    [Fact]
    public async Task AJoin_AfterTheLinger_TakesOverWhatWasComputed()
    {
        var time = new FakeTimeProvider();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(time: time, calls: calls);
        var spec = Specs.Long(40_000);
        await using (var reader = host.Watch(spec, updateInterval: TimeSpan.FromMilliseconds(20)))
        {
            Assert.NotNull(await reader.NextAsync());
        }

        await calls.ReturnedAsync("LeaveAsync");
        time.Advance(TimeSpan.FromMilliseconds(50));
        await using var second = host.Watch(spec);
        var first = await second.NextAsync();
        var last = await second.LastAsync() ?? first;

        Assert.True(first!.Progress.PathsCompleted >= 1_000);
        Assert.Equal(spec.Directly(40_000), last!.Projection);
        Assert.InRange(host.Paths, 40_000, (2 * 40_000) - 1_001); // The first thousand at least were not computed again.
    }
}
