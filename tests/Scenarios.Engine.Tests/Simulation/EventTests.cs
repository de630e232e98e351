using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Chances in closed form, and that an event changes nobody else's draws.</summary>
/// <remarks>A statistic is held to 5.5 of its standard errors: 3.8e-8 each.</remarks>
public sealed class EventTests
{
    private const int Paths = 200_000;
    private const double Horizon = 300;

    [Fact]
    public void Chances_OfEveryTiming_AreTheirClosedForms()
    {
        ArrivalEvent[] events =
        [
            new() { Id = "child", After = "parent", Timing = new EventTiming.WithinHorizon(0.5) },
            new() { Id = "parent", Timing = new EventTiming.Hazard(2), Probability = 0.75 },
            new() { Id = "days", Timing = new EventTiming.AfterDays(Given.EachPath(new UniformDistribution(100, 500))) },
            new() { Id = "within", Timing = new EventTiming.WithinHorizon(0.3) },
            new() { Id = "chained", After = "within", Timing = new EventTiming.AfterDays(Given.Always(100)) },
            new() { Id = "rare", Timing = new EventTiming.Hazard(0.01) },
            new() { Id = "second", After = "parent", Timing = new EventTiming.Hazard(2) },
            new() { Id = "orphan", After = "disabled", Timing = new EventTiming.Hazard(9) },
            new() { Id = "dated", Timing = new EventTiming.OnDay(-3), Probability = 0.6 },
            new() { Id = "later", After = "dated", Timing = new EventTiming.AfterDays(Given.EachPath(new UniformDistribution(3, 606))) },
            new() { Id = "never", Timing = new EventTiming.Hazard(0) },
            new() { Id = "beyond", Timing = new EventTiming.OnDay(301) },
        ];
        var x = 2 * Horizon / 365.25;
        double[] expected =
        [
            0.375 * (1 - Math.Exp(-x)), 0.75 * (1 - Math.Exp(-x)), 0.5, 0.3, 0.2, 1 - Math.Exp(-x / 200),
            0.75 * (1 - ((1 + x) * Math.Exp(-x))), 0, 0.6, 0.6 * 300 / 603, 0, 0,
        ];
        var summary = Project(Slow with { Events = [.. events] }, Paths).Summary;
        Assert.Equal(events.Select(e => e.Id), summary.Events.Select(e => e.EventId));
        foreach (var (chance, probability) in summary.Events.Zip(expected))
        {
            Near(probability, chance.Chance.Probability);
        }
    }

    [Fact]
    public void Time_WithinTheHorizon_IsUniformFromTheParentOn()
    {
        var model = Slow with
        {
            Events =
            [
                new() { Id = "p", Timing = new EventTiming.OnDay(60) },
                new() { Id = "e", After = "p", Timing = new EventTiming.WithinHorizon(1) },
            ],
        };
        var projector = Projector.Compile(model, 5, [], []);
        var days = Enumerable.Range(0, 20_000).Select(path => projector.Replay(path).Entries.OfType<EventStartReplay>().Single(e => e.EventId == "e").Day).ToArray();
        foreach (var quarter in (double[])[0.25, 0.5, 0.75])
        {
            Assert.InRange(days.Count(day => day <= 60 + (240 * quarter)) / 20_000.0, quarter - (5.5 * 0.5 / Math.Sqrt(20_000)), quarter + (5.5 * 0.5 / Math.Sqrt(20_000)));
        }

        Assert.All(days, day => Assert.InRange(day, 60, 300));
    }

    /// <summary>
    /// Poisson arrivals of rate r until an event of hazard h: none by day t with e^-(r+h)t + h (1 - e^-(r+h)t) / (r + h), and
    /// r (1 - e^-ht) / h on average.
    /// </summary>
    [Fact]
    public void Arrivals_HaltedAtAHazard_HaveTheirClosedForm()
    {
        const double PerYear = 3;
        var (r, h) = (1 / 40.0, PerYear / 365.25);
        var model = Slow with
        {
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(40)),
            Events = [new() { Id = "halt", Timing = new EventTiming.Hazard(PerYear), Halt = true }],
        };
        var (summary, _) = Project(model, Paths);
        foreach (var point in summary.Points.Skip(1))
        {
            var t = point.Day;
            var some = 1 - Math.Exp(-(r + h) * t) - (h / (r + h) * (1 - Math.Exp(-(r + h) * t)));
            Near(some, summary.Thresholds[0].ReachedByPoint[summary.Points.IndexOf(point)]);
            Assert.InRange(point.Cumulative.Mean, Mean(t) - (5.5 * point.Cumulative.MeanStandardError), Mean(t) + (5.5 * point.Cumulative.MeanStandardError));
        }

        double Mean(double t) => r * (1 - Math.Exp(-h * t)) / h;
    }

    /// <summary>Gaps halved from day 0 on double the rate; batches of factor 0 come and bring nobody: the Poisson law of the rest.</summary>
    [Fact]
    public void PoissonArrivals_WithShorterGaps_AreFaster()
    {
        var model = Slow with
        {
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(40)),
            Events =
            [
                new() { Id = "faster", Timing = new EventTiming.OnDay(0), IntervalFactor = 0.5 },
                new() { Id = "empty", Timing = new EventTiming.OnDay(200), BatchSizeFactor = 0 },
            ],
        };
        var (summary, _) = Project(model, Paths);
        foreach (var point in summary.Points.Skip(1))
        {
            var mean = Math.Min(point.Day, 200) / 20;
            Assert.InRange(point.Cumulative.Mean, mean - (5.5 * Math.Sqrt(mean / Paths)), mean + (5.5 * Math.Sqrt(mean / Paths)));
            Near(1 - Math.Exp(-mean), summary.Thresholds[0].ReachedByPoint[summary.Points.IndexOf(point)]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Paths_InWhichAnEventNeverHappens_AreToTheBitThoseWithoutIt(int number)
    {
        var model = GeneralScenarios.Of(number);
        ArrivalEvent added = new()
        {
            Id = "added",
            Timing = new EventTiming.WithinHorizon(0.5),
            Halt = true,
            IntervalFactor = 0.37,
            BatchSizeFactor = 40.1,
            CapChange = model.Cap is null ? 0 : 1_000_000,
        };
        var without = Projector.Compile(model, 9, [], []);
        var with = Projector.Compile(model with { Events = [added, .. model.Events] }, 9, [], []);
        var (same, other) = (0, 0);
        for (var path = 0; path < 400; path++)
        {
            var replay = with.Replay(path);
            var expected = without.Replay(path);
            Assert.Equal(expected.Draws.AsEnumerable(), replay.Draws);
            Assert.Equal(expected.Entries.OfType<EventStartReplay>(), replay.Entries.OfType<EventStartReplay>().Where(e => e.EventId != "added"));
            if (replay.Entries.Any(e => e is EventStartReplay { EventId: "added" }))
            {
                other++;
                continue;
            }

            same++;
            Assert.Equal(expected.Entries.AsEnumerable(), replay.Entries);
            Assert.Equal(without.SamplePath(path).Days.AsEnumerable(), with.SamplePath(path).Days);
            Assert.Equal(without.SamplePath(path).Cumulative.AsEnumerable(), with.SamplePath(path).Cumulative);
            Assert.Equal(without.SamplePath(path).Present.AsEnumerable(), with.SamplePath(path).Present);
        }

        Assert.InRange(same, 100, 300);
        Assert.Equal(400, same + other);
    }

    /// <summary>The scenario without the event goes through lanes, the other path by path.</summary>
    [Fact]
    public void Tally_WithAnEventThatCannotHappen_HasTheBitsOfTheScenarioWithoutIt()
    {
        var plain = Founding;
        ArrivalEvent impossible = new() { Id = "impossible", Timing = new EventTiming.Hazard(9), Probability = 0, Halt = true, IntervalFactor = 0.5 };
        var (_, expected) = Project(plain, 20_000);
        var (summary, tally) = Project(plain with { Events = [impossible] }, 20_000);
        Assert.Equal(0, summary.Events.Single().Chance.Probability);
        Assert.Equal(TallyBits.CountsOf(expected), TallyBits.CountsOf(tally));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(14)]
    [InlineData(27)]
    [InlineData(33)]
    public void Order_OfEvents_ChangesOnlyTheOrderOfTheSummary(int number)
    {
        var model = GeneralScenarios.Of(number) with { Events = [.. GeneralScenarios.Of(number).Events, .. FoundingEvents] };
        var (summary, tally) = Project(model, 3000);
        var (reversed, reversedTally) = Project(model with { Events = [.. model.Events.Reverse()] }, 3000);
        Assert.Equal(TallyBits.Of(tally), TallyBits.Of(reversedTally));
        Assert.Equal(summary.Events.Reverse(), reversed.Events);
    }

    [Fact]
    public void Events_ThatComeAfterOneAnother_AreRefused()
    {
        ArrivalEvent a = new() { Id = "a", After = "b", Timing = new EventTiming.Hazard(1) };
        Assert.Throws<ArgumentException>(() => Projector.Compile(Slow with { Events = [a, a with { Id = "b", After = "a" }] }, 1, [], []));
    }

    private static ArrivalModel Slow => new()
    {
        HorizonDays = Horizon,
        StepDays = 50,
        RotationIntervalDays = Given.Always(200),
        BatchSize = Given.Always(1),
    };

    private static ArrivalModel Founding => new()
    {
        HorizonDays = 730,
        StepDays = 7,
        InitialCount = Given.Always(15_000),
        RotationIntervalDays = Given.EachBatch(
            LogNormalDistribution.FromInterval(60, 150, 0.9)!, LogNormalDistribution.FromInterval(0.8, 1.25, 0.9)!),
        BatchSize = Given.EachBatch(ScaledBetaDistribution.Pert(4000, 10_000, 15_000, 4)),
        Cap = Given.Always(100_000),
        RotationMode = RotationMode.Relieve,
    };

    private static ArrivalEvent[] FoundingEvents =>
    [
        new() { Id = "beijing-leverage", Timing = new EventTiming.Hazard(0.25), Halt = true },
        new() { Id = "seoul-arms", Timing = new EventTiming.WithinHorizon(0.3), IntervalFactor = 0.8, BatchSizeFactor = 1.25 },
    ];

    private static (ProjectionSummary Summary, Tally Tally) Project(ArrivalModel model, int paths)
    {
        var projector = Projector.Compile(model, 1, [1], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        return (projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [1] }), tally);
    }

    private static void Near(double probability, double share) =>
        Assert.InRange(share - probability, -Tolerance(probability), Tolerance(probability));

    /// <summary>And one path, for the discreteness of rare counts.</summary>
    private static double Tolerance(double probability) =>
        probability is 0 or 1 ? 0 : (5.5 * Math.Sqrt(probability * (1 - probability) / Paths)) + (1.0 / Paths);
}
