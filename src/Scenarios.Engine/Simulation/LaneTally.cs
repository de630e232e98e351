using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Writes the steps of a round into a tally: each path enters where it has been since its last change and leaves it now, two
/// writes to the same cache line or the next, and none that needs a condition, since past the horizon there is a point that
/// nobody reads.
/// </summary>
/// <remarks>
/// Of every sixteen steps the changes stand in the order in which unpacking makes them (see <see cref="StoreChanges"/>), four
/// rows of four steps; so a row can be written between the vector instructions of the next round's draws, where the memory
/// would otherwise be idle. Sums of a block are kept in two copies, taken in turns, so that two changes of the same point in
/// succession need not wait for one another.
/// </remarks>
internal sealed unsafe class LaneTally
{
    /// <summary>A sum counts its changes above this bit, below which all of a block's add up to less: 2^12 paths times 2^25, for each of two.</summary>
    private const int CountShift = 40;

    /// <summary>More rounds could count beyond 64 bits.</summary>
    private const int MostCountedRounds = 1 << 12;

    private readonly CountTally _cumulative;
    private readonly int[] _changes;
    private readonly long[] _memory;
    private readonly long* _sums;
    private readonly int _copy;

    public LaneTally(CountTally cumulative)
    {
        _cumulative = cumulative;
        _changes = new int[cumulative.PointCount];
        _copy = 2 * (cumulative.Stride + LaneBlock.Width); // Past the horizon each lane has a cell of its own.
        _memory = GC.AllocateArray<long>((2 * _copy) + 8, pinned: true);
        fixed (long* start = _memory)
        {
            _sums = (long*)(((nint)start + 63) & ~63); // Pinned for good. A cell of 16 bytes lies in one cache line.
        }
    }

    /// <summary>The writer of a round's steps.</summary>
    public Writer For(LaneBlock block)
    {
        fixed (short* cells = _cumulative.Differences.Cells)
        {
            return new(cells, _sums, _sums + _copy, block.Enter, block.Leave, block.SumAt, block.Changes); // All pinned for good.
        }
    }

    /// <summary>Paths are at a count from day 0 on, which they have entered.</summary>
    public void Start(long count, long paths)
    {
        _sums[0] += count * paths;
        _sums[1] += count * count * paths;
    }

    /// <summary>A path is at a count from day 0 on, which it enters in its lane.</summary>
    public void StartInLane(long count)
    {
        Start(count, 1);
        _sums[0] += 1L << CountShift;
    }

    /// <summary>Forgets the sums of the block before, whether it was finished or cancelled.</summary>
    public void Forget() => Array.Clear(_memory);

    /// <summary>Moves the sums of a block to the tally, and says how often its cells were written to.</summary>
    public void Flush(int rounds)
    {
        const long sum = (1L << CountShift) - 1;
        for (var point = 0; point < _changes.Length; point++)
        {
            var at = 2 * point;
            var (one, other) = (_sums[at], _sums[_copy + at]);
            _cumulative.AddSums(point, (one & sum) + (other & sum), _sums[at + 1] + _sums[_copy + at + 1]);
            _changes[point] = (int)(one >>> CountShift) + (int)(other >>> CountShift);
        }

        if (rounds > MostCountedRounds)
        {
            Array.Fill(_changes, LaneBlock.Capacity);
        }

        _cumulative.Differences.Changed(_changes);
    }

    /// <summary>
    /// Changes of the sum, each counted, and of the sum of squares of sixteen paths, from counts before and after, neither descending nor
    /// negative; stored as rows of steps 0, 4, 8, 12; 2, 6, 10, 14; 1, 5, 9, 13; 3, 7, 11, 15.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreChanges(long* changes, Vector512<int> before, Vector512<int> after)
    {
        var change = (after - before).AsUInt64();
        var sum = (after + before).AsUInt64();
        var counted = Vector512.Create(1UL << CountShift);
        var even = change & Vector512.Create(0xFFFFFFFFUL);
        var odd = change >>> 32;
        var evenSquare = LaneVectors.ProductOfLowHalves(change, sum);
        var oddSquare = LaneVectors.ProductOfLowHalves(odd, sum >>> 32);
        (even, odd) = (even | counted, odd | counted);
        LaneVectors.UnpackLow(even, evenSquare).AsInt64().Store(changes);
        LaneVectors.UnpackHigh(even, evenSquare).AsInt64().Store(changes + 8);
        LaneVectors.UnpackLow(odd, oddSquare).AsInt64().Store(changes + 16);
        LaneVectors.UnpackHigh(odd, oddSquare).AsInt64().Store(changes + 24);
    }

    /// <summary>Where the steps stand, and what they are written into.</summary>
    public readonly struct Writer(short* cells, long* sums, long* otherSums, int* enter, int* leave, int* sumAt, long* changes)
    {
        /// <summary>Writes sixteen steps.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void WriteGroup(int group)
        {
            WriteRow(group, 0, 0);
            WriteRow(group, 1, 2);
            WriteRow(group, 2, 1);
            WriteRow(group, 3, 3);
        }

        /// <summary>Writes a row: four steps from the given one, every fourth.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void WriteRow(nint group, int row, int firstStep)
        {
            var from = enter + group + firstStep;
            var to = leave + group + firstStep;
            var at = sumAt + group + firstStep;
            var change = changes + (2 * group) + (8 * row);
            Write(from[0], to[0], at[0], change, sums);
            Write(from[4], to[4], at[4], change + 2, otherSums);
            Write(from[8], to[8], at[8], change + 4, sums);
            Write(from[12], to[12], at[12], change + 6, otherSums);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Write(nint from, nint to, nint at, long* change, long* intoSums)
        {
            cells[from]++;
            cells[to]--;
            (Vector128.Load(intoSums + at) + Vector128.Load(change)).Store(intoSums + at);
        }
    }
}
