using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Scenarios.Service.Tests.Runs;

namespace Scenarios.Service.Tests.Host;

public sealed class LeavingTests
{
    /// <summary>The contract's bound on work after the last reader has left.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Reader_WhoLeaves_EndsTheWorkWithinTheBoundAndLogsNoError()
    {
        await using var service = await RunningService.StartAsync();
        using var work = new Work();

        // Other work on the machine can hold any one of them up, never make it faster.
        var fastest = TimeSpan.MaxValue;
        for (var seed = 1; seed <= 5; seed++)
        {
            using var stream = service.Projections.Project(Ask.Endless(seed), RunningService.InTime);
            await stream.FirstAsync();
            var left = Stopwatch.GetTimestamp();
            stream.Dispose();
            await work.WhenNoRunIsActiveAsync();
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, work.SinceLast(left).Ticks));
        }

        Assert.InRange(fastest, TimeSpan.Zero, Bound);
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Reader_OfJsonWhoLeaves_EndsTheWorkAndLogsNoError()
    {
        await using var service = await RunningService.StartAsync();
        using var work = new Work();
        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/projections:project", UriKind.Relative))
        {
            Content = new StringContent(Google.Protobuf.JsonFormatter.Default.Format(Ask.Endless()), null, "application/json"),
        })
        {
            using var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
                .WaitAsync(RunningService.Patience);
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[100]).AsTask().WaitAsync(RunningService.Patience);
        }

        await work.WhenNoRunIsActiveAsync();
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Deadline_ThatPasses_EndsTheCallAndTheWork()
    {
        await using var service = await RunningService.StartAsync();
        using var work = new Work();
        var error = await Assert.ThrowsAsync<RpcException>(() =>
            service.Projections.Project(Ask.Endless(), new CallOptions(deadline: DateTime.UtcNow.AddSeconds(1))).AllAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await work.WhenNoRunIsActiveAsync();
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Deadline_ThatNoRunCanMeet_IsRefusedAtOnceWhereOnlyTheLastMessageIsWanted()
    {
        await using var service = await RunningService.StartAsync();
        var request = Ask.Endless();
        request.FinalOnly = true;
        var error = await Assert.ThrowsAsync<RpcException>(() => service.Projections.Project(request, RunningService.InTime).AllAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("DEADLINE_TOO_SHORT", error.ReasonOf());

        request.TargetPrecision = new() { RelativeHalfWidth = 0.01 };
        var messages = await service.Projections.Project(request, RunningService.InTime).AllAsync(); // It may end any time: and does.
        Assert.Equal(V1.Progress.Types.State.Converged, Assert.Single(messages).Progress.State);
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task Deadline_ThatPassesInTheQueue_EndsTheCallAndFreesItsPlaceThere()
    {
        await using var service = await RunningService.StartAsync(("Limits:MaxConcurrentRuns", "1"), ("Limits:MaxQueuedRuns", "1"));
        using var computing = service.Projections.Project(Ask.Endless(1), RunningService.InTime);
        await computing.FirstAsync();

        // Each takes the only place in the queue: the second would be BUSY if the first had not left it.
        for (var seed = 2; seed <= 3; seed++)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() =>
                service.Projections.Project(Ask.Endless(seed), new CallOptions(deadline: DateTime.UtcNow.AddSeconds(1))).AllAsync());
            Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        }

        Assert.True(await computing.ResponseStream.MoveNext().WaitAsync(RunningService.Patience)); // Nothing happened to it.
        Assert.Empty(service.LoggedErrors);
    }

    /// <summary>Watches the engine through its metrics.</summary>
    private sealed class Work : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Lock _lock = new();
        private TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _active;
        private long _lastPaths;

        public Work()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name is "scenarios.paths" or "scenarios.runs.begun" or "scenarios.runs.ended")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, measurement, _, _) => See(instrument.Name, measurement));
            _listener.Start();
        }

        public Task WhenNoRunIsActiveAsync()
        {
            lock (_lock)
            {
                return _none.Task.WaitAsync(RunningService.Patience);
            }
        }

        public TimeSpan SinceLast(long timestamp) =>
            Stopwatch.GetElapsedTime(timestamp, Math.Max(timestamp, Interlocked.Read(ref _lastPaths)));

        public void Dispose() => _listener.Dispose();

        private void See(string instrument, long measurement)
        {
            if (instrument == "scenarios.paths")
            {
                Interlocked.Exchange(ref _lastPaths, Stopwatch.GetTimestamp());
                return;
            }

            lock (_lock)
            {
                var before = _active;
                _active += instrument == "scenarios.runs.begun" ? measurement : -measurement;
                if (_active == 0)
                {
                    _none.TrySetResult();
                }
                else if (before == 0)
                {
                    _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }
}
