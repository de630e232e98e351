using System.Collections.Immutable;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// Tours, caps on either count, relief, skips and events in combination: whole distributions at every grid point beside the exact
/// ones of a Markov chain.
/// </summary>
/// <remarks>
/// Each chi-square fails by chance once in 10^7, each probability once in 1.7 million. The fit of an exponential gap moves no
/// probability by more than 1e-4: a tenth of a standard error.
/// </remarks>
public sealed class MemorylessOracleTests
{
    private const int Paths = 200_000;
    private const int MostCounted = 14;

    private static readonly ImmutableArray<long> Thresholds = [2, 5, 9];

    private static readonly Dictionary<string, ArrivalModel> Named = new()
    {
        ["Erlang's loss system: a cap on those present, with tours"] = Plain with
        {
            Cap = Given.Always(4),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Tours(30),
        },
        ["a cap that rises on a known day, and falls back"] = Plain with
        {
            Cap = Given.Always(5),
            Events = [new() { Id = "e", Timing = new EventTiming.OnDay(40), DurationDays = Given.Always(35), CapChange = 4 }],
        },
        ["a cap that falls on a known day below those already there"] = Plain with
        {
            Cap = Given.Always(8),
            Events = [new() { Id = "e", Timing = new EventTiming.OnDay(40), DurationDays = Given.Always(35), CapChange = -5 }],
        },
        ["a cap on those present that falls, with tours, and their own of the first"] = Plain with
        {
            InitialCount = Given.Always(3),
            Cap = Given.Always(6),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Tours(40),
            Events = [new() { Id = "e", Timing = new EventTiming.Hazard(8), DurationDays = Lasting(30), CapChange = -4 }],
        },
        ["a halt at a hazard for a while"] = Plain with
        {
            Events = [new() { Id = "e", Timing = new EventTiming.Hazard(6), DurationDays = Lasting(25), Halt = true }],
        },
        ["shorter gaps that start while an event lasts"] = Plain with
        {
            Events = [new() { Id = "e", Timing = new EventTiming.OnDay(20), DurationDays = Lasting(25), IntervalFactor = 0.4 }],
        },
        ["an event already running at the start, then one after it"] = Plain with
        {
            Events =
            [
                new() { Id = "a", Timing = new EventTiming.OnDay(-5), IntervalFactor = 2, DurationDays = Given.Always(30) },
                new() { Id = "b", Timing = new EventTiming.Hazard(10), BatchSizeFactor = 2 },
                new() { Id = "c", After = "b", Timing = new EventTiming.Hazard(10), BatchSizeFactor = 1.5, Probability = 0.7 },
            ],
        },
        ["three after one another that pull on everything"] = Plain with
        {
            BatchSize = Given.Always(2),
            Cap = Given.Always(9),
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Tours(25),
            SkipProbability = 0.2,
            Events =
            [
                new() { Id = "a", Timing = new EventTiming.Hazard(9), CapChange = 3, IntervalFactor = 0.5, Probability = 0.8 },
                new() { Id = "b", After = "a", Timing = new EventTiming.Hazard(12), DurationDays = Lasting(40), BatchSizeFactor = 0.5 },
                new()
                {
                    Id = "c",
                    After = "b",
                    Timing = new EventTiming.Hazard(20),
                    DurationDays = Lasting(20),
                    Halt = true,
                    CapChange = -6,
                },
            ],
        },
        ["relief by batches of other sizes, under a cap on those present that moves"] = Plain with
        {
            InitialCount = Given.Always(2),
            BatchSize = Given.Always(3),
            Cap = Given.Always(5),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Relieve,
            Events =
            [
                new() { Id = "a", Timing = new EventTiming.Hazard(4), DurationDays = Lasting(40), BatchSizeFactor = 2 },
                new() { Id = "b", Timing = new EventTiming.OnDay(50), DurationDays = Lasting(30), CapChange = -4 },
            ],
        },
    };

    public static TheoryData<string> Names => [.. Named.Keys];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Engine_OnAMemorylessScenario_HasItsExactLawAtEveryGridPoint(string name) => Compare(Named[name]);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Engine_OnAnyCombinationOfFeatures_HasItsExactLawAtEveryGridPoint(int number) => Compare(Combined(new(number)));

    /// <summary>The oracle itself: Poisson arrivals, and Erlang's formula of 1917 for a busy system after a long time.</summary>
    [Fact]
    public void Oracle_OfErlangsLossSystem_GivesHisFormula()
    {
        var model = Named["Erlang's loss system: a cap on those present, with tours"];
        var oracle = new MemorylessOracle(model);
        var law = oracle.On([1000.0]).Single().Of(oracle.PresentOf).ToDictionary(entry => entry.Value, entry => entry.Probability);
        var terms = Enumerable.Range(0, 5).Select(k => Math.Pow(30 / 10.0, k) / SpecialFunctions.Factorial(k)).ToArray();
        Assert.All(terms, (term, k) => Assert.Equal(term / terms.Sum(), law[k], 1e-10));
        var total = new MemorylessOracle(Plain).On([70.0]).Single().Of(state => state.Total);
        Assert.All(
            total.Where(entry => entry.Value < 20),
            entry => Assert.Equal(Poisson.PMF(7, (int)entry.Value), entry.Probability, 1e-12));
    }

    private static ArrivalModel Plain => new()
    {
        HorizonDays = 100,
        StepDays = 12.5,
        RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(10)),
        BatchSize = Given.Always(1),
    };

    private static void Compare(ArrivalModel model)
    {
        var oracle = new MemorylessOracle(model) { MostCounted = MostCounted };
        var projector = Projector.Compile(model, 11, Thresholds, []);
        var tally = projector.Simulated(Paths);
        var summary = projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = Thresholds });
        var laws = oracle.On(summary.Points.Select(p => p.Day)).ToArray();
        for (var point = 0; point < laws.Length; point++)
        {
            var (law, what) = (laws[point], $"day {summary.Points[point].Day}");
            Agreement.OfLaw(law.Of(s => Math.Min(s.Total, MostCounted)), tally.Cumulative.At(point, MostCounted), $"{what}, cumulative");
            var present = law.Of(s => Math.Min(oracle.PresentOf(s), MostCounted)).ToArray();
            if (tally.Present is { } presentTally)
            {
                Agreement.OfLaw(present, presentTally.At(point, MostCounted), $"{what}, present");
            }
            else if (model.RotationMode == RotationMode.Relieve)
            {
                Assert.Equal(present.Single().Value, summary.Points[point].Present!.Mean);
            }

            foreach (var (count, passage) in Thresholds.Zip(summary.Thresholds))
            {
                var reached = law.Probability(s => s.Total >= count);
                Agreement.OfProbability(reached, passage.ReachedByPoint[point], Paths, $"{what}, {count} reached");
            }

            if (summary.Cap is { } cap)
            {
                Agreement.OfProbability(law.Probability(s => s.CapReached), cap.ReachedByPoint[point], Paths, $"{what}, the cap reached");
            }
        }

        foreach (var (id, chance) in summary.Events)
        {
            Agreement.OfProbability(laws[^1].Probability(s => oracle.HasHappened(s, id)), chance.Probability, Paths, id);
        }
    }

    private static ArrivalModel Combined(Random random)
    {
        T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
        var mode = Pick(RotationMode.Reinforce, RotationMode.Reinforce, RotationMode.Relieve);
        var cap = Pick(null, Given.Always(6), Given.Always(9));
        var tours = mode == RotationMode.Reinforce && cap is not null && random.Next(3) > 0;
        return new()
        {
            HorizonDays = 100,
            StepDays = 20,
            InitialCount = Pick(null, Given.Always(2), Given.Always(4)),
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(Pick(8.0, 15, 25))),
            BatchSize = Given.Always(Pick(1, 2)),
            Cap = cap,
            CapBasis = cap is null ? CapBasis.Cumulative : Pick(CapBasis.Cumulative, CapBasis.Present),
            RotationMode = mode,
            TourLengthDays = tours ? Tours(Pick(15.0, 50)) : null,
            SkipProbability = Pick(0, 0.3),
            Events = [.. Enumerable.Range(0, 2).Select(Event)],
        };

        ArrivalEvent Event(int index) => new()
        {
            Id = $"e{index}",
            After = index == 1 && random.Next(2) == 0 ? "e0" : null,
            Timing = index == 0 && random.Next(2) == 0 ? new EventTiming.OnDay(Pick(0.0, 17.5, 60)) : new EventTiming.Hazard(Pick(2.0, 8)),
            Probability = Pick(1, 0.6),
            DurationDays = Pick(null, Lasting(20), Lasting(45)),
            Halt = random.Next(4) == 0,
            IntervalFactor = Pick(1, 0.4, 2.5),
            BatchSizeFactor = Pick(1, 0, 0.5, 2),
            CapChange = cap is null ? 0 : Pick(0, 3, -2, -12),
        };
    }

    private static Assumption Tours(double mean) => Given.EachBatch(new ExponentialDistribution(mean));

    private static Assumption Lasting(double mean) => Given.EachPath(new ExponentialDistribution(mean));
}
