using System.Collections.Immutable;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Api.Responses;

namespace Scenarios.Service.Runs.Grains;

/// <summary>
/// All who wait for one projection, by the silos they are on: what they want of a run, and what it last told them. One snapshot
/// is made for all of them. Lives in the turns of its grain, but for <see cref="Look"/>.
/// </summary>
internal sealed class Audience(ProjectionSpec spec)
{
    /// <summary>A snapshot may take this share of the time: the next comes no sooner than so many times its cost.</summary>
    private const int CostsBetweenSnapshots = 20;

    private readonly Dictionary<long, TimeSpan?> _paces = [];
    private readonly PrefixLadder _ladder = new(spec.Paths);
    private TaskCompletionSource _changed = NewSignal();
    private ImmutableArray<SamplePath> _samplePaths;
    private RunUpdate? _first;
    private RunUpdate? _newest;
    private long _lookedAt;
    private DateTimeOffset _nextDue;

    public ProjectionSpec Spec => spec;

    /// <summary>Completes with the next update, or when somebody leaves.</summary>
    public Task Changed => _changed.Task;

    public bool IsEmpty => _paces.Count == 0;

    /// <summary>Where to start for those who come now: with the newest update.</summary>
    public long VersionBeforeNewest => _newest is null ? 0 : _newest.Version - 1;

    /// <summary>Shortest time between snapshots that anybody wants; null where all want the last only.</summary>
    public TimeSpan? Pace { get; private set; }

    public void SetPace(long subscription, TimeSpan? pace)
    {
        _paces[subscription] = pace;
        Pace = _paces.Values.Min();
    }

    public void Forget(long subscription)
    {
        _paces.Remove(subscription);
        Pace = _paces.Values.Min();
        Signal();
    }

    /// <summary>The newest update after a version, the first snapshot before all others; null where there is none yet.</summary>
    public RunUpdate? After(long seen) => _first is { } first && seen < first.Version ? first
        : _newest is { } newest && seen < newest.Version ? newest
        : null;

    /// <summary>Where the run has to stop for this audience, after a number of paths less than those asked for.</summary>
    /// <param name="paths">Paths that are computed or being computed.</param>
    /// <param name="reachable">Paths that can be there by the time of the next snapshot.</param>
    public long NextStop(long paths, long reachable) =>
        _ladder.Next(paths, spec.TargetPrecision is not null || (Pace is not null && _first is null) ? paths : reachable);

    /// <summary>Does the prefix of that many paths tell this audience something new?</summary>
    public bool WantsToLookAt(long paths, DateTimeOffset now) => paths > _lookedAt && paths <= spec.Paths && _ladder.Contains(paths)
        && (paths == spec.Paths || spec.TargetPrecision is not null || WantsSnapshot(now));

    /// <summary>Looks at a prefix: is it the last one needed, and what does it say? Runs on an engine thread, one at a time.</summary>
    /// <returns>The projection is null where this audience wants none of this prefix.</returns>
    public (V1.Projection? Projection, V1.Progress.Types.State State) Look(Projector projector, Tally prefix, DateTimeOffset now)
    {
        var summary = projector.Summarize(prefix, spec.Query);
        var isMet = spec.TargetPrecision is { } target && target.IsMetBy(HorizonOf(summary, projector, prefix), summary.LiveErrorFactor);
        var state = isMet ? V1.Progress.Types.State.Converged
            : prefix.Paths == spec.Paths ? V1.Progress.Types.State.Completed
            : V1.Progress.Types.State.Running;
        if (state == V1.Progress.Types.State.Running && !WantsSnapshot(now))
        {
            return (null, state);
        }

        if (_samplePaths.IsDefault)
        {
            // The parser sees to it that no more are asked for than paths, and the first rung is no fewer than may be asked for.
            _samplePaths = SamplePaths(projector);
        }

        return (ProjectionMessage.From(spec, summary, _samplePaths), state);
    }

    /// <summary>Takes note that a prefix was looked at.</summary>
    public void Looked(long paths, DateTimeOffset now, TimeSpan cost)
    {
        _lookedAt = paths;
        var pause = cost * CostsBetweenSnapshots;
        _nextDue = now + (Pace > pause ? Pace.Value : pause);
    }

    /// <summary>Tells everybody.</summary>
    public RunUpdate Publish(Func<long, RunUpdate> update)
    {
        _newest = update((_newest?.Version ?? 0) + 1);
        _first ??= _newest;
        Signal();
        return _newest;
    }

    /// <summary>As many jumps as a message holds: a few paths may have more by far than all have on average.</summary>
    private ImmutableArray<SamplePath> SamplePaths(Projector projector)
    {
        var paths = ImmutableArray.CreateBuilder<SamplePath>(spec.SamplePathCount);
        var seriesPerPath = spec.Model.RotationMode == RotationMode.Unspecified ? 2 : 3;
        var jumpsLeft = RequestCost.MostMessageBytes / (sizeof(double) * seriesPerPath);
        for (var path = 0; path < spec.SamplePathCount; path++)
        {
            paths.Add(projector.SamplePath(path, jumpsLeft));
            jumpsLeft -= paths[^1].Days.Length;
        }

        return paths.MoveToImmutable();
    }

    private bool WantsSnapshot(DateTimeOffset now) => Pace is not null && (_first is null || now >= _nextDue);

    private CountSummary HorizonOf(ProjectionSummary summary, Projector projector, Tally prefix)
    {
        var horizon = spec.Model.HorizonDays;
        var last = summary.Points[^1];
        if (last.Day != horizon)
        {
            last = projector.Summarize(prefix, spec.Query with { ReportDays = [horizon], HistogramDays = [], Thresholds = [] }).Points[0];
        }

        return last.Cumulative;
    }

    private void Signal()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
