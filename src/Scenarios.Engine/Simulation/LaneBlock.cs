namespace Scenarios.Engine.Simulation;

/// <summary>
/// The state of up to <see cref="Capacity"/> paths that go in lock step, one column per quantity, live paths packed to the
/// front; and room for one round of draws. 2,048 paths keep it within the first two caches.
/// </summary>
internal sealed unsafe class LaneBlock
{
    /// <summary>Paths in a block.</summary>
    public const int Capacity = 2048;

    /// <summary>Lanes of the widest vector: columns are padded by it, so that no loop needs a remainder.</summary>
    public const int Width = 16;

    private const int ColumnCount = 22;
    private const int ColumnLength = Capacity + (2 * Width);
    private const int MaskCount = (Capacity / Width) + 1;

    private readonly int[] _memory = GC.AllocateArray<int>((ColumnCount * ColumnLength) + Width, pinned: true);
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
        HighBits = Take();
        LowBits = Take();
        Draw = (float*)Take();
        OtherDraw = (float*)Take();
        RoundGap = Take();
        RoundSize = Take();
        NextTime = Take();
        NextCount = Take();
        NextRow = Take();
        NextPoint = Take();
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

    /// <summary>Those present, where that is tallied apart.</summary>
    public int* Present { get; }

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

    /// <summary>Time after this round.</summary>
    public int* NextTime { get; }

    /// <summary>Count after this round.</summary>
    public int* NextCount { get; }

    /// <summary>Row after this round.</summary>
    public int* NextRow { get; }

    /// <summary>Point after this round: the grid's point count past the horizon.</summary>
    public int* NextPoint { get; }

    /// <summary>Paths past the horizon or full after this round, a bit each.</summary>
    public ushort[] Ended { get; } = new ushort[MaskCount];

    /// <summary>Those of them that reach their cap within the horizon.</summary>
    public ushort[] Full { get; } = new ushort[MaskCount];

    /// <summary>Paths that would pass the range in this round and go on by themselves.</summary>
    public ushort[] Spilled { get; } = new ushort[MaskCount];

    /// <summary>Draws that lie in a tail, a bit each.</summary>
    public ushort[] Rare { get; } = new ushort[MaskCount];

    private int* Take() => _aligned + (_taken++ * ColumnLength);
}
