namespace Scenarios.Engine.Simulation;

/// <summary>
/// The state of up to <see cref="Capacity"/> paths that go in lock step, one column per quantity, live paths packed to the
/// front; and room for one round of draws. 4,096 paths touch a line of a large histogram often enough while it is near: a daily grid costs a tenth less than with 2,048.
/// </summary>
internal sealed unsafe class LaneBlock
{
    /// <summary>Paths in a block.</summary>
    public const int Capacity = 4096;

    /// <summary>Lanes of the widest vector: columns are padded by it, so that no loop needs a remainder.</summary>
    public const int Width = 16;

    /// <summary>Length of a column, its padding included.</summary>
    public const int ColumnLength = Capacity + (2 * Width);

    private const int ColumnCount = 34;
    private const int MaskCount = (Capacity / Width) + 1;
    private const int ChangeColumns = 4; // A step has two changes of 64 bits.

    private readonly int[] _memory = GC.AllocateArray<int>(((ColumnCount + ChangeColumns) * ColumnLength) + Width, pinned: true);
    private readonly int* _aligned;
    private int _taken;

    public LaneBlock()
    {
        fixed (int* start = _memory)
        {
            _aligned = (int*)(((nint)start + 63) & ~63); // Pinned for good: the address stays true.
        }

        Id = Take();
        Time = Take();
        Count = Take();
        Row = Take();
        Point = Take();
        Cap = Take();
        Gap = Take();
        Size = Take();
        GapFactor = (float*)Take();
        SizeFactor = (float*)Take();
        Present = Take();
        TourFactor = (float*)Take();
        Tour = Take();
        CapReached = Take();
        HighBits = Take();
        LowBits = Take();
        Draw = (float*)Take();
        OtherDraw = (float*)Take();
        RoundGap = Take();
        RoundSize = Take();
        RoundTour = Take();
        RoundId = Take();
        NextTime = Take();
        NextPoint = Take();
        Arrived = Take();
        Enter = Take();
        Leave = Take();
        SumAt = Take();
        Keep = Take();
        SpilledId = Take();
        SpilledTime = Take();
        SpilledCount = Take();
        SpilledAt = Take();
        SpilledLane = Take();
        Changes = (long*)Take(); // The last: it is as long as four.
    }

    /// <summary>Live paths: the first lanes of every column.</summary>
    public int Live { get; set; }

    /// <summary>Index of the path within the block.</summary>
    public int* Id { get; }

    /// <summary>Time of its last batch, in ticks.</summary>
    public int* Time { get; }

    /// <summary>Everyone who has ever arrived.</summary>
    public int* Count { get; }

    /// <summary>Offset of its bin's row in the difference histogram.</summary>
    public int* Row { get; }

    /// <summary>The point that saw its last change.</summary>
    public int* Point { get; }

    /// <summary>Its own cap, where caps differ.</summary>
    public int* Cap { get; }

    /// <summary>Its fixed gap in ticks, where gaps are drawn per path.</summary>
    public int* Gap { get; }

    /// <summary>Its fixed batch size, where sizes are drawn per path.</summary>
    public int* Size { get; }

    /// <summary>Its factor on gaps.</summary>
    public float* GapFactor { get; }

    /// <summary>Its factor on sizes.</summary>
    public float* SizeFactor { get; }

    /// <summary>Those present, where the next batch depends on it: after the last one.</summary>
    public int* Present { get; }

    /// <summary>Its factor on tours.</summary>
    public float* TourFactor { get; }

    /// <summary>Its fixed tour in ticks, where tours are one number in a path.</summary>
    public int* Tour { get; }

    /// <summary>Has the cap in force ever been reached? All bits of a lane alike; where <see cref="LaneCaps"/> looks after it.</summary>
    public int* CapReached { get; }

    /// <summary>High halves of this round's words.</summary>
    public int* HighBits { get; }

    /// <summary>Low halves of this round's words.</summary>
    public int* LowBits { get; }

    /// <summary>Values as drawn.</summary>
    public float* Draw { get; }

    /// <summary>More values as drawn.</summary>
    public float* OtherDraw { get; }

    /// <summary>Gap of this round in ticks.</summary>
    public int* RoundGap { get; }

    /// <summary>Size of this round's batch; 0 where it is skipped.</summary>
    public int* RoundSize { get; }

    /// <summary>Tour of this round's batch in ticks, where there are tours.</summary>
    public int* RoundTour { get; }

    /// <summary>Index of the path within the block, not packed yet, where there are tours.</summary>
    public int* RoundId { get; }

    /// <summary>Time of this round's batch, where those present are tallied apart; like the next two not packed yet.</summary>
    public int* NextTime { get; }

    /// <summary>The point that sees it: the grid's point count past the horizon.</summary>
    public int* NextPoint { get; }

    /// <summary>How many arrive with it.</summary>
    public int* Arrived { get; }

    /// <summary>Steps that wait to be tallied: where in the difference histogram each path has been since its last change.</summary>
    public int* Enter { get; }

    /// <summary>Where it leaves: in the same row.</summary>
    public int* Leave { get; }

    /// <summary>Where the sums change, in 64-bit words.</summary>
    public int* SumAt { get; }

    /// <summary>By how much the sum and the sum of squares change, a pair for each step, in the order of <see cref="LaneTally"/>.</summary>
    public long* Changes { get; }

    /// <summary>How many steps wait to be tallied, filled up to whole groups with steps that change nothing.</summary>
    public int Pending { get; set; }

    /// <summary>Paths that would pass the range in this round and go on by themselves: how many.</summary>
    public int Spilled { get; set; }

    /// <summary>Their index within the block.</summary>
    public int* SpilledId { get; }

    /// <summary>Time of their last batch, in ticks.</summary>
    public int* SpilledTime { get; }

    /// <summary>Everyone who has ever arrived, before this round.</summary>
    public int* SpilledCount { get; }

    /// <summary>Where in the difference histogram they have been since their last change.</summary>
    public int* SpilledAt { get; }

    /// <summary>Their lane.</summary>
    public int* SpilledLane { get; }

    /// <summary>Which paths go on after this round, all bits of a lane alike.</summary>
    public int* Keep { get; }

    /// <summary>Draws that lie in a tail, a bit each.</summary>
    public ushort[] Rare { get; } = new ushort[MaskCount];

    /// <summary>The same for other draws.</summary>
    public ushort[] OtherRare { get; } = new ushort[MaskCount];

    private int* Take() => _aligned + (_taken++ * ColumnLength);
}
