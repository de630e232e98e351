using System.Numerics;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Walks blocks of paths in lock step, batch k of all of them in round k, and writes them into a tally: to the bit what
/// <see cref="PathWalker"/> and <see cref="TallyObserver"/> do one by one.
/// </summary>
/// <remarks>
/// A round is three passes over the columns of a <see cref="LaneBlock"/>: draw (while the steps of the round before are
/// tallied), advance, and what happens to few (passages, full and spilled paths). No pass calls anything from its vector loop.
/// For narrow scenarios only.
/// </remarks>
internal sealed unsafe class LaneKernel
{
    /// <summary>Widest range of a narrow scenario: differences of counts and their bins are then exact in 24 bits.</summary>
    public const long WidestRange = 1L << 21;

    /// <summary>End of the widest range: the sum of squares of a block then stays below 2^63.</summary>
    public const long LargestRangeEnd = 1L << 25;

    private const int Width = LaneBlock.Width;

    private readonly PathLaw _law;
    private readonly PathWalker _walker;
    private readonly TallyTarget _target;
    private readonly TallyObserver _observer;
    private readonly CountTally _cumulative;
    private readonly CountTally? _present;
    private readonly LaneBlock _block = new();
    private readonly LaneEvents? _events;
    private readonly LaneDraws _draws;
    private readonly LaneTally _tally;
    private readonly LaneReplicates? _replicates;
    private readonly LaneTours? _tours;
    private readonly LaneCaps? _caps;
    private readonly Action _advance;
    private readonly PassageList[] _passages;
    private readonly PassageList? _full;
    private readonly int _capBin;
    private readonly int _constantCap;
    private readonly int _range;
    private readonly bool _cuts;
    private readonly bool _tracksPresent;
    private readonly bool _hasOwnCaps;
    private readonly bool _fillsUp;

    public LaneKernel(PathLaw law, TallyTarget target)
    {
        _law = law;
        _walker = new(law, new(law, ahead: false));
        _target = target;
        _observer = new(target);
        _cumulative = target.Tally.Cumulative;
        _present = target.Tally.Present;
        _events = law.Events.Count > 0 ? new(law, _block) : null;
        _draws = new(law, _block, _events);
        _tally = new(_cumulative);
        _tours = law.Tour is null ? null : new(law, _block, target);
        _caps = LaneCaps.LooksAfter(law) ? new(law, _block, _events, _tours, target) : null;
        _replicates = _cumulative.Replicates is { } replicates ? new(replicates, _block) : null;
        _tracksPresent = (_present is not null && _tours is null) || _caps?.CountsPresent == true;
        _cuts = law.Cap is not null && _caps is null;
        _hasOwnCaps = law.Cap is not null && law.ConstantCap < 0;
        _fillsUp = _cuts && !law.CapLimitsEachBatch;
        _constantCap = (int)Math.Min(law.ConstantCap, LaneDraws.LargestLane);
        _range = (int)_cumulative.Bins.RangeEnd;
        _passages = [.. Enumerable.Range(0, target.Thresholds.Length).Where(k => target.Thresholds[k] <= _range)
            .Select(k => new PassageList(target.Tally.Thresholds[k], (int)target.Thresholds[k]))];
        _full = _fillsUp ? new(target.Tally.Cap!, _constantCap) : null;
        _capBin = _fillsUp && !_hasOwnCaps && _constantCap <= _range ? _cumulative.Bins.BinOf(_constantCap) : -1;
        _advance = target.Grid.UniformStep == 0 || _cumulative.Bins.PartsBetween > 0 || _cumulative.Bins.BasisBin > 0
            ? AdvanceFor<Yes>()
            : AdvanceFor<No>();
    }

    private Action AdvanceFor<TLooksUp>() =>
        !_cuts ? Advance<TLooksUp, NoCap>
        : !_fillsUp ? Advance<TLooksUp, CapOfBatch>
        : _hasOwnCaps ? Advance<TLooksUp, OwnCap>
        : Advance<TLooksUp, OneCap>;

    /// <summary>
    /// Are counts narrow enough? Where a path's own cap can be below the initial count, each batch may count as much as the
    /// whole range, which then has to end below the draws that lanes do not round.
    /// </summary>
    public static bool Holds(CountBins bins) =>
        bins.RangeEnd - bins.Basis <= WidestRange && bins.RangeEnd <= LargestRangeEnd && (bins.BasisBin == 0 || bins.RangeEnd <= WidestRange);

    /// <summary>Adds at most <see cref="LaneBlock.Capacity"/> paths to the tally.</summary>
    public void Run(long firstPath, int paths, CancellationToken cancellation)
    {
        var capacity = _tours?.Capacity ?? LaneBlock.Capacity;
        for (var done = 0; done < paths; done += capacity)
        {
            RunBlock(firstPath + ((long)_law.LaneStride * done), Math.Min(capacity, paths - done), cancellation);
        }
    }

    private void RunBlock(long firstPath, int paths, CancellationToken cancellation)
    {
        _tally.Forget();
        _tours?.Forget();
        Start(firstPath, paths, cancellation);
        var steps = _tally.For(_block);
        var round = 0;
        for (; _block.Live > 0; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            _draws.DrawRound(firstPath, round, steps);
            _caps?.Apply();
            _advance();
            _replicates?.Write();
            WritePassages();
            FinishSpilled(firstPath, round, cancellation);
            if (_tours is not null)
            {
                _tours.Board(_block.Pending);
            }
            else if (_present is not null)
            {
                WritePresent(_block.Pending);
            }

            PackOptionalColumns(_block.Pending);
        }

        for (var group = 0; group < _block.Pending; group += Width)
        {
            steps.WriteGroup(group);
        }

        _tally.Flush(round);
        _tours?.Finish(paths);
    }

    private void Start(long firstPath, int paths, CancellationToken cancellation)
    {
        var block = _block;
        (block.Live, block.Pending, block.Spilled) = (paths, 0, 0); // A run that was cancelled leaves some behind.
        for (var i = 0; i < paths; i += Width)
        {
            (Vector512<int>.Indices + Vector512.Create(i)).Store(block.Id + i);
        }

        _draws.DrawPaths(firstPath);
        _events?.DrawPaths(firstPath);
        if (_law.ConstantInitial >= 0 && !_hasOwnCaps && _tours is null && _caps is null)
        {
            StartAlike(_walker.Start(firstPath));
        }
        else
        {
            StartOneByOne(firstPath, cancellation);
        }

        PadTail(block.Live);
    }

    /// <summary>All paths start with the same count and the same cap.</summary>
    private void StartAlike(in PathState start)
    {
        var block = _block;
        var count = start.Cumulative;
        var bin = _cumulative.Bins.BinOf(count);
        var row = bin * _cumulative.Stride;
        _tally.Start(count, block.Live);
        _cumulative.Enter(bin, 0, block.Live);
        _present?.Enter(count, block.Live);

        if (start.CapReached || Array.Exists(_target.Thresholds, threshold => count >= threshold))
        {
            for (var i = 0; i < block.Live; i++)
            {
                _target.StartPassages(count, count, start.Cap);
            }
        }

        for (var i = 0; i < block.Live && _events is not null; i++)
        {
            _events.CountHappened(i, _target.Tally.Happened);
        }

        if (count >= start.Cap && _fillsUp)
        {
            block.Live = 0;
            return;
        }

        // All have entered already. Where they enter once more nobody reads, and not all in the same place: they would wait for one another.
        var rows = Math.Min(Width, _cumulative.Bins.BinCount);
        var spare = Vector512<int>.Zero;
        for (var lane = 0; lane < Width; lane++)
        {
            spare = spare.WithElement(lane, ((lane % rows) * _cumulative.Stride) + _cumulative.PointCount);
        }

        for (var i = 0; i < block.Live; i += Width)
        {
            Vector512<int>.Zero.Store(block.Time + i);
            Vector512.Create((int)count).Store(block.Count + i);
            Vector512.Create((int)count).Store(block.Present + i);
            Vector512.Create(row).Store(block.Row + i);
            (spare - Vector512.Create(row)).Store(block.Point + i);
            Vector512.Create((int)Math.Min(start.Cap, LaneDraws.LargestLane)).Store(block.Cap + i);
        }
    }

    private void StartOneByOne(long firstPath, CancellationToken cancellation)
    {
        var block = _block;
        var paths = block.Live;
        var stride = (long)_law.LaneStride;
        var live = 0;
        for (var i = 0; i < paths; i++)
        {
            var path = firstPath + (stride * i);
            var cap = _law.Cap is { } capRule ? CountOf(capRule, block.Cap[i], path) : long.MaxValue;
            var count = Math.Min(_law.Initial is { } initialRule ? CountOf(initialRule, block.Count[i], path) : 0, cap);
            if (count > _range)
            {
                var observer = _observer;
                _walker.Walk(path, ref observer, cancellation);
                continue;
            }

            var bin = _cumulative.Bins.BinOf(count);
            var capInForce = _caps is null || _events is null ? cap : cap + _events.CapChangeAtStart(i);
            _tally.StartInLane(count);
            _present?.Enter(count, 1);
            _target.StartPassages(count, count, capInForce);
            _events?.CountHappened(i, _target.Tally.Happened);
            _tours?.Start(i, live, (int)count, block.RoundTour[i]);
            if (count >= cap && _fillsUp)
            {
                _cumulative.Enter(bin, 0, 1);
                continue;
            }

            block.Id[live] = i;
            block.Time[live] = 0;
            block.Point[live] = 0;
            block.Count[live] = (int)count;
            block.Present[live] = (int)count;
            block.Row[live] = bin * _cumulative.Stride;
            block.Cap[live] = (int)Math.Min(cap, LaneDraws.LargestLane);
            block.Gap[live] = block.Gap[i];
            block.Size[live] = block.Size[i];
            block.GapFactor[live] = block.GapFactor[i];
            block.SizeFactor[live] = block.SizeFactor[i];
            block.Tour[live] = block.Tour[i];
            block.TourFactor[live] = block.TourFactor[i];
            _events?.Move(i, live);
            _caps?.Start(live, count, cap, capInForce);
            live++;
        }

        block.Live = live;
    }

    /// <summary>A count as drawn in its lane; drawn again where lanes do not round as <see cref="PathLaw.Count"/>.</summary>
    private long CountOf(DrawRule rule, int drawn, long path) =>
        !rule.IsConstant && drawn < PathLaw.SinglePrecisionEnd ? drawn : _law.PathCount(rule, path);

    /// <summary>Lanes behind the last stand at the horizon and in no row: past it with any gap, and tallied where nobody reads.</summary>
    private void PadTail(int live)
    {
        var block = _block;
        Vector512.Create(_target.Grid.HorizonTicks).Store(block.Time + live);
        Vector512<int>.Zero.Store(block.Count + live);
        Vector512<int>.Zero.Store(block.Row + live);
        Vector512.Create(_target.Grid.PointCount).Store(block.Point + live);
    }

    /// <summary>
    /// Where every path is after this round, what of it is to be tallied, and who stays: packed to the front of the same columns,
    /// which are read sixteen lanes ahead of where they are written.
    /// </summary>
    private void Advance<TLooksUp, TCap>()
    {
        var block = _block;
        var bins = _cumulative.Bins;
        var grid = _target.Grid;
        var ids = block.Id;
        var times = block.Time;
        var counts = block.Count;
        var rows = block.Row;
        var points = block.Point;
        var roundGaps = block.RoundGap;
        var roundSizes = block.RoundSize;
        var caps = block.Cap;
        var enter = block.Enter;
        var leave = block.Leave;
        var sumAt = block.SumAt;
        var changes = block.Changes;
        var keeps = block.Keep;
        var horizon = Vector512.Create(grid.HorizonTicks);
        var range = Vector512.Create(_range);
        var constantCap = Vector512.Create(_constantCap);
        var pastPoint = Vector512.Create(grid.PointCount);
        var pastSum = (pastPoint + Vector512<int>.Indices) << 1;
        var stepLess1 = Vector512.Create(grid.UniformStep - 1);
        var multiplier = Vector512.Create((ulong)grid.Multiplier);
        var basis = Vector512.Create((int)bins.Basis);
        var stride = Vector512.Create(_cumulative.Stride);
        var (binScale, binOffset) = BinLine(bins);
        var scale = Vector512.Create(binScale);
        var offset = Vector512.Create(binOffset);
        var hasPresent = _present is not null;
        var (passages, fullList) = (_passages, _full);
        var shift = grid.Shift;
        var live = block.Live;
        var kept = 0;
        for (nint i = 0; i < live; i += Width)
        {
            var time = Vector512.Load(times + i) + Vector512.Load(roundGaps + i);
            var count = Vector512.Load(counts + i);
            var arrivals = Vector512.Load(roundSizes + i);
            var past = Vector512.GreaterThan(time, horizon);
            var ended = past;
            var full = Vector512<int>.Zero;
            if (typeof(TCap) != typeof(NoCap))
            {
                var cap = typeof(TCap) == typeof(OneCap) ? constantCap : Vector512.Load(caps + i);
                arrivals = Vector512.Min(arrivals, typeof(TCap) == typeof(CapOfBatch) ? cap : cap - count);
                if (typeof(TCap) != typeof(CapOfBatch))
                {
                    full = Vector512.AndNot(Vector512.GreaterThanOrEqual(count + arrivals, cap), past);
                    ended |= full;
                }
            }

            var next = count + arrivals;
            var spilled = Vector512.AndNot(Vector512.GreaterThan(next, range), past);
            next = Vector512.ConditionalSelect(spilled, count, next);
            var row = Vector512.Load(rows + i);
            var nextRow = typeof(TLooksUp) == typeof(Yes)
                ? LookUpRows(next)
                : Vector512.ConvertToInt32Native(Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(next - basis), scale, offset)) * stride;
            var point = Vector512.Load(points + i);
            var nextPoint = typeof(TLooksUp) == typeof(Yes)
                ? LookUpPoints(time)
                : (LaneVectors.MultiplyHigh((time + stepLess1).AsUInt32(), multiplier) >>> shift).AsInt32();
            nextPoint = Vector512.ConditionalSelect(past, pastPoint, nextPoint);
            if (LaneVectors.Bits(spilled) != 0)
            {
                nextPoint = Vector512.ConditionalSelect(spilled, point, nextPoint);
                full = Vector512.AndNot(full, spilled);
                ended |= spilled;
                var spilling = new Packing(spilled);
                spilling.Store(Vector512.Load(ids + i), block.SpilledId + block.Spilled);
                spilling.Store(Vector512.Load(times + i), block.SpilledTime + block.Spilled);
                spilling.Store(count, block.SpilledCount + block.Spilled);
                spilling.Store(row + point, block.SpilledAt + block.Spilled);
                spilling.Store(Vector512.Create((int)i) + Vector512<int>.Indices, block.SpilledLane + block.Spilled);
                block.Spilled += spilling.Count;
            }

            (row + point).Store(enter + i);
            (row + nextPoint).Store(leave + i);
            Vector512.ConditionalSelect(past, pastSum, nextPoint << 1).Store(sumAt + i);
            LaneTally.StoreChanges(changes + (2 * i), count, next);
            foreach (var list in passages)
            {
                var threshold = Vector512.Create(list.Threshold);
                var passes = Vector512.AndNot(Vector512.LessThan(count, threshold) & Vector512.GreaterThanOrEqual(next, threshold), past);
                list.Add(time, nextPoint, passes);
            }

            if (typeof(TCap) == typeof(OneCap) || typeof(TCap) == typeof(OwnCap))
            {
                fullList!.Add(time, nextPoint, full, next);
            }

            if (hasPresent)
            {
                time.Store(block.NextTime + i);
                nextPoint.Store(block.NextPoint + i);
                (next - count).Store(block.Arrived + i);
            }

            var keep = ~ended;
            keep.Store(keeps + i);
            var staying = new Packing(keep);
            staying.Store(Vector512.Load(ids + i), ids + kept);
            staying.Store(time, times + kept);
            staying.Store(next, counts + kept);
            staying.Store(nextRow, rows + kept);
            staying.Store(nextPoint, points + kept);
            kept += staying.Count;
        }

        block.Pending = live;
        block.Live = kept;
        PadTail(kept);
    }

    /// <summary>bin = floor(scale x (count - basis) + offset), exact for narrow scenarios: see <see cref="WidestRange"/>.</summary>
    public static (float Scale, float Offset) BinLine(CountBins bins) => bins.LatticeStep > 0
        ? (1f / bins.LatticeStep, 0.5f)
        : (1f / bins.Width, (bins.Width - 0.5f) / bins.Width);

    private Vector512<int> LookUpPoints(Vector512<int> time)
    {
        var points = stackalloc int[Width];
        time.Store(points);
        for (var lane = 0; lane < Width; lane++)
        {
            points[lane] = _target.Grid.PointAt(points[lane]);
        }

        return Vector512.Load(points);
    }

    private Vector512<int> LookUpRows(Vector512<int> count)
    {
        var rows = stackalloc int[Width];
        count.Store(rows);
        for (var lane = 0; lane < Width; lane++)
        {
            rows[lane] = _cumulative.Bins.BinOf(rows[lane]) * _cumulative.Stride;
        }

        return Vector512.Load(rows);
    }

    /// <summary>With RELIEVE those present are the largest batch so far, or the initial count where that is larger.</summary>
    private void WritePresent(int paths)
    {
        var block = _block;
        var horizon = _target.Grid.HorizonTicks;
        var capPassages = _law.CapLimitsEachBatch && _caps is null ? _target.Tally.Cap : null;
        for (var first = 0; first < paths; first += Width)
        {
            var lanes = Vector512.Create(first) + Vector512<int>.Indices;
            var grows = Vector512.GreaterThan(Vector512.Load(block.Arrived + first), Vector512.Load(block.Present + first))
                & Vector512.LessThanOrEqual(Vector512.Load(block.NextTime + first), Vector512.Create(horizon))
                & Vector512.LessThan(lanes, Vector512.Create(paths));
            for (var growing = LaneVectors.Bits(grows); growing != 0; growing &= growing - 1)
            {
                var i = first + BitOperations.TrailingZeroCount(growing);
                var was = block.Present[i];
                var now = block.Arrived[i];
                _present!.Change(was, now, block.NextPoint[i]);
                block.Present[i] = now;
                if (was < block.Cap[i] && now >= block.Cap[i])
                {
                    capPassages?.Record(block.NextTime[i], block.NextPoint[i]);
                }
            }
        }
    }

    private void WritePassages()
    {
        foreach (var list in _passages)
        {
            list.Write();
        }

        if (_full is { } full)
        {
            for (var i = 0; i < full.Count; i++)
            {
                var bin = _hasOwnCaps ? _cumulative.Bins.BinOf(full.Reached(i)) : _capBin;
                _cumulative.Enter(bin, full.PointOf(i), 1);
            }

            full.Write();
        }
    }

    /// <summary>Rare: fewer than one path in thousands passes twice the largest of the first thousand.</summary>
    private void FinishSpilled(long firstPath, int round, CancellationToken cancellation)
    {
        var block = _block;
        for (var i = 0; i < block.Spilled; i++)
        {
            var (id, lane) = (block.SpilledId[i], block.SpilledLane[i]);
            var state = _walker.Start(firstPath + ((long)_law.LaneStride * id));
            state.Batch = round;
            state.Time = block.SpilledTime[i];
            state.Cumulative = block.SpilledCount[i];
            state.Present = _tracksPresent ? block.Present[lane] : _law.Relieves ? state.Present : state.Cumulative;
            _walker.Resume(ref state);
            state.CapReached = _caps is null ? _walker.IsAtCap(state) : block.CapReached[lane] != 0;

            // The walker writes changes only: enter what the lane has not entered yet.
            _cumulative.EnterAt(block.SpilledAt[i], 1);
            if (_tours is null)
            {
                var observer = _observer;
                _walker.Continue(ref state, ref observer, cancellation);
            }
            else
            {
                _tours.HandOver(lane, _walker);
                _tours.TakeOut(id);
                var observer = new OnTourObserver(_target, _tours);
                _walker.Continue(ref state, ref observer, cancellation);
                _tours.WriteAlone(id);
            }
        }

        block.Spilled = 0;
    }

    /// <summary>Moves what else a path has to the front, as the rest was in advancing.</summary>
    private void PackOptionalColumns(int paths)
    {
        var block = _block;
        if (block.Live == paths)
        {
            return; // All stay where they are.
        }

        if (_hasOwnCaps)
        {
            Pack(block.Cap, paths);
        }

        if (_caps is not null)
        {
            Pack(block.CapReached, paths);
        }

        if (_law.Tour is { } tour)
        {
            Pack(tour.IsFixedInPath ? block.Tour : (int*)block.TourFactor, paths);
        }

        if (_law.Gap.IsFixedInPath)
        {
            Pack(block.Gap, paths);
        }

        if (_law.Size.IsFixedInPath)
        {
            Pack(block.Size, paths);
        }

        if (_law.Gap.Factor is not null)
        {
            Pack((int*)block.GapFactor, paths);
        }

        if (_law.Size.Factor is not null)
        {
            Pack((int*)block.SizeFactor, paths);
        }

        if (_tracksPresent)
        {
            Pack(block.Present, paths);
        }

        for (var k = 0; k < _events?.ColumnCount; k++)
        {
            Pack(_events.Column(k), paths);
        }

        for (var k = 0; k < _tours?.ColumnCount; k++)
        {
            Pack(_tours.Column(k), paths);
        }
    }

    private void Pack(int* column, int paths)
    {
        var kept = 0;
        for (var i = 0; i < paths; i += Width)
        {
            var staying = new Packing(Vector512.Load(_block.Keep + i));
            staying.Store(Vector512.Load(column + i), column + kept);
            kept += staying.Count;
        }
    }
}
