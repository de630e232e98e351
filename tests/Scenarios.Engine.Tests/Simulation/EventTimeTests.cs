using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>When events start and end, whatever gives their time: the whole law, at every grid point.</summary>
/// <remarks>
/// Nobody arrives in these scenarios, and 10 are there under a cap of 1,000 that the event lowers to 10, or of 10 that it holds at
/// 1,000 until it ends: the cap is reached at the instant in question. Each probability within five standard errors: fails by
/// chance once in 1.7 million.
/// </remarks>
public sealed class EventTimeTests
{
    private const int Paths = 1_000_000;
    private const double Horizon = 400;
    private const double PerYear = 2;
    private const double Hazard = PerYear / 365.25;

    private static readonly EventTiming AtHazard = new EventTiming.Hazard(PerYear);

    /// <summary>Events, the last of which is asked for, and the probability that it has happened by a day.</summary>
    private static readonly Dictionary<string, (ArrivalEvent[] Events, Func<double, double> By)> Starts = new()
    {
        ["a hazard"] = (
            [Event("e", AtHazard)],
            day => 1 - Math.Exp(-Hazard * day)),
        ["a hazard that may not be"] = (
            [Event("e", AtHazard) with { Probability = 0.35 }],
            day => 0.35 * (1 - Math.Exp(-Hazard * day))),
        ["the third of three hazards, one after another"] = (
            [Event("a", AtHazard), Event("b", AtHazard, "a"), Event("c", AtHazard, "b")],
            day => Gamma.CDF(3, Hazard, day)),
        ["a hazard after another, slower one"] = (
            [Event("a", new EventTiming.Hazard(0.5)), Event("b", AtHazard, "a")],
            day => 1 - (((Hazard * Math.Exp(-Hazard / 4 * day)) - (Hazard / 4 * Math.Exp(-Hazard * day))) / (Hazard * 0.75))),
        ["a hazard whose clock has run since before the start"] = (
            [Event("a", new EventTiming.OnDay(-30)) with { Probability = 0.9 }, Event("b", AtHazard, "a")],
            day => 0.9 * (1 - Math.Exp(-Hazard * (day + 30)))),
        ["within the horizon"] = (
            [Event("e", new EventTiming.WithinHorizon(0.3))],
            day => 0.3 * day / Horizon),
        ["within what a hazard leaves of the horizon"] = (
            [Event("a", AtHazard) with { Probability = 0.8 }, Event("b", new EventTiming.WithinHorizon(0.6), "a")],
            day => 0.8 * 0.6 * Integral.Of(s => Hazard * Math.Exp(-Hazard * s) * (day - s) / (Horizon - s), 0, day)),
        ["within what another leaves of the horizon"] = (
            [Event("a", new EventTiming.WithinHorizon(1)), Event("b", new EventTiming.WithinHorizon(1), "a")],
            day => (day == Horizon ? Horizon : day + ((Horizon - day) * Math.Log(1 - (day / Horizon)))) / Horizon),
        ["some days after the start"] = (
            [Event("e", new EventTiming.AfterDays(Given.EachPath(new LogNormalDistribution(5, 0.8))))],
            day => LogNormal.CDF(5, 0.8, day)),
        ["some days with a factor"] = (
            [Event("e", new EventTiming.AfterDays(Given.EachPath(new UniformDistribution(50, 300), new UniformDistribution(0.5, 2))))],
            day => Integral.Of(factor => Math.Clamp(((day / factor) - 50) / 250, 0, 1), 0.5, 2, 3000) / 1.5),
        ["some days after a hazard"] = (
            [Event("a", AtHazard), Event("b", new EventTiming.AfterDays(Given.EachPath(new GammaDistribution(2, 30))), "a")],
            day => Integral.Of(s => Hazard * Math.Exp(-Hazard * s) * Gamma.CDF(2, 1 / 30.0, day - s), 0, day)),
        ["some days after a date"] = (
            [
                Event("a", new EventTiming.OnDay(95)),
                Event("b", new EventTiming.AfterDays(Given.EachPath(new ExponentialDistribution(80))), "a"),
            ],
            day => day <= 95 ? 0 : 1 - Math.Exp(-(day - 95) / 80)),
        ["a date that may not be"] = (
            [Event("e", new EventTiming.OnDay(133)) with { Probability = 0.45 }],
            day => day < 133 ? 0 : 0.45),
    };

    /// <summary>An event and the probability that it has happened and ended by a day.</summary>
    private static readonly Dictionary<string, (ArrivalEvent Event, Func<double, double> By)> Ends = new()
    {
        ["from a date before the start, of a drawn length"] = (
            Event("e", new EventTiming.OnDay(-20)) with { DurationDays = Given.EachPath(new WeibullDistribution(1.5, 120)) },
            day => Weibull.CDF(1.5, 120, day + 20)),
        ["from the start, of a drawn length with a factor"] = (
            Event("e", new EventTiming.OnDay(0)) with
            {
                DurationDays = Given.EachPath(new ExponentialDistribution(100), new UniformDistribution(0.5, 2)),
            },
            day => Integral.Of(factor => 1 - Math.Exp(-day / (100 * factor)), 0.5, 2) / 1.5),
    };

    public static TheoryData<string> StartNames => [.. Starts.Keys];

    public static TheoryData<string> EndNames => [.. Ends.Keys];

    [Theory]
    [MemberData(nameof(StartNames))]
    public void Start_OfAnEvent_HasItsExactLaw(string name)
    {
        var (events, by) = Starts[name];
        Check(1000, [.. events[..^1], events[^1] with { CapChange = -990 }], by);
    }

    [Theory]
    [MemberData(nameof(EndNames))]
    public void End_OfAnEvent_HasItsExactLaw(string name)
    {
        var (source, by) = Ends[name];
        Check(10, [source with { CapChange = 990 }], by);
    }

    /// <summary>
    /// A batch of one a day, none while an event lasts that starts at a hazard: on average one less for every day in its window,
    /// which holds a day with P(started by then) - P(ended by then).
    /// </summary>
    [Fact]
    public void Window_FromAHazardOn_HaltsAsManyDaysAsItShould()
    {
        const double Ending = 1 / 45.0;
        var lasting = Given.EachPath(new ExponentialDistribution(1 / Ending));
        var model = Model(null, [Event("e", AtHazard) with { DurationDays = lasting, Halt = true }]) with
        {
            RotationIntervalDays = Given.Always(1),
        };
        var projector = Projector.Compile(model, 1, [], []);
        var summary = projector.Summarize(projector.Simulated(40_000), new() { QuantileLevels = [0.5], Thresholds = [] });
        var expected = 10.0;
        foreach (var point in summary.Points.Skip(1))
        {
            for (var day = point.Day - 19; day <= point.Day; day++)
            {
                expected += 1 - (Hazard / (Ending - Hazard) * (Math.Exp(-Hazard * day) - Math.Exp(-Ending * day)));
            }

            Agreement.OfMoment(expected, point.Cumulative.Mean, point.Cumulative.MeanStandardError, $"day {point.Day}");
        }
    }

    private static ArrivalEvent Event(string id, EventTiming timing, string? after = null) =>
        new() { Id = id, Timing = timing, After = after };

    private static ArrivalModel Model(Assumption? cap, ImmutableArray<ArrivalEvent> events) => new()
    {
        HorizonDays = Horizon,
        StepDays = 20,
        InitialCount = Given.Always(10),
        RotationIntervalDays = Given.Always(1000),
        BatchSize = Given.Always(1),
        Cap = cap,
        Events = events,
    };

    private static void Check(double cap, ImmutableArray<ArrivalEvent> events, Func<double, double> by)
    {
        var projector = Projector.Compile(Model(Given.Always(cap), events), 1, [], []);
        var summary = projector.Summarize(projector.Simulated(Paths), new() { QuantileLevels = [0.5], Thresholds = [] });
        foreach (var (point, share) in summary.Points.Zip(summary.Cap!.ReachedByPoint))
        {
            Agreement.OfProbability(by(point.Day), share, Paths, $"day {point.Day}");
        }

        if (cap > 10)
        {
            Agreement.OfProbability(by(Horizon), summary.Events[^1].Chance.Probability, Paths, "within the horizon");
        }
    }
}
