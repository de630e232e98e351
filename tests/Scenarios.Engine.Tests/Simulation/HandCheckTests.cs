using Scenarios.Benchmarks;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>The checks by hand of model.md.</summary>
public sealed class HandCheckTests
{
    [Fact]
    public void Projection_OfConstantGapsOf75Days_Has75000ByDay365And15000PresentAllAlong()
    {
        var summary = Project(75);
        Assert.Equal(75_000, summary.Points.Single(p => p.Day == 365).Cumulative.Mean);
        Assert.All(summary.Points, p => Assert.Equal((15_000.0, 0.0), (p.Present!.Mean, p.Present.StandardDeviation)));
        Assert.All(summary.Points, p => Assert.All(p.Cumulative.Quantiles, q => Assert.Equal(15_000 * (1 + Math.Floor(p.Day / 75)), q)));
    }

    [Fact]
    public void Projection_OfConstantGapsOf60Days_ReachesTheCapOnDay360WithABatchOf10000()
    {
        var summary = Project(60);
        Assert.Equal(100_000, summary.Points.Single(p => p.Day == 360).Cumulative.Min);
        Assert.Equal(90_000, summary.Points.Single(p => p.Day == 359).Cumulative.Max);
        Assert.Equal(360, summary.Cap!.EarliestDay);
        Assert.Equal(360, summary.Cap.Quantiles[0].Day);
        Assert.Equal(10_000, Compile(60).Replay(0).Batches[^1].ArrivedCount);
    }

    private static Projector Compile(double gap) => Projector.Compile(
        new()
        {
            HorizonDays = 365,
            StepDays = 1,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Given.Always(gap),
            BatchSize = Given.Always(15_000),
            Cap = Given.Always(100_000),
            RotationMode = RotationMode.Relieve,
        },
        1,
        [],
        []);

    private static ProjectionSummary Project(double gap)
    {
        var projector = Compile(gap);
        var tally = projector.CreateTally();
        projector.Simulate(0, 1000, tally);
        return projector.Summarize(tally, new() { QuantileLevels = [0.05, 0.5, 0.95], Thresholds = [] });
    }
}
