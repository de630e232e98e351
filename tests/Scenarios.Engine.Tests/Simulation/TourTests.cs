using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Presence with tours in closed form.</summary>
/// <remarks>
/// Whole distributions by chi-square, which fails by chance once in 10^7, at every grid point. The fits of gaps and tours move no
/// probability by more than 1e-4, a tenth of the standard error where that is largest.
/// </remarks>
public sealed class TourTests
{
    private const int Paths = 400_000;
    private const int MostBatches = 100;
    private const double MeanGap = 6;

    private static readonly Dictionary<string, Distribution> Families = new()
    {
        ["constant"] = new ConstantDistribution(31),
        ["exponential"] = new ExponentialDistribution(30),
        ["uniform"] = new UniformDistribution(5, 75),
        ["log-normal"] = new LogNormalDistribution(Math.Log(30), 0.7),
        ["Weibull of falling hazard"] = new WeibullDistribution(0.6, 25),
        ["gamma"] = new GammaDistribution(3, 12),
        ["PERT"] = ScaledBetaDistribution.Pert(10, 20, 90),
        ["normal above zero"] = new TruncatedDistribution(new NormalDistribution(30, 25), 0.001, double.PositiveInfinity),
        ["whole days"] = DiscreteDistribution.From([(7, 2), (30, 1), (90, 1)]),
        ["two sources"] = new MixtureDistribution([(1, new UniformDistribution(2, 8)), (2, new GammaDistribution(9, 6))]),
    };

    public static TheoryData<string> Names => [.. Families.Keys];

    /// <summary>
    /// M/G/infinity: from an empty start those present are Poisson with mean rate x integral of P(L > s) up to the day (Takacs 1962).
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Present_WithExponentialGapsAndAnyTours_IsPoisson(string name)
    {
        var tour = Families[name];
        CheckPresent(
            Endless with { TourLengthDays = Given.EachBatch(tour) },
            day => Poisson(Integral.Of(tour.UpperTail, 0, day, parts: (int)day) / MeanGap));
    }

    /// <summary>Given the path's tour l, those of the last l days are present; given its factor, tours are of one law again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Present_WithToursThatAPathShares_IsMixedPoisson(bool byFactor)
    {
        var tour = new UniformDistribution(10, 90);
        CheckPresent(
            Endless with
            {
                TourLengthDays = byFactor ? Given.EachBatch(new ExponentialDistribution(1), tour) : Given.EachPath(tour),
            },
            day => Mixed(tour, l => byFactor ? l * (1 - Math.Exp(-day / l)) : Math.Min(day, l)));

        static double[] Mixed(UniformDistribution tour, Func<double, double> days) => [.. Enumerable.Range(0, MostBatches)
            .Select(k => Integral.Of(u => MathNet.Numerics.Distributions.Poisson.PMF(days(tour.Quantile(u)) / MeanGap, k), 0, 1, 80))];
    }

    /// <summary>Batches of any size, independent of their tours: a sum of a Poisson number of sizes.</summary>
    [Fact]
    public void Present_WithBatchesOfAnySize_IsCompoundPoisson()
    {
        var tour = new LogNormalDistribution(Math.Log(30), 0.7);
        var sizes = new IndependentSums([.. Enumerable.Range(0, 300).Select(size => MathNet.Numerics.Distributions.Poisson.PMF(3, size))]);
        CheckPresent(
            Endless with { TourLengthDays = Given.EachBatch(tour), BatchSize = Given.EachBatch(new PoissonDistribution(3)) },
            day => [.. sizes.Mixture(Poisson(Integral.Of(tour.UpperTail, 0, day) / MeanGap)).Select(p => Math.Max(p, 0))]);
    }

    /// <summary>The initial contingent goes home as one, with the chance of its own tour, whatever becomes of the batches.</summary>
    [Fact]
    public void InitialContingent_GoesHomeAtItsOwnTour()
    {
        var model = new ArrivalModel
        {
            HorizonDays = 100,
            StepDays = 20,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Given.Always(300),
            BatchSize = Given.Always(9000),
            TourLengthDays = Given.EachBatch(new ExponentialDistribution(50)),
            RotationMode = RotationMode.Reinforce,
        };
        var tally = Projector.Compile(model, 1, [], []).Simulated(Paths);
        for (var point = 1; point <= 5; point++)
        {
            var there = Math.Exp(-20 * point / 50.0);
            Agreement.OfLaw([(0, 1 - there), (15_000, there)], tally.Present!.At(point), $"day {20 * point}");
        }
    }

    [Fact]
    public void TourDrawnPerPath_IsOneNumberForAllBatchesAndTheInitialContingent()
    {
        var model = new ArrivalModel
        {
            HorizonDays = 300,
            StepDays = 20,
            InitialCount = Given.Always(5),
            RotationIntervalDays = Given.Always(10),
            BatchSize = Given.Always(3),
            TourLengthDays = Given.EachPath(new UniformDistribution(20, 90), new UniformDistribution(0.5, 2)),
            RotationMode = RotationMode.Reinforce,
        };
        var projector = Projector.Compile(model, 1, [], []);
        for (var path = 0; path < 50; path++)
        {
            var replay = projector.Replay(path);
            var initial = replay.Entries.OfType<TourEndReplay>().Single(e => e.Batch == 0).Day;
            Assert.All(replay.Batches, batch => Assert.Equal(initial, batch.TourLengthDays!.Value));
            Assert.Equal(initial, replay.Draws.Single(d => d.Field == "tour_length_days").Value * replay.Draws.Single(d => d.Field == "tour_length_days.path_factor").Value, 1e-4);
        }
    }

    [Fact]
    public void Tours_MoreAtOnceThanMemoryIsKeptFor_EndThePath()
    {
        var model = new ArrivalModel
        {
            HorizonDays = 300,
            StepDays = 20,
            RotationIntervalDays = Given.EachPath(new UniformDistribution(1e-5, 2e-5)),
            BatchSize = Given.Always(3),
            TourLengthDays = Given.Always(250),
            RotationMode = RotationMode.Reinforce,
        };
        Assert.Contains("4,194,304 batches on tour at once", Assert.Throws<PathTooLargeException>(() => Projector.Compile(model, 1, [], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SamplePath_WithMoreJumpsThanAskedFor_IsRefused()
    {
        var projector = Projector.Compile(
            new()
            {
                HorizonDays = 300,
                StepDays = 20,
                InitialCount = Given.Always(5),
                RotationIntervalDays = Given.Always(100),
                BatchSize = Given.Always(3),
                TourLengthDays = Given.Always(130),
                RotationMode = RotationMode.Reinforce,
            },
            1,
            [],
            []);

        // Day 0, three arrivals, the initial contingent's return and that of the first batch.
        Assert.Equal(6, projector.SamplePath(0, mostJumps: 6).Days.Length);
        Assert.Equal("a path with more than 5 jumps to report by day 300", Assert.Throws<PathTooLargeException>(() => projector.SamplePath(0, mostJumps: 5)).Message);
    }

    private static ArrivalModel Endless => new()
    {
        HorizonDays = 120,
        StepDays = 10,
        RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(MeanGap)),
        BatchSize = Given.Always(1),
        RotationMode = RotationMode.Reinforce,
    };

    private static double[] Poisson(double mean) =>
        [.. Enumerable.Range(0, MostBatches).Select(k => MathNet.Numerics.Distributions.Poisson.PMF(mean, k))];

    private static void CheckPresent(ArrivalModel model, Func<double, double[]> law)
    {
        var tally = Projector.Compile(model, 1, [], []).Simulated(Paths);
        for (var point = 1; point <= 12; point++)
        {
            Agreement.OfLaw(law(10 * point).Select((p, count) => ((long)count, p)), tally.Present!.At(point), $"day {10 * point}, present");
        }
    }
}
