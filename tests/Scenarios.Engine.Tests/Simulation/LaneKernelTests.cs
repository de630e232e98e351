using System.Collections.Immutable;
using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

public sealed class LaneKernelTests
{
    private const int Paths = 5000;

    private const int PathsOfFullBlocks = 40_000; // A window of sixteen scrambles is 32,768.

    public static TheoryData<int, Sampling> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, Sampling>();
            for (var shape = 0; shape < 240; shape++)
            {
                shapes.Add(shape, Sampling.PseudoRandom);
                shapes.Add(shape, Sampling.QuasiRandom);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Tally_InLanes_IsToTheBitTheOneOfPathsWalkedOneByOne(int shape, Sampling sampling)
    {
        var (model, days) = Shape(new Random(shape));
        long[] thresholds = [0, 20_000, 50_000, 1_000_000];
        var projector = Projector.Compile(model, shape, [.. thresholds], days, sampling);
        var paths = shape % 20 == 0 && sampling == Sampling.QuasiRandom ? PathsOfFullBlocks : Paths;
        var first = shape % 2 == 0 ? 11 : (1L << 33) - 77;
        var lanes = projector.CreateTally();
        projector.Simulate(first, paths, lanes);

        var walked = projector.CreateTally();
        projector.Walk(first, paths, walked);

        AssertEqual(walked, lanes);
    }

    public static TheoryData<int, Sampling> GeneralShapes
    {
        get
        {
            var shapes = new TheoryData<int, Sampling>();
            for (var shape = 0; shape < 300; shape++)
            {
                shapes.Add(shape, shape % 3 == 0 ? Sampling.QuasiRandom : Sampling.PseudoRandom);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(GeneralShapes))]
    public void Tally_OfToursAndMovedCapsInLanes_IsToTheBitTheOneOfPathsWalkedOneByOne(int shape, Sampling sampling)
    {
        var projector = Projector.Compile(GeneralScenarios.Of(shape), shape, [0, 20_000, 50_000], [3.25], sampling);
        var lanes = projector.CreateTally();
        projector.Simulate(7, Paths, lanes);

        var walked = projector.CreateTally();
        projector.Walk(7, Paths, walked);

        AssertEqual(walked, lanes);
    }

    /// <summary>A batch of a heavy tail passes the range now and then: the path goes on outside its lane.</summary>
    [Theory]
    [InlineData(CapBasis.Cumulative, null, 0)]
    [InlineData(CapBasis.Cumulative, null, -40_000)]
    [InlineData(CapBasis.Cumulative, 1e9, -40_000)]
    [InlineData(CapBasis.Present, 1e9, 0)]
    [InlineData(CapBasis.Present, 1e9, 30_000)]
    [InlineData(CapBasis.Present, 1e6, -100_000)]
    public void Tally_OfPathsThatLeaveTheirLanes_IsToTheBitTheOneOfPathsWalkedOneByOne(CapBasis basis, double? cap, long change)
    {
        var model = new ArrivalModel
        {
            HorizonDays = 730,
            StepDays = 7,
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(30)),
            BatchSize = Given.EachBatch(new LogNormalDistribution(4.5, 2)),
            Cap = cap is { } people ? Given.Always(people) : null,
            CapBasis = basis,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.EachBatch(new ExponentialDistribution(150)),
            Events = [new() { Id = "moves", Timing = new EventTiming.Hazard(1), DurationDays = Given.Always(100), CapChange = change }],
        };
        foreach (var mode in (ReadOnlySpan<ArrivalModel>)[model, model with { RotationMode = RotationMode.Relieve, TourLengthDays = null }])
        {
            var projector = Projector.Compile(mode, 4, [100_000], []);
            var lanes = projector.CreateTally();
            projector.Simulate(0, PathsOfFullBlocks, lanes);
            var walked = projector.CreateTally();
            projector.Walk(0, PathsOfFullBlocks, walked);
            AssertEqual(walked, lanes);

            var bins = walked.Cumulative.Bins;
            Assert.True(LaneKernel.Holds(bins));
            Assert.Contains(
                Enumerable.Range(0, bins.BinCount).Where(bins.IsAboveRange),
                bin => walked.Cumulative.ChangesIn(bin).Any(change => change != 0));
        }
    }

    /// <summary>All paths are in the same bin and leave it on the same day: more of them than a cell of the table can count, and some start anywhere.</summary>
    [Theory]
    [InlineData(false, false, Sampling.PseudoRandom)]
    [InlineData(false, true, Sampling.PseudoRandom)]
    [InlineData(true, false, Sampling.PseudoRandom)]
    [InlineData(true, true, Sampling.PseudoRandom)]
    [InlineData(false, true, Sampling.QuasiRandom)]
    public void Tally_OfMorePathsAtOnceThanACellCounts_IsToTheBitTheOneOfPathsWalkedOneByOne(bool startsAnywhere, bool hasTours, Sampling sampling)
    {
        var model = new ArrivalModel
        {
            HorizonDays = 100,
            StepDays = 1,
            InitialCount = startsAnywhere ? Given.EachPath(new MixtureDistribution([(0.9, new ConstantDistribution(0)), (0.1, new ConstantDistribution(500))])) : null,
            RotationIntervalDays = Given.Always(10),
            BatchSize = Given.Always(1_000),
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = hasTours ? Given.Always(25) : null,
        };
        var projector = Projector.Compile(model, 5, [5_000], [], sampling);
        var lanes = projector.CreateTally();
        var walked = projector.CreateTally();
        for (var first = 0; first < 120_000; first += PathsOfFullBlocks)
        {
            projector.Simulate(first, PathsOfFullBlocks, lanes);
            projector.Walk(first, PathsOfFullBlocks, walked);
        }

        AssertEqual(walked, lanes);
        Assert.InRange(lanes.Cumulative.ChangesIn(lanes.Cumulative.Bins.BinOf(1_000))[10], startsAnywhere ? 100_000 : 120_000, 120_000);
    }

    /// <summary>A path has 1,000 batches on tour at once: more than lanes look after.</summary>
    [Fact]
    public void Tally_OfMoreToursAtOnceThanLanesHold_IsToTheBitTheOneOfPathsWalkedOneByOne()
    {
        var model = new ArrivalModel
        {
            HorizonDays = 150,
            StepDays = 10,
            InitialCount = Given.Always(10_000),
            RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(0.1)),
            BatchSize = Given.EachBatch(new UniformDistribution(0, 200)),
            Cap = Given.Always(110_000),
            CapBasis = CapBasis.Present,
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.EachBatch(new UniformDistribution(90, 110)),
        };
        var projector = Projector.Compile(model, 1, [50_000], []);
        var lanes = projector.CreateTally();
        projector.Simulate(0, 40, lanes);
        var walked = projector.CreateTally();
        projector.Walk(0, 40, walked);
        AssertEqual(walked, lanes);
    }

    [Theory]
    [InlineData(3, Sampling.PseudoRandom)]
    [InlineData(17, Sampling.PseudoRandom)]
    [InlineData(58, Sampling.PseudoRandom)]
    [InlineData(3, Sampling.QuasiRandom)]
    [InlineData(17, Sampling.QuasiRandom)]
    [InlineData(58, Sampling.QuasiRandom)]
    public void Tally_OfShardsInAnyOrder_IsTheTallyOfAllPaths(int shape, Sampling sampling)
    {
        var (model, days) = Shape(new Random(shape));
        var projector = Projector.Compile(model, 5, [50_000], days, sampling);
        var whole = projector.CreateTally();
        projector.Simulate(0, 9000, whole);
        var merged = projector.CreateTally();
        foreach (var (first, count) in (ReadOnlySpan<(long, long)>)[(5001, 3999), (0, 1), (1, 2048), (2049, 2952)])
        {
            var shard = projector.CreateTally();
            projector.Simulate(first, count, shard);
            merged.Add(shard);
        }

        AssertEqual(whole, merged);
    }

    [Fact]
    public void Tally_ClearedAfterACancellation_ForgetsTheCancelledPaths()
    {
        var (model, days) = Shape(new Random(3));
        var projector = Projector.Compile(model, 5, [], days);
        var expected = projector.CreateTally();
        projector.Simulate(0, 100, expected);
        var tally = projector.CreateTally();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => projector.Simulate(0, 100, tally, cancelled.Token));
        tally.Clear();
        projector.Simulate(0, 100, tally);
        AssertEqual(expected, tally);
    }

    /// <summary>
    /// A block of this scenario has 15,000 rounds: it is cancelled in the middle, once so many paths have begun to write. With tours and
    /// a fine grid a block has 32 paths.
    /// </summary>
    [Theory]
    [InlineData(false, 30, 1)]
    [InlineData(true, 30, 1)]
    [InlineData(true, 0.1, 33)]
    public async Task Tally_ClearedAfterACancellationInABlock_ForgetsTheCancelledPaths(bool tours, double stepDays, int pathsBegun)
    {
        var projector = Projector.Compile(
            new()
            {
                HorizonDays = 300,
                StepDays = stepDays,
                RotationIntervalDays = Given.EachBatch(new ExponentialDistribution(0.02)),
                BatchSize = Given.EachBatch(new UniformDistribution(0, 10)),
                RotationMode = tours ? RotationMode.Reinforce : RotationMode.Unspecified,
                TourLengthDays = tours ? Given.EachBatch(new UniformDistribution(1, 50)) : null,
            },
            3,
            [1],
            []);
        var tally = projector.CreateTally();
        using var cancellation = new CancellationTokenSource();
        var run = Task.Run(() => projector.Simulate(0, 1_000_000, tally, cancellation.Token), CancellationToken.None);
        var limit = TimeSpan.FromMinutes(1);
        Assert.True(SpinWait.SpinUntil(() => tally.Thresholds[0].Counts.Sum() >= pathsBegun, limit));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(limit, CancellationToken.None));

        tally.Clear();
        projector.Simulate(7, 30, tally, CancellationToken.None);
        var expected = projector.CreateTally();
        projector.Walk(7, 30, expected);
        AssertEqual(expected, tally);
    }

    private static (ArrivalModel Model, ImmutableArray<double> ExtraDays) Shape(Random random)
    {
        T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
        var factor = new UniformDistribution(0.8, 1.25);
        var model = new ArrivalModel
        {
            HorizonDays = Pick(730.0, 365.0, 100.5),
            StepDays = Pick(7.0, 1, 0.5, 13),
            InitialCount = Pick(
                null,
                Given.Always(15_000),
                Given.EachPath(new UniformDistribution(0, 30_000)),
                Given.EachPath(new UniformDistribution(5000, 9000), factor)),
            RotationIntervalDays = Pick(
                Given.EachBatch(new ExponentialDistribution(40)),
                Given.EachBatch(new UniformDistribution(10, 90), factor),
                Given.EachPath(new UniformDistribution(20, 120)),
                Given.EachPath(new UniformDistribution(20, 120), factor),
                Given.Always(60)),
            BatchSize = Pick(
                Given.EachBatch(new UniformDistribution(0, 15_000)),
                Given.EachBatch(new ExponentialDistribution(9000), factor),
                Given.EachPath(new UniformDistribution(100, 20_000), factor),
                Given.Always(7000),
                Given.Always(0)),
            Cap = Pick(
                null,
                Given.Always(100_000),
                Given.Always(0),
                Given.Always(42_001),
                Given.EachPath(new UniformDistribution(10_000, 120_000))),
            CapBasis = Pick(CapBasis.Cumulative, CapBasis.Present),
            RotationMode = Pick(RotationMode.Relieve, RotationMode.Reinforce, RotationMode.Relieve),
            FirstArrivalDays = Pick(null, null, Given.Always(10), Given.EachPath(new UniformDistribution(1, 400))),
            SkipProbability = Pick(0, 0.25, 1 - 1e-12),
        };
        var days = Pick<ImmutableArray<double>>([], [], [0.25, 33.3, 99.99]);
        ArrivalEvent halt = new() { Id = "halt", Timing = new EventTiming.Hazard(1), DurationDays = Given.EachPath(new ExponentialDistribution(60)), Halt = true };
        ArrivalEvent faster = new() { Id = "faster", Timing = new EventTiming.WithinHorizon(0.5), IntervalFactor = 0.6, BatchSizeFactor = 1.5 };
        ArrivalEvent slower = new() { Id = "slower", After = "halt", Timing = new EventTiming.AfterDays(Given.EachPath(factor)), IntervalFactor = 2, Probability = 0.7 };
        ArrivalEvent before = new() { Id = "before", Timing = new EventTiming.OnDay(-10), DurationDays = Given.Always(100), BatchSizeFactor = 0.5, IntervalFactor = 1.1 };
        model = model with { Events = Pick<ImmutableArray<ArrivalEvent>>([], [halt], [faster, before], [halt, faster, slower, before]) };

        // Only draws of one kind can be correlated.
        return model.RotationIntervalDays.Resampling == model.BatchSize.Resampling && model.RotationIntervalDays.Distribution.Min < model.RotationIntervalDays.Distribution.Max
            ? (model with { Correlations = Pick<ImmutableArray<RankCorrelation>>([], [new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.4)]) }, days)
            : (model, days);
    }

    private static void AssertEqual(Tally expected, Tally actual)
    {
        Assert.Equal(expected.Paths, actual.Paths);
        Assert.Equal(expected.Happened, actual.Happened);
        AssertEqual(expected.Cumulative, actual.Cumulative);
        Assert.Equal(expected.Present is null, actual.Present is null);
        if (expected.Present is not null)
        {
            AssertEqual(expected.Present, actual.Present!);
        }

        foreach (var (a, b) in expected.Thresholds.Append(expected.Cap).Zip(actual.Thresholds.Append(actual.Cap)))
        {
            Assert.Equal(a?.ByPoint, b?.ByPoint);
            Assert.Equal(a?.Counts, b?.Counts);
            Assert.Equal(a?.Earliest, b?.Earliest);
            Assert.Equal(a?.Latest, b?.Latest);
            Assert.Equal(a?.WithinYear, b?.WithinYear);
            Assert.Equal(a?.Groups, b?.Groups);
        }

        Assert.Equal(expected.Replicates?.Paths, actual.Replicates?.Paths);
    }

    /// <summary>Everything that is read: the column past the horizon is not.</summary>
    private static void AssertEqual(CountTally expected, CountTally actual)
    {
        var points = expected.PointCount;
        Assert.Equal(expected.SumDifferences[..points], actual.SumDifferences[..points]);
        Assert.Equal(expected.SquareDifferences[..points], actual.SquareDifferences[..points]);
        for (var bin = 0; bin < expected.Bins.BinCount; bin++)
        {
            Assert.True(expected.ChangesIn(bin).SequenceEqual(actual.ChangesIn(bin)), $"bin {bin}");
        }

        Assert.Equal(expected.Replicates is null, actual.Replicates is null);
        if ((expected.Replicates, actual.Replicates) is ({ } walked, { } lanes))
        {
            AssertEqual(walked, lanes, points);
        }
    }

    private static void AssertEqual(ReplicateCounts expected, ReplicateCounts actual, int points)
    {
        for (var replicate = 0; replicate < Replicates.Count; replicate++)
        {
            var first = replicate * expected.Stride;
            Assert.Equal(expected.SumDifferences[first..(first + points)], actual.SumDifferences[first..(first + points)]);
            Assert.Equal(expected.SquareDifferences[first..(first + points)], actual.SquareDifferences[first..(first + points)]);
            for (var group = 0; group < expected.GroupCount; group++)
            {
                var row = expected.StartOf(replicate) + (group * expected.Stride);
                Assert.True(
                    expected.Differences.AsSpan(row, points).SequenceEqual(actual.Differences.AsSpan(row, points)),
                    $"replicate {replicate}, group {group}");
            }
        }
    }
}
