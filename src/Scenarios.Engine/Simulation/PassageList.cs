using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Passages of a round, before they are written.</summary>
internal sealed unsafe class PassageList
{
    private readonly int[] _memory = GC.AllocateArray<int>(3 * (LaneBlock.Capacity + LaneBlock.Width), pinned: true);
    private readonly int* _time;
    private readonly int* _point;
    private readonly int* _reached;

    public PassageList(PassageTally tally, int threshold)
    {
        (Tally, Threshold) = (tally, threshold);
        fixed (int* start = _memory)
        {
            _time = start; // Pinned for good.
            _point = start + LaneBlock.Capacity + LaneBlock.Width;
            _reached = _point + LaneBlock.Capacity + LaneBlock.Width;
        }
    }

    public PassageTally Tally { get; }

    public int Threshold { get; }

    public int Count { get; private set; }

    public int PointOf(int i) => _point[i];

    public int Reached(int i) => _reached[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<int> time, Vector512<int> point, Vector512<int> lanes, Vector512<int> reached = default)
    {
        if (LaneVectors.Bits(lanes) != 0)
        {
            var passing = new Packing(lanes);
            passing.Store(time, _time + Count);
            passing.Store(point, _point + Count);
            passing.Store(reached, _reached + Count);
            Count += passing.Count;
        }
    }

    /// <summary>Writes them to the tally.</summary>
    public void Write()
    {
        for (var i = 0; i < Count; i++)
        {
            Tally.Record(_time[i], _point[i]);
        }

        Count = 0;
    }
}
