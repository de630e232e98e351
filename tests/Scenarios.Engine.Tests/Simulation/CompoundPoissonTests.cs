using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Exponential gaps make Poisson arrivals, of which whole distributions are known in closed form at every grid point.</summary>
/// <remarks>
/// A chi-square fails by chance once in 10^7. The fit of a gap moves no probability by more than 1e-4, a fifth of the standard
/// error where that is largest.
/// </remarks>
public sealed class CompoundPoissonTests
{
    private const int Paths = 1_000_000;
    private const double MeanGap = 12;

    private static readonly ArrivalModel Model = new()
    {
        HorizonDays = 120,
        StepDays = 10,
        RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(MeanGap)),
        BatchSize = Given.Always(5),
    };

    /// <summary>Of a Poisson number of batches each comes with its own chance: Poisson with the rest of the rate.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Cumulative_OfConstantBatches_IsPoissonUpToTheCap(double skip) => Check(
        Model with { SkipProbability = skip, InitialCount = Given.Always(7), Cap = Given.Always(50) },
        day => Sized(Batches(day * (1 - skip)), batches => Math.Min(50, 7 + (5 * batches))));

    [Fact]
    public void Cumulative_OfBatchesOfAnySize_IsCompoundPoisson()
    {
        var sizes = new IndependentSums([.. Enumerable.Range(0, 400).Select(size => NegativeBinomial.PMF(1.5, 1.5 / (1.5 + 4), size))]);
        Check(
            Model with { BatchSize = Given.EachBatch(new NegativeBinomialDistribution(4, 1.5)) },
            day => Values(sizes.Mixture(Batches(day))));
    }

    /// <summary>One size for a whole future: given it, constant batches.</summary>
    [Fact]
    public void Cumulative_OfASizeDrawnPerPath_IsAMixture()
    {
        var sizes = new[] { (1, 0.2), (3, 0.5), (10, 0.3) };
        Check(
            Model with { BatchSize = Given.EachPath(DiscreteDistribution.From(sizes.Select(s => ((double)s.Item1, s.Item2)))) },
            day => sizes.SelectMany(size => Sized(Batches(day), batches => size.Item1 * batches)
                .Select(entry => (entry.Value, size.Item2 * entry.Probability))));
    }

    /// <summary>One rate for a whole future: a mixed Poisson number, up to the cap.</summary>
    [Fact]
    public void Cumulative_OfGapsWithAPathFactor_IsMixedPoisson() => Check(
        Model with
        {
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(MeanGap), new LogNormalDistribution(0, 0.5)),
            InitialCount = Given.EachPath(DiscreteDistribution.From([(2, 1), (4, 1)])),
            BatchSize = Given.Always(1),
            Cap = Given.Always(30),
        },
        day => Enumerable.Range(0, 200).SelectMany(batches =>
        {
            var p = Integral.Of(z => Normal.PDF(0, 1, z) * Poisson.PMF(day / MeanGap / Math.Exp(z / 2), batches), -7, 7, parts: 20);
            return new[] { (Math.Min(2L + batches, 30), p / 2), (Math.Min(4L + batches, 30), p / 2) };
        }));

    /// <summary>
    /// Relief leaves as many as the largest of the initial count and all batches that came: at most x with the chance that none of a
    /// Poisson number is larger.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(24L)]
    public void Present_WithRelief_IsTheLargestBatch(long? cap)
    {
        var model = Model with
        {
            RotationMode = RotationMode.Relieve,
            InitialCount = Given.Always(15),
            BatchSize = Given.EachBatch(new PoissonDistribution(16)),
            SkipProbability = 0.25,
            Cap = cap is null ? null : Given.Always(cap.Value),
            CapBasis = cap is null ? CapBasis.Cumulative : CapBasis.Present,
        };
        var tally = Projector.Compile(model, 1, [], []).Simulated(Paths);
        foreach (var (day, point) in Days())
        {
            double NoneAbove(long x) => Math.Exp(-0.75 * day / MeanGap * (1 - Poisson.CDF(16, x)));
            double AtMost(long x) => x < 15 ? 0 : x >= cap ? 1 : NoneAbove(x);
            var law = Enumerable.Range(15, 60).Select(x => ((long)x, AtMost(x) - AtMost(x - 1)));
            Agreement.OfLaw(law, tally.Present!.At(point), $"day {day}, present");
        }
    }

    private static void Check(ArrivalModel model, Func<double, IEnumerable<(long Value, double Probability)>> law)
    {
        var tally = Projector.Compile(model, 1, [], []).Simulated(Paths);
        foreach (var (day, point) in Days())
        {
            var merged = law(day).GroupBy(entry => entry.Value).Select(group => (group.Key, group.Sum(entry => entry.Probability)));
            Agreement.OfLaw(merged, tally.Cumulative.At(point), $"day {day}, cumulative");
        }
    }

    private static IEnumerable<(double Day, int Point)> Days() => Enumerable.Range(1, 12).Select(point => (10.0 * point, point));

    private static double[] Batches(double days) => [.. Enumerable.Range(0, 60).Select(k => Poisson.PMF(days / MeanGap, k))];

    private static IEnumerable<(long Value, double Probability)> Sized(double[] batches, Func<int, long> count) =>
        batches.Select((p, k) => (count(k), p));

    private static IEnumerable<(long Value, double Probability)> Values(double[] masses) =>
        masses.Select((p, count) => ((long)count, Math.Max(p, 0)));
}
