using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Writes a path that is walked by itself into a tally.</summary>
internal readonly struct TallyObserver(TallyTarget target) : IPathObserver
{
    public void Start(in PathState state)
    {
        target.Tally.Cumulative.Enter(state.Cumulative);
        target.Tally.Present?.Enter(state.Present);
        target.StartPassages(state.Cumulative, state.Present, state.Cap);
    }

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (jump.Arrived == 0)
        {
            return;
        }

        var point = target.Grid.PointAt(jump.Time);
        target.Tally.Cumulative.Change(before.Cumulative, after.Cumulative, point);
        if (target.Tally.Present is { } present && after.Present != before.Present)
        {
            present.Change(before.Present, after.Present, point);
        }

        target.Passages(before, after, point);
    }
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

    /// <summary>What a change makes a path reach.</summary>
    public void Passages(in PathState before, in PathState after, int point)
    {
        for (var i = 0; i < thresholds.Length; i++)
        {
            if (before.Cumulative < thresholds[i] && after.Cumulative >= thresholds[i])
            {
                tally.Thresholds[i].Record(after.Time, point);
            }
        }

        var (was, now) = capCountsPresent ? (before.Present, after.Present) : (before.Cumulative, after.Cumulative);
        if (was < after.Cap && now >= after.Cap)
        {
            tally.Cap?.Record(after.Time, point);
        }
    }
}
