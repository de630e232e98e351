using MathNet.Numerics;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>
/// Gamma gaps and constant batches have a closed form: k gaps are gamma with k times the shape, and the count is one of the
/// atoms N0 + k b or the cap. Exponential gaps (shape 1) make a Poisson process.
/// </summary>
public sealed class ConstantBatchTests
{
    private const int Paths = 1_000_000;
    private const double MeanGap = 90;

    /// <summary>
    /// The fit of the gap, within 2e-4 standard deviations of it, moves a probability by less than 1e-4, a fifth of the standard
    /// error where that is largest.
    /// </summary>
    [Theory]
    [InlineData(0.6)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Atoms_OfGammaGapsAndConstantBatches_HaveTheirErlangProbabilities(double shape)
    {
        var projector = Projector.Compile(
            new()
            {
                HorizonDays = 728,
                StepDays = 28,
                InitialCount = Given.Always(15_000),
                RotationIntervalDays = Given.EachBatch(new GammaDistribution(shape, MeanGap / shape)),
                BatchSize = Given.Always(9000),
                Cap = Given.Always(100_000),
            },
            1,
            [],
            []);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        var days = Enumerable.Range(1, 26).Select(i => 28.0 * i).ToArray();
        var summary = projector.Summarize(
            tally,
            new() { QuantileLevels = [0.5], Thresholds = [], HistogramDays = [.. days], HistogramBinCount = 500 });

        Assert.Equal(days, summary.Histograms.Select(h => h.Day));
        foreach (var histogram in summary.Histograms)
        {
            double AtLeast(int k) => k == 0 ? 1 : SpecialFunctions.GammaLowerRegularized(k * shape, histogram.Day * shape / MeanGap);
            Assert.Equal(Paths, histogram.Counts.Sum());
            for (var bin = 0; bin < histogram.Counts.Length; bin++)
            {
                var (count, share) = (histogram.Edges[bin], histogram.Counts[bin] / (double)Paths);
                var k = (int)((count - 15_000) / 9000);
                if (histogram.Edges[bin + 1] > count)
                {
                    Assert.True(share == 0, $"{histogram.Counts[bin]} paths between {count} and {histogram.Edges[bin + 1]}");
                }
                else if (count == 100_000)
                {
                    Agreement.OfProbability(AtLeast(10), share, Paths, $"day {histogram.Day}, the cap");
                }
                else
                {
                    Assert.Equal(0, (count - 15_000) % 9000);
                    Agreement.OfProbability(AtLeast(k) - AtLeast(k + 1), share, Paths, $"day {histogram.Day}, {k} batches");
                }
            }
        }
    }

    /// <summary>Nothing is drawn, so nothing may be off: counts, deviations and passages, in decimal arithmetic.</summary>
    [Theory]
    [InlineData(75.3, 15_000, 15_000, 100_000.0, 365, 1, null)]
    [InlineData(0.1, 7, 0, 5000.0, 33.3, 0.1, null)]
    [InlineData(0.7, 11, 3, null, 100, 0.35, 0.05)]
    [InlineData(12.345678, 1_234_567, 89, 40_000_000.0, 730, 7, 12.345678)]
    [InlineData(30, 0, 500, 100_000.0, 730, 7, 29.0)]
    [InlineData(30, 4_000_000_000_000, 0, null, 3650, 30, 0.001)]
    [InlineData(1000, 100, 15_000, 15_000.0, 730, 13, null)]
    public void Projection_OfConstants_IsExact(
        double gap, double size, double initial, double? cap, double horizon, double step, double? first)
    {
        var thresholds = new[] { (long)(initial + (2.5 * size)) + 1, (long)initial + 1 }.Distinct().ToArray();
        var projector = Projector.Compile(
            new()
            {
                HorizonDays = horizon,
                StepDays = step,
                InitialCount = Given.Always(initial),
                FirstArrivalDays = first is { } day ? Given.Always(day) : null,
                RotationIntervalDays = Given.Always(gap),
                BatchSize = Given.Always(size),
                Cap = cap is { } most ? Given.Always(most) : null,
            },
            1,
            [.. thresholds],
            []);
        var tally = projector.CreateTally();
        projector.Simulate(0, 100, tally);
        var summary = projector.Summarize(tally, new() { QuantileLevels = [0.05, 0.5, 0.999], Thresholds = [.. thresholds] });

        decimal Arrival(long k) => (decimal)(first ?? gap) + ((k - 1) * (decimal)gap);
        double CountOn(double day)
        {
            var batches = (decimal)day < Arrival(1) ? 0 : Math.Floor(((decimal)day - Arrival(1)) / (decimal)gap) + 1;
            return (double)Math.Min((decimal)(cap ?? 1e15), (decimal)initial + (batches * (decimal)size));
        }

        Assert.All(summary.Points, p =>
        {
            var (count, seen) = (CountOn(p.Day), p.Cumulative);
            Assert.Equal((count, 0.0, 0.0), (seen.Mean, seen.StandardDeviation, seen.MeanStandardError));
            Assert.Equal([count, count, count, count, count], [seen.Min, .. seen.Quantiles, seen.Max]);
        });
        foreach (var (count, passage) in thresholds.Zip(summary.Thresholds))
        {
            var within = CountOn(horizon) >= count;
            Assert.Equal(within ? 1 : 0, passage.Reached.Probability);
            Assert.Equal(within ? (double)Arrival((long)Math.Ceiling((count - initial) / size)) : null, passage.Quantiles[1].Day);
        }
    }
}
