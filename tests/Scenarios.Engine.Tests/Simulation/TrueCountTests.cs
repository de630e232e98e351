using System.Collections.Immutable;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>
/// Counts and times are what they can be, whatever their size: atoms stay atoms, nothing leaves the support, nothing contradicts the
/// probability beside it. Probabilities are held to five standard errors (<see cref="Agreement"/>).
/// </summary>
public sealed class TrueCountTests
{
    private const int Paths = 100_000;

    private static readonly double[] Levels = [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999];

    /// <summary>Draws that are large, or narrow beside their size.</summary>
    public static TheoryData<double, double> Narrow => new()
    {
        { 20_000_000, 20_000_001 },
        { 16_777_216, 16_777_219 },
        { 4_000_000, 4_000_001 },
        { 1_000_000, 1_000_010 },
        { 100_000, 100_003 },
        { 15_000, 15_003 },
        { 1_000_000_000_001, 1_000_000_000_006 },
        { 9_000_000_000_000, 9_000_000_000_004 },
    };

    [Theory]
    [MemberData(nameof(Narrow))]
    public void N4_N5_InitialCounts_LieOnTheirTrueAtoms(double low, double high)
    {
        var law = new UniformDistribution(low, high);
        var counts = Enumerable.Range(0, (int)(high - low) + 1).Select(k => (long)low + k).ToArray();
        foreach (var sampling in (ReadOnlySpan<Sampling>)[Sampling.PseudoRandom, Sampling.QuasiRandom])
        {
            var summary = Project(OnceWith(Given.EachPath(law)), sampling, [.. counts]);
            var count = summary.Points[^1].Cumulative;
            Assert.Equal((low, high), (count.Min, count.Max));
            Agreement.OfMoment((low + high) / 2, count.Mean, Math.Sqrt(((high - low) * (high - low) / 12) / Paths), "mean");
            for (var i = 0; i < counts.Length; i++)
            {
                Agreement.OfProbability(law.UpperTail(counts[i] - 0.5), summary.Thresholds[i].Reached.Probability, Paths, $"{counts[i]} reached");
            }

            AssertQuantilesAgreeWithThresholds(summary, counts);
            var far = Levels.Select(level => (Value: law.Quantile(level), Level: level))
                .Where(at => Math.Abs(at.Value - Math.Floor(at.Value) - 0.5) > 0.05 * (high - low));
            foreach (var (value, level) in far)
            {
                Assert.Equal(Math.Floor(value + 0.5), count.Quantiles[Array.IndexOf(Levels, level)]);
            }
        }
    }

    /// <summary>Batches likewise, with a constant or a drawn start, and with factors that are narrow too.</summary>
    [Theory]
    [MemberData(nameof(Narrow))]
    public void N4_N5_Batches_LieOnTheirTrueAtoms(double low, double high)
    {
        var law = new UniformDistribution(low, high);
        var counts = Enumerable.Range(0, (int)(high - low) + 1).Select(k => (long)low + k).ToArray();
        var model = OnceWith(null) with { BatchSize = Given.EachBatch(law), RotationIntervalDays = Given.Always(3), HorizonDays = 5, StepDays = 1 };
        var summary = Project(model, Sampling.PseudoRandom, [.. counts]);
        for (var i = 0; i < counts.Length; i++)
        {
            Agreement.OfProbability(law.UpperTail(counts[i] - 0.5), summary.Thresholds[i].Reached.Probability, Paths, $"{counts[i]} reached");
        }

        AssertQuantilesAgreeWithThresholds(summary, counts);
        Assert.All(summary.Points, point => Assert.All(
            (double[])[.. point.Cumulative.Quantiles, point.Cumulative.Min, point.Cumulative.Max],
            count => Assert.True(point.Day < 3 ? count == 0 : count >= low && count <= high, $"{count} on day {point.Day}")));

        // Drawn once a path, and once more by a factor: half of the range between two neighbours is passed by half of the paths.
        var factor = Project(
            model with { BatchSize = Given.EachPath(new ConstantDistribution(1), new UniformDistribution(low, high)) }, Sampling.PseudoRandom, [counts[^1]]);
        Agreement.OfProbability(law.UpperTail(counts[^1] - 0.5), factor.Thresholds[0].Reached.Probability, Paths, "by a factor");
    }

    /// <summary>A gap is as narrow as it says: 0.0001 days about day 100, where 24 bits would tell ten instants apart.</summary>
    [Theory]
    [InlineData(100, 0.0001)]
    [InlineData(3000, 0.001)]
    [InlineData(1, 0.00001)]
    public void N4_Times_AreAsNarrowAsTheySay(double day, double half)
    {
        var law = new UniformDistribution(day - half, day + half);
        foreach (var given in (Assumption[])[Given.EachBatch(law), Given.EachPath(law), Given.EachBatch(law, new ConstantDistribution(1))])
        {
            var grid = Enumerable.Range(-3, 7).Select(k => day + (k * half / 4)).ToImmutableArray();
            var model = OnceWith(null) with { RotationIntervalDays = given, BatchSize = Given.Always(1), Cap = Given.Always(1), HorizonDays = day * 1.5, StepDays = day };
            var projector = Projector.Compile(model, 1, [1], grid);
            var tally = projector.CreateTally();
            projector.Simulate(0, Paths, tally);
            var summary = projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [1], ReportDays = grid });
            for (var i = 0; i < grid.Length; i++)
            {
                Agreement.OfProbability(law.Cdf(grid[i]), summary.Thresholds[0].ReachedByPoint[i], Paths, $"by day {grid[i]:R}");
            }
        }
    }

    /// <summary>What lies on a few listed counts is read from those, with any number of batches between.</summary>
    [Fact]
    public void N5_CountsOfListedSizes_AreReadFromTheList()
    {
        var model = OnceWith(Given.EachPath(DiscreteDistribution.From([(10_000, 2), (25_000, 3)]))) with
        {
            BatchSize = Given.EachBatch(DiscreteDistribution.From([(700_000, 1), (900_000, 2)])),
            RotationIntervalDays = Given.Always(10),
            HorizonDays = 35,
            StepDays = 1,
        };
        var summary = Project(model, Sampling.PseudoRandom, []);
        foreach (var point in summary.Points)
        {
            var batches = (int)(point.Day / 10);
            var possible = Enumerable.Range(0, batches + 1).Select(k => (batches * 700_000.0) + (k * 200_000)).SelectMany(sum => (double[])[sum + 10_000, sum + 25_000]).ToHashSet();
            if (batches == 0)
            {
                Assert.All(point.Cumulative.Quantiles, count => Assert.Contains(count, possible));
                Assert.All(point.Cumulative.QuantileStandardErrors, error => Assert.Equal(0, error));
            }

            Assert.InRange(point.Cumulative.Min, possible.Min(), possible.Max());
            Assert.InRange(point.Cumulative.Max, possible.Min(), possible.Max());
        }

        // A constant start makes the sums a lattice: every count of every day is one of its counts.
        var lattice = Project(model with { InitialCount = Given.Always(10_000) }, Sampling.PseudoRandom, []);
        Assert.All(lattice.Points, point => Assert.All(
            (double[])[.. point.Cumulative.Quantiles, point.Cumulative.Min, point.Cumulative.Max],
            count => Assert.Contains(count, Enumerable.Range(0, (int)(point.Day / 10) + 1).Select(k => 10_000 + (Math.Floor(point.Day / 10) * 700_000) + (k * 200_000.0)))));
        Assert.All(lattice.Points, point => Assert.All(point.Cumulative.QuantileStandardErrors[1..^1], error => Assert.InRange(error, 0, 400_000)));
    }

    /// <summary>Starts that lie in two ranges with nothing between them.</summary>
    [Fact]
    public void N5_StartsFromAMixture_LieInItsComponents()
    {
        var mixture = new MixtureDistribution([(1, new UniformDistribution(1000, 1010)), (1, new UniformDistribution(90_000, 90_010))]);
        var count = Project(OnceWith(Given.EachPath(mixture)), Sampling.PseudoRandom, []).Points[^1].Cumulative;
        Assert.All((double[])[.. count.Quantiles, count.Min, count.Max], value => Assert.True(
            value is (>= 1000 and <= 1010) or (>= 90_000 and <= 90_010), $"{value}"));
    }

    /// <summary>Scenarios of every kind: no quantile, smallest or largest count contradicts the probability of a threshold beside it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void N5_Quantiles_NeverContradictAThreshold(int seed)
    {
        for (var shape = seed * 20; shape < (seed + 1) * 20; shape++)
        {
            var random = new Random(shape);
            long[] thresholds = [.. Enumerable.Range(0, 12).Select(_ => random.NextInt64(1, 120_000)).Distinct()];
            var projector = Projector.Compile(GeneralScenarios.Of(shape), shape, [.. thresholds], []);
            var tally = projector.CreateTally();
            projector.Simulate(0, 2000, tally);
            AssertQuantilesAgreeWithThresholds(
                projector.Summarize(tally, new() { QuantileLevels = [.. Levels], Thresholds = [.. thresholds] }), thresholds, paths: 2000);
        }
    }

    /// <summary>Constants are exact, whatever the number of steps and counts: a lattice of more counts than there are bins too.</summary>
    [Theory]
    [InlineData(4097)]
    [InlineData(10_000)]
    [InlineData(100_003)]
    public void N6_Constants_AreExact_HoweverManySteps(int days)
    {
        foreach (var paths in (ReadOnlySpan<int>)[1, 7])
        {
            var model = OnceWith(null) with { RotationIntervalDays = Given.Always(1), BatchSize = Given.Always(1), HorizonDays = days, StepDays = days / 10.0 };
            var projector = Projector.Compile(model, 1, [days, days + 1], []);
            var tally = projector.CreateTally();
            projector.Simulate(0, paths, tally);
            var summary = projector.Summarize(tally, new() { QuantileLevels = [.. Levels], Thresholds = [days, days + 1] });
            foreach (var point in summary.Points)
            {
                var (exact, count) = (Math.Floor(point.Day), point.Cumulative);
                Assert.Equal((exact, 0, 0, 0), (count.Mean, count.StandardDeviation, count.MeanStandardError, count.StandardDeviationStandardError));
                Assert.All((double[])[.. count.Quantiles, count.Min, count.Max], value => Assert.Equal(exact, value));
                Assert.All(count.QuantileStandardErrors, error => Assert.Equal(0, error));
            }

            Assert.Equal(new(1, 0), summary.Thresholds[0].Reached);
            Assert.Equal(new(0, 0), summary.Thresholds[1].Reached);
            Assert.Equal((days, 0.0), (summary.Thresholds[0].Quantiles[3].Day, summary.Thresholds[0].Quantiles[3].DayStandardError));
            Assert.Empty(summary.FewPathLevels);
        }
    }

    /// <summary>Gaps that are no whole number of ticks: three thirds of a day end the day, and so does every sum that a horizon ends on.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 730)]
    [InlineData(7, 30)]
    [InlineData(11, 1)]
    [InlineData(13, 365)]
    [InlineData(49, 2)]
    [InlineData(997, 10)]
    public void N6_GapsOfPartsOfADay_HitTheHorizon(int parts, int days)
    {
        var gap = 1.0 / parts;
        var batches = parts * days;
        var model = OnceWith(null) with { RotationIntervalDays = Given.Always(gap), BatchSize = Given.Always(1), HorizonDays = days, StepDays = 1 };
        var summary = Project(model, Sampling.PseudoRandom, [batches], paths: 10);
        Assert.All(summary.Points, point => Assert.Equal(point.Day * parts, point.Cumulative.Mean));
        Assert.Equal(1, summary.Thresholds[0].Reached.Probability);

        // With a first arrival and a tour of as many parts, a batch leaves as another comes: two are there all the time.
        var touring = Project(
            model with
            {
                FirstArrivalDays = Given.Always(gap),
                RotationMode = RotationMode.Reinforce,
                TourLengthDays = Given.Always(2 * gap),
                CapBasis = CapBasis.Present,
                Cap = Given.Always(2),
            },
            Sampling.PseudoRandom,
            [batches],
            paths: 10);
        Assert.All(touring.Points.Skip(1), point => Assert.Equal((point.Day * parts, 2.0), (point.Cumulative.Mean, point.Present!.Mean)));
        Assert.Equal(1, touring.Thresholds[0].Reached.Probability);
    }

    /// <summary>A single constant in other words is as constant: a list of one, a factor of one number.</summary>
    [Fact]
    public void N6_ConstantsInOtherWords_AreAsExact()
    {
        foreach (var gap in (Assumption[])[
            Given.EachBatch(DiscreteDistribution.FromSamples([75.3, 75.3])), Given.EachBatch(new ConstantDistribution(75.3), new ConstantDistribution(1)),
            Given.EachPath(new ConstantDistribution(37.65), new ConstantDistribution(2))])
        {
            var model = OnceWith(null) with { RotationIntervalDays = gap, BatchSize = Given.EachBatch(new ConstantDistribution(20_000_001), new ConstantDistribution(1)), HorizonDays = 753, StepDays = 7 };
            var summary = Project(model, Sampling.PseudoRandom, [200_000_010], paths: 3);
            Assert.Equal(200_000_010, summary.Points[^1].Cumulative.Mean);
            Assert.Equal(753, summary.Thresholds[0].Quantiles[0].Day);
        }
    }

    [Theory]
    [InlineData(1e15, 1)] // constant sizes
    [InlineData(2e15, 2)] // drawn sizes
    public void N1_N2_ATotalThatPassesTwoToThe50_IsRefused_NeverCut(double most, int kind)
    {
        var size = kind == 1 ? Given.Always(most) : Given.EachBatch(new UniformDistribution(0, most / 2));
        var model = OnceWith(null) with { RotationIntervalDays = Given.Always(1), BatchSize = size, HorizonDays = 3, StepDays = 3 };
        Assert.Throws<CountTooLargeException>(() => Projector.Compile(model, 1, [], []));

        // As a cap, or as a size that a cap cuts, the same numbers limit nothing and are right.
        var capped = Project(model with { Cap = Given.Always(900_000_000_000_000) }, Sampling.PseudoRandom, []);
        Assert.Equal(900_000_000_000_000, capped.Points[^1].Cumulative.Max);
        var start = OnceWith(Given.EachPath(new LogNormalDistribution(17, 5.2)));
        Assert.Throws<CountTooLargeException>(() =>
        {
            var projector = Projector.Compile(start, 1, [], []);
            projector.Simulate(0, Paths, projector.CreateTally());
        });
    }

    /// <summary>Totals that no path of the first thousand comes near, of constant batches too: coarser bins hold them.</summary>
    [Theory]
    [InlineData(RotationMode.Unspecified)]
    [InlineData(RotationMode.Relieve)]
    [InlineData(RotationMode.Reinforce)]
    public void TotalsFarAboveTheFirstPaths_AreCounted(RotationMode mode)
    {
        var gaps = DiscreteDistribution.From([(1000, 9999), (1, 1)]);
        var model = OnceWith(Given.Always(5)) with
        {
            RotationIntervalDays = Given.EachPath(gaps),
            BatchSize = Given.Always(1000),
            HorizonDays = 100,
            StepDays = 10,
            RotationMode = mode,
            TourLengthDays = mode == RotationMode.Reinforce ? Given.Always(300) : null,
        };
        var summary = Project(model, Sampling.PseudoRandom, [100_005]);
        var reached = summary.Thresholds[0].Reached.Probability;
        Agreement.OfProbability(1e-4, reached, Paths, "a hundred batches");
        Assert.Equal(5 + (reached * 100_000), summary.Points[^1].Cumulative.Mean, 1e-6);
        Assert.True(summary.KeyFigures.PathsAboveRange > 0, "the test wants paths above the range");
    }

    [Fact]
    public void N1_TotalsUpToTwoToThe50_AreRight()
    {
        var model = OnceWith(Given.Always(124_999_999_999_999)) with { RotationIntervalDays = Given.Always(1), BatchSize = Given.Always(1e15), HorizonDays = 1, StepDays = 1 };
        var summary = Project(model, Sampling.PseudoRandom, [1_124_999_999_999_999], paths: 5);
        var count = summary.Points[^1].Cumulative;
        Assert.Equal((1_124_999_999_999_999, 1_124_999_999_999_999, 0), (count.Mean, count.Quantiles[3], count.StandardDeviation));
        Assert.Equal(1, summary.Thresholds[0].Reached.Probability);
    }

    /// <summary>What a histogram says is what the thresholds say, whichever way its bins are made.</summary>
    [Fact]
    public void Histograms_SayWhatTheThresholdsSay()
    {
        ArrivalModel[] models =
        [
            OnceWith(null) with { RotationIntervalDays = Given.EachBatch(new UniformDistribution(60, 100)), BatchSize = Given.Always(1), HorizonDays = 900, StepDays = 30 },
            OnceWith(Given.Always(20)) with { RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(60)), BatchSize = Given.Always(7), Cap = Given.Always(100), HorizonDays = 900, StepDays = 30 },
            KnownScenarios.Weekly.Model,
            KnownScenarios.Weekly.Model with { Cap = Given.EachPath(new UniformDistribution(10_000, 90_000)) },
            KnownScenarios.Weekly.Model with { Cap = null, InitialCount = Given.EachPath(new UniformDistribution(0, 30_000)) },
        ];
        foreach (var model in models)
        {
            var pilot = Summarize(model, [], []);
            var days = pilot.Points.Select(point => point.Day).Where((_, i) => i % 7 == 3).ToImmutableArray();
            var histograms = Summarize(model, [], days).Histograms;
            long[] edges = [.. histograms[0].Edges.Select(edge => (long)edge).Where(edge => edge > 0).Distinct().Where((_, i) => i % 3 == 0)];
            var summary = Summarize(model, edges, days);
            foreach (var histogram in summary.Histograms)
            {
                Assert.Equal(Paths, histogram.Counts.Sum());
                Assert.Equal(histogram.Counts.Length + 1, histogram.Edges.Length);
                var point = summary.Points.Select(p => p.Day).ToList().IndexOf(histogram.Day);
                foreach (var (edge, passage) in edges.Zip(summary.Thresholds))
                {
                    var atLeast = histogram.Counts.Where((_, bin) => histogram.Edges[bin] >= edge).Sum();
                    Assert.Equal(passage.ReachedByPoint[point], atLeast / (double)Paths);
                }
            }
        }
    }

    /// <summary>Those present: a constant initial contingent that is still there, nobody, and a cap on those present are atoms.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void PresentAtoms_AreExact(bool isCapped, bool isLattice)
    {
        var model = KnownScenarios.Weekly.Model with
        {
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.EachBatch(new UniformDistribution(100, 200)),
            BatchSize = isLattice ? Given.Always(4000) : KnownScenarios.Weekly.Model.BatchSize,
            CapBasis = isCapped ? CapBasis.Present : CapBasis.Cumulative,
            Cap = isCapped ? Given.Always(21_000) : Given.Always(100_000),
            StepDays = 7,
        };
        var projector = Projector.Compile(model, 3, [15_001], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        double[] levels = [.. Enumerable.Range(1, 39).Select(k => k / 40.0)];
        var summary = projector.Summarize(tally, new() { QuantileLevels = [.. levels], Thresholds = [15_001] });
        var early = summary.Points.Single(point => point.Day == 14).Present!;
        Assert.Equal(15_000, early.Mean);
        Assert.All((double[])[.. early.Quantiles, early.Min, early.Max], count => Assert.Equal(15_000, count));
        Assert.All(early.QuantileStandardErrors, error => Assert.Equal(0, error));

        // Until day 100 all who came are there: the share of paths with the 15,000 alone is that of those without a batch.
        foreach (var (point, i) in summary.Points.Select((point, i) => (point, i)).Where(at => at.point.Day is > 14 and < 100))
        {
            var alone = 1 - summary.Thresholds[0].ReachedByPoint[i];
            foreach (var (level, quantile) in levels.Zip(point.Present!.Quantiles))
            {
                Assert.True(level <= alone ? quantile == 15_000 : quantile > 15_000, $"day {point.Day}, level {level}: {quantile}, {alone} alone");
            }

            if (isLattice)
            {
                Assert.All(point.Present!.Quantiles, count => Assert.Equal(0, (count - 15_000) % 4000));
            }
        }

        // Nobody and the cap: ranks of the walked paths themselves.
        var last = PresentOfPaths(projector, 2000, 728);
        var exact = Projected(projector, 2000, levels).Points[^1].Present!;
        foreach (var (level, quantile) in levels.Zip(exact.Quantiles))
        {
            var rank = last[(int)Math.Ceiling((level * 2000) - 1e-6) - 1];
            Assert.True(rank is not (0 or 21_000) || quantile == rank || !isCapped, $"level {level}: {quantile}, of paths {rank}");
            Assert.True(rank != 0 || quantile == 0, $"level {level}: {quantile}, of paths {rank}");
        }
    }

    private static double[] PresentOfPaths(Projector projector, int paths, double day) =>
        [.. Enumerable.Range(0, paths).Select(path => projector.SamplePath(path)).Select(path => path.Present[path.Days.Select((d, i) => (d, i)).Last(at => at.d <= day).i]).Order()];

    private static ProjectionSummary Projected(Projector projector, int paths, double[] levels)
    {
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [.. levels], Thresholds = [] });
    }

    /// <summary>A rank on one side of a threshold has a count on that side; the smallest and the largest too.</summary>
    private static void AssertQuantilesAgreeWithThresholds(ProjectionSummary summary, long[] thresholds, int paths = Paths)
    {
        for (var point = 0; point < summary.Points.Length; point++)
        {
            var count = summary.Points[point].Cumulative;
            foreach (var (threshold, passage) in thresholds.Zip(summary.Thresholds))
            {
                var below = paths - (long)Math.Round(passage.ReachedByPoint[point] * paths);
                Assert.True(below == 0 ? count.Min >= threshold : count.Min < threshold, $"smallest {count.Min}, {below} below {threshold}");
                Assert.True(below == paths ? count.Max < threshold : count.Max >= threshold, $"largest {count.Max}, {below} below {threshold}");
                foreach (var (level, quantile) in Levels.Zip(count.Quantiles))
                {
                    var rank = Math.Ceiling((level * paths) - 1e-6);
                    Assert.True(rank <= below ? quantile < threshold : quantile >= threshold, $"level {level}: {quantile}, {below} of {paths} below {threshold}");
                }
            }
        }
    }

    private static ArrivalModel OnceWith(Assumption? initial) => new()
    {
        HorizonDays = 1,
        StepDays = 1,
        InitialCount = initial,
        RotationIntervalDays = Given.Always(1000),
        BatchSize = Given.Always(1),
    };

    private static ProjectionSummary Project(ArrivalModel model, Sampling sampling, long[] thresholds, int paths = Paths)
    {
        var projector = Projector.Compile(model, 1, [.. thresholds], [], sampling);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [.. Levels], Thresholds = [.. thresholds] });
    }

    private static ProjectionSummary Summarize(ArrivalModel model, long[] thresholds, ImmutableArray<double> histogramDays)
    {
        var projector = Projector.Compile(model, 1, [.. thresholds], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [.. Levels], Thresholds = [.. thresholds], HistogramDays = histogramDays });
    }
}
