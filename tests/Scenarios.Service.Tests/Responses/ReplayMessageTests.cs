using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Responses;
using Entry = Scenarios.V1.ReplayEntry.WhatOneofCase;

namespace Scenarios.Service.Tests.Responses;

public sealed class ReplayMessageTests
{
    /// <summary>15,000 at the start and batches of 10,000 every 50 days, each for 120 days; by hand.</summary>
    private static readonly ArrivalModel OnTours = new()
    {
        HorizonDays = 200,
        StepDays = 10,
        InitialCount = Constant(15_000, Resampling.PerPath),
        RotationIntervalDays = Constant(50, Resampling.PerBatch),
        BatchSize = Constant(10_000, Resampling.PerBatch),
        TourLengthDays = Constant(120, Resampling.PerBatch),
        Cap = Constant(35_000, Resampling.PerPath),
        RotationMode = RotationMode.Reinforce,
    };

    [Fact]
    public void Path_WithToursAndAnEvent_IsToldInOrderToTheHorizon()
    {
        var message = Replay(OnTours with { Events = [Storm(75, 50)] });
        Assert.Equal(
            [
                (0, Entry.PathStart, "2024-11-17", "day 0: the start; 15,000 in total, 15,000 present"),
                (50, Entry.BatchArrival, "2025-01-06", "day 50: 10,000 arrive for 120 days; 25,000 in total, 25,000 present"),
                (75, Entry.EventStart, "2025-01-31", "day 75: A storm, for 50 days; arrivals stop"),
                (100, Entry.BatchArrival, "2025-02-25",
                    "day 100: a batch of 10,000 does not come: A storm; 25,000 in total, 25,000 present"),
                (120, Entry.TourEnd, "2025-03-17", "day 120: the initial 15,000 leave after the tour; 25,000 in total, 10,000 present"),
                (125, Entry.EventEnd, "2025-03-22", "day 125: the effects of \"A storm\" end; arrivals go on"),
                (150, Entry.BatchArrival, "2025-04-16", "day 150: 10,000 arrive for 120 days; 35,000 in total, 20,000 present"),
                (170, Entry.TourEnd, "2025-05-06",
                    "day 170: the 10,000 of batch 1 leave after the tour; 35,000 in total, 10,000 present"),
                (200, Entry.HorizonReached, "2025-06-05", "day 200: the horizon; 35,000 in total, 10,000 present"),
            ],
            message.Entries.Select(entry => (entry.Day, entry.WhatCase, Date(entry), entry.Sentence)));
        var (halted, ended, last) = (message.Entries[3].BatchArrival, message.Entries[4].TourEnd, message.Entries[8].HorizonReached);
        Assert.Equal((true, false, 0, false), (halted.Halted, halted.Skipped, halted.ArrivedCount, halted.HasTourLengthDays));
        Assert.Equal(120, message.Entries[1].BatchArrival.TourLengthDays);
        Assert.Equal((0L, 15_000, 25_000, 10_000), (ended.Batch, ended.ReturnedCount, ended.Cumulative, ended.Present));
        Assert.Equal(("storm", 50), (message.Entries[2].EventStart.EventId, message.Entries[2].EventStart.DurationDays));
        Assert.Equal("storm", message.Entries[5].EventEnd.EventId);
        Assert.Equal((35_000, 10_000), (last.Cumulative, last.Present));
    }

    [Fact]
    public void Event_FromBeforeTheStart_StandsBeforeEverythingElse_OnItsOwnDate()
    {
        var model = OnTours with
        {
            BatchSize = new(new UniformDistribution(9_000, 11_000), Resampling.PerPath),
            Events = [Storm(-30, null)],
        };
        var message = Replay(model);
        Assert.Equal(
            [Entry.EventStart, Entry.PathDraw, Entry.PathStart, Entry.BatchArrival],
            message.Entries.Take(4).Select(entry => entry.WhatCase));
        var begun = message.Entries[0];
        Assert.Equal((-30, "2024-10-18"), (begun.Day, Date(begun)));
        Assert.Equal("day −30, before the start: A storm, for good; arrivals stop", begun.Sentence);
        Assert.False(begun.EventStart.HasDurationDays);
        Assert.Equal(message.Entries.Select(entry => entry.Day).Order(), message.Entries.Select(entry => entry.Day));
        Assert.Equal((15_000, 0), (message.Entries[^1].HorizonReached.Cumulative, message.Entries[^1].HorizonReached.Present));
    }

    [Fact]
    public void Path_InWhichNothingComes_EndsAsItStarted()
    {
        var message = Replay(OnTours with { TourLengthDays = null, Events = [Storm(0, null)] });
        Assert.Equal((15_000, 15_000), (message.Entries[^1].HorizonReached.Cumulative, message.Entries[^1].HorizonReached.Present));
    }

    [Fact]
    public void Path_WithoutRotationMode_TellsNothingOfThosePresent()
    {
        var message = Replay(OnTours with { TourLengthDays = null, RotationMode = RotationMode.Unspecified });
        Assert.False(message.Entries[0].PathStart.HasPresent);
        Assert.False(message.Entries[1].BatchArrival.HasPresent);
        Assert.False(message.Entries[^1].HorizonReached.HasPresent);
    }

    [Fact]
    public void SamplePath_OfTours_HasTheReturnsAsPointsToo()
    {
        var path = Compile(OnTours).SamplePath(0);
        var message = ProjectionMessage.From(new Told().Spec, Compiled(OnTours), [path]).SamplePaths.Single();
        Assert.Equal([0, 50, 100, 120, 170], message.Days);
        Assert.Equal([15_000, 25_000, 35_000, 35_000, 35_000], message.Cumulative);
        Assert.Equal([15_000, 25_000, 35_000, 20_000, 10_000], message.Present);
    }

    private static ArrivalEvent Storm(double day, double? duration) => new()
    {
        Id = "storm",
        Timing = new EventTiming.OnDay(day),
        DurationDays = duration is { } days ? Constant(days, Resampling.PerPath) : null,
        Halt = true,
    };

    private static Assumption Constant(double value, Resampling resampling) => new(new ConstantDistribution(value), resampling);

    private static Projector Compile(ArrivalModel model) => Projector.Compile(model, 1, [], []);

    private static Engine.Statistics.ProjectionSummary Compiled(ArrivalModel model)
    {
        var projector = Compile(model);
        var tally = projector.CreateTally();
        projector.Simulate(0, 1, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [] });
    }

    private static V1.ReplayPathResponse Replay(ArrivalModel model)
    {
        var scenario = new V1.Scenario
        {
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            Events = { new V1.Event { EventId = "storm", DisplayName = "A storm", Effects = new() { Halt = true } } },
        };
        return ReplayMessage.From(scenario, model, 1, 0, Compile(model).Replay(0));
    }

    private static string Date(V1.ReplayEntry entry) => $"{entry.Date.Year:0000}-{entry.Date.Month:00}-{entry.Date.Day:00}";
}
