using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using Scenarios.Benchmarks;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// Gaps of any law whose batches may not come, or whose gaps change, by date, by hazard or by path: counts by numerical convolution.
/// </summary>
/// <remarks>
/// Means, deviations, quantiles and probabilities within five standard errors at every grid point: each fails by chance once in
/// 1.7 million.
/// </remarks>
public sealed class RenewalCountsTests
{
    private const int Paths = 1_000_000;
    private const int Most = 24;

    private static readonly ImmutableArray<double> Levels = [0.05, 0.25, 0.5, 0.75, 0.95];
    private static readonly ImmutableArray<long> Thresholds = [15_001, 40_000, 70_000];
    private static readonly LogNormal WeeklyGap = LogNormalWithin(60, 180);

    [Fact]
    public void Counts_WhereNothingHappens_AreThoseOfTheRenewalOracle()
    {
        var counts = new RenewalCounts(WeeklyGap.CumulativeDistribution, 728, 4, Most);
        Assert.All([91.0, 364, 728], day =>
        {
            var (expected, law) = (RenewalOracle.Weekly.On(day), RenewalOracle.Weekly.AfterBatches(counts.By(day)));
            Assert.Equal(expected.Mean, law.Mean, 0.05);
            Assert.Equal(expected.StandardDeviation, law.StandardDeviation, 0.05);
        });
    }

    [Fact]
    public void Engine_WithAHaltOnKnownDays_AgreesAtEveryGridPoint() => Compare(
        [new() { Id = "halt", Timing = new EventTiming.OnDay(200), DurationDays = Given.Always(180), Halt = true }],
        skip: 0,
        new RenewalCounts(WeeklyGap.CumulativeDistribution, 728, 4, Most, RenewalCounts.Outside(200, 380)).By);

    [Fact]
    public void Engine_WithAHaltOnKnownDaysAndSkips_AgreesAtEveryGridPoint() => Compare(
        [new() { Id = "halt", Timing = new EventTiming.OnDay(300), Halt = true }],
        skip: 0.25,
        new RenewalCounts(
            WeeklyGap.CumulativeDistribution, 728, 4, Most, (from, to) => 0.75 * RenewalCounts.Outside(300, 1000)(from, to)).By);

    [Fact]
    public void Engine_WithShorterGapsThatStartOnKnownDays_AgreesAtEveryGridPoint() => Compare(
        [new() { Id = "faster", Timing = new EventTiming.OnDay(120), DurationDays = Given.Always(250), IntervalFactor = 0.6 }],
        skip: 0,
        new RenewalCounts(WeeklyGap.CumulativeDistribution, 728, 4, Most, factor: (0.6, 120, 370)).By);

    /// <summary>182 days of halt at a hazard: the law given its day, integrated over that day between the kinks of the integrand.</summary>
    [Fact]
    public void Engine_WithAHaltAtAHazard_AgreesAtEveryGridPoint()
    {
        const double PerYear = 1.5;
        const double Hazard = PerYear / 365.25;
        var parts = new List<(double Weight, RenewalCounts Counts)> { (Math.Exp(-Hazard * 728), Halted(1000)) };
        for (var from = 0.0; from < 728; from += 91)
        {
            var rule = new GaussLegendreRule(from, from + 91, 5);
            parts.AddRange(rule.Abscissas.Select((day, i) => (rule.Weights[i] * Hazard * Math.Exp(-Hazard * day), Halted(day))));
        }

        Compare(
            [new() { Id = "halt", Timing = new EventTiming.Hazard(PerYear), DurationDays = Given.Always(182), Halt = true }],
            skip: 0,
            Mixed(parts));

        static RenewalCounts Halted(double day) =>
            new(WeeklyGap.CumulativeDistribution, 728, 2, Most, RenewalCounts.Outside(day, day + 182));
    }

    /// <summary>The law given its path factor, integrated over six deviations of the factor to either side.</summary>
    [Fact]
    public void Engine_OnTheFoundingScenario_AgreesAtEveryGridPoint()
    {
        var (gap, factor) = (LogNormalWithin(60, 150), LogNormalWithin(0.8, 1.25));
        var rule = new GaussLegendreRule(-6, 6, 24);
        var parts = rule.Abscissas.Select((z, i) =>
        {
            var f = Math.Exp(factor.Mu + (factor.Sigma * z));
            return (rule.Weights[i] * Normal.PDF(0, 1, z), new RenewalCounts(x => gap.CumulativeDistribution(x / f), 730, 2, Most));
        });
        var oracle = new RenewalOracle(
            gap.CumulativeDistribution,
            new BetaScaled(1 + (4.0 * 6 / 11), 1 + (4.0 * 5 / 11), 4000, 11_000).CumulativeDistribution,
            initial: 15_000, cap: 100_000, horizonDays: 1, cellsPerDay: 1, mostBatches: 1);
        Compare(KnownScenarios.Founding.Model, oracle, Mixed([.. parts]));
    }

    private static Func<double, double[]> Mixed(IReadOnlyCollection<(double Weight, RenewalCounts Counts)> parts) => day =>
    {
        var mixed = new double[Most + 1];
        foreach (var (weight, counts) in parts)
        {
            foreach (var (probability, n) in counts.By(day).Select((p, n) => (p, n)))
            {
                mixed[n] += weight * probability;
            }
        }

        return mixed;
    };

    private static void Compare(ImmutableArray<ArrivalEvent> events, double skip, Func<double, double[]> batchesBy) => Compare(
        KnownScenarios.Weekly.Model with { StepDays = 91, Events = events, SkipProbability = skip }, RenewalOracle.Weekly, batchesBy);

    private static void Compare(ArrivalModel model, RenewalOracle oracle, Func<double, double[]> batchesBy)
    {
        var projector = Projector.Compile(model, 3, Thresholds, []);
        var summary = projector.Summarize(projector.Simulated(Paths), new() { QuantileLevels = Levels, Thresholds = Thresholds });
        foreach (var (point, i) in summary.Points.Select((p, i) => (p, i)).Skip(1))
        {
            var law = oracle.AfterBatches(batchesBy(point.Day));
            Agreement.OfCount(law, point.Cumulative, Levels.AsSpan(), Paths, 0.0005 * summary.KeyFigures.RangeEnd, $"day {point.Day}");
            foreach (var (count, passage) in Thresholds.Append(100_000).Zip(summary.Thresholds.Append(summary.Cap!)))
            {
                Agreement.OfProbability(1 - law.AtMost(count - 1), passage.ReachedByPoint[i], Paths, $"day {point.Day}, {count:N0}");
            }
        }
    }

    private static LogNormal LogNormalWithin(double low, double high) =>
        new((Math.Log(low) + Math.Log(high)) / 2, (Math.Log(high) - Math.Log(low)) / 2 / Normal.InvCDF(0, 1, 0.95));
}
