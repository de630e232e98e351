using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Statistics;

/// <summary>1.96 standard errors of a quantile cover it in at least 93 of 100 projections, however few paths decide it.</summary>
/// <remarks>
/// 2,000 seeds, the same on every machine. An interval that covers 94.5 %, the least that order statistics give here, has fewer than 1,860
/// of them in 1 of 500 cells by chance, one that covers 91 % in 998 of 1,000; so a cell that fails was looked at once and never fails
/// by chance afterwards.
/// </remarks>
public sealed class FewPathTests
{
    private const int Seeds = 2000;
    private const double Least = 0.93;
    private const double Mean = 1_000_000;
    private const double Deviation = 100_000;

    /// <summary>Level times paths from 0.1 to 100,000, and as much from above.</summary>
    public static TheoryData<int, Sampling> Runs => new()
    {
        { 1, Sampling.PseudoRandom },
        { 10, Sampling.PseudoRandom },
        { 100, Sampling.PseudoRandom },
        { 1000, Sampling.PseudoRandom },
        { 10_000, Sampling.PseudoRandom },
        { 200_000, Sampling.PseudoRandom },
        { 10, Sampling.QuasiRandom },
        { 100, Sampling.QuasiRandom },
        { 1000, Sampling.QuasiRandom },
        { 10_000, Sampling.QuasiRandom },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void N3_ErrorsOfCounts_CoverHoweverFewPathsDecide(int paths, Sampling sampling)
    {
        var law = new TruncatedDistribution(new NormalDistribution(Mean, Deviation), 0, double.PositiveInfinity);
        var model = new ArrivalModel
        {
            HorizonDays = 1,
            StepDays = 1,
            InitialCount = Given.EachPath(law),
            RotationIntervalDays = Given.Always(1000),
            BatchSize = Given.Always(1),
        };
        var levels = Levels(paths);
        var covered = new int[levels.Length];
        ForSeeds(model, paths, sampling, levels, summary =>
        {
            var count = summary.Points[^1].Cumulative;
            for (var i = 0; i < levels.Length; i++)
            {
                var exact = Math.Floor(law.Quantile(levels[i]) + 0.5);
                Count(covered, i, Math.Abs(count.Quantiles[i] - exact) <= StandardErrors.Z95 * count.QuantileStandardErrors[i]);
            }
        });
        AssertCovered(covered, levels, paths);
    }

    /// <summary>The first of exponential gaps: all but one future in 10^13 see it within the horizon.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void N3_ErrorsOfDates_CoverHoweverFewPathsDecide(int paths, Sampling sampling)
    {
        var law = new ExponentialDistribution(100);
        var model = new ArrivalModel
        {
            HorizonDays = 3000,
            StepDays = 3000,
            RotationIntervalDays = Given.EachBatch(law),
            BatchSize = Given.Always(1),
            Cap = Given.Always(1),
        };
        var levels = Levels(paths);
        var covered = new int[levels.Length];
        ForSeeds(model, paths, sampling, levels, summary =>
        {
            for (var i = 0; i < levels.Length; i++)
            {
                var passage = summary.Thresholds[0].Quantiles[i];
                Count(covered, i, passage.DayStandardError is not { } error || Math.Abs(passage.Day!.Value - law.Quantile(levels[i])) <= StandardErrors.Z95 * error);
            }
        });
        AssertCovered(covered, levels, paths);
    }

    /// <summary>How far the sample bounds a quantile is said: never an error of 0, or a small one, where it does not.</summary>
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(100_000, 1e-6)]
    [InlineData(100_000, 1 - 1e-6)]
    [InlineData(30, 0.05)]
    public void N3_AQuantileThatPathsDoNotBound_HasAnErrorUpToWhatIsPossible_AndAWarning(int paths, double level)
    {
        var model = new ArrivalModel
        {
            HorizonDays = 1,
            StepDays = 1,
            InitialCount = Given.EachPath(new TruncatedDistribution(new NormalDistribution(100_000, 10_000), 0, double.PositiveInfinity)),
            RotationIntervalDays = Given.Always(1000),
            BatchSize = Given.Always(1),
        };
        ForSeeds(model, paths, Sampling.PseudoRandom, [level], seeds: 1, read: summary =>
        {
            var count = summary.Points[^1].Cumulative;
            Assert.Equal(level, Assert.Single(summary.FewPathLevels));
            Assert.Equal(level < 0.5 ? count.Quantiles[0] / StandardErrors.Z95 : double.PositiveInfinity, count.QuantileStandardErrors[0], 0.01 * count.Quantiles[0]);
        });
    }

    [Fact]
    public void N3_AQuantileThatPathsBound_HasNoWarning() => ForSeeds(
        KnownScenarios.Weekly.Model, 100_000, Sampling.PseudoRandom, [4e-5, 0.5, 1 - 4e-5], seeds: 1, read: summary => Assert.Empty(summary.FewPathLevels));

    /// <summary>The exact interval: the chance that either end misses is at most 2.5 %, and one rank nearer it would be more.</summary>
    [Theory]
    [InlineData(100, 0.05)]
    [InlineData(1000, 0.004)]
    [InlineData(150, 0.5)]
    [InlineData(40, 0.93)]
    public void Ranks_OfFewPaths_AreThoseOfTheBinomialDistribution(int paths, double level)
    {
        var ranks = new Ranks([level], paths);
        var slots = ranks.SlotsOf(0);
        double AtMost(long hits) => hits < 0 ? 0 : MathNet.Numerics.Distributions.Binomial.CDF(level, paths, hits);
        if (slots.Below != Slots.Unbounded)
        {
            var below = ranks.Distinct[slots.Below];
            Assert.True(AtMost(below - 1) <= 0.025 && AtMost(below) > 0.025, $"rank {below}");
        }

        if (slots.Above != Slots.Unbounded)
        {
            var above = ranks.Distinct[slots.Above];
            Assert.True(1 - AtMost(above - 1) <= 0.025 && 1 - AtMost(above - 2) > 0.025, $"rank {above}");
        }

        Assert.Equal(AtMost(0) > 0.025, slots.Below == Slots.Unbounded);
        Assert.Equal(1 - AtMost(paths - 1) > 0.025, slots.Above == Slots.Unbounded);
    }

    private static double[] Levels(int paths)
    {
        var lower = new[] { 0.1, 0.3, 1, 2, 3, 4, 5, 7, 10, 20, 40, 70, 99, 101, 150, 300, 1000, 10_000, 100_000 }
            .Select(expected => expected / paths).Where(level => level <= 0.5).Append(0.5).Distinct().ToArray();
        return [.. lower, .. lower.Where(level => level < 0.5).Reverse().Select(level => 1 - level)];
    }

    private static void ForSeeds(ArrivalModel model, int paths, Sampling sampling, double[] levels, Action<ProjectionSummary> read, int seeds = Seeds) =>
        Parallel.For(0, seeds, seed =>
        {
            var projector = Projector.Compile(model, seed, [1], [], sampling);
            var tally = projector.CreateTally();
            projector.Simulate(0, paths, tally);
            read(projector.Summarize(tally, new() { QuantileLevels = [.. levels], Thresholds = [1] }));
            projector.Release(tally);
        });

    private static void Count(int[] covered, int at, bool covers)
    {
        if (covers)
        {
            Interlocked.Increment(ref covered[at]);
        }
    }

    private static void AssertCovered(int[] covered, double[] levels, int paths)
    {
        var missed = covered.Zip(levels).Where(cell => cell.First < Least * Seeds).Select(cell => $"level {cell.Second:R}: {cell.First} of {Seeds}");
        Assert.True(!missed.Any(), $"{paths} paths; {string.Join("; ", missed)}");
    }
}
