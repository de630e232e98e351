using System.Diagnostics;
using Grpc.Core;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Benchmarks.Load;

/// <summary>
/// Everything that is asked of the service, all at once, for as long as is wanted: fails where a call ends INTERNAL or UNKNOWN, where the
/// service is gone, or where it grows.
/// </summary>
internal sealed class SoakBench : IDisposable
{
    /// <summary>Memory is compared between the time around the middle and the end, each a tenth of the whole: by then caches are full.</summary>
    private const double WindowShare = 0.1;

    /// <summary>Of the memory in the middle, for what the collector has not come to yet.</summary>
    private const double MostGrowth = 1.25;

    private readonly ServedProcess _service;
    private readonly V1.ProjectionService.ProjectionServiceClient _projections;
    private readonly V1.ScenarioService.ScenarioServiceClient _scenarios;
    private readonly MalformedCalls _malformedCalls;
    private readonly CancellationTokenSource _over;
    private readonly TimeSpan _time;
    private readonly List<(double Share, double Megabytes)> _memory = [];
    private readonly CallTally _whatIfs = new("what-ifs of 10,000 paths");
    private readonly CallTally _millions = new("runs of 1,000,000 paths");
    private readonly CallTally _dense = new("B2, 100,000 paths");
    private readonly CallTally _readers = new("readers who come and go");
    private readonly CallTally _stored = new("scenarios made, changed, listed, deleted");
    private readonly CallTally _replays = new("replays");
    private readonly CallTally _malformed = new("malformed calls");
    private int _seed;

    private SoakBench(ServedProcess service, ChannelBase channel, TimeSpan time)
    {
        _service = service;
        _time = time;
        _projections = new(channel);
        _scenarios = new(channel);
        _malformedCalls = new(service.GrpcAddress, service.HttpAddress);
        _over = new(time);
    }

    public static async Task<int> RunAsync(TextWriter output, double minutes)
    {
        await using var service = await ServedProcess.StartAsync();
        using var channel = service.Open();
        using var soak = new SoakBench(service, channel, TimeSpan.FromMinutes(minutes));
        return await soak.RunAsync(output);
    }

    public void Dispose()
    {
        _malformedCalls.Dispose();
        _over.Dispose();
    }

    private async Task<int> RunAsync(TextWriter output)
    {
        var from = (await _service.FiguresAsync()).Paths;
        await Task.WhenAll(
        [
            .. Loops(4, TimeSpan.FromMilliseconds(100), random => _whatIfs.MeasureAsync(() => ToEndAsync(LoadRequests.WhatIf(NextSeed()), _over.Token))),
            .. Loops(1, TimeSpan.FromMilliseconds(500), random => _millions.MeasureAsync(() => ToEndAsync(LoadRequests.Founding(1_000_000, NextSeed()), _over.Token))),
            .. Loops(1, TimeSpan.FromSeconds(1), random => _dense.MeasureAsync(() => ToEndAsync(LoadRequests.Dense(100_000, NextSeed()), _over.Token))),
            .. Loops(20, TimeSpan.FromMilliseconds(200), random => _readers.MeasureAsync(() => ReadForAWhileAsync(random))),
            .. Loops(2, TimeSpan.FromMilliseconds(200), random => _stored.MeasureAsync(() => KeepAsync(random))),
            .. Loops(2, TimeSpan.FromMilliseconds(100), random => _replays.MeasureAsync(() => _projections.ReplayPathAsync(
                new() { ScenarioName = "scenarios/dprk-rotation", PathIndex = random.Next(1_000_000) }, cancellationToken: _over.Token).ResponseAsync)),
            .. Loops(4, TimeSpan.FromMilliseconds(50), random => SendMalformedAsync()),
            WatchMemoryAsync(),
        ]);

        CallTally[] tallies = [_whatIfs, _millions, _dense, _readers, _stored, _replays, _malformed];
        var isAlive = !_service.HasExited;
        var paths = isAlive ? (await _service.FiguresAsync()).Paths - from : 0;
        output.WriteLine($"{_time.TotalMinutes:N0} minutes: {paths / _time.TotalSeconds / 1e6:N1} M paths/s, {tallies.Sum(tally => tally.Count) / _time.TotalSeconds:N1} calls/s");
        output.WriteLine();
        output.WriteLine("| what | calls | p50 ms | p99 ms | how they ended |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var tally in tallies)
        {
            output.WriteLine($"| {tally.Name} | {tally.Count:N0} | {tally.Quantile(0.5) * 1e3:N0} | {tally.Quantile(0.99) * 1e3:N0} | {tally.Statuses()} |");
        }

        var (start, middle, end) = (Memory(WindowShare), Memory(0.5), Memory(1));
        var faults = tallies.Sum(tally => tally.Faults);
        var grows = end > MostGrowth * middle;
        output.WriteLine();
        output.WriteLine($"memory: {start:N0} MB after a tenth of the time, {middle:N0} MB in the middle, {end:N0} MB at the end{(grows ? ": IT GROWS" : "")}");
        output.WriteLine(faults > 0 ? $"{faults} calls ended INTERNAL, UNKNOWN, or not at all" : isAlive ? "no call ended INTERNAL or UNKNOWN" : "THE SERVICE IS GONE");
        return isAlive && faults == 0 && !grows ? 0 : 1;
    }

    /// <summary>Median of the memory in the tenth of the time that ends at a share of it.</summary>
    private double Memory(double until) =>
        CallTally.Of(_memory.Where(sample => sample.Share <= until && sample.Share >= until - WindowShare).Select(sample => sample.Megabytes), 0.5);

    private int NextSeed() => Interlocked.Increment(ref _seed);

    private IEnumerable<Task> Loops(int count, TimeSpan pause, Func<Random, Task> call) => Enumerable.Range(0, count).Select(async number =>
    {
        var random = new Random(number);
        while (!_over.IsCancellationRequested && !_service.HasExited)
        {
            await call(random);
            await Task.Delay(pause * (0.5 + random.NextDouble()));
        }
    });

    private async Task ToEndAsync(V1.ProjectRequest request, CancellationToken cancellation)
    {
        using var call = _projections.Project(request, cancellationToken: cancellation);
        while (await call.ResponseStream.MoveNext(cancellation))
        {
        }
    }

    /// <summary>A few messages of one of three runs that outlast every reader, some with long pauses between, then the reader leaves.</summary>
    private async Task ReadForAWhileAsync(Random random)
    {
        using var call = _projections.Project(LoadRequests.Lasting(random.Next(3), TimeSpan.FromMilliseconds(random.Next(20, 300))), cancellationToken: _over.Token);
        for (var messages = random.Next(1, 6); messages > 0; messages--)
        {
            await call.ResponseStream.MoveNext(_over.Token);
            if (random.Next(4) == 0)
            {
                await Task.Delay(random.Next(3_000), _over.Token);
            }
        }
    }

    private async Task KeepAsync(Random random)
    {
        var options = new CallOptions(cancellationToken: _over.Token);
        var id = $"soak-{NextSeed()}";
        var text = LoadRequests.Dense(1, 1).Scenario;
        var made = await _scenarios.CreateScenarioAsync(new() { ScenarioId = id, Scenario = text }, options);
        made.DisplayName = $"Soak {random.Next()}";
        await _scenarios.UpdateScenarioAsync(new() { Scenario = made, UpdateMask = new() { Paths = { "display_name" } } }, options);
        await _scenarios.GetScenarioAsync(new() { Name = made.Name }, options);
        await _scenarios.ListScenariosAsync(new() { PageSize = 10 }, options);
        await _scenarios.DeleteScenarioAsync(new() { Name = made.Name }, options);
    }

    private async Task SendMalformedAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var outcome = await _malformedCalls.SendAsync(seed: 3, NextSeed());
        _malformed.Add(Stopwatch.GetElapsedTime(began).TotalSeconds, outcome.IsFault ? "fault" : outcome.Status);
    }

    private async Task WatchMemoryAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while (!_over.IsCancellationRequested && !_service.HasExited)
        {
            _memory.Add((Stopwatch.GetElapsedTime(began) / _time, _service.Megabytes));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
