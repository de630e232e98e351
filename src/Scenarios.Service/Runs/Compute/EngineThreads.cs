using System.Diagnostics;
using Microsoft.Extensions.Options;
using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Runs.Compute;

/// <summary>
/// The threads that compute, a fixed number at lower priority, so that neither grains nor streams ever wait for computing.
/// </summary>
/// <remarks>
/// A thread asks for the next thing to do after each slice of a few milliseconds. Short errands (compiling, merging,
/// snapshots) come first; then runs in turn, one slice each: small ones between the slices of large ones.
/// </remarks>
internal sealed class EngineThreads : IDisposable
{
    /// <summary>Slices of small runs in a row while a large one waits.</summary>
    private const int MostSmallInARow = 3;

    private readonly object _gate = new(); // Monitor, for its Wait and Pulse.
    private readonly Queue<Action> _errands = new();
    private readonly Queue<RunShare> _small = new();
    private readonly Queue<RunShare> _large = new();
    private readonly Dictionary<RunId, RunShare> _shares = [];
    private readonly RunInstruments _instruments;
    private readonly Thread[] _threads;
    private int _smallInARow;
    private int _waiting;
    private bool _stopped;

    public EngineThreads(IOptions<EngineOptions> options, RunInstruments instruments)
    {
        _instruments = instruments;
        _threads = new Thread[options.Value.Threads];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Serve) { IsBackground = true, Name = $"engine {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of threads.</summary>
    public int Count => _threads.Length;

    /// <summary>Runs a short errand before anything else.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> errand, CancellationToken cancellation)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Execute()
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                completion.SetResult(errand(cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                completion.SetCanceled(cancellation);
            }
            catch (Exception failure) // Whatever it is belongs to the one who asked, never to the thread.
            {
                completion.SetException(failure);
            }
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _errands.Enqueue(Execute);
            Monitor.Pulse(_gate);
        }

        return completion.Task;
    }

    /// <summary>Computes a range of paths, in turn with the other runs.</summary>
    public async Task<Tally> ComputeAsync(ShardWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (!_shares.TryGetValue(work.Run, out var share))
            {
                _shares.Add(work.Run, share = new(work.Class));
            }

            share.Works.Add(work);
            Offer(share);
        }

        await using var registration = work.Cancellation.UnsafeRegister(_ => Abandon(work), null);
        return await work.Completion;
    }

    /// <summary>Ends the threads after their slices; what was not begun is abandoned.</summary>
    public void Dispose()
    {
        ShardWork[] abandoned;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            abandoned = [.. _shares.Values.SelectMany(share => share.Works)];
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(abandoned, Abandon);
        Array.ForEach(_threads, thread => thread.Join());
    }

    private void Serve()
    {
        ThreadPriorities.LowerCaller();
        while (Next() is { } job)
        {
            job();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                if (_errands.TryDequeue(out var errand))
                {
                    return errand;
                }

                while (NextShare() is { } share)
                {
                    if (share.Take(Count) is { } slice)
                    {
                        Offer(share);
                        return () => Compute(slice);
                    }
                }

                _waiting++;
                Monitor.Wait(_gate);
                _waiting--;
            }

            return _errands.TryDequeue(out var last) ? last : null;
        }
    }

    private RunShare? NextShare()
    {
        var smallFirst = _large.Count == 0 || _smallInARow < MostSmallInARow;
        var taken = smallFirst && _small.TryDequeue(out var share) ? share : _large.TryDequeue(out share) ? share : null;
        if (taken is not null)
        {
            taken.IsOffered = false;
            _smallInARow = taken.Class == WorkClass.Small ? _smallInARow + 1 : 0;
        }

        return taken;
    }

    /// <summary>Puts a run in the line where it has a slice to give.</summary>
    private void Offer(RunShare share)
    {
        if (share.IsOffered || !share.HasSlice)
        {
            return;
        }

        share.IsOffered = true;
        (share.Class == WorkClass.Small ? _small : _large).Enqueue(share);
        if (_waiting > 0)
        {
            Monitor.Pulse(_gate);
        }
    }

    private void Compute(Slice slice)
    {
        var work = slice.Work;
        var tally = slice.Tally;
        Exception? failure = null;
        try
        {
            tally ??= work.Scenario.Rent();
            var began = Stopwatch.GetTimestamp();
            work.Scenario.Projector.Simulate(slice.FirstPath, slice.PathCount, tally, work.Cancellation);
            work.Scenario.Measured(slice.PathCount, Stopwatch.GetElapsedTime(began));
            _instruments.PathsComputed(slice.PathCount);
        }
        catch (Exception caught) // Whatever it is belongs to the run, never to the thread.
        {
            failure = caught;
        }

        bool isOver;
        lock (_gate)
        {
            work.Finish(tally, failure);
            isOver = Settle(work);
        }

        if (isOver)
        {
            work.Complete();
        }
    }

    private void Abandon(ShardWork work)
    {
        bool isOver;
        lock (_gate)
        {
            work.Abandon();
            isOver = Settle(work);
        }

        if (isOver)
        {
            work.Complete();
        }
    }

    /// <summary>Takes work that is over out of its run, exactly once, and offers what is left.</summary>
    private bool Settle(ShardWork work)
    {
        if (!_shares.TryGetValue(work.Run, out var share))
        {
            return false;
        }

        var isOver = work.IsOver && share.Works.Remove(work);
        if (share.Works.Count == 0)
        {
            _shares.Remove(work.Run);
        }
        else
        {
            Offer(share);
        }

        return isOver;
    }

    /// <summary>What one run has to compute: its first shard first, for the next snapshot waits for it.</summary>
    private sealed class RunShare(WorkClass workClass)
    {
        public WorkClass Class => workClass;

        public List<ShardWork> Works { get; } = [];

        public bool IsOffered { get; set; }

        public bool HasSlice => Works.Exists(work => work.HasSlice);

        public Slice? Take(int threads) => Works.Find(work => work.HasSlice)?.Take(threads);
    }
}
