using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Rank correlations as achieved by draws that are read from replays.</summary>
/// <remarks>
/// Spearman's coefficient of n independent pairs has a standard error of at most about 1 / sqrt(n) (the largest, at 0): held to
/// 5.5 / sqrt(n), 3.8e-8 each. Of a million pairs that is 0.0055.
/// </remarks>
public sealed class CorrelationTests
{
    private const int BatchesEach = 50;
    private const int Paths = 20_000;

    [Fact]
    public void Draws_OfABatch_HaveTheRankCorrelationsAsked()
    {
        var draws = BatchDraws(
            new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.6), new(AssumptionKind.TourLengthDays, AssumptionKind.BatchSize, 0.5));
        AssertSpearman(-0.6, draws.Gap, draws.Size);
        AssertSpearman(0.5, draws.Tour, draws.Size);
        AssertSpearman(0, draws.Gap, draws.Tour);
        AssertSpearman(0, draws.Gap.SkipLast(1), draws.Size.Skip(1)); // Nothing links a batch to the next.
    }

    [Fact]
    public void Draws_ThatAreFullyCorrelated_GoTogether()
    {
        var draws = BatchDraws(new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, 1), new(AssumptionKind.RotationIntervalDays, AssumptionKind.TourLengthDays, -1),
            new(AssumptionKind.BatchSize, AssumptionKind.TourLengthDays, -1));

        // Sizes are whole and times in ticks: ranks are equal but for ties.
        Assert.InRange(Spearman(draws.Gap, draws.Size), 0.9999, 1);
        Assert.InRange(Spearman(draws.Gap, draws.Tour), -1, -0.9999);
    }

    [Fact]
    public void Draws_OfAPath_HaveTheRankCorrelationsAsked()
    {
        const int Many = 1_000_000;
        var model = Model with
        {
            InitialCount = Given.EachPath(new UniformDistribution(0, 30_000)),
            Cap = Given.EachPath(new ExponentialDistribution(90_000), new UniformDistribution(0.5, 2)),
            RotationIntervalDays = Given.EachPath(new UniformDistribution(20, 90)),
            Correlations =
            [
                new(AssumptionKind.Cap, AssumptionKind.InitialCount, 0.7), new(AssumptionKind.RotationIntervalDays, AssumptionKind.Cap, -0.4),
            ],
            HorizonDays = 10,
        };
        var projector = Projector.Compile(model, 2, [], []);
        var draws = Enumerable.Range(0, Many).AsParallel().AsOrdered().Select(path => projector.Replay(path).Draws).ToArray();
        double[] Of(string field)
        {
            var place = draws[0].Select(d => d.Field).ToList().IndexOf(field);
            return [.. draws.Select(d => d[place].Value)];
        }

        AssertSpearman(0.7, Of("initial_count"), Of("cap"));
        AssertSpearman(-0.4, Of("rotation_interval_days"), Of("cap"));
        AssertSpearman(0, Of("rotation_interval_days"), Of("initial_count"));
        AssertSpearman(0, Of("cap.path_factor"), Of("cap"));
    }

    /// <summary>Kolmogorov-Smirnov: sqrt(n) times the largest distance passes 3 with probability 2 e^-18 = 3e-8.</summary>
    [Fact]
    public void Margins_UnderCorrelation_StayWhatTheyAre()
    {
        var draws = BatchDraws(
            new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, 0.9), new(AssumptionKind.TourLengthDays, AssumptionKind.BatchSize, 0.3));
        AssertUniform(draws.Gap, 10, 90);
        AssertUniform(draws.Size, 100, 1_000_000);
        AssertUniform(draws.Tour, 1, 50);
    }

    [Fact]
    public void WhatIsNotCorrelated_KeepsItsDraws()
    {
        var without = Projector.Compile(Model, 3, [], []).Replay(7);
        var with = Projector.Compile(Model with { Correlations = [new(AssumptionKind.BatchSize, AssumptionKind.TourLengthDays, 0.8)] }, 3, [], []).Replay(7);
        Assert.Equal(without.Batches.Select(b => (b.Day, b.GapDays, b.DrawnCount)), with.Batches.Select(b => (b.Day, b.GapDays, b.DrawnCount)));
        Assert.NotEqual(without.Batches.Select(b => b.TourLengthDays), with.Batches.Select(b => b.TourLengthDays));
    }

    [Fact]
    public void Correlations_ThatCannotHoldTogether_AreRefused() => Assert.Throws<ArgumentException>(() => BatchDraws(
        new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, 0.9), new(AssumptionKind.TourLengthDays, AssumptionKind.BatchSize, 0.6)));

    [Fact]
    public void Correlation_OfADrawPerPathWithOnePerBatch_IsRefused()
    {
        var model = Model with { Correlations = [new(AssumptionKind.InitialCount, AssumptionKind.BatchSize, 0.5)], InitialCount = Given.EachPath(new UniformDistribution(1, 2)) };
        Assert.Throws<ArgumentException>(() => Projector.Compile(model, 1, [], []));
    }

    /// <summary>All of the first 50 batches come within the horizon whatever is drawn, so none is left out by its draws.</summary>
    private static ArrivalModel Model => new()
    {
        HorizonDays = BatchesEach * 90,
        StepDays = 900,
        RotationIntervalDays = Given.EachBatch(new UniformDistribution(10, 90)),
        BatchSize = Given.EachBatch(new UniformDistribution(100, 1_000_000)),
        TourLengthDays = Given.EachBatch(new UniformDistribution(1, 50)),
        RotationMode = RotationMode.Reinforce,
    };

    private static (double[] Gap, double[] Size, double[] Tour) BatchDraws(params RankCorrelation[] correlations)
    {
        var projector = Projector.Compile(Model with { Correlations = [.. correlations] }, 1, [], []);
        var batches = Enumerable.Range(0, Paths).AsParallel().AsOrdered().SelectMany(path => projector.Replay(path).Batches.Take(BatchesEach)
            .Select(b => (Gap: b.GapDays!.Value, Size: b.DrawnCount, Tour: b.TourLengthDays!.Value))).ToArray();
        Assert.Equal(Paths * BatchesEach, batches.Length);
        return ([.. batches.Select(b => b.Gap)], [.. batches.Select(b => b.Size)], [.. batches.Select(b => b.Tour)]);
    }

    private static void AssertUniform(double[] values, double low, double high)
    {
        var sorted = values.Order().ToArray();
        var distance = sorted.Select((x, i) => Math.Abs(((x - low) / (high - low)) - ((i + 0.5) / sorted.Length))).Max();
        Assert.InRange(distance * Math.Sqrt(sorted.Length), 0, 3);
    }

    private static void AssertSpearman(double expected, IEnumerable<double> a, IEnumerable<double> b)
    {
        var tolerance = 5.5 / Math.Sqrt(a.Count());
        Assert.InRange(Spearman(a, b), expected - tolerance, expected + tolerance);
    }

    private static double Spearman(IEnumerable<double> a, IEnumerable<double> b) => MathNet.Numerics.Statistics.Correlation.Spearman(a, b);
}
