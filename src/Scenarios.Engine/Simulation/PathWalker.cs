using Scenarios.Engine.Model;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Walks paths one by one, each step as model.md states it: for replay and samples, for what lanes leave over, and for every
/// path of scenarios with wide counts.
/// </summary>
/// <remarks>It keeps the events and the tours of the path under way: for one thread at a time.</remarks>
internal sealed class PathWalker
{
    private const int CancellationStride = 4096;

    /// <summary>
    /// Twice as many batches as a path has on average at the shortest mean gap that the clock allows: single paths may have
    /// as many as there are ticks, and the tours of all those would fill any memory.
    /// </summary>
    private const int MostTours = 1 << 22;

    private readonly PathLaw _law;
    private readonly EventWindow[] _windows;

    /// <summary>Instants within the horizon at which an event starts or ends, ascending.</summary>
    private readonly long[] _boundaries;

    /// <summary>Those who go home within the horizon: by time, then by batch, in one word of 32 bits each.</summary>
    private readonly PriorityQueue<long, ulong>? _tours;

    private readonly BatchDraws _draws;
    private PathDraws _path;
    private int _boundaryCount;
    private int _nextBoundary;
    private long _lastCapMove;
    private EventEffects _effects = EventEffects.None;

    /// <param name="law">What a path is.</param>
    /// <param name="draws">Where the draws of batches come from.</param>
    public PathWalker(PathLaw law, BatchDraws draws)
    {
        _law = law;
        _draws = draws;
        _windows = new EventWindow[law.Events.Count];
        _boundaries = new long[2 * law.Events.Count];
        _tours = law.Tour is null ? null : new();
    }

    /// <summary>Walks one path from day 0 to the horizon.</summary>
    /// <exception cref="PathTooLargeException">More batches are on tour at once than memory is kept for.</exception>
    /// <exception cref="CountTooLargeException">The total passes <see cref="PathLaw.MaxCount"/>.</exception>
    public void Walk<TObserver>(long path, ref TObserver observer, CancellationToken cancellation)
        where TObserver : struct, IPathObserver
    {
        var state = Start(path);
        observer.Start(state, _windows);
        Continue(ref state, ref observer, cancellation);
    }

    /// <summary>The state of a path at day 0.</summary>
    public PathState Start(long path)
    {
        StartEvents(path);
        var cap = _law.Cap is { } capRule ? _law.PathCount(capRule, path) : long.MaxValue;
        var initial = _law.Initial is { } initialRule ? _law.PathCount(initialRule, path) : 0;
        var there = Math.Min(initial, cap);
        if (there > PathLaw.MaxCount)
        {
            throw new CountTooLargeException(path, 0, 0);
        }

        _path = new()
        {
            Path = path,
            Cap = cap,
            GapFactor = _law.PathFactor(_law.Gap, path),
            SizeFactor = _law.PathFactor(_law.Size, path),
            Gap = _law.Gap.IsFixedInPath ? _law.PathValue(_law.Gap, path) : 0,
            GapTicks = _law.Gap.IsFixedInPath ? _law.PathTicks(_law.Gap, path) : 0,
            Size = _law.Size.IsFixedInPath ? _law.PathValue(_law.Size, path) : 0,
            Count = _law.Size.IsFixedInPath ? _law.PathCount(_law.Size, path) : 0,
        };
        var state = new PathState { Cap = WithChange(cap), Cumulative = there, Present = there };
        state.CapReached = IsAtCap(state);
        if (_law.Tour is { } tour)
        {
            _tours!.Clear();
            _path.TourFactor = _law.PathFactor(tour, path);
            _path.TourTicks = tour.IsFixedInPath ? _law.PathTicks(tour, path) : 0;
            Leave(0, there, 0, InitialTour(tour));
        }

        return state;
    }

    /// <summary>Is the count that the cap limits as large as the cap in force?</summary>
    public bool IsAtCap(in PathState state) => (_law.CapCountsPresent ? state.Present : state.Cumulative) >= state.Cap;

    /// <summary>The path just started goes on from where it is now: with the events in force there, and nobody on tour.</summary>
    public void Resume(ref PathState state)
    {
        while (_nextBoundary < _boundaryCount && _boundaries[_nextBoundary] <= state.Time)
        {
            _nextBoundary++;
        }

        _effects = _law.Events.EffectsAt(state.Time, _windows);
        state.Cap = WithChange(_path.Cap);
        _tours?.Clear();
    }

    /// <summary>A tour of the path just resumed is under way; which batch's is forgotten.</summary>
    public void AddTour(int end, long count) => _tours!.Enqueue(count, (ulong)end << 32);

    /// <summary>Walks a path on from where it is to the horizon.</summary>
    public void Continue<TObserver>(ref PathState state, ref TObserver observer, CancellationToken cancellation)
        where TObserver : struct, IPathObserver
    {
        while (!IsFullForGood(state))
        {
            if (state.Batch % CancellationStride == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var draw = _draws.Of(_path.Path, state.Batch);
            var jump = new Jump { Gap = Gap(state, draw), Skipped = draw.Skipped };
            jump.Time = state.Time + jump.Gap;
            if (jump.Time > _law.Scale.HorizonTicks)
            {
                break;
            }

            Advance(ref state, jump.Time, ref observer);
            jump.Drawn = Size(draw);
            jump.Halted = _effects.Halts;
            if (!jump.Skipped && !jump.Halted)
            {
                jump.Arrived = Math.Min(jump.Drawn, Room(state));
                jump.Returned = _law.Relieves ? Math.Min(state.Present, jump.Arrived) : 0;
            }

            if (jump.Arrived > 0 && _law.Tour is { } tour)
            {
                jump.Tour = Tour(tour, state.Batch, draw);
                Leave(state.Batch + 1L, jump.Arrived, jump.Time, jump.Tour);
            }

            var after = state;
            after.Batch++;
            after.Time = jump.Time;
            after.Cumulative = state.Cumulative + jump.Arrived;
            if (after.Cumulative > PathLaw.MaxCount)
            {
                throw new CountTooLargeException(path: _path.Path, batches: after.Batch, day: _law.Scale.Days(jump.Time));
            }

            after.Present = state.Present + jump.Arrived - jump.Returned;
            after.CapReached |= IsAtCap(after);
            observer.Batch(state, jump, after);
            state = after;
        }

        Advance(ref state, _law.Scale.HorizonTicks, ref observer);
    }

    /// <summary>Everything but arrivals, up to an instant and at it: at equal times tours end first, then the cap changes.</summary>
    private void Advance<TObserver>(ref PathState state, int until, ref TObserver observer)
        where TObserver : struct, IPathObserver
    {
        while (true)
        {
            var boundary = _nextBoundary < _boundaryCount ? _boundaries[_nextBoundary] : EventWindow.Never;
            if (_tours is not null && _tours.TryPeek(out var leaving, out var key) && (long)(key >> 32) <= Math.Min(boundary, until))
            {
                _tours.Dequeue();
                var after = state;
                after.Present -= leaving;
                observer.TourEnd(new((int)(key >> 32), (uint)key, leaving), state, after);
                state = after;
            }
            else if (boundary <= until)
            {
                while (_nextBoundary < _boundaryCount && _boundaries[_nextBoundary] == boundary)
                {
                    _nextBoundary++;
                }

                _effects = _law.Events.EffectsAt(boundary, _windows);
                var after = state;
                after.Cap = WithChange(_path.Cap);
                after.CapReached |= IsAtCap(after);
                observer.CapChange((int)boundary, state, after);
                state = after;
            }
            else
            {
                return;
            }
        }
    }

    private void StartEvents(long path)
    {
        if (_windows.Length == 0)
        {
            return;
        }

        _law.Events.Draw(path, _windows);
        _effects = _law.Events.EffectsAt(0, _windows);
        (_boundaryCount, _nextBoundary, _lastCapMove) = (0, 0, 0);
        for (var i = 0; i < _windows.Length; i++)
        {
            AddBoundary(_windows[i].Start, _law.Events.Events[i]);
            AddBoundary(_windows[i].End, _law.Events.Events[i]);
        }

        Array.Sort(_boundaries, 0, _boundaryCount);
    }

    private void AddBoundary(long ticks, ArrivalEvent source)
    {
        if (ticks > 0 && ticks <= _law.Scale.HorizonTicks)
        {
            _boundaries[_boundaryCount++] = ticks;
            _lastCapMove = source.CapChange != 0 ? Math.Max(_lastCapMove, ticks) : _lastCapMove;
        }
    }

    private long WithChange(long cap) => cap == long.MaxValue ? cap : cap + _effects.CapChange;

    /// <summary>Can nobody arrive any more in this path?</summary>
    private bool IsFullForGood(in PathState state) => _law.FillsUp && state.Cumulative >= state.Cap && state.Time >= _lastCapMove;

    private long Room(in PathState state) => Math.Max(0, _law.CapLimitsEachBatch ? state.Cap
        : _law.CapCountsPresent ? state.Cap - state.Present
        : state.Cap - state.Cumulative);

    /// <summary>The gap that starts at the last batch, in ticks.</summary>
    private int Gap(in PathState state, in BatchDraw draw)
    {
        if (state.Batch == 0 && _law.First is { } first)
        {
            return _law.PathTicks(first, _path.Path);
        }

        if (_effects.IntervalFactor == 1)
        {
            return _law.Gap.IsConstant ? _law.ConstantGap(state.Batch)
                : _law.Gap.IsFixedInPath ? _path.GapTicks
                : PathLaw.Ticks(_law.Gap, draw.Gap, _path.GapFactor);
        }

        var gap = _law.Gap.IsFixedInPath ? _path.Gap
            : _law.Gap.IsFine ? draw.Gap * _path.GapFactor
            : (float)draw.Gap * (float)_path.GapFactor;
        return PathLaw.WholeTicks(gap * _effects.IntervalFactor);
    }

    /// <summary>The size of a batch that arrives now.</summary>
    private long Size(in BatchDraw draw)
    {
        if (_effects.BatchSizeFactor == 1)
        {
            return _law.Size.IsFixedInPath ? _path.Count : PathLaw.Count(_law.Size, draw.Size, _path.SizeFactor);
        }

        var size = _law.Size.IsFixedInPath ? _path.Size : PathLaw.Product(_law.Size, draw.Size, _path.SizeFactor);
        return PathLaw.WholeCount(size * _effects.BatchSizeFactor);
    }

    private int Tour(DrawRule tour, int batch, in BatchDraw draw) =>
        tour.IsConstant ? _law.ConstantTour(batch)
        : tour.IsFixedInPath ? _path.TourTicks
        : PathLaw.Ticks(tour, draw.Tour, _path.TourFactor);

    /// <summary>The initial contingent's: the path's own number, or a draw apart from those of batches.</summary>
    private int InitialTour(DrawRule tour) => tour.IsFixedInPath
        ? _path.TourTicks
        : PathLaw.Ticks(tour, tour.Value.Evaluate(_law.InitialTourBits(_path.Path)), _path.TourFactor);

    private void Leave(long batch, long count, int arrival, int tour)
    {
        var ticks = (long)arrival + tour;
        if (count > 0 && ticks <= _law.Scale.HorizonTicks)
        {
            if (_tours!.Count == MostTours)
            {
                throw new PathTooLargeException($"more than {MostTours:#,0} batches on tour at once", _law.Scale.Days(arrival));
            }

            _tours.Enqueue(count, ((ulong)ticks << 32) | (uint)batch); // A gap has at least one tick: a path has fewer batches than 2^30.
        }
    }
}
