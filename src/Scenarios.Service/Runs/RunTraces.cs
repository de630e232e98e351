using System.Diagnostics;
using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Runs;

/// <summary>The spans of a run; each start gives null where nobody listens.</summary>
/// <remarks>
/// A run is a child of the call that started it, because nearly every run has one reader, whose trace then tells the whole way from
/// the client to the bytes; OpenTelemetry knows one parent only. The calls that join later are linked to the run, each from its own trace:
/// they may have come from anywhere, at any time, and none of them caused it.
/// </remarks>
internal static class RunTraces
{
    /// <summary>Of what a run does over and over, the first so many have spans.</summary>
    private const long FirstShown = 16;

    private static ActivitySource Source => ScenariosTelemetry.ActivitySource;

    /// <summary>
    /// Whether the shard or the snapshot of a number has a span: the first few, then those whose number is a power of two. A run of hours
    /// has some thirty then, not a hundred thousand; its own span says how many there were.
    /// </summary>
    /// <param name="number">Counted from 1.</param>
    public static bool Shows(long number) => number <= FirstShown || long.IsPow2(number);

    /// <summary>The call that is being served, as the parent of what it starts; null if it has no trace.</summary>
    public static TraceContext? CallerOfRun() => TraceContext.Of(Activity.Current);

    /// <summary>Says in the call that is being served which projection it is about.</summary>
    /// <param name="name">Name of the projection.</param>
    public static void NameInCall(string name) => Activity.Current?.SetTag("scenarios.projection.name", name);

    /// <summary>A whole run.</summary>
    public static Activity? StartRun(TraceContext? starter, string innerKey, long generation) => Start("run", starter)
        ?.SetTag("scenarios.run.inner_key", innerKey).SetTag("scenarios.run.generation", generation);

    /// <summary>Gives what a run logs the trace of the call that started it, if nobody listens to spans.</summary>
    public static Activity? StartTrail(TraceContext? starter) =>
        starter is null || Source.HasListeners() ? null : new Activity("run").SetParentId(starter.Parent).Start();

    /// <summary>Making a scenario ready to be computed.</summary>
    public static Activity? StartCompilation(TraceContext? run) => run is null ? null : Start("compile", run);

    /// <summary>The wait for a place to compute.</summary>
    public static Activity? StartAdmission(TraceContext? run, WorkClass workClass, long tallyBytes) => run is null ? null : Start("admission", run)
        ?.SetTag("scenarios.run.class", workClass.ToString()).SetTag("scenarios.tally.size", tallyBytes);

    /// <summary>Computing a range of paths; <paramref name="run"/> is null where the shard is not shown.</summary>
    public static Activity? StartShard(TraceContext? run, long firstPath, long pathCount) => run is null ? null : Start("shard", run)
        ?.SetTag("scenarios.shard.first_path", firstPath).SetTag("scenarios.shard.paths", pathCount);

    /// <summary>Adding a shard to the run's prefix; <paramref name="run"/> is null where the shard is not shown.</summary>
    public static Activity? StartMerge(TraceContext? run, long firstPath, long pathCount) => run is null ? null : Start("merge", run)
        ?.SetTag("scenarios.shard.first_path", firstPath).SetTag("scenarios.shard.paths", pathCount);

    /// <summary>Making a snapshot; <paramref name="run"/> is null where it is not shown.</summary>
    public static Activity? StartSnapshot(TraceContext? run, string name, long paths) => run is null ? null : Start("snapshot", run)
        ?.SetTag("scenarios.projection.name", name).SetTag("scenarios.snapshot.paths", paths);

    /// <summary>Making the bytes of a snapshot; <paramref name="snapshot"/> is null where it is not shown.</summary>
    public static Activity? StartEncoding(TraceContext? snapshot, string name) => snapshot is null ? null : Start("encode", snapshot)
        ?.SetTag("scenarios.projection.name", name);

    private static Activity? Start(string name, TraceContext? parent) =>
        Source.StartActivity(name, ActivityKind.Internal, parent?.ToActivityContext() ?? default);
}
