using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Paths of constants, worked out by hand from model.md: one rule each.</summary>
public sealed class HandWorkedPathTests
{
    private static readonly Distribution One = new ConstantDistribution(1);

    [Fact]
    public void Tours_ThatEndWhenABatchArrives_MakeRoomForIt()
    {
        var path = Walk(Days(100, 10, 20, 10) with
        {
            InitialCount = Given.Always(5),
            Cap = Given.Always(20),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.Always(40),
        });
        Assert.Equal([5, 5, 15, 15, 20, 20, 20, 20, 20, 20, 20], path.Present);
        Assert.Equal([5, 5, 15, 15, 25, 25, 35, 35, 45, 45, 55], path.Cumulative);
        Assert.Equal(40, path.CapDay);
    }

    [Fact]
    public void Tours_AfterTheCapIsReached_StillEnd()
    {
        var path = Walk(Days(60, 10, 10, 10) with
        {
            Cap = Given.Always(25),
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.Always(25),
        });
        Assert.Equal([0, 10, 20, 25, 15, 5, 0], path.Present);
        Assert.Equal([0, 10, 20, 25, 25, 25, 25], path.Cumulative);
        Assert.Equal(30, path.CapDay);
    }

    [Fact]
    public void HaltWindow_HoldsItsFirstInstantAndNotItsLast() =>
        Assert.Equal([0, 1, 1, 1, 2, 3, 4], Walk(Days(60, 10, 10, 1) with { Events = [On(20, 20) with { Halt = true }] }).Cumulative);

    [Fact]
    public void Factors_TouchGapsThatStartAndBatchesThatArriveInTheWindow()
    {
        // Day 10: in force, 12.5 is rounded to 13, and the gap doubles; day 30: no longer.
        var path = Walk(Days(50, 10, 10, 10) with { Events = [On(10, 20) with { IntervalFactor = 2, BatchSizeFactor = 1.25 }] });
        Assert.Equal([0, 13, 13, 23, 33, 43], path.Cumulative);
    }

    [Fact]
    public void Factors_OfSeveralEventsInForce_Multiply()
    {
        ArrivalEvent[] events = [On(5, null) with { BatchSizeFactor = 1.5 }, On(6, null) with { BatchSizeFactor = 0.5, IntervalFactor = 3 }];
        Assert.Equal([0, 8, 8, 8, 16, 16], Walk(Days(50, 10, 10, 10) with { Events = [.. events] }).Cumulative);
    }

    [Fact]
    public void EventRunningAtTheStart_ScalesTheFirstGap() =>
        Assert.Equal([0, 0, 1, 1, 2], Walk(Days(40, 10, 10, 1) with { Events = [On(-5, null) with { IntervalFactor = 2 }] }).Cumulative);

    [Fact]
    public void EventRunningAtTheStart_LeavesTheFirstArrivalAlone()
    {
        var model = Days(40, 5, 10, 1) with { FirstArrivalDays = Given.Always(5), Events = [On(-5, null) with { IntervalFactor = 2 }] };
        Assert.Equal([0, 1, 1, 1, 1, 2, 2, 2, 2], Walk(model).Cumulative);
    }

    [Fact]
    public void EventOverBeforeTheStart_CountsAsHappenedAndChangesNothing()
    {
        var model = Days(40, 10, 10, 1) with { Events = [On(-50, 30) with { Halt = true }] };
        Assert.Equal([0, 1, 2, 3, 4], Walk(model).Cumulative);
        Assert.Equal(1, Summary(model).Events.Single().Chance.Probability);
    }

    [Fact]
    public void EventAtTheHorizon_IsWithinIt()
    {
        var model = Days(40, 10, 10, 1) with { Events = [On(40, null) with { Halt = true }] };
        Assert.Equal([0, 1, 2, 3, 3], Walk(model).Cumulative);
        Assert.Equal(1, Summary(model).Events.Single().Chance.Probability);
    }

    [Fact]
    public void Cap_ThatComesDown_IsReachedThen()
    {
        var path = Walk(Days(60, 10, 10, 10) with { Cap = Given.Always(50), Events = [On(25, 10) with { CapChange = -30 }] });
        Assert.Equal([0, 10, 20, 20, 30, 40, 50], path.Cumulative);
        Assert.Equal(25, path.CapDay);
    }

    [Fact]
    public void Cap_WhoseRiseEnds_IsReachedThen()
    {
        var path = Walk(Days(60, 10, 10, 10) with { Cap = Given.Always(20), Events = [On(0, 35) with { CapChange = 30 }] });
        Assert.Equal([0, 10, 20, 30, 30, 30, 30], path.Cumulative);
        Assert.Equal(35, path.CapDay);
    }

    [Fact]
    public void Cap_ReachedBeforeItRises_TakesMoreBatchesThen()
    {
        var path = Walk(Days(80, 10, 10, 10) with { Cap = Given.Always(20), Events = [On(45, null) with { CapChange = 15 }] });
        Assert.Equal([0, 10, 20, 20, 20, 30, 35, 35, 35], path.Cumulative);
        Assert.Equal(20, path.CapDay);
    }

    [Fact]
    public void Cap_BelowZeroWithItsChanges_LeavesNoRoomAndIsReached()
    {
        var path = Walk(Days(40, 10, 10, 10) with { InitialCount = Given.Always(7), Cap = Given.Always(20), Events = [On(-1, 16) with { CapChange = -50 }] });
        Assert.Equal([7, 7, 17, 20, 20], path.Cumulative);
        Assert.Equal(0, path.CapDay);
    }

    [Fact]
    public void InitialCount_IsCutByTheDrawnCapAlone()
    {
        var path = Walk(Days(20, 10, 10, 10) with { InitialCount = Given.Always(30), Cap = Given.Always(25), Events = [On(-1, null) with { CapChange = 100 }] });
        Assert.Equal([25, 35, 45], path.Cumulative);
        Assert.Null(path.CapDay);
    }

    [Fact]
    public void Present_AboveALoweredCap_Stays()
    {
        var path = Walk(Days(60, 10, 10, 10) with
        {
            Cap = Given.Always(30),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.Always(35),
            Events = [On(25, 20) with { CapChange = -15 }],
        });
        Assert.Equal([0, 10, 20, 20, 20, 20, 20], path.Present); // 10 leave on day 45, 10 come on day 50; likewise 55 and 60.
        Assert.Equal(25, path.CapDay);
    }

    [Fact]
    public void Relief_WithACapOnThosePresent_HasTheWholeCapForRoom()
    {
        var path = Walk(Days(60, 10, 10, 10) with
        {
            InitialCount = Given.Always(5),
            Cap = Given.Always(20),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Relieve,
            Events = [On(25, 10) with { BatchSizeFactor = 3 }],
        });
        Assert.Equal([5, 10, 10, 20, 20, 20, 20], path.Present);
        Assert.Equal([5, 15, 25, 45, 55, 65, 75], path.Cumulative);
        Assert.Equal(30, path.CapDay);
    }

    [Fact]
    public void Child_StartsItsClockWhenItsParentHappens()
    {
        ArrivalEvent child = new() { Id = "a", After = "p", Timing = new EventTiming.AfterDays(Given.Always(15)), Halt = true };
        ArrivalEvent absent = child with { Id = "b", After = "disabled" };
        var model = Days(60, 10, 10, 1) with { Events = [child, absent, On(10, 1) with { Id = "p" }] };
        Assert.Equal([0, 1, 2, 2, 2, 2, 2], Walk(model).Cumulative);
        Assert.Equal([1.0, 0, 1], Summary(model).Events.Select(e => e.Chance.Probability));
    }

    [Fact]
    public void TourFactor_AppliesToTheInitialContingentToo()
    {
        var model = Days(60, 10, 20, 10) with
        {
            InitialCount = Given.Always(3),
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.EachBatch(new ConstantDistribution(10), new ConstantDistribution(2.5)),
        };
        Assert.Equal([3, 3, 13, 10, 20, 10, 20], Walk(model).Present);
    }

    [Fact]
    public void Replay_AtOneInstant_EndsToursThenStartsEventsThenBringsBatches()
    {
        var model = Days(40, 10, 20, 10) with
        {
            InitialCount = Given.Always(4),
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.Always(20),
            Events = [On(20, 20) with { Halt = true }],
        };
        var replay = Compile(model).Replay(0);
        Assert.Equal(
            [
                new TourEndReplay(20, 0, 4, 4, 0),
                new EventStartReplay(20, "day20", 20),
                new BatchReplay(1, 20, 20, 10, false, 0, 0, 4, 0) { Halted = true },
                new EventEndReplay(40, "day20"),
                new BatchReplay(2, 40, 20, 10, false, 10, 0, 14, 10) { TourLengthDays = 20 },
            ],
            replay.Entries.AsEnumerable());
    }

    private static ArrivalModel Days(double horizon, double step, double gap, double batch) => new()
    {
        HorizonDays = horizon,
        StepDays = step,
        RotationIntervalDays = Given.Always(gap),
        BatchSize = Given.Always(batch),
    };

    private static ArrivalEvent On(double day, double? duration) => new()
    {
        Id = $"day{day}",
        Timing = new EventTiming.OnDay(day),
        DurationDays = duration is { } days ? new(new ConstantDistribution(days), Resampling.PerPath, One) : null,
    };

    private static Projector Compile(ArrivalModel model) => Projector.Compile(model, 1, [], []);

    private static Engine.Statistics.ProjectionSummary Summary(ArrivalModel model)
    {
        var projector = Compile(model);
        var tally = projector.CreateTally();
        projector.Simulate(0, 10, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [] });
    }

    private static (IEnumerable<double> Cumulative, IEnumerable<double?> Present, double? CapDay) Walk(ArrivalModel model)
    {
        var summary = Summary(model);
        Assert.All(summary.Points, p => Assert.Equal((p.Cumulative.Min, p.Cumulative.Max), (p.Cumulative.Quantiles[0], p.Cumulative.Mean)));
        return (summary.Points.Select(p => p.Cumulative.Mean), summary.Points.Select(p => p.Present?.Mean), summary.Cap?.EarliestDay);
    }
}
