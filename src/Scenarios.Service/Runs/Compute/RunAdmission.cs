using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Runs.Compute;

/// <summary>
/// Who may compute on this silo: places by class, and the memory of tallies, of runs under way and kept from earlier ones
/// together. Kept ones make room, least recently kept first.
/// </summary>
internal sealed class RunAdmission
{
    /// <summary>A prefix, and a tally to compute into.</summary>
    private const int FewestTallies = 2;

    /// <summary>Small runs end within 50 ms or so of a thread: several share the time of one large one's slices.</summary>
    private const int SmallPlacesPerLarge = 4;

    /// <summary>Large runs leave this share of the memory to small ones, unless they cannot do with less.</summary>
    private const double LargeShareOfMemory = 0.75;

    /// <summary>
    /// Several kept tallies take no more of it: the least recent ones had better hand their memory on, and what was dear to compute is stored.
    /// The last one is kept whatever its size.
    /// </summary>
    private const double KeptShareOfMemory = 0.25;

    private readonly Lock _gate = new();
    private readonly LimitsOptions _limits;
    private readonly EngineThreads _engine;
    private readonly RunInstruments _instruments;
    private readonly LinkedList<Applicant> _waiting = new();
    private readonly Dictionary<string, KeptTally> _kept = [];
    private readonly int[] _taken = new int[2];
    private long _runBytes;
    private long _keptBytes;
    private long _keepCount;

    public RunAdmission(IOptions<LimitsOptions> options, EngineThreads engine, RunInstruments instruments)
    {
        (_limits, _engine, _instruments) = (options.Value, engine, instruments);
        instruments.ObserveBytes("scenarios.tallies.size", "Memory of tallies, of runs under way and kept from earlier ones.", MeasureTallies);
        instruments.ObserveBytes("scenarios.tallies.limit", "What they may take together, Limits:MemoryBytes.", () => [new(_limits.MemoryBytes)]);
    }

    /// <summary>Waits for a place and for memory.</summary>
    /// <param name="workClass">Class of the run.</param>
    /// <param name="tallyBytes">Size of one tally of it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RunRefusedException">It can never fit, or too many wait already.</exception>
    public async Task<RunPlace> EnterAsync(WorkClass workClass, long tallyBytes, CancellationToken cancellation)
    {
        if (FewestTallies * tallyBytes > _limits.MemoryBytes)
        {
            throw new RunRefusedException(TooLarge(tallyBytes));
        }

        var applicant = new Applicant(workClass, tallyBytes);
        lock (_gate)
        {
            if (TryAdmit(applicant) is { } place)
            {
                return place;
            }

            if (_waiting.Count >= _limits.MaxQueuedRuns)
            {
                throw new RunRefusedException(new()
                {
                    Kind = RunFailureKind.Busy,
                    Limit = "Limits:MaxQueuedRuns",
                    Allowed = $"{_limits.MaxConcurrentRuns} computing and {_limits.MaxQueuedRuns} waiting runs",
                });
            }

            _waiting.AddLast(applicant);
            _instruments.WaitBegan();
        }

        await using var registration = cancellation.UnsafeRegister(_ => Withdraw(applicant, cancellation), null);
        return await applicant.Place.Task;
    }

    /// <summary>Keeps the tally of a run that ended, to be extended later, where there is room. It is no more the caller's.</summary>
    /// <param name="innerKey">What it is of.</param>
    /// <param name="scenario">What it was computed with.</param>
    /// <param name="tally">The tally.</param>
    /// <param name="storedPaths">How many of its paths are stored as a tally already.</param>
    public void Keep(string innerKey, CompiledScenario scenario, Tally tally, long storedPaths)
    {
        lock (_gate)
        {
            var kept = new KeptTally(scenario, tally, storedPaths, ++_keepCount);
            if (_kept.TryGetValue(innerKey, out var old) && old.Tally.Paths > tally.Paths)
            {
                Release(kept);
                return;
            }

            if (old is not null)
            {
                Forget(innerKey, old);
                Release(old);
            }

            if (kept.Bytes + _runBytes > _limits.MemoryBytes)
            {
                Release(kept);
                return;
            }

            MakeRoom(kept.Bytes, (long)(KeptShareOfMemory * _limits.MemoryBytes));
            scenario.Projector.Rest(tally);
            _kept.Add(innerKey, kept);
            _keptBytes += kept.Bytes;
        }
    }

    /// <summary>Paths of a kept tally; 0 where none is kept.</summary>
    public long KeptPaths(string innerKey)
    {
        lock (_gate)
        {
            return _kept.TryGetValue(innerKey, out var kept) ? kept.Tally.Paths : 0;
        }
    }

    /// <summary>Lends a kept tally, to be read until it is given back; null where it is kept no more.</summary>
    public BorrowedTally? Borrow(string innerKey)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(innerKey, out var kept))
            {
                return null;
            }

            kept.Readers++;
            return new(this, kept);
        }
    }

    /// <summary>Hands over a kept tally of at most that many paths; it is then the caller's, but for those who read it.</summary>
    public KeptTally? TakeKept(string innerKey, long mostPaths)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(innerKey, out var kept) || kept.Tally.Paths > mostPaths)
            {
                return null;
            }

            Forget(innerKey, kept);
            kept.IsLent = kept.Readers > 0;
            return kept;
        }
    }

    private Measurement<long>[] MeasureTallies()
    {
        lock (_gate)
        {
            return [new(_runBytes, new KeyValuePair<string, object?>("state", "run")), new(_keptBytes, new KeyValuePair<string, object?>("state", "kept"))];
        }
    }

    private RunFailure TooLarge(long tallyBytes) => new()
    {
        Kind = RunFailureKind.TooLarge,
        Limit = "Limits:MemoryBytes",
        Asked = $"{FewestTallies * tallyBytes:N0} bytes of tallies",
        Allowed = $"{_limits.MemoryBytes:N0} bytes",
        Fits = $"{_limits.MemoryBytes / (FewestTallies * tallyBytes / 100.0):0} % as many points in time would fit: raise step_days.",
    };

    private RunPlace? TryAdmit(Applicant applicant)
    {
        var places = _limits.MaxConcurrentRuns * (applicant.Class == WorkClass.Small ? SmallPlacesPerLarge : 1);
        if (_taken[(int)applicant.Class] >= places)
        {
            return null;
        }

        // One whole prefix, and for each of two shards a tally per thread.
        var wanted = 1 + (2 * _engine.Count);
        var free = _limits.MemoryBytes - _runBytes;
        if (free < FewestTallies * applicant.TallyBytes)
        {
            return null;
        }

        var share = applicant.Class == WorkClass.Large ? free - (long)((1 - LargeShareOfMemory) * _limits.MemoryBytes) : free;
        var tallies = (int)Math.Clamp(share / applicant.TallyBytes, FewestTallies, wanted);
        var bytes = tallies * applicant.TallyBytes;
        MakeRoom(bytes, long.MaxValue);
        _runBytes += bytes;
        _taken[(int)applicant.Class]++;
        _instruments.PlaceTaken();
        return new(this, applicant.Class, tallies, bytes);
    }

    private void MakeRoom(long bytes, long mostKept)
    {
        while (_keptBytes > 0 && (_runBytes + _keptBytes + bytes > _limits.MemoryBytes || _keptBytes + bytes > mostKept))
        {
            var (key, oldest) = _kept.MinBy(pair => pair.Value.Order);
            Forget(key, oldest);
            Release(oldest);
        }
    }

    private void Forget(string innerKey, KeptTally kept)
    {
        _kept.Remove(innerKey);
        _keptBytes -= kept.Bytes;
    }

    /// <summary>Hands the memory of a tally on, but for one that somebody still reads.</summary>
    private static void Release(KeptTally forgotten)
    {
        if (forgotten.Readers == 0)
        {
            forgotten.Scenario.Projector.Release(forgotten.Tally);
        }
    }

    private void Withdraw(Applicant applicant, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_waiting.Remove(applicant))
            {
                _instruments.WaitEnded();
            }
        }

        applicant.Place.TrySetCanceled(cancellation);
    }

    private void Release(RunPlace place)
    {
        lock (_gate)
        {
            _runBytes -= place.Bytes;
            _taken[(int)place.Class]--;
            _instruments.PlaceLeft();
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (TryAdmit(node.Value) is { } admitted)
                {
                    _waiting.Remove(node);
                    _instruments.WaitEnded();
                    node.Value.Place.SetResult(admitted);
                }

                node = next;
            }
        }
    }

    /// <summary>A place among the computing runs, until disposed of.</summary>
    internal sealed class RunPlace(RunAdmission admission, WorkClass workClass, int tallies, long bytes) : IDisposable
    {
        /// <summary>Class of the run.</summary>
        public WorkClass Class => workClass;

        /// <summary>Tallies the run may use at once, its prefix among them.</summary>
        public int Tallies => tallies;

        /// <summary>Their size.</summary>
        public long Bytes => bytes;

        /// <inheritdoc/>
        public void Dispose() => admission.Release(this);
    }

    /// <summary>A tally whose run has ended.</summary>
    internal sealed class KeptTally(CompiledScenario scenario, Tally tally, long storedPaths, long order)
    {
        /// <summary>What it was computed with.</summary>
        public CompiledScenario Scenario => scenario;

        /// <summary>The tally.</summary>
        public Tally Tally => tally;

        /// <summary>When it was kept, counted.</summary>
        public long Order => order;

        /// <summary>How many of its paths are stored as a tally already.</summary>
        public long StoredPaths { get; set; } = storedPaths;

        /// <summary>Its size.</summary>
        public long Bytes => Scenario.Projector.TallyBytes;

        /// <summary>How many read it now.</summary>
        public int Readers { get; set; }

        /// <summary>Somebody read it when it was handed over: it may be copied, not written to.</summary>
        public bool IsLent { get; set; }
    }

    /// <summary>A kept tally that is being read, until disposed of.</summary>
    internal sealed class BorrowedTally(RunAdmission admission, KeptTally kept) : IDisposable
    {
        /// <summary>The tally, not to be written to.</summary>
        public Tally Tally => kept.Tally;

        /// <summary>Takes note that all of it is stored.</summary>
        public void NoteStored()
        {
            lock (admission._gate)
            {
                kept.StoredPaths = kept.Tally.Paths;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (admission._gate)
            {
                kept.Readers--;
            }
        }
    }

    private sealed class Applicant(WorkClass workClass, long tallyBytes)
    {
        public WorkClass Class => workClass;

        public long TallyBytes => tallyBytes;

        public TaskCompletionSource<RunPlace> Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
