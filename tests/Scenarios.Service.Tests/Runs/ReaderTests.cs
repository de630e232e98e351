using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Scenarios.Service.Runs;
using Scenarios.Service.Runs.Readers;

namespace Scenarios.Service.Tests.Runs;

public sealed class ReaderTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task ASlowReader_GetsTheFirstSnapshotThenTheLast_AndDelaysNobody()
    {
        await using var host = await RunsHost.StartAsync();
        var spec = Specs.Weekly(3_000_000);
        await using var slow = host.Watch(spec, TimeSpan.FromMilliseconds(20));
        var begun = slow.NextAsync();

        var others = await host.ReadAsync(spec, TimeSpan.FromMilliseconds(20));

        Assert.Equal(3_000_000, others[^1].Progress.PathsCompleted);
        Assert.Equal(1_000, (await begun)!.Progress.PathsCompleted);
        Assert.Equal(3_000_000, (await slow.NextAsync())!.Progress.PathsCompleted);
        Assert.Null(await slow.NextAsync());
    }

    [Fact]
    public async Task AReader_ThatTakesNothingForAMinute_IsEnded()
    {
        await using var host = await RunsHost.StartAsync(time: _time);
        var spec = Specs.Weekly(200_000);
        await using var slow = host.Watch(spec);
        Assert.NotNull(await slow.NextAsync());
        await host.ReadAsync(spec); // The last message is there for the slow one too.

        _time.Advance(TimeSpan.FromSeconds(60));

        var error = await slow.ErrorAsync();
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("READER_TOO_SLOW", error.ReasonOf());
    }

    [Fact]
    public async Task AReader_WhoComesBackWithinAMinute_IsServed()
    {
        await using var host = await RunsHost.StartAsync(time: _time);
        var spec = Specs.Weekly(200_000);
        await using var slow = host.Watch(spec);
        Assert.NotNull(await slow.NextAsync());
        await host.ReadAsync(spec);

        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(V1.Progress.Types.State.Completed, (await slow.NextAsync())!.Progress.State);
    }

    [Fact]
    public async Task Slot_BetweenFirstAndLast_ThinsToTheInterval_AndCountsWhatItSkips()
    {
        using var slot = NewSlot(finalOnly: false);
        slot.Offer(Update(1_000));
        Assert.Equal(1_000, await PathsOfNextAsync(slot));

        slot.Offer(Update(2_000));
        slot.Offer(Update(5_000));
        var next = slot.TakeAsync(default).AsTask();
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        var (response, isLast) = await next.WaitAsync(RunsHost.Patience);
        Assert.False(isLast);
        Assert.Equal(5_000, response.Progress.PathsCompleted);
        Assert.Equal(1, response.Progress.SnapshotsSkipped);
    }

    [Fact]
    public async Task Slot_KeepsTheFirstSnapshotUntilItIsTaken_AndNeverHoldsBackTheLast()
    {
        using var slot = NewSlot(finalOnly: false);
        slot.Offer(Update(1_000));
        slot.Offer(Update(2_000));
        slot.Offer(Update(10_000, V1.Progress.Types.State.Completed));

        Assert.Equal(1_000, await PathsOfNextAsync(slot));
        var (last, isLast) = await slot.TakeAsync(default);
        Assert.True(isLast);
        Assert.Equal(10_000, last.Progress.PathsCompleted);
        Assert.Equal(1, last.Progress.SnapshotsSkipped);
    }

    [Fact]
    public async Task Slot_WaitingForItsInterval_IsWokenByTheLast()
    {
        using var slot = NewSlot(finalOnly: false);
        slot.Offer(Update(1_000));
        await PathsOfNextAsync(slot);
        slot.Offer(Update(2_000));

        var next = PathsOfNextAsync(slot);
        slot.Offer(Update(10_000, V1.Progress.Types.State.Converged));

        Assert.Equal(10_000, await next);
    }

    [Fact]
    public async Task Slot_ForTheFinalOnly_SkipsAllOthers()
    {
        using var slot = NewSlot(finalOnly: true);
        slot.Offer(Update(1_000));
        slot.Offer(Update(2_000));
        slot.Offer(Update(10_000, V1.Progress.Types.State.Completed));

        var (last, isLast) = await slot.TakeAsync(default);
        Assert.True(isLast);
        Assert.Equal(10_000, last.Progress.PathsCompleted);
        Assert.Equal(2, last.Progress.SnapshotsSkipped);
    }

    [Fact]
    public void Slot_NotTakenForAMinute_SaysSo()
    {
        ReaderSlot? ended = null;
        using var slot = new ReaderSlot(10_000, new(Interval, false), _time, slow => ended = slow);

        _time.Advance(ReaderSlot.Patience * 2); // Nothing is there to be taken.
        Assert.Null(ended);
        slot.Offer(Update(1_000));
        _time.Advance(ReaderSlot.Patience);

        Assert.Same(slot, ended);
    }

    private ReaderSlot NewSlot(bool finalOnly) => new(10_000, new(Interval, finalOnly), _time, _ => { });

    private static async Task<long> PathsOfNextAsync(ReaderSlot slot) =>
        (await slot.TakeAsync(default).AsTask().WaitAsync(RunsHost.Patience)).Response.Progress.PathsCompleted;

    private static RunUpdate Update(long paths, V1.Progress.Types.State state = V1.Progress.Types.State.Running) =>
        new() { Version = paths, Projection = new() { Paths = paths }, State = state };
}
