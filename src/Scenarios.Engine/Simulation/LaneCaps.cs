using System.Numerics;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Caps that paths do not stay at once they have reached them: because events move them, or because those present, whom they
/// limit, go home. Cuts a round's batches to the room there is, and tells when the cap in force is first reached. To the bit
/// what <see cref="PathWalker"/> does.
/// </summary>
internal sealed unsafe class LaneCaps
{
    /// <summary>A larger cap limits nothing that lanes can hold, and stays so whatever events take from it.</summary>
    public const int Largest = 1 << 29;

    private const int LargestMove = Largest / 2;

    private const int Width = LaneBlock.Width;

    private readonly PathLaw _law;
    private readonly LaneBlock _block;
    private readonly LaneEvents? _events;
    private readonly LaneTours? _tours;
    private readonly PassageTally _passages;
    private readonly TimeGrid _grid;
    private readonly int* _there;
    private readonly int _range;

    public LaneCaps(PathLaw law, LaneBlock block, LaneEvents? events, LaneTours? tours, TallyTarget target)
    {
        (_law, _block, _events, _grid) = (law, block, events, target.Grid);
        _tours = law.CapCountsPresent ? tours : null;
        _passages = target.Tally.Cap!;
        _range = (int)target.Tally.Cumulative.Bins.RangeEnd;
        _there = CountsPresent ? block.Present : block.Count;
    }

    /// <summary>Does the cap count a number present that is not the total?</summary>
    public bool CountsPresent => _law.CapCountsPresent && (_law.Relieves || _law.Tour is not null);

    /// <summary>Has a scenario such caps?</summary>
    public static bool LooksAfter(PathLaw law) => law.Cap is not null && (law.Events.MovesCap || (law.CapCountsPresent && law.Tour is not null));

    /// <summary>Are the moves of all events together small enough for lanes?</summary>
    public static bool Holds(PathLaw law) => law.Events.Events.Sum(e => Math.Abs((double)e.CapChange)) <= LargestMove;

    /// <summary>A path starts, with its own cap and what is in force of it at day 0.</summary>
    public void Start(int lane, long count, long own, long inForce)
    {
        _block.Cap[lane] = (int)Math.Min(own, Largest);
        _block.CapReached[lane] = count >= inForce ? -1 : 0;
    }

    /// <summary>Cuts the batches of a round, and records who reaches the cap until then.</summary>
    public void Apply()
    {
        var block = _block;
        var horizon = Vector512.Create(_grid.HorizonTicks);
        var range = Vector512.Create(_range);
        var movesFor = _law.Events.MovesCap ? _events : null;
        for (var i = 0; i < block.Live; i += Width)
        {
            var last = Vector512.Load(block.Time + i);
            var own = Vector512.Load(block.Cap + i);
            if (movesFor is not null && _law.FillsUp)
            {
                EndFull(i, last, own, horizon);
            }

            var time = last + Vector512.Load(block.RoundGap + i);
            var past = Vector512.GreaterThan(time, horizon);
            if (movesFor is not null)
            {
                ReachByMoves(i, last, Vector512.Min(time, horizon), own);
            }

            var there = Vector512.Load(_there + i);
            var sizes = Vector512.Load(block.RoundSize + i);
            if (_tours is not null)
            {
                there -= _tours.Leave(i, time);
                there.Store(_there + i);
            }

            var cap = movesFor is null ? own : own + movesFor.CapChange(i, time);
            var arrivals = Vector512.Min(sizes, Vector512.Max(Vector512<int>.Zero, _law.CapLimitsEachBatch ? cap : cap - there));
            var after = _law.Relieves && CountsPresent ? Vector512.Max(there, arrivals) : there + arrivals;
            var spills = Vector512.GreaterThan(Vector512.Load(block.Count + i) + arrivals, range);
            if (_tours is not null)
            {
                var crowded = Vector512.AndNot(_tours.Crowded(i), past);
                spills |= crowded;
                arrivals = Vector512.ConditionalSelect(crowded, Vector512.Create(LaneDraws.LargestLane), arrivals);
            }

            arrivals.Store(block.RoundSize + i);
            Reach(i, time, Vector512.AndNot(Vector512.GreaterThanOrEqual(after, cap), past | spills));
        }
    }

    /// <summary>A path that is full, and whose cap does not move any more, is over.</summary>
    private void EndFull(int i, Vector512<int> last, Vector512<int> own, Vector512<int> horizon)
    {
        var isFull = Vector512.GreaterThanOrEqual(Vector512.Load(_block.Count + i), own + _events!.CapChange(i, last));
        if (LaneVectors.Bits(isFull) == 0)
        {
            return;
        }

        foreach (var e in _events.MovingCap)
        {
            var (start, end) = (Vector512.Load(_events.Start(e) + i), Vector512.Load(_events.End(e) + i));
            isFull = Vector512.AndNot(isFull, Vector512.GreaterThan(start, last) & Vector512.LessThanOrEqual(start, horizon));
            isFull = Vector512.AndNot(isFull, Vector512.GreaterThan(end, last) & Vector512.LessThanOrEqual(end, horizon));
        }

        var gaps = Vector512.Load(_block.RoundGap + i);
        Vector512.ConditionalSelect(isFull, Vector512.Create(TimeScale.Limit), gaps).Store(_block.RoundGap + i);
    }

    /// <summary>A cap that falls may be reached between two batches.</summary>
    private void ReachByMoves(int i, Vector512<int> last, Vector512<int> until, Vector512<int> own)
    {
        var never = Vector512.Create(int.MaxValue);
        var first = never;
        foreach (var e in _events!.MovingCap)
        {
            foreach (var at in (ReadOnlySpan<Vector512<int>>)[Vector512.Load(_events.Start(e) + i), Vector512.Load(_events.End(e) + i)])
            {
                var within = Vector512.GreaterThan(at, last) & Vector512.LessThanOrEqual(at, until);
                if (LaneVectors.Bits(within) != 0)
                {
                    var there = Vector512.Load(_there + i);
                    there = _tours is null ? there : there - _tours.GoneBy(i, at);
                    var reaches = within & Vector512.GreaterThanOrEqual(there, own + _events.CapChange(i, at));
                    first = Vector512.ConditionalSelect(reaches, Vector512.Min(first, at), first);
                }
            }
        }

        Reach(i, first, ~Vector512.Equals(first, never));
    }

    private void Reach(int i, Vector512<int> time, Vector512<int> reaches)
    {
        var before = Vector512.Load(_block.CapReached + i);
        var anew = LaneVectors.Bits(Vector512.AndNot(reaches, before));
        if (anew == 0)
        {
            return;
        }

        (before | reaches).Store(_block.CapReached + i);
        for (; anew != 0; anew &= anew - 1)
        {
            var ticks = time[BitOperations.TrailingZeroCount(anew)];
            _passages.Record(ticks, _grid.PointAt(ticks));
        }
    }
}
