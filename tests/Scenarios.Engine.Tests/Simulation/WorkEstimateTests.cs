using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

public sealed class WorkEstimateTests
{
    private static readonly ArrivalModel Weekly = KnownScenarios.Weekly.Model;

    public static TheoryData<string> Names => [.. Models.Keys];

    private static readonly Dictionary<string, ArrivalModel> Models = new()
    {
        ["weekly"] = Weekly,
        ["weekly without a cap"] = Weekly with { Cap = null },
        ["daily"] = KnownScenarios.Daily.Model,
        ["founding"] = KnownScenarios.Founding.Model,
        ["skips"] = Weekly with { SkipProbability = 0.9, HorizonDays = 7300 },
        ["late first arrival"] = Weekly with { FirstArrivalDays = Given.Always(700) },
        ["early first arrival"] = Weekly with { FirstArrivalDays = Given.Always(0.001), RotationIntervalDays = Given.Always(100) },
        ["heavy tail of gaps"] = Weekly with { RotationIntervalDays = Given.EachBatch(new LogNormalDistribution(2, 3)), Cap = null },
        ["short gaps now and then"] = Weekly with { RotationIntervalDays = Given.EachBatch(new GammaDistribution(0.05, 100)), Cap = null },
        ["gaps of shape 1/2, one number in a path"] = Weekly with
        {
            RotationIntervalDays = Given.EachPath(new GammaDistribution(0.5, 120)),
            BatchSize = Given.Always(100),
        },
        ["heavy tail of batches"] = Weekly with
        {
            RotationIntervalDays = Given.Always(1),
            BatchSize = Given.EachBatch(new LogNormalDistribution(5, 3)),
        },
        ["no batch at all"] = Weekly with { BatchSize = Given.Always(0) },
        ["drawn cap"] = Weekly with { Cap = Given.EachPath(new UniformDistribution(10_000, 40_000), new UniformDistribution(0.5, 2)) },
        ["gaps shortened by events, now and then and for good"] = Weekly with
        {
            Cap = null,
            Events =
            [
                new() { Id = "a", Timing = new EventTiming.Hazard(1), IntervalFactor = 0.02 },
                new() { Id = "b", Timing = new EventTiming.WithinHorizon(0.9), DurationDays = Given.Always(90), IntervalFactor = 0.1 },
                new() { Id = "c", Timing = new EventTiming.OnDay(100), IntervalFactor = 3 },
            ],
        },
        ["a cap that halts, smaller batches and a rise keep from filling up"] = Weekly with
        {
            Events =
            [
                new() { Id = "a", Timing = new EventTiming.OnDay(50), DurationDays = Given.Always(100), Halt = true },
                new() { Id = "b", Timing = new EventTiming.Hazard(2), BatchSizeFactor = 0.1, CapChange = 50_000 },
            ],
        },
        ["larger batches fill the cap sooner"] = Weekly with
        {
            Events = [new() { Id = "a", Timing = new EventTiming.OnDay(0), BatchSizeFactor = 3, IntervalFactor = 0.5 }],
        },
        ["tours make room under a cap on those present"] = Weekly with
        {
            RotationMode = RotationMode.Reinforce,
            CapBasis = CapBasis.Present,
            TourLengthDays = Given.EachBatch(new UniformDistribution(10, 90)),
        },
        ["relief under a cap on those present"] = Weekly with { RotationMode = RotationMode.Relieve, CapBasis = CapBasis.Present },
    };

    /// <summary>An upper bound of the expected number: the mean of 2,000 paths may be five of its standard errors above it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Arrivals_OfAScenario_AreNotMoreThanEstimated(string name)
    {
        const int Paths = 2000;
        var model = Models[name];
        var projector = Projector.Compile(model, 1, [], []);
        var batches = Enumerable.Range(0, Paths).Select(path => (double)projector.Replay(path).Batches.Length).ToArray();
        var mean = batches.Average();
        var error = Math.Sqrt(batches.Sum(n => (n - mean) * (n - mean)) / (Paths - 1.0) / Paths);
        var estimate = WorkEstimate.Of(model, 1, 0);
        Assert.True(estimate.ArrivalsPerPath >= mean - (5 * error), $"{estimate.ArrivalsPerPath} estimated, {mean} +- {error} seen");
        Assert.True(double.IsFinite(estimate.ArrivalsPerPath));
        Assert.True(projector.TallyBytes <= estimate.MostTallyBytes, $"{projector.TallyBytes} bytes, {estimate.MostTallyBytes} estimated");
    }

    /// <summary>Where gaps vary little the bound is of use: within one overshoot of the truth.</summary>
    [Fact]
    public void Arrivals_WhereGapsVaryLittle_AreEstimatedClosely()
    {
        var daily = KnownScenarios.Daily.Model with { Cap = null };
        Assert.InRange(WorkEstimate.Of(daily, 0, 0).ArrivalsPerPath, 260.5, 264);
    }

    [Fact]
    public void Arrivals_OfGapsOfAThousandthOfADayForACentury_AreMillions()
    {
        var gap = Given.EachBatch(new ExponentialDistribution(0.001));
        var model = Weekly with { HorizonDays = 36_525, StepDays = 365.25, Cap = null, RotationIntervalDays = gap };
        var estimate = WorkEstimate.Of(model, 0, 0);
        Assert.InRange(estimate.ArrivalsPerPath, 36_525_000, 36_525_000 * 1.001);
        Assert.True(estimate.GapTicks < WorkEstimate.ShortestGapTicks);
    }

    [Fact]
    public void Arrivals_OfGapsOfOneNumberNearZeroInAPath_AreFiniteThoughTheirMeanIsNot()
    {
        var model = Weekly with { Cap = null, RotationIntervalDays = Given.EachPath(new GammaDistribution(0.5, 120)) };
        Assert.InRange(WorkEstimate.Of(model, 0, 0).ArrivalsPerPath, 100, TimeScale.Limit);
    }
}
