using System.Diagnostics;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;

namespace Scenarios.Benchmarks.Load;

/// <summary>
/// Ten times as many runs asked for as can be computed, whoever answers or not: what becomes of throughput, of small requests, of health and
/// of memory, and how it is afterwards.
/// </summary>
internal static class OverloadBench
{
    private const long PathsOfARun = 2_000_000;
    private const int Overload = 10;

    /// <summary>As many as compute at once (Limits:MaxConcurrentRuns).</summary>
    private const int ClosedLoops = 4;

    private static readonly TimeSpan Unloaded = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Loaded = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var service = await ServedProcess.StartAsync();
        using var channel = service.Open();
        var projections = new V1.ProjectionService.ProjectionServiceClient(channel);
        var seeds = new Seeds();
        await RunAsync(projections, seeds); // Warm.

        var before = await PathsPerSecondAsync(service, () => CloseLoopsAsync(projections, seeds, Unloaded));
        var alone = await TimeAsync(projections, seeds);
        var idleMemory = service.Megabytes;

        var large = new CallTally("large");
        var small = new CallTally("small");
        var health = new CallTally("health");
        var withoutRetryInfo = 0;
        var peak = 0d;
        var offered = Overload * before / PathsOfARun;
        using var over = new CancellationTokenSource(Loaded);
        var during = await PathsPerSecondAsync(service, async () => await Task.WhenAll(
            EveryAsync(TimeSpan.FromSeconds(1 / offered), () => _ = large.MeasureAsync(async () =>
            {
                try
                {
                    await RunAsync(projections, seeds, over.Token);
                }
                catch (RpcException busy) when (busy.StatusCode == StatusCode.ResourceExhausted && busy.GetRpcStatus()?.GetDetail<RetryInfo>() is null)
                {
                    Interlocked.Increment(ref withoutRetryInfo);
                    throw;
                }
            }), over.Token),
            LoopAsync(TimeSpan.FromMilliseconds(100), () => small.MeasureAsync(() => ToEndAsync(projections.Project(LoadRequests.WhatIf(seeds.Next())))), over.Token),
            LoopAsync(TimeSpan.FromMilliseconds(50), () => health.MeasureAsync(() => new Health.HealthClient(channel).CheckAsync(new()).ResponseAsync), over.Token),
            LoopAsync(
                TimeSpan.FromMilliseconds(200),
                () =>
                {
                    peak = Math.Max(peak, service.Megabytes);
                    return Task.CompletedTask;
                },
                over.Token)));

        await RunAsync(projections, seeds); // What was begun is done with.
        var after = await PathsPerSecondAsync(service, () => CloseLoopsAsync(projections, seeds, Unloaded));
        var afterwards = await TimeAsync(projections, seeds);

        output.WriteLine($"runs of {PathsOfARun:N0} paths, {offered:N0} a second asked for over {Loaded.TotalSeconds:N0} s, {Overload} times what was computed before");
        output.WriteLine($"computed: {before / 1e6:N1} M paths/s before, {during / 1e6:N1} during ({during / before:P0}), {after / 1e6:N1} after ({after / before:P0})");
        output.WriteLine($"one run alone: {alone * 1e3:N0} ms before, {afterwards * 1e3:N0} ms after");
        output.WriteLine($"large ones, {large.Count:N0}: {large.Statuses()}; {withoutRetryInfo} refused without RetryInfo");
        output.WriteLine($"small ones (10,000 paths), {small.Count:N0}: {small.Statuses()}; p50 {small.Quantile(0.5) * 1e3:N0} ms, p99 {small.Quantile(0.99) * 1e3:N0} ms");
        output.WriteLine($"health, {health.Count:N0}: {health.Statuses()}; p50 {health.Quantile(0.5) * 1e3:N1} ms, p99 {health.Quantile(0.99) * 1e3:N1} ms");
        output.WriteLine($"memory: {idleMemory:N0} MB before, {peak:N0} MB at most; tallies are bounded to 1,074 MB (Limits:MemoryBytes)");
        return withoutRetryInfo == 0 && small.Of("OK") == small.Count && health.Of("OK") == health.Count && large.Faults == 0 ? 0 : 1;
    }

    private static async Task<double> PathsPerSecondAsync(ServedProcess service, Func<Task> load)
    {
        var from = (await service.FiguresAsync()).Paths;
        var began = Stopwatch.GetTimestamp();
        await load();
        return ((await service.FiguresAsync()).Paths - from) / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<double> TimeAsync(V1.ProjectionService.ProjectionServiceClient projections, Seeds seeds)
    {
        var began = Stopwatch.GetTimestamp();
        await RunAsync(projections, seeds);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Task CloseLoopsAsync(V1.ProjectionService.ProjectionServiceClient projections, Seeds seeds, TimeSpan time) => Task.WhenAll(
        Enumerable.Range(0, ClosedLoops).Select(async _ =>
        {
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                await RunAsync(projections, seeds);
            }
        }));

    private static Task RunAsync(V1.ProjectionService.ProjectionServiceClient projections, Seeds seeds, CancellationToken cancellation = default)
    {
        var request = LoadRequests.Founding(PathsOfARun, seeds.Next());
        request.FinalOnly = true;
        return ToEndAsync(projections.Project(request, cancellationToken: cancellation));
    }

    private static async Task ToEndAsync(AsyncServerStreamingCall<V1.ProjectResponse> call)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        }
    }

    /// <summary>Begins something again and again at a rate of its own, whether the last ones have ended or not.</summary>
    private static async Task EveryAsync(TimeSpan period, Action begin, CancellationToken over)
    {
        var began = Stopwatch.GetTimestamp();
        for (var count = 0L; !over.IsCancellationRequested;)
        {
            for (; count < Stopwatch.GetElapsedTime(began) / period; count++)
            {
                begin();
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task LoopAsync(TimeSpan pause, Func<Task> call, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await call();
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>A run each: none is remembered.</summary>
    private sealed class Seeds
    {
        private long _last;

        public long Next() => Interlocked.Increment(ref _last);
    }
}
