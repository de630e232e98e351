using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Scenarios.Service.Runs;

/// <summary>What is measured of runs: metrics of the meter and activities of the source "Scenarios".</summary>
internal sealed class RunInstruments : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "Scenarios";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Meter _meter;
    private readonly Counter<long> _paths;
    private readonly UpDownCounter<long> _runs;
    private readonly UpDownCounter<long> _readers;
    private readonly Histogram<double> _firstSnapshot;
    private readonly Histogram<double> _snapshot;

    public RunInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(SourceName);
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
            advice: new() { HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5] });
    }

    public void PathsComputed(long paths) => _paths.Add(paths);

    public void RunBegan() => _runs.Add(1);

    public void RunEnded() => _runs.Add(-1);

    public void ReaderJoined() => _readers.Add(1);

    public void ReaderLeft() => _readers.Add(-1);

    public void FirstSnapshot(TimeSpan afterStart) => _firstSnapshot.Record(afterStart.TotalSeconds);

    public void Snapshot(TimeSpan cost) => _snapshot.Record(cost.TotalSeconds);

    /// <summary>The activity of a whole run; null where nobody listens.</summary>
    public static Activity? StartRun(string innerKey, long generation) => Source.StartActivity("run")
        ?.SetTag("scenarios.run.inner_key", innerKey).SetTag("scenarios.run.generation", generation);

    /// <summary>The activity of one shard; null where nobody listens.</summary>
    public static Activity? StartShard(long firstPath, long pathCount) => Source.StartActivity("shard")
        ?.SetTag("scenarios.shard.first_path", firstPath).SetTag("scenarios.shard.paths", pathCount);

    /// <summary>The activity of one snapshot; null where nobody listens.</summary>
    public static Activity? StartSnapshot(string name, long paths) => Source.StartActivity("snapshot")
        ?.SetTag("scenarios.projection.name", name).SetTag("scenarios.snapshot.paths", paths);

    public void Dispose() => _meter.Dispose();
}
