using System.Collections.Immutable;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

public sealed class TimeGridTests
{
    private static readonly ArrivalModel Model = new()
    {
        HorizonDays = 730,
        StepDays = 7,
        RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(30)),
        BatchSize = Given.Always(1),
    };

    [Fact]
    public void Days_OfTenthsOfADay_AreDecimals()
    {
        var days = TimeGrid.GridDays(100.05, 0.1).ToArray();
        Assert.Equal(1002, days.Length);
        Assert.Equal(0.3, days[3]);
        Assert.Equal(100, days[1000]);
        Assert.Equal(100.05, days[^1]);
    }

    [Fact]
    public void ADayThatTheClockCannotTellFromTheHorizon_IsTheHorizonsPoint_Once()
    {
        const double Horizon = 730 + 1e-9;
        var projector = Projector.Compile(Model with { HorizonDays = Horizon }, 1, [], [365, 730]);
        var tally = projector.CreateTally();
        projector.Simulate(0, 100, tally);

        var summary = projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [], ReportDays = [365, 730, Horizon] });

        Assert.Equal([365, Horizon], summary.Points.Select(point => point.Day));
        Assert.Throws<ArgumentOutOfRangeException>(() => projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [], ReportDays = [730.1] }));
    }

    [Theory]
    [InlineData(730, 7)]
    [InlineData(728, 7)]
    [InlineData(100.05, 0.1)]
    [InlineData(33.3, 0.7)]
    [InlineData(1825, 1)]
    [InlineData(365, 365)]
    [InlineData(36_525, 0.5)]
    [InlineData(1, 1.0 / 3)]
    [InlineData(0.001, 0.0001)]
    [InlineData(730, 7, 0.25, 33.3, 99.99, 729.999)]
    [InlineData(730, 7, 1e-9)]
    public void Point_OfAnInstant_IsTheFirstAtOrAfterIt(double horizon, double step, params double[] extraDays)
    {
        var model = Model with { HorizonDays = horizon, StepDays = step };
        var scale = TimeScale.For(model);
        var grid = new TimeGrid(model, scale, [.. extraDays.ToImmutableArray()]);
        Assert.Equal(0, grid.Days[0]);
        Assert.Equal(horizon, grid.Days[^1]);
        Assert.Equal(grid.PointCount, grid.Days.Length);
        Assert.Equal(grid.PointCount, grid.PointAt(grid.HorizonTicks + 1));
        Assert.Equal(grid.PointCount, grid.PointAt(TimeScale.Limit));

        var ticks = grid.Days.Select(scale.Ticks).ToArray();
        ticks[^1] = grid.HorizonTicks;
        var random = new Random(1);
        var instants = ticks.SelectMany(t => new[] { t - 1, t, t + 1 }).Where(t => t >= 0 && t <= grid.HorizonTicks)
            .Concat(Enumerable.Range(0, 10_000).Select(_ => random.Next(grid.HorizonTicks + 1)));
        foreach (var instant in instants)
        {
            var found = Array.BinarySearch(ticks, instant);
            var first = found < 0 ? ~found : found;
            while (first > 0 && ticks[first - 1] == instant)
            {
                first--;
            }

            Assert.True(first == grid.PointAt(instant), $"tick {instant}: point {grid.PointAt(instant)}, should be {first}");
        }
    }
}
