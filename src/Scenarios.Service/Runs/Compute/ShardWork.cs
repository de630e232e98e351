using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Runs.Compute;

/// <summary>The run that work belongs to: threads share their time between runs.</summary>
internal readonly record struct RunId(string InnerKey, long Generation);

/// <summary>
/// A range of paths that engine threads compute slice by slice, each slice into a tally that nobody else writes to meanwhile,
/// and add up at the end.
/// </summary>
/// <remarks>All members but <see cref="Completion"/> and <see cref="Complete"/> are called under the lock of the engine threads.</remarks>
internal sealed class ShardWork
{
    /// <summary>A slice is long enough to be worth a change of work and short enough to let others have their turn.</summary>
    private const double SliceNanoseconds = 4e6;

    private const double ShortestSliceNanoseconds = 2.5e5;

    /// <summary>Another tally must be cleared and merged: it pays when it gets this many times that work.</summary>
    private const double MergesWorthATally = 4;

    /// <summary>A block of lanes: fewer paths leave lanes idle.</summary>
    private const long BlockPaths = 2048;

    private readonly TaskCompletionSource<Tally> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<Tally> _idle = new();
    private readonly long _end;
    private readonly int _mostTallies;
    private long _next;
    private int _active;
    private int _made;
    private Exception? _failure;

    /// <param name="run">The run it belongs to.</param>
    /// <param name="scenario">What to compute.</param>
    /// <param name="firstPath">Index of the first path.</param>
    /// <param name="pathCount">Number of paths, at least 1.</param>
    /// <param name="workClass">Class of the whole run.</param>
    /// <param name="mostTallies">Most tallies that may be in use at once, at least 1.</param>
    /// <param name="cancellation">Ends the work.</param>
    public ShardWork(
        RunId run,
        CompiledScenario scenario,
        long firstPath,
        long pathCount,
        WorkClass workClass,
        int mostTallies,
        CancellationToken cancellation)
    {
        Run = run;
        Scenario = scenario;
        Class = workClass;
        Cancellation = cancellation;
        _next = firstPath;
        _end = firstPath + pathCount;
        _mostTallies = mostTallies;
    }

    public RunId Run { get; }

    public CompiledScenario Scenario { get; }

    public WorkClass Class { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The tally of exactly the range, once it is whole.</summary>
    public Task<Tally> Completion => _completion.Task;

    /// <summary>Nothing more will be handed out, and nothing is being computed.</summary>
    public bool IsOver => _active == 0 && (_failure is not null || _next == _end);

    /// <summary>Can a thread get a slice now?</summary>
    public bool HasSlice => _failure is null && _next < _end && (_idle.Count > 0 || _made == 0 || IsWorthATally);

    private bool IsWorthATally
    {
        get
        {
            var remaining = (_end - _next) * Scenario.NanosecondsPerPath;
            return _made < _mostTallies && remaining > Math.Max(2 * ShortestSliceNanoseconds, MergesWorthATally * Scenario.MergeNanoseconds);
        }
    }

    /// <summary>Hands out the next slice.</summary>
    /// <param name="threads">Threads that may want one.</param>
    public Slice Take(int threads)
    {
        var count = SlicePaths(threads);
        var slice = new Slice(this, _next, count, _idle.TryPop(out var tally) ? tally : null);
        _made += slice.Tally is null ? 1 : 0;
        _next += count;
        _active++;
        return slice;
    }

    /// <summary>Takes a slice back.</summary>
    /// <param name="tally">The tally it was computed into; null where there was none to be had.</param>
    /// <param name="failure">What went wrong; null where nothing did.</param>
    public void Finish(Tally? tally, Exception? failure)
    {
        _active--;
        _failure ??= failure;
        if (tally is not null)
        {
            _idle.Push(tally);
        }
    }

    /// <summary>Hands out nothing more.</summary>
    public void Abandon() => _failure ??= new OperationCanceledException(Cancellation);

    /// <summary>Merges and tells. Called once, when it is over, outside of the lock.</summary>
    public void Complete()
    {
        if (_failure is null)
        {
            var whole = _idle.Pop();
            foreach (var part in _idle)
            {
                whole.Add(part);
                Scenario.Return(part);
            }

            _completion.SetResult(whole);
            return;
        }

        foreach (var tally in _idle)
        {
            Scenario.Return(tally);
        }

        if (_failure is OperationCanceledException)
        {
            _completion.SetCanceled(Cancellation);
        }
        else
        {
            _completion.SetException(_failure);
        }
    }

    private long SlicePaths(int threads)
    {
        var remaining = _end - _next;
        var cost = Scenario.NanosecondsPerPath;
        var shortest = Math.Max(BlockPaths, ShortestSliceNanoseconds / cost);
        var paths = (long)Math.Min(Math.Max(SliceNanoseconds / cost, BlockPaths / 8), Math.Max(shortest, remaining / (2 * threads)));
        paths = paths > BlockPaths ? paths - (paths % BlockPaths) : paths;
        return paths + (BlockPaths / 8) > remaining ? remaining : paths; // No crumb at the end.
    }
}

/// <summary>A part of a shard that one thread computes at a stretch.</summary>
/// <param name="Work">The shard.</param>
/// <param name="FirstPath">Index of the first path.</param>
/// <param name="PathCount">Number of paths.</param>
/// <param name="Tally">Where they are added; null where a new tally is due.</param>
internal sealed record Slice(ShardWork Work, long FirstPath, long PathCount, Tally? Tally);
