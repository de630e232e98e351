using System.Numerics;
using System.Runtime.Intrinsics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// The events of a block's paths: when each is in force, and what that does to a round of draws. To the bit what
/// <see cref="PathWalker"/> does.
/// </summary>
/// <remarks>
/// Halts are lanes; the few draws that an event scales are made again one by one. What moves the cap is for <see cref="LaneCaps"/>.
/// </remarks>
internal sealed unsafe class LaneEvents
{
    /// <summary>Their windows are columns of the block.</summary>
    public const int MostEvents = 16;

    private const int Width = LaneBlock.Width;

    /// <summary>Windows are cut here, where they end at no time that counts.</summary>
    private const long Latest = TimeScale.Limit;

    private readonly PathLaw _law;
    private readonly LaneBlock _block;
    private readonly BatchDraws _draws;
    private readonly EventWindow[] _windows;
    private readonly int[] _memory;
    private readonly int* _columns;
    private readonly int[] _halting;
    private readonly int[] _scalingGaps;
    private readonly int[] _scalingSizes;

    public LaneEvents(PathLaw law, LaneBlock block)
    {
        (_law, _block, _draws) = (law, block, new(law, ahead: false));
        var events = law.Events.Events;
        _windows = new EventWindow[events.Length];
        _memory = GC.AllocateArray<int>(2 * events.Length * LaneBlock.ColumnLength, pinned: true);
        fixed (int* start = _memory)
        {
            _columns = start; // Pinned for good.
        }

        _halting = [.. Enumerable.Range(0, events.Length).Where(e => events[e].Halt)];
        _scalingGaps = [.. Enumerable.Range(0, events.Length).Where(e => events[e].IntervalFactor != 1)];
        _scalingSizes = [.. Enumerable.Range(0, events.Length).Where(e => events[e].BatchSizeFactor != 1)];
        MovingCap = [.. Enumerable.Range(0, events.Length).Where(e => events[e].CapChange != 0)];
    }

    /// <summary>Events that move the cap.</summary>
    public int[] MovingCap { get; }

    /// <summary>Draws the windows of a block's paths.</summary>
    public void DrawPaths(long firstPath)
    {
        for (var i = 0; i < _block.Live; i++)
        {
            _law.Events.Draw(firstPath + ((long)_law.LaneStride * i), _windows);
            for (var e = 0; e < _windows.Length; e++)
            {
                Start(e)[i] = (int)Math.Clamp(_windows[e].Start, -1, Latest);
                End(e)[i] = (int)Math.Clamp(_windows[e].End, -1, Latest);
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
        for (var e = 0; e < _windows.Length; e++)
        {
            Start(e)[to] = Start(e)[from];
            End(e)[to] = End(e)[from];
        }
    }

    /// <summary>Columns that are packed with the block's.</summary>
    public int ColumnCount => 2 * _windows.Length;

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
            var scaled = LaneVectors.Bits(Vector512.AndNot(InForce(_scalingSizes, i, time), halted));
            for (; scaled != 0; scaled &= scaled - 1)
            {
                ScaleSize(firstPath, round, i + BitOperations.TrailingZeroCount(scaled));
            }
        }
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
            var isInForce = Vector512.LessThanOrEqual(Vector512.Load(Start(e) + i), time) & Vector512.GreaterThan(Vector512.Load(End(e) + i), time);
            change += isInForce & Vector512.Create((int)_law.Events.Events[e].CapChange);
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
            any |= Vector512.LessThanOrEqual(Vector512.Load(Start(e) + i), time) & Vector512.GreaterThan(Vector512.Load(End(e) + i), time);
        }

        return any;
    }

    private void ScaleGaps(long firstPath, int round)
    {
        if (_scalingGaps.Length == 0)
        {
            return;
        }

        for (var i = 0; i < _block.Live; i += Width)
        {
            var scaled = LaneVectors.Bits(InForce(_scalingGaps, i, Vector512.Load(_block.Time + i)));
            for (; scaled != 0; scaled &= scaled - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(scaled);
                if (lane < _block.Live)
                {
                    ScaleGap(firstPath, round, lane);
                }
            }
        }
    }

    private void ScaleGap(long firstPath, int round, int lane)
    {
        var factor = 1.0;
        foreach (var e in _scalingGaps)
        {
            factor *= Holds(e, lane, _block.Time[lane]) ? _law.Events.Events[e].IntervalFactor : 1;
        }

        if (factor != 1)
        {
            var path = firstPath + ((long)_law.LaneStride * _block.Id[lane]);
            var gap = _law.Gap.IsFixedInPath
                ? _law.PathValue(_law.Gap, path)
                : _draws.Of(path, round).Gap * (_law.Gap.Factor is null ? 1f : _block.GapFactor[lane]);
            _block.RoundGap[lane] = PathLaw.WholeTicks(gap * factor);
        }
    }

    private void ScaleSize(long firstPath, int round, int lane)
    {
        var factor = 1.0;
        foreach (var e in _scalingSizes)
        {
            factor *= Holds(e, lane, _block.Time[lane] + _block.RoundGap[lane]) ? _law.Events.Events[e].BatchSizeFactor : 1;
        }

        if (factor != 1 && lane < _block.Live)
        {
            var path = firstPath + ((long)_law.LaneStride * _block.Id[lane]);
            var size = _law.Size.IsFixedInPath
                ? _law.PathValue(_law.Size, path)
                : PathLaw.Product(_draws.Of(path, round).Size, _law.Size.Factor is null ? 1f : _block.SizeFactor[lane]);
            _block.RoundSize[lane] = (int)Math.Min(PathLaw.WholeCount(size * factor), LaneDraws.LargestLane);
        }
    }

    private bool Holds(int e, int lane, int time) => Start(e)[lane] <= time && time < End(e)[lane];
}
