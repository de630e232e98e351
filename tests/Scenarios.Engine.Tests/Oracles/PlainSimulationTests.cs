using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>The engine beside a plain loop in double precision with other samplers and another generator.</summary>
public sealed class PlainSimulationTests
{
    private static readonly ImmutableArray<double> Levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    [Fact]
    public void Engine_OnTheFoundingScenario_AgreesWithAPlainLoop()
    {
        var summary = Compare(KnownScenarios.Founding.Model, KnownScenarios.Founding.Plain, 50_000, mostCount: 100_000, paths: 1_000_000);
        Assert.All(summary.Points, p => Assert.Equal((15_000.0, 0.0), (p.Present!.Mean, p.Present.StandardDeviation)));
    }

    [Fact]
    public void Engine_WhereReliefsExceedTheInitialContingent_AgreesWithAPlainLoop() => Compare(
        KnownScenarios.Founding.Model with { InitialCount = Given.EachPath(new UniformDistribution(2000, 12_000)), SkipProbability = 0.15 },
        KnownScenarios.Founding.Plain with { Initial = random => ContinuousUniform.Sample(random, 2000, 12_000), SkipProbability = 0.15 },
        50_000,
        mostCount: 100_000,
        paths: 300_000);

    /// <summary>Everything that the first two leave out.</summary>
    [Fact]
    public void Engine_WithReinforcementsUnderADrawnCapOnThosePresent_AgreesWithAPlainLoop() => Compare(
        new()
        {
            HorizonDays = 400,
            StepDays = 30,
            InitialCount = Given.Always(5000),
            FirstArrivalDays = Given.EachPath(new UniformDistribution(10, 100)),
            RotationIntervalDays = Given.EachBatch(new GammaDistribution(0.7, 60)),
            BatchSize = Given.EachPath(new UniformDistribution(3000, 9000), LogNormalDistribution.FromInterval(0.5, 2, 0.9)),
            Cap = Given.EachPath(new TriangularDistribution(20_000, 60_000, 70_000)),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            SkipProbability = 0.4,
        },
        new()
        {
            HorizonDays = 400,
            StepDays = 30,
            Initial = _ => 5000,
            FirstArrival = random => ContinuousUniform.Sample(random, 10, 100),
            Gap = random => Gamma.Sample(random, 0.7, 1 / 60.0),
            Size = random => ContinuousUniform.Sample(random, 3000, 9000),
            SizeIsFixedInPath = true,
            SizeFactor = KnownScenarios.LogNormalWithin(0.5, 2),
            Cap = random => Triangular.Sample(random, 20_000, 70_000, 60_000),
            CapLimitsPresent = true,
            SkipProbability = 0.4,
            Threshold = 30_000,
        },
        30_000,
        mostCount: 70_000,
        paths: 300_000);

    private static ProjectionSummary Compare(ArrivalModel model, PlainScenario scenario, long threshold, int mostCount, int paths)
    {
        var plain = Simulate(scenario, mostCount, paths);
        var projector = Projector.Compile(model, seed: 5, [threshold], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        var summary = projector.Summarize(tally, new() { QuantileLevels = Levels, Thresholds = [threshold] });
        var binning = 0.0005 * summary.KeyFigures.RangeEnd;
        for (var i = 0; i < summary.Points.Length; i++)
        {
            var point = summary.Points[i];
            Compare(new(plain.Cumulative[i]), point.Cumulative, paths, binning, $"day {point.Day}, cumulative");
            if (point.Present is { } present)
            {
                Compare(new(plain.Present[i]), present, paths, binning, $"day {point.Day}, present");
            }
        }

        var passage = summary.Thresholds[0];
        var days = plain.Passages.Order().ToArray();
        for (var i = 0; i < summary.Points.Length; i++)
        {
            var reached = days.Count(day => day <= summary.Points[i].Day);
            var reachedInEngine = (long)Math.Round(passage.ReachedByPoint[i] * paths);
            CompareShares(reached, reachedInEngine, paths, $"{threshold:N0} by day {summary.Points[i].Day}");
        }

        double PassageQuantile(double p) => (int)(p * paths) is var rank && rank < days.Length ? days[rank] : double.PositiveInfinity;
        foreach (var quantile in passage.Quantiles)
        {
            Agreement.OfQuantile(
                PassageQuantile,
                quantile.Level,
                quantile.Day ?? double.PositiveInfinity,
                Agreement.OfShare(quantile.Level, paths / 2.0),
                0.0005 * model.HorizonDays,
                "passage");
        }

        return summary;
    }

    private static void Compare(Sample plain, CountSummary engine, int paths, double binning, string what)
    {
        foreach (var (level, quantile) in Levels.Zip(engine.Quantiles))
        {
            Agreement.OfQuantile(p => plain.Quantile(p), level, quantile, Agreement.OfShare(level, paths / 2.0), binning, what);
        }

        // Fewer than this off the most frequent count, and moments are not normal; the shares that passed test these days.
        const int Few = 10_000;
        if (paths - plain.MostFrequent < Few)
        {
            return;
        }

        var square = plain.StandardDeviation * plain.StandardDeviation;
        var pairs = paths / 2.0; // Both are samples: the variance of their difference is twice that of one.
        Agreement.OfMoment(plain.Mean, engine.Mean, plain.StandardDeviation / Math.Sqrt(pairs), $"{what}, mean");
        Agreement.OfMoment(
            plain.StandardDeviation,
            engine.StandardDeviation,
            Math.Sqrt((plain.FourthMoment - (square * square)) / pairs) / (2 * plain.StandardDeviation),
            $"{what}, deviation");
    }

    /// <summary>Two shares of as many paths: given both together, each hit was either's with one half.</summary>
    private static void CompareShares(long one, long other, int paths, string what)
    {
        var (hits, misses) = (one + other, (2L * paths) - one - other);
        if (Math.Min(hits, misses) > 0)
        {
            var rarer = hits <= misses ? one : paths - one;
            Agreement.OfProbability(0.5, rarer / (double)Math.Min(hits, misses), Math.Min(hits, misses), what);
        }
    }

    private static PlainSimulation Simulate(PlainScenario scenario, int mostCount, int paths)
    {
        var parts = new PlainSimulation[2];
        Parallel.For(0, parts.Length, i =>
        {
            parts[i] = new(scenario, mostCount);
            parts[i].Run(paths / parts.Length, seed: 100 + i);
        });
        parts[0].Add(parts[1]);
        return parts[0];
    }

    /// <summary>Numbers of paths by count.</summary>
    private sealed class Sample
    {
        private readonly int[] _paths;
        private readonly long _total;

        public Sample(int[] paths)
        {
            _paths = paths;
            _total = paths.Sum(n => (long)n);
            MostFrequent = paths.Max();
            Mean = Average(count => count);
            StandardDeviation = Math.Sqrt(Average(count => (count - Mean) * (count - Mean)) * _total / (_total - 1));
            FourthMoment = Average(count => Math.Pow(count - Mean, 4));
        }

        public int MostFrequent { get; }

        public double Mean { get; }

        public double StandardDeviation { get; }

        public double FourthMoment { get; }

        public int Quantile(double p)
        {
            var rank = Math.Clamp((long)Math.Ceiling(p * _total), 1, _total);
            var count = 0;
            for (long seen = _paths[0]; seen < rank; seen += _paths[count])
            {
                count++;
            }

            return count;
        }

        private double Average(Func<double, double> f)
        {
            var sum = 0.0;
            for (var count = 0; count < _paths.Length; count++)
            {
                sum += _paths[count] == 0 ? 0 : _paths[count] * f(count);
            }

            return sum / _total;
        }
    }
}
