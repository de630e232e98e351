using System.Collections.Immutable;
using Scenarios.Benchmarks;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>The exact figures of model.md from the oracle, and the engine held to the oracle.</summary>
public sealed class RenewalOracleTests
{
    private static readonly ImmutableArray<double> Levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    [Fact]
    public void Oracle_OfTheWeeklyScenario_GivesTheKnownFigures()
    {
        var law = RenewalOracle.Weekly.On(728);
        Assert.Equal(60_350.77, law.Mean, 0.005);
        Assert.Equal(9676.15, law.StandardDeviation, 0.005);
        Assert.Equal([45_070, 53_601, 59_986, 66_704, 76_877], Levels.Select(law.Quantile));
        Assert.Equal(1.0667e-4, 1 - law.AtMost(99_999), 5e-9);
        var passage = RenewalOracle.Weekly.PassageOf(50_000);
        Assert.Equal(578.390, passage.Quantile(0.5), 5e-4);
        Assert.Equal(0.858338, passage.By(728), 5e-7);
        Assert.Equal(passage.By(728), 1 - law.AtMost(49_999), 1e-6);
    }

    [Fact]
    public void Oracle_OfTheDailyScenario_GivesTheKnownFigures()
    {
        Assert.Equal(0.99998839, RenewalOracle.Daily.PassageOf(100_000).By(1825), 5e-9);
        Assert.Equal(726.8085, RenewalOracle.Daily.PassageOf(50_000).Quantile(0.5), 5e-5);
    }

    [Fact]
    public void Engine_OnTheWeeklyScenario_AgreesAtEveryGridPoint() =>
        Compare(KnownScenarios.Weekly, RenewalOracle.Weekly, paths: 4_000_000, day => true, [15_001, 30_000, 50_000, 75_000]);

    [Fact]
    public void Engine_OnTheDailyScenario_AgreesOnDaysAllOverTheHorizon() =>
        Compare(KnownScenarios.Daily, RenewalOracle.Daily, paths: 1_000_000, day => day % 146 == 0 || day == 1825, [1, 5000, 50_000]);

    private static void Compare(
        KnownScenario scenario, RenewalOracle oracle, int paths, Func<double, bool> isCompared, ImmutableArray<long> thresholds)
    {
        var projector = Projector.Compile(scenario.Model, seed: 20241117, thresholds, []);
        var summary = projector.Summarize(projector.Simulated(paths), new() { QuantileLevels = Levels, Thresholds = thresholds });
        var binning = 0.0005 * summary.KeyFigures.RangeEnd; // model.md: of the range, and of the horizon
        foreach (var point in summary.Points.Where(p => p.Day > 0 && isCompared(p.Day)))
        {
            Agreement.OfCount(oracle.On(point.Day), point.Cumulative, Levels.AsSpan(), paths, binning, $"day {point.Day}");
        }

        foreach (var (count, passage) in thresholds.Zip(summary.Thresholds).Append((100_000, summary.Cap!)))
        {
            var law = oracle.PassageOf(count);
            foreach (var (point, share) in summary.Points.Zip(passage.ReachedByPoint).Skip(1))
            {
                Agreement.OfProbability(law.By(point.Day), share, paths, $"{count:N0} reached by day {point.Day}");
            }

            foreach (var quantile in passage.Quantiles)
            {
                Agreement.OfQuantile(
                    law.Quantile,
                    quantile.Level,
                    quantile.Day ?? double.PositiveInfinity,
                    Agreement.OfShare(quantile.Level, paths),
                    0.0005 * scenario.Model.HorizonDays,
                    $"passage of {count:N0}");
            }
        }
    }
}
