using System.Diagnostics.Metrics;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Runs;

/// <summary>What is measured of runs, named by OpenTelemetry's conventions: durations in seconds, units by UCUM.</summary>
internal sealed class RunInstruments : IDisposable
{
    private static readonly double[] ShortDurations = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5];

    private readonly Meter _meter;
    private readonly Counter<long> _paths;
    private readonly Counter<long> _begun;
    private readonly Counter<long> _ended;
    private readonly UpDownCounter<long> _computing;
    private readonly UpDownCounter<long> _waiting;
    private readonly Counter<long> _answers;
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
        _begun = _meter.CreateCounter<long>("scenarios.runs.begun", "{run}", "Runs that began.");
        _ended = _meter.CreateCounter<long>("scenarios.runs.ended", "{run}", "Runs that ended in any way; the others are under way.");
        _computing = _meter.CreateUpDownCounter<long>("scenarios.runs.active", "{run}", "Runs that have a place to compute.");
        _waiting = _meter.CreateUpDownCounter<long>("scenarios.runs.waiting", "{run}", "Runs that wait for a place to compute: the queue.");
        _answers = _meter.CreateCounter<long>(
            "scenarios.answers", "{answer}", "Requests for a projection by where it came from: memory, store, or a run.");
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

    public void RunBegan() => _begun.Add(1);

    public void RunEnded() => _ended.Add(1);

    public void PlaceTaken() => _computing.Add(1);

    public void PlaceLeft() => _computing.Add(-1);

    public void WaitBegan() => _waiting.Add(1);

    public void WaitEnded() => _waiting.Add(-1);

    /// <summary>Counts an answer.</summary>
    /// <param name="source">memory, store or run.</param>
    public void AnsweredFrom(string source) => _answers.Add(1, new KeyValuePair<string, object?>("source", source));

    /// <summary>Has a size in bytes asked for whenever metrics are read.</summary>
    /// <param name="name">Name of the instrument.</param>
    /// <param name="description">What it is the size of.</param>
    /// <param name="sizes">The sizes, each with its own attributes.</param>
    public void ObserveBytes(string name, string description, Func<IEnumerable<Measurement<long>>> sizes) =>
        _meter.CreateObservableUpDownCounter(name, sizes, "By", description);

    public void ReaderJoined() => _readers.Add(1);

    public void ReaderLeft() => _readers.Add(-1);

    public void FirstSnapshot(TimeSpan afterStart) => _firstSnapshot.Record(afterStart.TotalSeconds);

    public void Snapshot(TimeSpan cost) => _snapshot.Record(cost.TotalSeconds);

    public void Queued(TimeSpan wait) => _queue.Record(wait.TotalSeconds);

    public void Encoded(TimeSpan cost) => _encoding.Record(cost.TotalSeconds);

    public void MessageTaken() => _messages.Add(1);

    public void Dispose() => _meter.Dispose();
}
