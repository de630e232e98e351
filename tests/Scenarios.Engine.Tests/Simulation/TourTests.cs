using MathNet.Numerics.Distributions;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Presence with tours in closed form.</summary>
public sealed class TourTests
{
    private const int Paths = 200_000;

    /// <summary>
    /// M/G/infinity: from an empty start those present are Poisson with mean rate x integral of P(L > s) up to the day (Takacs
    /// 1962). Each probability within 5.5 standard errors and one path: 3.8e-8 each, below 1e-5 for all of the fixed seed.
    /// </summary>
    [Fact]
    public void Present_WithExponentialGapsAndAnyTours_IsPoisson()
    {
        var tour = new LogNormalDistribution(Math.Log(30), 0.7);
        var (tally, summary) = Project(new()
        {
            HorizonDays = 120,
            StepDays = 20,
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(6)),
            BatchSize = Given.Always(250),
            TourLengthDays = Given.EachBatch(tour),
            RotationMode = RotationMode.Reinforce,
        });
        for (var point = 1; point < summary.Points.Length; point++)
        {
            var law = new Poisson(MathNet.Numerics.Integrate.OnClosedInterval(tour.UpperTail, 0, summary.Points[point].Day) / 6);
            for (var k = 0; 250 * k <= tally.Present!.Bins.RangeEnd; k++)
            {
                var bin = tally.Present.Bins.BinOf(250 * k);
                Assert.Equal((250 * k, 250 * k), tally.Present.Bins.Ends(bin));
                Check(law.Probability(k), PathsAt(tally.Present, bin, point));
            }

            Assert.Equal(0, summary.Points[point].Present!.Quantiles[0] % 250);
        }
    }

    /// <summary>The initial contingent goes home as one, with the chance of its own tour, whatever becomes of the batches.</summary>
    [Fact]
    public void InitialContingent_GoesHomeAtItsOwnTour()
    {
        var (tally, summary) = Project(new()
        {
            HorizonDays = 100,
            StepDays = 20,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Given.Always(300),
            BatchSize = Given.Always(9000),
            TourLengthDays = Given.EachBatch(new ExponentialDistribution(50)),
            RotationMode = RotationMode.Reinforce,
        });
        foreach (var (point, i) in summary.Points.Select((p, i) => (p, i)).Skip(1))
        {
            Check(Math.Exp(-point.Day / 50), PathsAt(tally.Present!, tally.Present!.Bins.BinOf(15_000), i));
            Check(1 - Math.Exp(-point.Day / 50), PathsAt(tally.Present, tally.Present.Bins.BinOf(0), i));
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

    private static (Tally Tally, ProjectionSummary Summary) Project(ArrivalModel model)
    {
        var projector = Projector.Compile(model, 1, [], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        return (tally, projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [] }));
    }

    private static long PathsAt(CountTally tally, int bin, int point)
    {
        var sum = 0L;
        foreach (var difference in tally.Differences.AsSpan(bin * tally.Stride, point + 1))
        {
            sum += difference;
        }

        return sum;
    }

    private static void Check(double probability, long count) =>
        Assert.InRange(Math.Abs(count - (probability * Paths)), 0, 1 + (5.5 * Math.Sqrt(Paths * probability * (1 - probability))));
}
