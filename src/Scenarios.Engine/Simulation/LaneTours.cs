using System.Numerics;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Those present in a block's paths, where batches go home after their tours: to the bit what <see cref="PathWalker"/> does
/// with a queue.
/// </summary>
/// <remarks>
/// <para>
/// A tally sees counts at points in time only, so who comes and goes between two points need not be put in order: each arrival
/// adds to the path's table at the point that sees it and takes away at the point that sees it go home. When the block is done,
/// the running sums of sixteen paths at a time are the numbers present.
/// </para>
/// <para>
/// Where the cap counts those present, their number is needed at each arrival too: then the tours under way are kept in as
/// many columns as the busiest path needs, and every round looks which of them are over.
/// </para>
/// </remarks>
internal sealed unsafe class LaneTours
{
    private const int Width = LaneBlock.Width;

    /// <summary>A quarter of the second cache: histograms take the rest.</summary>
    private const int ComfortableTableBytes = 256 << 10;

    private const int FewestPaths = 2 * Width;

    /// <summary>Of a path with more tours under way at once the queue of the walker costs less than looking at all of them.</summary>
    private const int MostUnderWay = 512;

    /// <summary>Changes of the histogram that are gathered before they are written.</summary>
    private const int MostMoves = 1024;

    private const int NotUnderWay = int.MaxValue;

    private readonly LaneBlock _block;
    private readonly CountTally _present;
    private readonly TimeGrid _grid;
    private readonly bool _drawsTours;
    private readonly bool _countsUnderWay;
    private readonly int[] _memory;
    private readonly int* _table;
    private readonly int* _initial;
    private readonly long[] _sums;
    private readonly long[] _alone;
    private readonly int[] _changes;
    private readonly bool _looksUp;
    private int[][] _underWayMemory = [];
    private int*[] _ends = [];
    private int*[] _counts = [];
    private bool _isEmpty = true;

    public LaneTours(PathLaw law, LaneBlock block, TallyTarget target)
    {
        (_block, _present, _grid) = (block, target.Tally.Present!, target.Grid);
        _drawsTours = law.DrawsTours;
        _countsUnderWay = law.Cap is not null && law.CapCountsPresent;
        var stride = _present.Stride;
        Capacity = Math.Clamp(ComfortableTableBytes / sizeof(int) / stride / Width * Width, FewestPaths, LaneBlock.Capacity);
        _memory = GC.AllocateArray<int>((Capacity * (stride + 1)) + Width, pinned: true);
        fixed (int* start = _memory)
        {
            _table = (int*)(((nint)start + 63) & ~63); // Pinned for good.
            _initial = _table + (Capacity * stride);
        }

        _sums = GC.AllocateArray<long>(stride * Width, pinned: true);
        _alone = new long[stride];
        _changes = new int[_present.PointCount];
        _looksUp = _present.Bins.PartsBetween > 0 || _present.Bins.RangeEnd > LaneKernel.WidestRange;
    }

    /// <summary>Paths in a block.</summary>
    public int Capacity { get; }

    /// <summary>Columns that are packed with the block's.</summary>
    public int ColumnCount => 2 * _ends.Length;

    /// <summary>The changes of a path that goes on by itself, by point; whoever walks it adds to them.</summary>
    public Span<long> Alone => _alone;

    /// <summary>One of the columns.</summary>
    public int* Column(int k) => k < _ends.Length ? _ends[k] : _counts[k - _ends.Length];

    /// <summary>Forgets what a block before it left, which was cancelled.</summary>
    public void Forget()
    {
        if (!_isEmpty)
        {
            Array.Clear(_memory);
        }

        _isEmpty = false;
    }

    /// <summary>A path starts, with the tour of its initial contingent.</summary>
    public void Start(int id, int lane, int count, int tour)
    {
        _initial[id] = count;
        if (tour <= _grid.HorizonTicks)
        {
            CellsOf(id)[_grid.PointAt(tour) * Width] -= count;
        }

        foreach (var ends in _ends)
        {
            ends[lane] = NotUnderWay;
        }

        if (_countsUnderWay && count > 0 && tour <= _grid.HorizonTicks)
        {
            if (_ends.Length == 0)
            {
                AddColumns();
            }

            _ends[0][lane] = tour;
            _counts[0][lane] = count;
        }
    }

    /// <summary>How many of sixteen paths have gone home by an instant, of those under way.</summary>
    public Vector512<int> GoneBy(int i, Vector512<int> time)
    {
        var gone = Vector512<int>.Zero;
        for (var k = 0; k < _ends.Length; k++)
        {
            gone += Vector512.LessThanOrEqual(Vector512.Load(_ends[k] + i), time) & Vector512.Load(_counts[k] + i);
        }

        return gone;
    }

    /// <summary>The same, and they are under way no longer.</summary>
    public Vector512<int> Leave(int i, Vector512<int> time)
    {
        var never = Vector512.Create(NotUnderWay);
        var left = Vector512<int>.Zero;
        for (var k = 0; k < _ends.Length; k++)
        {
            var ends = _ends[k] + i;
            var end = Vector512.Load(ends);
            var leaves = Vector512.LessThanOrEqual(end, time);
            left += leaves & Vector512.Load(_counts[k] + i);
            Vector512.ConditionalSelect(leaves, never, end).Store(ends);
        }

        return left;
    }

    /// <summary>Paths that have no place for one more tour.</summary>
    public Vector512<int> Crowded(int i)
    {
        if (_ends.Length < MostUnderWay)
        {
            return Vector512<int>.Zero;
        }

        var never = Vector512.Create(NotUnderWay);
        var crowded = Vector512<int>.AllBitsSet;
        foreach (var ends in _ends)
        {
            crowded = Vector512.AndNot(crowded, Vector512.Equals(Vector512.Load(ends + i), never));
        }

        return crowded;
    }

    /// <summary>Those who arrived in this round come, and will go home.</summary>
    public void Board(int paths)
    {
        var block = _block;
        var ends = stackalloc int[Width];
        var horizon = Vector512.Create(_grid.HorizonTicks);
        for (var i = 0; i < paths; i += Width)
        {
            // One past the horizon goes home past it all the more, and the sum stays below 2^31.
            var end = Vector512.Min(Vector512.Load(block.NextTime + i), horizon) + Vector512.Load(block.RoundTour + i);
            end.Store(ends);
            var lanes = Math.Min(Width, paths - i);
            for (var lane = 0; lane < lanes; lane++)
            {
                var cells = CellsOf(block.RoundId[i + lane]);
                var count = block.Arrived[i + lane];
                cells[block.NextPoint[i + lane] * Width] += count;
                cells[_grid.PointAt(ends[lane]) * Width] -= count;
            }

            if (_countsUnderWay)
            {
                var arrived = Vector512.Load(block.Arrived + i);
                var areLive = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes));
                (Vector512.Load(block.Present + i) + arrived).Store(block.Present + i);
                SetOut(i, end, arrived, areLive & Vector512.LessThanOrEqual(end, horizon) & Vector512.GreaterThan(arrived, Vector512<int>.Zero));
            }
        }
    }

    /// <summary>A path goes on by itself: what it has changed so far is taken out of the table.</summary>
    public void TakeOut(int id)
    {
        var cells = CellsOf(id);
        for (var point = 0; point < _alone.Length; point++)
        {
            _alone[point] = cells[point * Width];
            cells[point * Width] = 0;
        }
    }

    /// <summary>The tours under way of a path that goes on by itself.</summary>
    public void HandOver(int lane, PathWalker walker)
    {
        for (var k = 0; k < _ends.Length; k++)
        {
            if (_ends[k][lane] != NotUnderWay)
            {
                walker.AddTour(_ends[k][lane], _counts[k][lane]);
            }
        }
    }

    /// <summary>Writes a path that went on by itself into the tally.</summary>
    public void WriteAlone(int id)
    {
        long count = _initial[id];
        for (var point = 0; point < _present.PointCount; point++)
        {
            if (_alone[point] != 0)
            {
                _present.Change(count, count + _alone[point], point);
                count += _alone[point];
            }
        }
    }

    /// <summary>Writes the numbers present of a block that is done into the tally.</summary>
    public void Finish(int paths)
    {
        fixed (long* sums = _sums)
        fixed (short* presentCells = _present.Differences.Cells)
        {
            for (var first = 0; first < paths; first += Width)
            {
                Sweep(first, presentCells, sums);
            }

            for (var point = 0; point < _present.PointCount; point++)
            {
                var at = sums + (point * Width);
                _present.AddSums(point, Vector512.Sum(Vector512.Load(at)), Vector512.Sum(Vector512.Load(at + (Width / 2))));
            }
        }

        _present.Differences.Changed(_changes);
        Array.Clear(_changes);
        Array.Clear(_sums);
        _isEmpty = true;
    }

    /// <summary>Sixteen paths from day 0 to the horizon.</summary>
    private void Sweep(int first, short* presentCells, long* sums)
    {
        var bins = _present.Bins;
        var (binScale, binOffset) = LaneKernel.BinLine(bins);
        var scale = Vector512.Create(binScale);
        var offset = Vector512.Create(binOffset);
        var stride = Vector512.Create(_present.Stride);
        var basis = Vector512.Create((int)Math.Min(bins.Basis, int.MaxValue));
        var basisRow = Vector512.Create(bins.BasisBin * _present.Stride);
        var range = Vector512.Create((int)Math.Min(bins.RangeEnd, int.MaxValue));
        var cap = Vector512.Create((int)Math.Min(bins.Cap, int.MaxValue));
        var capRow = Vector512.Create(bins.CapBin * _present.Stride);
        var from = stackalloc int[2 * (MostMoves + Width)];
        var to = from + MostMoves + Width;
        var moves = 0;
        var cells = _table + (first * _present.Stride);
        var count = Vector512.Load(_initial + first);
        var (sum, square) = Moments(count);
        for (var lane = 0; lane < Width; lane++)
        {
            from[lane] = bins.BinOf(_initial[first + lane]) * _present.Stride;
        }

        var row = Vector512.Load(from);
        for (var point = 0; point < _present.PointCount; point++, cells += Width)
        {
            var change = Vector512.Load(cells);
            var changes = ~Vector512.Equals(change, Vector512<int>.Zero);
            if (LaneVectors.Bits(changes) == 0)
            {
                continue;
            }

            Vector512<int>.Zero.Store(cells);
            var next = count + change;

            // Bins are equally wide on both sides of the base count, which is an atom, and are counted anew from it.
            var fromBasis = Vector512.GreaterThanOrEqual(next, basis);
            var distance = next - (basis & fromBasis);
            var nextRow = (Vector512.ConvertToInt32Native(Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(distance), scale, offset)) * stride)
                + (basisRow & fromBasis);
            nextRow = Vector512.ConditionalSelect(Vector512.Equals(next, cap), capRow, nextRow);
            var lookUp = _looksUp ? changes : changes & Vector512.GreaterThan(next, range);
            if (LaneVectors.Bits(lookUp) != 0)
            {
                nextRow = LookUp(next, nextRow, LaneVectors.Bits(lookUp));
            }

            // Few of sixteen change at a point: they are gathered, and written when there are many.
            nextRow = Vector512.ConditionalSelect(changes, nextRow, row);
            var at = Vector512.Create(point);
            var moving = new Packing(changes);
            moving.Store(row + at, from + moves);
            moving.Store(nextRow + at, to + moves);
            moves += moving.Count;
            _changes[point] += moving.Count;
            if (moves >= MostMoves)
            {
                Write(from, to, moves, presentCells);
                moves = 0;
            }

            var (nextSum, nextSquare) = Moments(next);
            var sumsAt = sums + (point * Width);
            (Vector512.Load(sumsAt) + (nextSum - sum)).Store(sumsAt);
            (Vector512.Load(sumsAt + (Width / 2)) + (nextSquare - square)).Store(sumsAt + (Width / 2));
            (count, row, sum, square) = (next, nextRow, nextSum, nextSquare);
        }

        Write(from, to, moves, presentCells);
        Vector512<int>.Zero.Store(cells); // What happens past the horizon.
    }

    private Vector512<int> LookUp(Vector512<int> count, Vector512<int> rows, uint lanes)
    {
        for (; lanes != 0; lanes &= lanes - 1)
        {
            var lane = BitOperations.TrailingZeroCount(lanes);
            rows = rows.WithElement(lane, _present.Bins.BinOf(count[lane]) * _present.Stride);
        }

        return rows;
    }

    private void Write(int* from, int* to, int moves, short* presentCells)
    {
        for (var k = 0; k < moves && _present.Replicates is not null; k++)
        {
            _present.EnterAt(from[k], -1);
            _present.EnterAt(to[k], 1);
        }

        for (var k = 0; k < moves && _present.Replicates is null; k++)
        {
            presentCells[from[k]]--;
            presentCells[to[k]]++;
        }
    }

    /// <summary>Sums and sums of squares of counts, of an even and an odd lane each.</summary>
    private static (Vector512<long> Sum, Vector512<long> Square) Moments(Vector512<int> count)
    {
        var even = count.AsUInt64() & Vector512.Create(0xFFFFFFFFUL);
        var odd = count.AsUInt64() >>> 32;
        return ((even + odd).AsInt64(), (LaneVectors.ProductOfLowHalves(even, even) + LaneVectors.ProductOfLowHalves(odd, odd)).AsInt64());
    }

    private int* CellsOf(int id) => _table + (id / Width * Width * _present.Stride) + (id % Width);

    private void SetOut(int i, Vector512<int> end, Vector512<int> count, Vector512<int> setsOut)
    {
        var never = Vector512.Create(NotUnderWay);
        for (var k = 0; LaneVectors.Bits(setsOut) != 0; k++)
        {
            if (k == _ends.Length)
            {
                AddColumns();
            }

            var ends = _ends[k] + i;
            var counts = _counts[k] + i;
            var placed = setsOut & Vector512.Equals(Vector512.Load(ends), never);
            Vector512.ConditionalSelect(placed, end, Vector512.Load(ends)).Store(ends);
            Vector512.ConditionalSelect(placed, count, Vector512.Load(counts)).Store(counts);
            setsOut = Vector512.AndNot(setsOut, placed);
        }
    }

    private void AddColumns()
    {
        var memory = GC.AllocateArray<int>(2 * LaneBlock.ColumnLength, pinned: true);
        Array.Fill(memory, NotUnderWay);
        _underWayMemory = [.. _underWayMemory, memory];
        fixed (int* start = memory)
        {
            _ends = [.. _ends, start]; // Pinned for good.
            _counts = [.. _counts, start + LaneBlock.ColumnLength];
        }
    }
}
