using System.Diagnostics;
using Grpc.Core;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs.Grains;

/// <summary>
/// One run: computes a growing prefix of paths, shard after shard, and looks at it where its audiences may. Lives in the
/// turns of its grain; whatever takes time happens on engine threads.
/// </summary>
internal sealed partial class RunGeneration : IDisposable
{
    /// <summary>How long a run goes on when nobody reads it.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs of less than this time of one thread are small.</summary>
    private const double SmallNanoseconds = 50e6;

    /// <summary>Shards end this often in the time between two snapshots, so that one is never late by much.</summary>
    private const int ShardsPerPace = 4;

    /// <summary>Longest shard where nobody waits for a snapshot: those who join meanwhile wait for its end.</summary>
    private const double LongestShardNanoseconds = 100e6;

    /// <summary>Merging a shard may cost this share of computing it.</summary>
    private const double MergesPerShard = 10;

    /// <summary>Shards under way: while one is waited for, threads that are done with it go on with the next.</summary>
    private const int MostShards = 2;

    private const int MostAttempts = 3;

    private readonly RunServices _services;
    private readonly IGrainFactory _grains;
    private readonly string _innerKey;
    private readonly TraceContext? _caller;
    private readonly KeptTallies _kept;
    private readonly Dictionary<string, Audience> _audiences = [];
    private readonly Queue<Shard> _shards = new();
    private readonly RunSpeed _speed = new();
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CompiledScenario? _scenario;
    private RunAdmission.RunPlace? _place;
    private Tally? _prefix;
    private bool _isPrefixWhole = true;
    private long _prefixPaths;
    private long _planned;
    private long _takenOver;
    private long _storedPaths;
    private long _shardCount;
    private long _snapshotCount;
    private long _departures;
    private bool _lingers;
    private bool _hasPublished;
    private bool _hasFinished;

    public RunGeneration(RunServices services, IGrainFactory grains, string innerKey, long number, TraceContext? caller)
    {
        _services = services;
        _grains = grains;
        _innerKey = innerKey;
        _caller = caller;
        _kept = new(services, innerKey);
        Number = number;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(services.Drain.GraceEnded);
        _began = services.Time.GetTimestamp();
    }

    /// <summary>Number of the run within its grain.</summary>
    public long Number { get; }

    /// <summary>Its span; null where it is not traced.</summary>
    public TraceContext? Span { get; private set; }

    /// <summary>Paths it has computed, or taken over.</summary>
    public long Paths => _prefixPaths;

    /// <summary>It computes no more, for nobody; nobody can join.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Completes once it holds nothing any more.</summary>
    public Task Ended => _ended.Task;

    private CancellationToken Stop => _stop.Token;

    /// <summary>
    /// Can it answer? What was computed beyond the paths asked for cannot be taken back; and an early stop has to be looked for
    /// from the first rung on.
    /// </summary>
    public bool CanServe(ProjectionSpec spec) => !IsOver && (_audiences.ContainsKey(spec.Name)
        || (spec.TargetPrecision is null ? spec.Paths >= _planned || spec.Paths == _prefixPaths : _planned == 0));

    /// <summary>Those who wait for a projection, from now on.</summary>
    public Audience Join(ProjectionSpec spec)
    {
        _lingers = false;
        if (!_audiences.TryGetValue(spec.Name, out var audience))
        {
            _audiences.Add(spec.Name, audience = new(spec));
        }

        return audience;
    }

    /// <summary>Has the run look at who is there and what they want.</summary>
    public void LookAround() => _news.TrySetResult();

    /// <summary>Somebody left. When nobody is left, the run lingers, then stops.</summary>
    public void LeaveIfEmpty(Audience audience)
    {
        if (audience.IsEmpty && _audiences.Remove(audience.Spec.Name) && _audiences.Count == 0)
        {
            _ = LingerAsync();
        }
    }

    /// <summary>Runs until everybody has an answer, or nobody waits for one. Throws nothing.</summary>
    /// <param name="predecessor">An earlier run that is winding up.</param>
    public async Task RunAsync(Task predecessor)
    {
        using var trail = RunTraces.StartTrail(_caller);
        using var span = RunTraces.StartRun(_caller, _innerKey, Number);
        Span = TraceContext.Of(span);
        _services.Instruments.RunBegan();
        try
        {
            await predecessor;
            await TakeOverAsync();
            await ComputeAsync();
        }
        catch (OperationCanceledException) when (Stop.IsCancellationRequested)
        {
            Fail(RunFailure.Draining); // Nobody hears it where everybody left.
        }
        catch (Exception end) when (RunFailure.Of(end) is { } failure)
        {
            Fail(failure);
        }
        catch (Exception fault)
        {
            foreach (var projection in _audiences.Keys)
            {
                LogFault(_services.Log, projection, _innerKey, Number, fault);
            }

            span?.SetStatus(ActivityStatusCode.Error, fault.Message);
            Fail(RunFailure.Fault);
        }

        IsOver = true;
        await WindUpAsync();
        span?.SetTag("scenarios.run.paths", _prefixPaths).SetTag("scenarios.run.shards", _shardCount).SetTag("scenarios.run.snapshots", _snapshotCount);
        _services.Instruments.RunEnded();
        _ended.SetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>
    /// Most paths that a tally may have to go on from; null where all has to be computed: an early stop is looked for from the first rung on.
    /// </summary>
    private long? MostPathsToTakeOver => _audiences.Count == 0 || _audiences.Values.Any(audience => audience.Spec.TargetPrecision is not null)
        ? null
        : _audiences.Values.Min(audience => audience.Spec.Paths);

    /// <summary>Goes on from what an earlier run has computed, in memory or in the store.</summary>
    private async Task TakeOverAsync()
    {
        if (MostPathsToTakeOver is not { } mostPaths)
        {
            return;
        }

        if (await _kept.TakeAsync(mostPaths, Stop) is { } kept)
        {
            TakeOver(kept);
            return;
        }

        _scenario = await CompileAsync(_audiences.Values.First().Spec);
        if (await _kept.FindStoredAsync(_scenario, mostPaths, Stop) is not { } paths)
        {
            return;
        }

        _place = await EnterAsync(_scenario.Projector.TallyBytes, paths);
        if (await _kept.ReadStoredAsync(_scenario, paths, Stop) is { } stored)
        {
            TakeOver(stored);
        }

        if (_prefix is null)
        {
            _place.Dispose(); // It was one for less work.
            _place = null;
        }
    }

    private void TakeOver(EarlierTally kept)
    {
        if (MostPathsToTakeOver is { } mostPaths && kept.Tally.Paths <= mostPaths)
        {
            (_scenario, _prefix, _storedPaths) = kept;
            _takenOver = _prefixPaths = _planned = kept.Tally.Paths;
            ObserveSpeed();
        }
        else
        {
            _kept.Keep(kept, isAnswered: false); // Those who came meanwhile want less.
        }
    }

    private async Task ComputeAsync()
    {
        await LookAsync();
        while (_audiences.Count > 0 || _lingers)
        {
            Stop.ThrowIfCancellationRequested();
            await PlanAsync();
            var news = _news.Task;
            await (_shards.TryPeek(out var first) ? Task.WhenAny(first.Tally, news) : news).WaitAsync(Stop);
            if (news.IsCompleted)
            {
                _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await LookAsync(); // At what was there before: somebody may have come for just that.
            }

            if (first is { Tally.IsCompleted: true })
            {
                while (NextToLook() is not null)
                {
                    await LookAsync(); // Nobody who came for this prefix may miss it.
                }

                _shards.Dequeue();
                await MergeAsync(first.Request, await first.Tally);
                await LookAsync();
            }
        }

        IsOver = true; // In the same turn as the last check: nobody can join in between.
    }

    /// <summary>Hands out the next ranges, as far ahead as there is room for.</summary>
    private async Task PlanAsync()
    {
        while (_shards.Count < MostShardsNow && NextStop() is { } stop)
        {
            var spec = _audiences.Values.First().Spec;
            _scenario ??= await CompileAsync(spec);
            if (_place is null)
            {
                _place = await EnterAsync(_scenario.Projector.TallyBytes, _prefixPaths);
                continue; // Others may have come or gone meanwhile.
            }

            var request = new ShardRequest
            {
                Spec = spec,
                Generation = Number,
                FirstPath = _planned,
                PathCount = stop - _planned,
                Class = _place.Class,
                MostTallies = Math.Max(1, (_place.Tallies - 1) / MostShards),
                Run = RunTraces.Shows(_shardCount + 1) ? Span : null,
            };
            var lane = _shardCount++ % MostShards;
            _planned = stop;
            _shards.Enqueue(new(request, ComputeAsync(request, lane)));
        }
    }

    private async Task<CompiledScenario> CompileAsync(ProjectionSpec spec)
    {
        using var span = RunTraces.StartCompilation(Span);
        return await _services.Compiled.GetAsync(spec, Stop);
    }

    private async Task<RunAdmission.RunPlace> EnterAsync(long tallyBytes, long donePaths)
    {
        var workClass = ClassOfWork(donePaths);
        var asked = _services.Time.GetTimestamp();
        using var span = RunTraces.StartAdmission(Span, workClass, tallyBytes);
        var place = await _services.Admission.EnterAsync(workClass, tallyBytes, Stop);
        _services.Instruments.Queued(_services.Time.GetElapsedTime(asked));
        return place;
    }

    /// <summary>The first shard tells the speed; only where memory allows, two are under way.</summary>
    private int MostShardsNow => _prefixPaths > 0 && _place is not { Tallies: <= MostShards } ? MostShards : 1;

    private WorkClass ClassOfWork(long donePaths)
    {
        var paths = _audiences.Values.Select(audience => audience.Spec.Paths).DefaultIfEmpty(donePaths).Max() - donePaths; // All may have left.
        return paths * _scenario!.NanosecondsPerPath < SmallNanoseconds ? WorkClass.Small : WorkClass.Large;
    }

    /// <summary>The next number of paths at which somebody has to look; null where all they need is under way.</summary>
    private long? NextStop()
    {
        long? stop = null;
        foreach (var audience in _audiences.Values.Where(audience => audience.Spec.Paths > _planned))
        {
            var next = audience.NextStop(_planned, _planned + ReachablePaths(audience.Pace));
            stop = stop is { } other ? Math.Min(other, next) : next;
        }

        return stop;
    }

    private long ReachablePaths(TimeSpan? pace)
    {
        if (_scenario is null)
        {
            return 0;
        }

        var threads = _services.Engine.Count;
        var time = Math.Min(LongestShardNanoseconds, (pace?.TotalNanoseconds / ShardsPerPace) ?? double.MaxValue);
        return (long)(Math.Max(time, MergesPerShard * _scenario.MergeNanoseconds) * threads / _scenario.NanosecondsPerPath);
    }

    /// <summary>
    /// Has a shard computed, anew where its silo was lost. It counts once however often it was begun: only the answer to the
    /// last call is waited for, and it says which run and range it is of.
    /// </summary>
    private async Task<Tally> ComputeAsync(ShardRequest request, long lane)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var shard = await _grains.GetGrain<IShardGrain>($"{_innerKey}/{lane}").ComputeAsync(request, Stop);
                return (shard.Generation, shard.FirstPath, shard.Tally.Paths) == (request.Generation, request.FirstPath, request.PathCount)
                    ? shard.Tally
                    : throw new InvalidOperationException($"Asked for {request}, got {shard}.");
            }
            catch (OrleansException lost) when (attempt < MostAttempts && lost is SiloUnavailableException or OrleansMessageRejectionException)
            {
                LogLostShard(_services.Log, _innerKey, Number, request.FirstPath, attempt, lost);
            }
        }
    }

    private async Task MergeAsync(ShardRequest request, Tally shard)
    {
        using var span = RunTraces.StartMerge(request.Run, request.FirstPath, request.PathCount);
        _prefixPaths += shard.Paths; // Before the wait: nobody may join for what is about to change.
        ObserveSpeed();
        if (_prefix is not { } prefix)
        {
            _prefix = shard;
            return;
        }

        var scenario = _scenario!;
        _isPrefixWhole = false;
        _prefix = await _services.Engine.RunAsync(
            _ =>
            {
                prefix.Add(shard);
                scenario.Return(shard);
                return prefix;
            },
            CancellationToken.None);
        _isPrefixWhole = true;
    }

    private void ObserveSpeed() => _speed.Observe(_services.Time.GetElapsedTime(_began), _prefixPaths);

    /// <summary>Has every audience look at the prefix that wants to.</summary>
    private async Task LookAsync()
    {
        while (NextToLook() is { } audience)
        {
            var prefix = _prefix!;
            var now = _services.Time.GetUtcNow();
            var projector = _scenario!.Projector;
            var isShown = RunTraces.Shows(++_snapshotCount) || _prefixPaths == audience.Spec.Paths;
            using var span = RunTraces.StartSnapshot(isShown ? Span : null, audience.Spec.Name, _prefixPaths);
            var ((projection, state), cost) = await _services.Engine.RunAsync(
                _ =>
                {
                    var began = Stopwatch.GetTimestamp();
                    return (audience.Look(projector, prefix, now), Stopwatch.GetElapsedTime(began));
                },
                Stop);
            audience.Looked(_prefixPaths, now, cost);
            if (projection is not null)
            {
                _services.Instruments.Snapshot(cost);
                await PublishAsync(audience, projection, state, TraceContext.Of(span));
            }
        }
    }

    private Audience? NextToLook()
    {
        var now = _services.Time.GetUtcNow();
        return _audiences.Values.FirstOrDefault(audience => audience.WantsToLookAt(_prefixPaths, now));
    }

    private async Task PublishAsync(Audience audience, V1.Projection projection, V1.Progress.Types.State state, TraceContext? snapshot)
    {
        var elapsed = _services.Time.GetElapsedTime(_began);
        var recent = _hasPublished ? _speed.PathsPerSecond : 0;
        if (!_hasPublished)
        {
            _hasPublished = true;
            _services.Instruments.FirstSnapshot(elapsed);
        }

        var update = new RunUpdate
        {
            Version = 0,
            Projection = projection,
            Sampling = audience.Spec.Sampling,
            Snapshot = snapshot,
            State = state,
            PathsPerSecond = elapsed > TimeSpan.Zero ? (_prefixPaths - _takenOver) / elapsed.TotalSeconds : 0,
            RecentPathsPerSecond = recent,
        };
        if (!update.IsLast)
        {
            audience.Publish(version => update with { Version = version });
            return;
        }

        // Meanwhile all may have left, and others come, who are another audience.
        var last = await CommittedAsync(update, audience.Spec);
        if (_audiences.Remove(audience.Spec.Name, out var waiting))
        {
            waiting.Publish(version => last with { Version = version });
        }
    }

    /// <summary>
    /// The last update once it is committed, also where nobody is left to hear it; or that it cannot be. Who asks again finds the tally in
    /// memory.
    /// </summary>
    private async Task<RunUpdate> CommittedAsync(RunUpdate last, ProjectionSpec spec)
    {
        try
        {
            await _services.Finished.KeepAsync(last, spec.Origin);
            _hasFinished = true;
            LogFinished(_services.Log, spec.Name, last.State, last.Projection!.Paths, _services.Time.GetElapsedTime(_began).TotalSeconds);
            return last;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable)
        {
            return new()
            {
                Version = 0,
                Failure = StorageFaults.Of(refused) is { } fault ? RunFailure.StorageUnavailable(fault) : RunFailure.Draining,
            };
        }
    }

    private void Fail(RunFailure failure)
    {
        foreach (var audience in _audiences.Values)
        {
            audience.Publish(version => new() { Version = version, Failure = failure });
        }

        _audiences.Clear();
    }

    private async Task LingerAsync()
    {
        var departure = ++_departures;
        _lingers = true;
        await Task.Delay(Linger, _services.Time);
        if (_lingers && departure == _departures && !IsOver)
        {
            IsOver = true;
            await _stop.CancelAsync();
        }
    }

    /// <summary>Stops what is under way and gives back what it holds; what was computed is kept to be extended.</summary>
    private async Task WindUpAsync()
    {
        const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
        await _stop.CancelAsync();
        await Task.WhenAll(_shards.Select(shard => (Task)shard.Tally)).ConfigureAwait(Quietly);

        _scenario?.Trim();
        _place?.Dispose();
        if (_prefix is { } prefix && _isPrefixWhole)
        {
            _kept.Keep(new(_scenario!, prefix, _storedPaths), _hasFinished);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Projection} is {State} with {Paths} paths, {Seconds} s after its run began")]
    private static partial void LogFinished(ILogger log, string projection, V1.Progress.Types.State state, long paths, double seconds);

    [LoggerMessage(LogLevel.Error, "{Projection} failed with run {InnerKey} generation {Generation}")]
    private static partial void LogFault(ILogger log, string projection, string innerKey, long generation, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Run {InnerKey} generation {Generation} lost its shard from path {FirstPath} in attempt {Attempt}")]
    private static partial void LogLostShard(ILogger log, string innerKey, long generation, long firstPath, int attempt, Exception lost);

    private sealed record Shard(ShardRequest Request, Task<Tally> Tally);
}
