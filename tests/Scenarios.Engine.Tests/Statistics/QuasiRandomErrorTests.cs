using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Statistics;

/// <summary>
/// Quasi-random sampling errs less, and says by how much: 1.96 standard errors to either side hold the exact value in 95 of 100
/// projections at least.
/// </summary>
/// <remarks>
/// Of 2,000 projections 92.4 % may cover where 95 % should (2 n KL up to 25): fewer by chance with probability 3e-7. 5,000 paths are
/// a rung of the ladder and no power of two.
/// </remarks>
public sealed class QuasiRandomErrorTests
{
    private const int Seeds = 2000;
    private const int Paths = 5000;
    private const double Nominal = 0.95;

    private static readonly double[] Levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    private static readonly Lazy<ProjectionSummary[]> Weekly = new(() =>
        Project(KnownScenarios.Weekly.Model with { StepDays = 364 }, Paths, [15_000, 50_000, 90_000], Sampling.QuasiRandom));

    private static readonly Lazy<ProjectionSummary[]> Plain = new(() =>
        Project(KnownScenarios.Weekly.Model with { StepDays = 364 }, Paths, [50_000], Sampling.PseudoRandom));

    /// <summary>Path by path, with tours: of what is present, tours are drawn at random.</summary>
    private static readonly Lazy<ProjectionSummary[]> Touring = new(() => Project(
        new()
        {
            HorizonDays = 120,
            StepDays = 120,
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(12)),
            BatchSize = Given.EachBatch(new UniformDistribution(500, 3000)),
            TourLengthDays = Given.EachBatch(new UniformDistribution(20, 100)),
            RotationMode = RotationMode.Reinforce,
        },
        2000,
        [],
        Sampling.QuasiRandom));

    [Theory]
    [InlineData(1, 364)]
    [InlineData(2, 728)]
    public void Intervals_OfMomentsAndQuantiles_CoverTheExactValuesAsOftenAsTheySay(int point, double day) =>
        Check(Weekly.Value, s => s.Points[point].Cumulative, RenewalOracle.Weekly.On(day), $"day {day}");

    [Fact]
    public void Intervals_OfThosePresentWithTours_CoverTheExactValuesAsOftenAsTheySay()
    {
        var sizes = new IndependentSums([.. Enumerable.Range(0, 100_000).Select(size =>
            ContinuousUniform.CDF(500, 3000, size + 0.5) - ContinuousUniform.CDF(500, 3000, size - 0.5))]);
        var batches = Enumerable.Range(0, 40).Select(k => Poisson.PMF(5, k)).ToArray();
        Check(Touring.Value, s => s.Points[1].Present!, new CountLaw(0, sizes.Mixture(batches)), "present");
    }

    [Fact]
    public void Intervals_OfPassages_CoverTheExactValuesAsOftenAsTheySay()
    {
        var law = RenewalOracle.Weekly.PassageOf(50_000);
        foreach (var level in (ReadOnlySpan<int>)[1, 2])
        {
            var at = level;
            Check(
                s => (s.Thresholds[1].Quantiles[at].Day!.Value, s.Thresholds[1].Quantiles[at].DayStandardError!.Value),
                law.Quantile(Levels[at]),
                $"passage of 50,000, quantile {Levels[at]}");
        }

        Check(s => (s.Thresholds[1].Reached.Probability, s.Thresholds[1].Reached.StandardError), law.By(728), "50,000 passed");

        // Some 20 of 5,000 paths: fewer cover, as with plain sampling (StandardErrorTests).
        var rare = RenewalOracle.Weekly.PassageOf(90_000).By(728);
        var covered = Weekly.Value.Select(s => s.Thresholds[2].Reached).Count(chance => Covers(chance.Probability, chance.StandardError, rare));
        Assert.InRange(covered / (double)Seeds, 0.9, 1);
    }

    /// <summary>
    /// The errors themselves, by the ratio of mean squares over 2,000 projections each: a tenth of the paths would do for the mean on
    /// day 728 from 131,072 paths on (README); 5,000 are 313 points of each scramble.
    /// </summary>
    [Fact]
    public void Errors_OfTheWeeklyScenario_AreSmallerThanThoseOfPlainSampling()
    {
        var law = RenewalOracle.Weekly.On(728);
        var passed = RenewalOracle.Weekly.PassageOf(50_000).By(728);
        Assert.InRange(Gain(s => s.Points[2].Cumulative.Mean, law.Mean), 4, double.MaxValue);
        Assert.InRange(Gain(s => s.Points[2].Cumulative.Quantiles[2], law.Quantile(0.5)), 2, double.MaxValue);
        Assert.InRange(Gain(s => s.Thresholds[^1].Reached.Probability, passed, threshold: 1), 1.5, double.MaxValue);

        double Gain(Func<ProjectionSummary, double> read, double exact, int threshold = 0)
        {
            var quasi = threshold == 0 ? Weekly.Value.Select(read) : Weekly.Value.Select(s => s.Thresholds[threshold].Reached.Probability);
            return Plain.Value.Average(s => Math.Pow(read(s) - exact, 2)) / quasi.Average(value => Math.Pow(value - exact, 2));
        }
    }

    /// <summary>Never seen is not certainly never, nor always seen certainly always: Wilson's error at least.</summary>
    [Fact]
    public void Chances_NeverOrAlwaysSeen_HaveWilsonsError()
    {
        Assert.All(Weekly.Value.Take(50), s => Assert.Equal(StandardErrors.Chance(Paths, Paths), Rounded(s.Thresholds[0].Reached)));
        var never = Projector.Compile(KnownScenarios.Weekly.Model, 1, [200_000], [], Sampling.QuasiRandom);
        var tally = never.CreateTally();
        never.Simulate(0, Paths, tally);
        var reached = never.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [200_000] }).Thresholds[0].Reached;
        Assert.Equal(StandardErrors.Chance(0, Paths), Rounded(reached));

        static Chance Rounded(Chance chance) => StandardErrors.Chance((long)(chance.Probability * Paths), Paths) is var wilson
            && Math.Abs(wilson.StandardError - chance.StandardError) < 1e-12 * wilson.StandardError ? wilson : chance;
    }

    /// <summary>The first sixteen paths are of different scrambles, so independent: the errors are those of plain sampling.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void Errors_OfSixteenPathsAtMost_AreThoseOfPlainSampling(int paths)
    {
        var summary = Project(KnownScenarios.Weekly.Model, 7, paths);
        var count = summary.Points[^1].Cumulative;
        Assert.Equal(count.StandardDeviation / Math.Sqrt(paths), count.MeanStandardError);
        Assert.Equal(StandardErrors.LiveErrorFactor(paths), summary.LiveErrorFactor);
    }

    /// <summary>Student's t at 15 degrees of freedom, of a single look and of forty; the ladder has 39 rungs below the most paths.</summary>
    [Fact]
    public void LiveErrorFactor_OfReplicates_IsBonferronisOverFortyLooks()
    {
        var single = StudentT.InvCDF(0, 1, 15, 0.975);
        var forty = StudentT.InvCDF(0, 1, 15, 1 - (0.05 / 40 / 2));
        Assert.Equal(StandardErrors.LiveErrorFactorOfReplicates, forty / single * StandardErrors.Z95, 1e-8);

        var rungs = 7;
        for (var rung = 100_000L; rung + (rung / 4) < Projector.MostPaths; rung += rung / 4)
        {
            rungs++;
        }

        Assert.Equal(39, rungs);
    }

    /// <summary>Every path is the same: nothing varies, and nothing errs.</summary>
    [Fact]
    public void Errors_WhereNothingIsDrawn_AreZero()
    {
        var summary = Project(
            KnownScenarios.Weekly.Model with { RotationIntervalDays = Given.Always(75), BatchSize = Given.Always(7000) }, 1, 1000);
        Assert.All(summary.Points, point => Assert.Equal(
            (0, 0, 0), (point.Cumulative.MeanStandardError, point.Cumulative.StandardDeviationStandardError, point.Cumulative.QuantileStandardErrors.Max())));
    }

    private static ProjectionSummary Project(ArrivalModel model, long seed, int paths, params long[] thresholds) =>
        Project(model, seed, paths, thresholds, Sampling.QuasiRandom);

    private static ProjectionSummary Project(ArrivalModel model, long seed, int paths, long[] thresholds, Sampling sampling)
    {
        var projector = Projector.Compile(model, seed, [.. thresholds], [], sampling);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [.. Levels], Thresholds = [.. thresholds] });
    }

    private static ProjectionSummary[] Project(ArrivalModel model, int paths, long[] thresholds, Sampling sampling)
    {
        var summaries = new ProjectionSummary[Seeds];
        Parallel.For(0, Seeds, seed => summaries[seed] = Project(model, seed, paths, thresholds, sampling));
        return summaries;
    }

    private static void Check(ProjectionSummary[] projections, Func<ProjectionSummary, CountSummary> count, CountLaw law, string what)
    {
        Check(projections, s => (count(s).Mean, count(s).MeanStandardError), law.Mean, $"{what}, mean");
        Check(projections, s => (count(s).StandardDeviation, count(s).StandardDeviationStandardError), law.StandardDeviation, $"{what}, deviation");
        for (var i = 0; i < Levels.Length; i++)
        {
            var level = i;
            Check(
                projections,
                s => (count(s).Quantiles[level], count(s).QuantileStandardErrors[level]),
                law.Quantile(Levels[level]),
                $"{what}, quantile {Levels[level]}");
        }
    }

    private static void Check(Func<ProjectionSummary, (double Value, double Error)> read, double exact, string what) =>
        Check(Weekly.Value, read, exact, what);

    private static void Check(ProjectionSummary[] projections, Func<ProjectionSummary, (double Value, double Error)> read, double exact, string what)
    {
        var covered = projections.Select(read).Count(x => Covers(x.Value, x.Error, exact));
        Agreement.OfCoverage(Nominal, covered, projections.Length, what, atLeast: true);
    }

    private static bool Covers(double value, double error, double exact) => Math.Abs(value - exact) <= StandardErrors.Z95 * error;
}
