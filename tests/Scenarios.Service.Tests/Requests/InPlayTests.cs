using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

/// <summary>What events, tours and correlations become for the engine, and how they are echoed.</summary>
public sealed class InPlayTests
{
    [Fact]
    public void Events_InPlay_AreTheEnabledOnes()
    {
        var request = Parsers.Full();
        var spec = Parsers.Parse(request);
        Assert.Equal(["first", "second", "fourth"], spec.Model.Events.Select(e => e.Id));
        Assert.Equal(["first", "second", "third", "fourth"], spec.Scenario.Events.Select(e => e.EventId));
        var first = spec.Model.Events[0];
        Assert.Equal(new Engine.Model.EventTiming.Hazard(0.5), first.Timing);
        Assert.Equal((0.9, null, true, 0.8, 1.25, -1000), (first.Probability, first.After, first.Halt, first.IntervalFactor, first.BatchSizeFactor, first.CapChange));
        Assert.Equal(new ConstantDistribution(90), first.DurationDays!.Distribution);
        var second = spec.Model.Events[1];
        Assert.Equal(new GammaDistribution(2, 10), Assert.IsType<Engine.Model.EventTiming.AfterDays>(second.Timing).Days.Distribution);
        Assert.Equal((1, "first", false, 1, 1, 0), (second.Probability, second.After, second.Halt, second.IntervalFactor, second.BatchSizeFactor, second.CapChange));
        Assert.Null(second.DurationDays);
        Assert.Equal(new Engine.Model.EventTiming.WithinHorizon(0.3), spec.Model.Events[2].Timing);
    }

    [Theory]
    [InlineData(2025, 2, 28, 103)]
    [InlineData(2024, 11, 16, -1)]
    [InlineData(1, 1, 1, -739206)]
    public void EventOnADate_HappensSoManyDaysAfterTheStart(int year, int month, int day, double expected)
    {
        var request = Parsers.Full();
        request.Scenario.Events[2].Disabled = false;
        request.Scenario.Events[2].Timing.Date = new() { Year = year, Month = month, Day = day };
        Assert.Equal(new Engine.Model.EventTiming.OnDay(expected), Parsers.Parse(request).Model.Events[2].Timing);
    }

    [Fact]
    public void EventAfterADisabledOne_StaysInPlay()
    {
        var request = Parsers.Full();
        request.Scenario.Events[0].Disabled = true;
        Assert.Equal("first", Parsers.Parse(request).Model.Events[0].After);
    }

    [Fact]
    public void Tours_AreDrawnPerBatchByDefault()
    {
        var spec = Parsers.Parse(Parsers.Full());
        Assert.Equal(Resampling.PerBatch, spec.Model.TourLengthDays!.Resampling);
        Assert.Equal(V1.Assumption.Types.Resampling.PerBatch, spec.Scenario.Assumptions.TourLengthDays.Resampling);
    }

    [Fact]
    public void Tours_GoWithACapOnThosePresent()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.CapBasis = Assumptions.Types.CapBasis.Present;
        Assert.Equal(CapBasis.Present, Parsers.Parse(request).Model.CapBasis);
    }

    [Fact]
    public void Correlations_AreEchoedInTheOrderOfTheFields()
    {
        var request = Parsers.Full();
        request.Scenario.Correlations.Clear();
        request.Scenario.Correlations.Add(new Correlation { A = "tour_length_days", B = "batch_size", RankCorrelation = 0.1 });
        request.Scenario.Correlations.Add(new Correlation { A = "first_arrival_days", B = "cap", RankCorrelation = 0.2 });
        request.Scenario.Correlations.Add(new Correlation { A = "tour_length_days", B = "rotation_interval_days", RankCorrelation = 0 });
        var spec = Parsers.Parse(request);
        Assert.Equal(
            [("rotation_interval_days", "tour_length_days", 0), ("batch_size", "tour_length_days", 0.1), ("cap", "first_arrival_days", 0.2)],
            spec.Scenario.Correlations.Select(c => (c.A, c.B, c.RankCorrelation)));
        Assert.Equal(
            [new(AssumptionKind.BatchSize, AssumptionKind.TourLengthDays, 0.1), new(AssumptionKind.Cap, AssumptionKind.FirstArrivalDays, 0.2)],
            spec.Model.Correlations.OrderBy(c => c.Coefficient));
    }

    [Fact]
    public void CorrelationWithAConstant_IsKeptAndContradictsNothing()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.Cap.Distribution = new() { Constant = 100_000 };
        request.Scenario.Correlations.Clear();
        request.Scenario.Correlations.Add(new Correlation { A = "initial_count", B = "cap", RankCorrelation = 0.9 });
        request.Scenario.Correlations.Add(new Correlation { A = "initial_count", B = "first_arrival_days", RankCorrelation = 0.9 });
        request.Scenario.Correlations.Add(new Correlation { A = "cap", B = "first_arrival_days", RankCorrelation = -0.9 });
        var spec = Parsers.Parse(request);
        Assert.Equal(3, spec.Scenario.Correlations.Count);
        Assert.Empty(spec.Model.Correlations);
    }

    [Fact]
    public void Correlations_ThatContradict_AreRefusedWithTheNearestThatCanBe_WhichMendsIt()
    {
        var request = Parsers.Full();
        void Correlate(double gapAndSize, double gapAndTour, double sizeAndTour)
        {
            request.Scenario.Correlations.Clear();
            request.Scenario.Correlations.Add(new Correlation { A = "rotation_interval_days", B = "batch_size", RankCorrelation = gapAndSize });
            request.Scenario.Correlations.Add(new Correlation { A = "rotation_interval_days", B = "tour_length_days", RankCorrelation = gapAndTour });
            request.Scenario.Correlations.Add(new Correlation { A = "batch_size", B = "tour_length_days", RankCorrelation = sizeAndTour });
        }

        Correlate(-0.9, -0.9, -0.9);
        Assert.Equal(
            "These correlations contradict one another: rotation_interval_days and batch_size -0.9, rotation_interval_days and tour_length_days -0.9 "
                + "and batch_size and tour_length_days -0.9 cannot hold together (their matrix is not positive semi-definite). Give the nearest "
                + "that can: rotation_interval_days and batch_size -0.482, rotation_interval_days and tour_length_days -0.482 and batch_size "
                + "and tour_length_days -0.482.",
            Assert.Single(Parsers.Violations(() => Parsers.Parse(request))).Description);
        Correlate(-0.482, -0.482, -0.482);
        Assert.Equal(3, Parsers.Parse(request).Model.Correlations.Length);
    }
}
