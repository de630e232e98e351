using System.Collections.Immutable;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>
/// The k-th batch of gamma gaps comes at a time that is gamma of k times the shape (Erlang's law for whole shapes): when counts are first
/// passed, at every grid point and at every level.
/// </summary>
/// <remarks>
/// Probabilities and quantiles within five standard errors, quantiles with the binning bound besides: each fails by chance once in
/// 1.7 million.
/// </remarks>
public sealed class FirstPassageTests
{
    private const int Paths = 1_000_000;
    private const double MeanGap = 60;
    private const double Horizon = 600;

    private static readonly ImmutableArray<double> Levels = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

    /// <summary>Passed by the first, the second, the fifth and the ninth batch, and the cap by the tenth, which it cuts.</summary>
    private static readonly (long Count, int Batch)[] Passages = [(15_001, 1), (33_000, 2), (60_000, 5), (95_999, 9)];

    [Theory]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(3)]
    public void Passages_OfGammaGaps_AreGamma(double shape) =>
        Check(shape, null, (batch, day) => SpecialFunctions.GammaLowerRegularized(batch * shape, day * shape / MeanGap));

    /// <summary>A first arrival of its own, then gaps: integrated over it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Passages_AfterADrawnFirstArrival_AreItsConvolutions(double shape) => Check(
        shape,
        new UniformDistribution(20, 100),
        (batch, day) => batch == 1
            ? Math.Clamp((day - 20) / 80, 0, 1)
            : Integral.Of(first => Gamma.CDF((batch - 1) * shape, shape / MeanGap, day - first), 20, Math.Clamp(day, 20, 100), 20) / 80);

    private static void Check(double shape, Distribution? first, Func<int, double, double> passedBy)
    {
        var model = KnownScenarios.Weekly.Model with
        {
            HorizonDays = Horizon,
            StepDays = 10,
            FirstArrivalDays = first is null ? null : Given.EachPath(first),
            RotationIntervalDays = Given.EachBatch(new GammaDistribution(shape, MeanGap / shape)),
            BatchSize = Given.Always(9000),
            Cap = Given.Always(100_000),
        };
        ImmutableArray<long> thresholds = [.. Passages.Select(p => p.Count)];
        var projector = Projector.Compile(model, 1, thresholds, []);
        var summary = projector.Summarize(projector.Simulated(Paths), new() { QuantileLevels = Levels, Thresholds = thresholds });
        foreach (var (passage, batch) in summary.Thresholds.Zip(Passages.Select(p => p.Batch)).Append((summary.Cap!, 10)))
        {
            foreach (var (point, share) in summary.Points.Zip(passage.ReachedByPoint).Skip(1))
            {
                Agreement.OfProbability(passedBy(batch, point.Day), share, Paths, $"batch {batch} by day {point.Day}");
            }

            foreach (var quantile in passage.Quantiles)
            {
                Agreement.OfQuantile(
                    p => DayOf(batch, p),
                    quantile.Level,
                    quantile.Day ?? double.PositiveInfinity,
                    Agreement.OfShare(quantile.Level, Paths),
                    0.0005 * Horizon,
                    $"batch {batch}");
            }
        }

        double DayOf(int batch, double p) => passedBy(batch, Horizon) < p ? double.PositiveInfinity
            : p <= 0 ? 0
            : FindRoots.OfFunction(day => passedBy(batch, day) - p, 0, Horizon, 1e-9);
    }
}
