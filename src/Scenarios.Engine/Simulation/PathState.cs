namespace Scenarios.Engine.Simulation;

/// <summary>What a path draws once.</summary>
internal struct PathDraws
{
    /// <summary>Index of the path.</summary>
    public long Path;

    /// <summary>Its own cap; <see cref="long.MaxValue"/> without one.</summary>
    public long Cap;

    /// <summary>Its fixed gap in ticks before rounding; 0 where gaps are drawn per batch.</summary>
    public double Gap;

    /// <summary>Its fixed gap in whole ticks.</summary>
    public int GapTicks;

    /// <summary>Its fixed batch size before rounding; 0 where sizes are drawn per batch.</summary>
    public double Size;

    /// <summary>Its fixed batch size, rounded.</summary>
    public long Count;

    /// <summary>Its fixed tour in ticks; 0 where tours are drawn per batch.</summary>
    public int TourTicks;

    /// <summary>Its factor on gaps.</summary>
    public double GapFactor;

    /// <summary>Its factor on sizes.</summary>
    public double SizeFactor;

    /// <summary>Its factor on tours.</summary>
    public double TourFactor;
}

/// <summary>Where a path is.</summary>
internal struct PathState
{
    /// <summary>Its own cap and the changes in force; <see cref="long.MaxValue"/> without one.</summary>
    public long Cap;

    /// <summary>Everyone who has ever arrived.</summary>
    public long Cumulative;

    /// <summary>Those present, were nobody ever to leave but by relief and at the end of a tour.</summary>
    public long Present;

    /// <summary>Index of the next batch, from 0.</summary>
    public int Batch;

    /// <summary>Time of the last batch, in ticks: the gap to the next starts here.</summary>
    public int Time;

    /// <summary>Has the count that the cap limits ever been as large as the cap in force?</summary>
    public bool CapReached;
}

/// <summary>One scheduled batch of a path.</summary>
internal struct Jump
{
    /// <summary>Gap before it in ticks.</summary>
    public int Gap;

    /// <summary>When, in ticks.</summary>
    public int Time;

    /// <summary>Size drawn, path and event factors included.</summary>
    public long Drawn;

    /// <summary>It did not come at all.</summary>
    public bool Skipped;

    /// <summary>An event kept it from coming.</summary>
    public bool Halted;

    /// <summary>How many arrived.</summary>
    public long Arrived;

    /// <summary>How many went home at the same instant.</summary>
    public long Returned;

    /// <summary>Its tour in ticks; 0 without tours and where nobody arrived.</summary>
    public int Tour;
}

/// <summary>A batch, or the initial contingent (0), goes home at the end of its tour.</summary>
internal readonly record struct TourEnd(int Time, long Batch, long Count);

/// <summary>Sees a path as it goes.</summary>
internal interface IPathObserver
{
    /// <summary>The path stands at day 0, and this is when its events are in force.</summary>
    void Start(in PathState state, ReadOnlySpan<EventWindow> events);

    /// <summary>A batch was due within the horizon; <paramref name="after"/> is the state behind it.</summary>
    void Batch(in PathState before, in Jump jump, in PathState after);

    /// <summary>A tour ended within the horizon.</summary>
    void TourEnd(in TourEnd end, in PathState before, in PathState after);

    /// <summary>Events started or ended within the horizon: the cap in force may have changed.</summary>
    void CapChange(int ticks, in PathState before, in PathState after);
}
