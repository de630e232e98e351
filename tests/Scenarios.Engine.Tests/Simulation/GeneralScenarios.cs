using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Scenarios of every combination of tours, events and correlations, by number.</summary>
internal static class GeneralScenarios
{
    public static ArrivalModel Of(int number)
    {
        var random = new Random(number);
        T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
        var factor = new UniformDistribution(0.8, 1.25);
        var mode = Pick(RotationMode.Reinforce, RotationMode.Reinforce, RotationMode.Relieve);
        var cap = Pick(null, Given.Always(100_000), Given.Always(40_001), Given.EachPath(new UniformDistribution(10_000, 120_000)));
        var gap = Pick(
            Given.EachBatch(new ExponentialDistribution(40)), Given.EachBatch(new UniformDistribution(10, 90), factor), Given.EachPath(new UniformDistribution(20, 120)), Given.Always(60));
        var size = Pick(
            Given.EachBatch(new UniformDistribution(0, 15_000)), Given.EachBatch(new ExponentialDistribution(9000), factor), Given.EachPath(new UniformDistribution(100, 20_000)), Given.Always(7000));
        var initial = Pick(null, Given.Always(15_000), Given.EachPath(new UniformDistribution(0, 30_000)));
        return new()
        {
            HorizonDays = Pick(730.0, 365.0, 100.5),
            StepDays = Pick(7.0, 1, 13),
            InitialCount = initial,
            RotationIntervalDays = gap,
            BatchSize = size,
            Cap = cap,
            CapBasis = Pick(CapBasis.Cumulative, CapBasis.Present),
            RotationMode = mode,
            FirstArrivalDays = Pick(null, null, Given.EachPath(new UniformDistribution(1, 400))),
            TourLengthDays = mode == RotationMode.Relieve ? null
                : Pick(null, Given.Always(120), Given.EachBatch(new ExponentialDistribution(200), factor), Given.EachPath(new UniformDistribution(30, 400))),
            SkipProbability = Pick(0, 0.25),
            Events = [.. Events(random, cap is not null)],
            Correlations = gap.Resampling == Resampling.PerBatch && size.Resampling == Resampling.PerBatch
                ? Pick<RankCorrelation[]>([], [new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.6)]).ToImmutable()
                : [],
        };
    }

    private static System.Collections.Immutable.ImmutableArray<T> ToImmutable<T>(this T[] array) => [.. array];

    private static IEnumerable<ArrivalEvent> Events(Random random, bool hasCap)
    {
        var count = random.Next(5);
        for (var i = 0; i < count; i++)
        {
            yield return new()
            {
                Id = $"e{random.Next(1000)}-{i}",
                Timing = random.Next(4) switch
                {
                    0 => new EventTiming.OnDay(random.Next(-60, 300)),
                    1 => new EventTiming.AfterDays(Given.EachPath(new UniformDistribution(5, 500))),
                    2 => new EventTiming.Hazard(random.NextDouble() * 3),
                    _ => new EventTiming.WithinHorizon(random.NextDouble()),
                },
                Probability = random.Next(2) == 0 ? 1 : random.NextDouble(),
                DurationDays = random.Next(2) == 0 ? null : Given.EachPath(new ExponentialDistribution(90)),
                Halt = random.Next(3) == 0,
                IntervalFactor = random.Next(2) == 0 ? 1 : 0.5 + random.NextDouble(),
                BatchSizeFactor = random.Next(2) == 0 ? 1 : 2 * random.NextDouble(),
                CapChange = hasCap && random.Next(2) == 0 ? random.Next(-60_000, 60_000) : 0,
            };
        }
    }
}
