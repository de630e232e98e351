using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Writes a path that is walked by itself into a tally.</summary>
internal readonly struct TallyObserver(TallyTarget target) : IPathObserver
{
    public void Start(in PathState state, ReadOnlySpan<EventWindow> events)
    {
        target.Tally.Cumulative.Enter(state.Cumulative, 1);
        target.Tally.Present?.Enter(state.Present, 1);
        target.StartPassages(state.Cumulative, state.Present, state.Cap);
        for (var i = 0; i < events.Length; i++)
        {
            target.Tally.Happened[i] += events[i].Start <= target.Grid.HorizonTicks ? 1 : 0;
        }
    }

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (jump.Arrived == 0)
        {
            return;
        }

        var point = target.Grid.PointAt(jump.Time);
        target.Arrival(before, after, jump.Time, point);
        if (target.Tally.Present is { } present && after.Present != before.Present)
        {
            present.Change(before.Present, after.Present, point);
        }
    }

    public void TourEnd(in TourEnd end, in PathState before, in PathState after) =>
        target.Tally.Present!.Change(before.Present, after.Present, target.Grid.PointAt(end.Time));

    public void CapChange(int ticks, in PathState before, in PathState after) =>
        target.CapPassage(before, after, ticks, target.Grid.PointAt(ticks));
}

/// <summary>
/// The same for a path that lanes leave over in a scenario with tours: who is present is written where the lanes have written
/// it, and those already on tour then have been.
/// </summary>
internal readonly struct OnTourObserver(TallyTarget target, LaneTours tours) : IPathObserver
{
    public void Start(in PathState state, ReadOnlySpan<EventWindow> events) => throw new InvalidOperationException("It has started in its lane.");

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (jump.Arrived > 0)
        {
            var point = target.Grid.PointAt(jump.Time);
            target.Arrival(before, after, jump.Time, point);
            tours.Alone[point] += jump.Arrived;
        }
    }

    public void TourEnd(in TourEnd end, in PathState before, in PathState after)
    {
        if (end.Batch > 0)
        {
            tours.Alone[target.Grid.PointAt(end.Time)] -= end.Count;
        }
    }

    public void CapChange(int ticks, in PathState before, in PathState after) =>
        target.CapPassage(before, after, ticks, target.Grid.PointAt(ticks));
}

/// <summary>A tally together with what it takes to write a path into it.</summary>
internal sealed class TallyTarget(Tally tally, TimeGrid grid, long[] thresholds, bool capCountsPresent)
{
    public Tally Tally => tally;

    public TimeGrid Grid => grid;

    /// <summary>Counts whose first passage is tallied, in the tally's order.</summary>
    public long[] Thresholds => thresholds;

    /// <summary>What is reached at day 0 already.</summary>
    public void StartPassages(long cumulative, long present, long cap)
    {
        for (var i = 0; i < thresholds.Length; i++)
        {
            if (cumulative >= thresholds[i])
            {
                tally.Thresholds[i].Record(0, 0);
            }
        }

        if ((capCountsPresent ? present : cumulative) >= cap)
        {
            tally.Cap?.Record(0, 0);
        }
    }

    /// <summary>What an arrival changes in the total, and what it reaches.</summary>
    public void Arrival(in PathState before, in PathState after, int ticks, int point)
    {
        tally.Cumulative.Change(before.Cumulative, after.Cumulative, point);
        for (var i = 0; i < thresholds.Length; i++)
        {
            if (before.Cumulative < thresholds[i] && after.Cumulative >= thresholds[i])
            {
                tally.Thresholds[i].Record(ticks, point);
            }
        }

        CapPassage(before, after, ticks, point);
    }

    /// <summary>Whether a change reaches the cap for the first time.</summary>
    public void CapPassage(in PathState before, in PathState after, int ticks, int point)
    {
        if (after.CapReached && !before.CapReached)
        {
            tally.Cap?.Record(ticks, point);
        }
    }
}
