using MathNet.Numerics.Distributions;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Exponential gaps and constant batches have a closed form: min(cap, N0 + b Poisson(t / m)).</summary>
public sealed class PoissonArrivalTests
{
    private const int Paths = 1_000_000;

    /// <summary>
    /// Each probability within 5.5 of its standard errors and one path: 3.8e-8 each, less than 1e-5 for all 250 or so of a
    /// run with a fixed seed. The fit of the gap moves a probability by less than 1e-5, a hundredth of a standard error's 5e-4.
    /// </summary>
    [Fact]
    public void Atoms_OfExponentialGapsAndConstantBatches_HaveTheirPoissonProbabilities()
    {
        var projector = Projector.Compile(
            new()
            {
                HorizonDays = 728,
                StepDays = 28,
                InitialCount = Given.Always(15_000),
                RotationIntervalDays = Given.EachBatch(new ExponentialLaw(90)),
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

        foreach (var histogram in summary.Histograms)
        {
            var law = new Poisson(histogram.Day / 90);
            Assert.Equal(Paths, histogram.Counts.Sum());
            for (var bin = 0; bin < histogram.Counts.Length; bin++)
            {
                var (low, high) = (histogram.Edges[bin], histogram.Edges[bin + 1]);
                var k = (int)((high - 15_000) / 9000);
                if (high == 100_000)
                {
                    Check(1 - law.CumulativeDistribution(9), histogram.Counts[bin]);
                }
                else if ((high - 15_000) % 9000 == 0)
                {
                    Check(law.Probability(k), histogram.Counts[bin]);
                }
                else
                {
                    Assert.True(histogram.Counts[bin] == 0, $"{histogram.Counts[bin]} paths between {low} and {high}");
                }
            }
        }
    }

    private static void Check(double probability, long count) =>
        Assert.InRange(Math.Abs(count - (probability * Paths)), 0, 1 + (5.5 * Math.Sqrt(Paths * probability * (1 - probability))));
}
