using System.Diagnostics.Metrics;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Runs;

/// <summary>What is measured of runs, named by OpenTelemetry's conventions: durations in seconds, units by UCUM.</summary>
internal sealed class RunInstruments : IDisposable
{
    private static readonly double[] ShortDurations = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];

    private readonly Meter _meter;
    private readonly Counter<long> _paths;
    private readonly UpDownCounter<long> _runs;
    private readonly UpDownCounter<long> _readers;
    private readonly Histogram<double> _firstSnapshot;
    private readonly Histogram<double> _snapshot;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _encoding;
    private readonly Counter<long> _messages;

    public RunInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(ScenariosTelemetry.Name);
        _paths = _meter.CreateCounter<long>("scenarios.paths", "{path}", "Paths computed.");
        _runs = _meter.CreateUpDownCounter<long>("scenarios.runs.active", "{run}", "Runs under way.");
        _readers = _meter.CreateUpDownCounter<long>("scenarios.readers.active", "{reader}", "Readers of runs.");
        _firstSnapshot = _meter.CreateHistogram<double>(
            "scenarios.run.first_snapshot.duration",
            "s",
            "Time from the start of a run to its first snapshot.",
            advice: new() { HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 5, 30] });
        _snapshot = _meter.CreateHistogram<double>(
            "scenarios.snapshot.duration",
            "s",
            "Time to make a snapshot of a tally.",
            advice: new() { HistogramBucketBoundaries = ShortDurations });
        _queue = _meter.CreateHistogram<double>(
            "scenarios.run.queue.duration",
            "s",
            "Time that a run waited for a place to compute.",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.01, 0.1, 1, 10, 60, 600] });
        _encoding = _meter.CreateHistogram<double>(
            "scenarios.snapshot.encode.duration",
            "s",
            "Time to encode a snapshot, which is done once for all its readers on gRPC and gRPC-Web.",
            advice: new() { HistogramBucketBoundaries = ShortDurations });
        _messages = _meter.CreateCounter<long>("scenarios.reader.messages", "{message}", "Snapshots handed to readers.");
    }

    public void PathsComputed(long paths) => _paths.Add(paths);

    public void RunBegan() => _runs.Add(1);

    public void RunEnded() => _runs.Add(-1);

    public void ReaderJoined() => _readers.Add(1);

    public void ReaderLeft() => _readers.Add(-1);

    public void FirstSnapshot(TimeSpan afterStart) => _firstSnapshot.Record(afterStart.TotalSeconds);

    public void Snapshot(TimeSpan cost) => _snapshot.Record(cost.TotalSeconds);

    public void Queued(TimeSpan wait) => _queue.Record(wait.TotalSeconds);

    public void Encoded(TimeSpan cost) => _encoding.Record(cost.TotalSeconds);

    public void MessageTaken() => _messages.Add(1);

    public void Dispose() => _meter.Dispose();
}
