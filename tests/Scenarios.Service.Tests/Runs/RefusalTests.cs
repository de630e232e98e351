using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Tests.Runs;

public sealed class RefusalTests
{
    [Fact]
    public async Task ALargeRun_BeyondPlacesAndQueue_IsBusy_WhileASmallOneIsServed()
    {
        await using var host = await RunsHost.StartAsync(settings: [("Limits:MaxConcurrentRuns", "1"), ("Limits:MaxQueuedRuns", "0")]);
        await using var computing = host.Watch(Specs.Long(100_000_000));
        Assert.NotNull(await computing.NextAsync());

        await using var refused = host.Watch(Specs.Long(100_000_000, seed: 2));
        var error = await refused.ErrorAsync();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("BUSY", error.ReasonOf());
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal(20_000, (await host.ReadAsync(Specs.Weekly(20_000)))[^1].Progress.PathsCompleted);
    }

    [Fact]
    public async Task TwoHundredDifferentRuns_AtOnce_AreAllAccepted()
    {
        await using var host = await RunsHost.StartAsync();
        var readers = Enumerable.Range(1, 200).Select(seed => host.Watch(Specs.Long(100_000_000, seed))).ToList();
        var firsts = readers.Select(reader => reader.NextAsync()).ToList();

        await host.RunsAsync(200);
        await readers[0].DisposeAsync();
        await host.RunsAsync(199); // None was refused, or it would have ended too.

        Assert.DoesNotContain(firsts.Skip(1), first => first.IsFaulted);
        await Task.WhenAll(readers.Skip(1).Select(reader => reader.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task AQueuedRun_BeginsWhenAnotherEnds()
    {
        var time = new FakeTimeProvider();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(time: time, calls: calls, settings: [("Limits:MaxConcurrentRuns", "1")]);
        await using var queued = host.Watch(Specs.Long(100_000_000, seed: 2));
        Task<V1.ProjectResponse?> first;
        await using (var computing = host.Watch(Specs.Long(100_000_000)))
        {
            Assert.NotNull(await computing.NextAsync());
            first = queued.NextAsync();
        }

        await calls.ReturnedAsync("LeaveAsync");
        time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(1_000, (await first)!.Progress.PathsCompleted);
    }

    [Fact]
    public async Task ATally_ThatCanNeverFit_IsTooLarge()
    {
        await using var host = await RunsHost.StartAsync(settings: ("Limits:MemoryBytes", "100000"));
        await using var reader = host.Watch(Specs.Weekly(10_000));

        var error = await reader.ErrorAsync();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("REQUEST_TOO_LARGE", error.ReasonOf());
        Assert.Null(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal(0, host.Paths);
    }

    [Fact]
    public async Task SamplePaths_LongerByFarThanOnAverage_AreTooLarge()
    {
        // One future in fifty has 240,000 batches: more than fit, though the mean of 20 paths is far below.
        DiscreteDistribution gap = DiscreteDistribution.From([(100, 49), (0.003, 1)]);
        var weekly = Specs.Weekly(1_000);
        var model = weekly.Model with { RotationIntervalDays = new(gap, Resampling.PerPath), Cap = null };
        var spec = weekly with { Model = model, InnerKey = "uneven", TallyThresholds = [], Query = new() { QuantileLevels = [0.5], Thresholds = [] }, SamplePathCount = 200 };
        await using var host = await RunsHost.StartAsync();
        await using var reader = host.Watch(spec);

        var error = await reader.ErrorAsync();

        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), (error.StatusCode, error.ReasonOf()));
        Assert.Contains("jumps to report", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1_000, (await host.ReadAsync(spec with { Name = "without", SamplePathCount = 0 }))[^1].Progress.PathsCompleted);
    }

    [Fact]
    public async Task Readers_BeyondTheLimit_AreRefused()
    {
        await using var host = await RunsHost.StartAsync(settings: ("Limits:MaxSubscribers", "1"));
        await using var only = host.Watch(Specs.Long(100_000_000));
        Assert.NotNull(await only.NextAsync());

        await using var refused = host.Watch(Specs.Weekly(1_000));

        Assert.Equal("BUSY", (await refused.ErrorAsync()).ReasonOf());
    }

    [Fact]
    public async Task Draining_RefusesNewReaders_AndLetsOthersGoOnUntilTheGraceEnds()
    {
        await using var host = await RunsHost.StartAsync();
        await using var early = host.Watch(Specs.Long(100_000_000), TimeSpan.FromMilliseconds(20));
        Assert.NotNull(await early.NextAsync());

        host.Drain.Begin();
        await using var late = host.Watch(Specs.Weekly(1_000));
        var refused = await late.ErrorAsync();
        Assert.NotNull(await early.NextAsync());
        host.Drain.EndGrace();
        var ended = await early.ErrorAsync();

        Assert.All([refused, ended], error =>
        {
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.Equal("DRAINING", error.ReasonOf());
            Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        });
    }

    [Fact]
    public async Task ARunWhoseShardFails_FailsItsReaders_IsNotStored_AndTheNextIsComputedAnew()
    {
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(calls: calls);
        calls.After = method => _ = method == "ComputeAsync" ? throw new InvalidOperationException("A fault, made by the test.") : 0;
        var spec = Specs.Weekly(10_000);
        await using (var reader = host.Watch(spec))
        {
            Assert.Equal(StatusCode.Internal, (await reader.ErrorAsync()).StatusCode);
        }

        Assert.Null(await host.Runs.FindFinishedAsync(spec.Name, default));
        calls.After = _ => { };

        Assert.Equal(spec.Directly(10_000), (await host.ReadAsync(spec))[^1].Projection);
    }

    [Fact]
    public async Task AShardWhoseSiloIsLost_IsComputedAgain_AndCountsOnce()
    {
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(calls: calls);
        var lost = 0;
        calls.After = method => _ = method == "ComputeAsync" && Interlocked.Increment(ref lost) == 2
            ? throw new SiloUnavailableException("Lost after it had computed, by the test.")
            : 0;
        var spec = Specs.Weekly(100_000);

        var last = (await host.ReadAsync(spec))[^1];

        Assert.True(lost > 2);
        Assert.True(host.Paths > 100_000);
        Assert.Equal(spec.Directly(100_000), last.Projection);
    }
}

internal static class RpcErrors
{
    /// <summary>Reason of the error's ErrorInfo.</summary>
    public static string ReasonOf(this RpcException error) => error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
}
