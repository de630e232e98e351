using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Tests.Responses;

public sealed class WarningTests
{
    private static readonly ArrivalModel Founding = new Told().Model;
    private static readonly Assumption Known = new(new ConstantDistribution(75), Resampling.PerBatch);

    [Fact]
    public void Fan_WhoseGapsAndBatchesVaryByChanceAlone_IsCalledNarrow()
    {
        var warning = Assert.Single(new Told().Message.Warnings);
        Assert.Equal("NARROW_FAN", warning.Code);
        Assert.Equal("scenario.assumptions", warning.Field);
    }

    [Fact]
    public void Fan_OfSkippedBatchesAlone_IsCalledNarrow() => Assert.Equal(
        "NARROW_FAN",
        Assert.Single(Warnings(Founding with { RotationIntervalDays = Known, BatchSize = Known, SkipProbability = 0.1 })).Code);

    [Fact]
    public void Fan_WithAFactorOfThePath_IsNot() => Assert.Empty(
        Warnings(Founding with { RotationIntervalDays = Founding.RotationIntervalDays with { PathFactor = Told.Varied } }));

    [Fact]
    public void Fan_WithABatchSizeOfThePath_IsNot() => Assert.Empty(
        Warnings(Founding with { BatchSize = Founding.BatchSize with { Resampling = Resampling.PerPath } }));

    [Fact]
    public void Fan_OfACertainScenario_IsNot() =>
        Assert.Empty(Warnings(Founding with { RotationIntervalDays = Known, BatchSize = Known }));

    [Fact]
    public void Paths_AboveTheRange_AreCounted()
    {
        var told = new Told();
        var figures = told.Figures with { PathsAboveRange = 3, RangeEnd = 250_000 };
        var warning = Assert.Single((told with { Figures = figures }).Message.Warnings, warning => warning.Code == "RANGE_EXCEEDED");
        Assert.StartsWith("3 of 1,000,000 futures went above 250,000", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0.39, false)] // Whether and when arrivals stop is ignorance: it does not average out.
    [InlineData(true, 0.04, true)] // Too rare to show between 5 % and 95 %.
    [InlineData(false, 0.39, true)] // No effect.
    public void Fan_WithAnUncertainEvent_IsNarrowUnlessTheEventActsAndShows(bool halts, double chance, bool isNarrow)
    {
        var told = new Told
        {
            Model = Founding with { Events = [Event(halts)] },
            Outcomes = [new("event", new(chance, 0.0005))],
        };
        Assert.Equal(isNarrow, told.Message.Warnings.Any(warning => warning.Code == "NARROW_FAN"));
    }

    [Fact]
    public void Fan_WithAnEventOnAKnownDay_IsCalledNarrow()
    {
        var told = new Told
        {
            Model = Founding with { Events = [Event(halts: true) with { Timing = new EventTiming.OnDay(100) }] },
            Outcomes = [new("event", new(1, 1e-6))],
        };
        Assert.Equal("NARROW_FAN", Assert.Single(told.Message.Warnings).Code);
    }

    [Fact]
    public void Fan_WithAnUncertainEventThatMovesOnlyTheCap_IsCalledNarrow()
    {
        var told = new Told
        {
            Model = Founding with { Events = [Event(halts: false) with { CapChange = 20_000 }] },
            Outcomes = [new("event", new(0.39, 0.0005))],
        };
        Assert.Equal("NARROW_FAN", Assert.Single(told.Message.Warnings).Code);
    }

    [Fact]
    public void Fan_OfThosePresentWhoseToursVaryByChanceAlone_IsCalledNarrow() => Assert.Contains(
        "a gap, a batch size or a tour",
        Assert.Single(Warnings(OnTours(Resampling.PerBatch) with { RotationIntervalDays = Known, BatchSize = Known })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fan_OfTheTotal_IsNotWidenedByTours() =>
        Assert.Equal("NARROW_FAN", Assert.Single(Warnings(OnTours(Resampling.PerPath))).Code);

    [Fact]
    public void Fan_OfTheTotalBelowACapOnThosePresent_IsWidenedByTours() =>
        Assert.Empty(Warnings(OnTours(Resampling.PerPath) with { CapBasis = CapBasis.Present }));

    [Fact]
    public void Fan_WithAFactorOnGaps_IsWideForThosePresentToo() => Assert.Empty(
        Warnings(OnTours(Resampling.PerBatch) with
        {
            RotationIntervalDays = Founding.RotationIntervalDays with { PathFactor = Told.Varied },
        }));

    [Fact]
    public void Event_AfterADisabledOne_IsSaidNeverToHappen()
    {
        var warnings = Waiting("b", ("a", "", true), ("b", "a", false)).Message.Warnings;
        var warning = Assert.Single(warnings, warning => warning.Code == "EVENT_NEVER_HAPPENS");
        Assert.Equal("scenario.events[1].after", warning.Field);
        Assert.Equal(
            "\"b\" never happens: it comes after \"a\", which is disabled. Enable \"a\", or leave after empty.", warning.Message);
    }

    [Fact]
    public void Event_AfterOneThatWaitsForADisabledOne_IsSaidNeverToHappenToo()
    {
        var warnings = Waiting("b", ("c", "b", false), ("b", "a", false), ("a", "", true)).Message.Warnings
            .Where(warning => warning.Code == "EVENT_NEVER_HAPPENS").ToList();
        Assert.Equal(["scenario.events[0].after", "scenario.events[1].after"], warnings.Select(warning => warning.Field));
        Assert.StartsWith(
            "\"c\" never happens: it comes after \"b\", which waits for \"a\", which is disabled.",
            warnings[0].Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Events_ThatAreNotKeptWaiting_OrAreDisabledThemselves_AreNotWarnedOf(bool parentDisabled, bool childDisabled)
    {
        var isWarned = Waiting("b", ("a", "", parentDisabled), ("b", "a", childDisabled)).Message.Warnings
            .Any(warning => warning.Code == "EVENT_NEVER_HAPPENS");
        Assert.Equal(parentDisabled && !childDisabled, isWarned);
    }

    [Theory]
    [InlineData("rotation_interval_days", "batch_size", null)]
    [InlineData("initial_count", "cap", "both are constants")]
    [InlineData("cap", "first_arrival_days", "cap is a constant")]
    public void Correlation_WithAConstant_HasNoEffect(string a, string b, string? which)
    {
        var told = new Told
        {
            Model = Founding with { FirstArrivalDays = new(Told.Varied, Resampling.PerPath) },
            Correlations = [new() { A = "batch_size", B = "rotation_interval_days", RankCorrelation = 0.1 }, new() { A = a, B = b }],
        };
        var warnings = told.Message.Warnings.Where(warning => warning.Code == "CORRELATION_WITHOUT_EFFECT").ToList();
        if (which is null)
        {
            Assert.Empty(warnings);
            return;
        }

        Assert.Equal("scenario.correlations[1]", Assert.Single(warnings).Field);
        Assert.StartsWith($"The correlation of {a} and {b} has no effect: {which}.", warnings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_ComeInOneOrder()
    {
        var told = Waiting("b", ("a", "", true), ("b", "a", false));
        told = told with
        {
            Correlations = [new() { A = "initial_count", B = "cap" }],
            Figures = told.Figures with { PathsAboveRange = 3, RangeEnd = 250_000 },
        };
        Assert.Equal(
            ["NARROW_FAN", "EVENT_NEVER_HAPPENS", "CORRELATION_WITHOUT_EFFECT", "RANGE_EXCEEDED"],
            told.Message.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Events_AreReportedInTheScenariosOrder_WhateverThatOfTheRun()
    {
        var told = new Told
        {
            Model = Founding with { Events = [Event(halts: true) with { Id = "z" }, Event(halts: false) with { Id = "a" }] },
            Outcomes = [new("a", new(0.3, 0.0004)), new("z", new(0.393, 0.0005))],
        };
        Assert.Equal(
            [("z", 0.393, 0.0005), ("a", 0.3, 0.0004)],
            told.Message.Events.Select(outcome => (outcome.EventId, outcome.Probability, outcome.ProbabilityStandardError)));
    }

    private static Google.Protobuf.Collections.RepeatedField<V1.Warning> Warnings(ArrivalModel model) =>
        new Told { Model = model }.Message.Warnings;

    private static ArrivalEvent Event(bool halts) => new() { Id = "event", Timing = new EventTiming.Hazard(0.25), Halt = halts };

    private static ArrivalModel OnTours(Resampling resampling) =>
        Founding with { RotationMode = RotationMode.Reinforce, TourLengthDays = new(Told.Varied, resampling) };

    private static Told Waiting(string enabled, params (string Id, string After, bool Disabled)[] events) => new()
    {
        Model = Founding with { Events = [Event(halts: true) with { Id = enabled, After = "a" }] },
        Events = [.. events.Select(e => new V1.Event { EventId = e.Id, After = e.After, Disabled = e.Disabled })],
        Outcomes = [new(enabled, new(0, 1e-6))],
    };
}
