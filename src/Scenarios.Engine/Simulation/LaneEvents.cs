using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// The events of a block's paths: when each is in force, and what that does to a round of draws. To the bit what
/// <see cref="PathWalker"/> does.
/// </summary>
/// <remarks>
/// Halts are lanes; the few draws that an event scales are packed, and made again. What moves the cap is for <see cref="LaneCaps"/>.
/// </remarks>
internal sealed unsafe class LaneEvents
{
    /// <summary>Their windows are columns of the block.</summary>
    public const int MostEvents = 16;

    private const int Width = LaneBlock.Width;

    private const int ScratchColumns = 4;

    /// <summary>Windows are cut here, where they end at no time that counts.</summary>
    private const long Latest = TimeScale.Limit;

    private readonly PathLaw _law;
    private readonly LaneBlock _block;
    private readonly int _count;
    private readonly int[] _memory;
    private readonly int* _columns;
    private readonly long[] _starts;
    private readonly double[] _values;
    private readonly int* _lanes;
    private readonly int* _ids;
    private readonly int* _high;
    private readonly int* _low;
    private readonly double* _drawn;
    private readonly int[] _halting;
    private readonly int[] _scalingGaps;
    private readonly int[] _scalingSizes;
    private int _packed;

    public LaneEvents(PathLaw law, LaneBlock block)
    {
        (_law, _block) = (law, block);
        var events = law.Events.Events;
        _count = events.Length;
        _memory = GC.AllocateArray<int>((ColumnCount + ScratchColumns) * LaneBlock.ColumnLength, pinned: true);
        _values = GC.AllocateArray<double>(2 * LaneBlock.ColumnLength, pinned: true);
        fixed (int* start = _memory)
        fixed (double* values = _values)
        {
            _columns = start; // Pinned for good.
            _drawn = values;
        }

        _lanes = Column(ColumnCount);
        _ids = Column(ColumnCount + 1);
        _high = Column(ColumnCount + 2);
        _low = Column(ColumnCount + 3);
        _starts = new long[_count * LaneBlock.Capacity];
        _halting = [.. Enumerable.Range(0, events.Length).Where(e => events[e].Halt)];
        _scalingGaps = [.. Enumerable.Range(0, events.Length).Where(e => events[e].IntervalFactor != 1)];
        _scalingSizes = [.. Enumerable.Range(0, events.Length).Where(e => events[e].BatchSizeFactor != 1)];
        MovingCap = [.. Enumerable.Range(0, events.Length).Where(e => events[e].CapChange != 0)];
    }

    /// <summary>Events that move the cap.</summary>
    public int[] MovingCap { get; }

    /// <summary>Draws the windows of a block's paths: to the bit what <see cref="EventLaw.Draw"/> does.</summary>
    public void DrawPaths(long firstPath)
    {
        var paths = _block.Live;
        foreach (var (e, rule) in _law.Events.ParentsFirst)
        {
            var starts = _starts.AsSpan(e * LaneBlock.Capacity, paths);
            DrawClocks(rule, starts, firstPath);
            DrawStarts(rule, starts, firstPath);
            for (var i = 0; i < paths; i++)
            {
                Start(e)[i] = (int)Math.Clamp(starts[i], -1, Latest);
                End(e)[i] = (int)Latest;
            }

            if (rule.Duration is { } duration)
            {
                DrawEnds(duration, rule, starts, firstPath, End(e));
            }
        }
    }

    /// <summary>Counts which events happen to a path.</summary>
    public void CountHappened(int lane, long[] happened)
    {
        for (var e = 0; e < happened.Length; e++)
        {
            happened[e] += Start(e)[lane] <= _law.Scale.HorizonTicks ? 1 : 0;
        }
    }

    /// <summary>A path starts in another lane.</summary>
    public void Move(int from, int to)
    {
        for (var e = 0; e < _count; e++)
        {
            Start(e)[to] = Start(e)[from];
            End(e)[to] = End(e)[from];
        }
    }

    /// <summary>Columns that are packed with the block's.</summary>
    public int ColumnCount => 2 * _count;

    /// <summary>One of them.</summary>
    public int* Column(int k) => _columns + (k * LaneBlock.ColumnLength);

    /// <summary>What the events in force change in a round's gaps and sizes.</summary>
    public void Apply(long firstPath, int round)
    {
        if (round > 0 || _law.First is null)
        {
            ScaleGaps(firstPath, round);
        }

        for (var i = 0; i < _block.Live; i += Width)
        {
            var time = Vector512.Load(_block.Time + i) + Vector512.Load(_block.RoundGap + i);
            var halted = InForce(_halting, i, time);
            Vector512.AndNot(Vector512.Load(_block.RoundSize + i), halted).Store(_block.RoundSize + i);
            Pack(i, Vector512.AndNot(InForce(_scalingSizes, i, time), halted));
        }

        ScaleSizes(firstPath, round);
    }

    /// <summary>When each path has an event start: -1 before day 0.</summary>
    public int* Start(int e) => Column(2 * e);

    /// <summary>When it ends there: past any horizon for never.</summary>
    public int* End(int e) => Column((2 * e) + 1);

    /// <summary>By how much the events in force move the caps of sixteen paths.</summary>
    public Vector512<int> CapChange(int i, Vector512<int> time)
    {
        var change = Vector512<int>.Zero;
        foreach (var e in MovingCap)
        {
            change += InForce(e, i, time) & Vector512.Create((int)_law.Events.Events[e].CapChange);
        }

        return change;
    }

    /// <summary>The same for one path at day 0.</summary>
    public long CapChangeAtStart(int lane) => MovingCap.Sum(e => Holds(e, lane, 0) ? _law.Events.Events[e].CapChange : 0);

    private Vector512<int> InForce(int[] events, int i, Vector512<int> time)
    {
        var any = Vector512<int>.Zero;
        foreach (var e in events)
        {
            any |= InForce(e, i, time);
        }

        return any;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<int> InForce(int e, int i, Vector512<int> time) =>
        Vector512.LessThanOrEqual(Vector512.Load(Start(e) + i), time) & Vector512.GreaterThan(Vector512.Load(End(e) + i), time);

    /// <summary>Notes which of sixteen lanes are to be scaled.</summary>
    private void Pack(int i, Vector512<int> scaled)
    {
        if (LaneVectors.Bits(scaled) != 0)
        {
            var lanes = Vector512.Create(i) + Vector512<int>.Indices;
            var packing = new Packing(scaled & Vector512.LessThan(lanes, Vector512.Create(_block.Live)));
            packing.Store(lanes, _lanes + _packed);
            packing.Store(Vector512.Load(_block.Id + i), _ids + _packed);
            _packed += packing.Count;
        }
    }

    private void ScaleGaps(long firstPath, int round)
    {
        for (var i = 0; i < _block.Live && _scalingGaps.Length > 0; i += Width)
        {
            Pack(i, InForce(_scalingGaps, i, Vector512.Load(_block.Time + i)));
        }

        Redraw(_law.Gap, firstPath, round, isSize: false);
        for (var k = 0; k < _packed; k++)
        {
            var lane = _lanes[k];
            var factor = Factor(_scalingGaps, lane, _block.Time[lane], e => e.IntervalFactor);
            if (factor != 1)
            {
                var gap = _law.Gap.IsFixedInPath ? _drawn[k] : (float)_drawn[k] * (_law.Gap.Factor is null ? 1f : _block.GapFactor[lane]);
                _block.RoundGap[lane] = PathLaw.WholeTicks(gap * factor);
            }
        }

        _packed = 0;
    }

    private void ScaleSizes(long firstPath, int round)
    {
        Redraw(_law.Size, firstPath, round, isSize: true);
        for (var k = 0; k < _packed; k++)
        {
            var lane = _lanes[k];
            var factor = Factor(_scalingSizes, lane, _block.Time[lane] + _block.RoundGap[lane], e => e.BatchSizeFactor);
            if (factor != 1)
            {
                var size = _law.Size.IsFixedInPath ? _drawn[k] : PathLaw.Product(_law.Size, _drawn[k], _law.Size.Factor is null ? 1f : _block.SizeFactor[lane]);
                _block.RoundSize[lane] = (int)Math.Min(PathLaw.WholeCount(size * factor), LaneDraws.LargestLane);
            }
        }

        _packed = 0;
    }

    private double Factor(int[] events, int lane, int time, Func<ArrivalEvent, double> of)
    {
        var factor = 1.0;
        foreach (var e in events)
        {
            factor *= Holds(e, lane, time) ? of(_law.Events.Events[e]) : 1;
        }

        return factor;
    }

    /// <summary>What the packed lanes drew in this round, before it was rounded.</summary>
    private void Redraw(DrawRule rule, long firstPath, int round, bool isSize)
    {
        if (_packed == 0)
        {
            return;
        }

        if (rule.IsFixedInPath)
        {
            for (var k = 0; k < _packed; k++)
            {
                _drawn[k] = _law.PathValue(rule, firstPath + ((long)_law.LaneStride * _ids[k]));
            }

            return;
        }

        LaneQuantiles.Words(CounterRandom.Key(_law.Seed, DrawPurpose.Batch, round), firstPath, _law.LaneStride, _ids, _high, _low, _packed);
        _law.Points?.Replace(DrawPurpose.Batch, round, firstPath, _ids, _high, _low, _packed);
        if (isSize)
        {
            _law.BatchCopula?.Bits(1, [_high, _low, _low], _low, _packed);
        }

        LaneQuantiles.Of(rule.Value, isSize ? _low : _high, _drawn, _packed);
    }

    /// <summary>When the clock of an event starts; <see cref="EventWindow.Never"/> where it will not happen.</summary>
    private void DrawClocks(EventLaw.Compiled rule, Span<long> starts, long firstPath)
    {
        switch (rule.Parent)
        {
            case EventLaw.Compiled.NoParent:
                starts.Clear();
                break;
            case EventLaw.Compiled.AbsentParent:
                starts.Fill(EventWindow.Never);
                break;
            default:
                _starts.AsSpan(rule.Parent * LaneBlock.Capacity, starts.Length).CopyTo(starts);
                break;
        }

        if (!rule.IsCertain)
        {
            Words(DrawPurpose.EventChance, rule, firstPath);
            for (var i = 0; i < starts.Length; i++)
            {
                starts[i] = (uint)_high[i] >= rule.ChanceBelow ? EventWindow.Never : starts[i];
            }
        }
    }

    /// <summary>When an event starts, in place of when its clock does.</summary>
    private void DrawStarts(EventLaw.Compiled rule, Span<long> starts, long firstPath)
    {
        if (rule.DrawsStart)
        {
            Words(DrawPurpose.EventTime, rule, firstPath);
        }

        if (rule.Waits is { } waits)
        {
            Draw(waits, starts.Length);
        }

        for (var i = 0; i < starts.Length; i++)
        {
            if (starts[i] != EventWindow.Never)
            {
                starts[i] = _law.Events.StartOf(rule, starts[i], rule.Waits is null ? 0 : _drawn[i], (uint)_high[i], (uint)_low[i]);
            }
        }
    }

    private void DrawEnds(DrawRule duration, EventLaw.Compiled rule, Span<long> starts, long firstPath, int* ends)
    {
        Words(DrawPurpose.EventDuration, rule, firstPath);
        Draw(duration, starts.Length);
        for (var i = 0; i < starts.Length; i++)
        {
            if (starts[i] != EventWindow.Never)
            {
                ends[i] = (int)Math.Clamp(EventLaw.EndOf(starts[i], _drawn[i]), -1, Latest);
            }
        }
    }

    private void Words(DrawPurpose purpose, EventLaw.Compiled rule, long firstPath) =>
        LaneQuantiles.Words(CounterRandom.Key(_law.Seed, purpose, rule.Key), firstPath, _law.LaneStride, _block.Id, _high, _low, _block.Live);

    /// <summary>Values and factors of a column of words, multiplied.</summary>
    private void Draw(DrawRule rule, int paths)
    {
        LaneQuantiles.Of(rule.Value, _high, _drawn, paths);
        if (rule.Factor is { } factor)
        {
            var factors = _drawn + LaneBlock.ColumnLength;
            LaneQuantiles.Of(factor, _low, factors, paths);
            for (var i = 0; i < paths; i++)
            {
                _drawn[i] *= factors[i];
            }
        }
    }

    private bool Holds(int e, int lane, int time) => Start(e)[lane] <= time && time < End(e)[lane];
}
