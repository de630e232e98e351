using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>What is tallied of scenarios with tours, events and correlations.</summary>
public sealed class GeneralTallyTests
{
    private const int Paths = 300;

    private const int PseudoRandomNumbers = 80;

    /// <summary>The last of them are projected quasi-randomly.</summary>
    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 120)];

    /// <summary>Counts and passages read off the replays, step by step, in place of the tally.</summary>
    [Theory]
    [MemberData(nameof(Numbers))]
    public void Tally_OfAnyScenario_SaysWhatItsReplaysSay(int number)
    {
        var model = GeneralScenarios.Of(number);
        var projector = Projector.Compile(model, number, [30_000], [], SamplingOf(number));
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        var summary = projector.Summarize(tally, new() { QuantileLevels = [0.5], Thresholds = [30_000] });
        var read = Enumerable.Range(0, Paths).Select(path => new ReadPath(model, projector.Replay(path))).ToArray();
        foreach (var point in summary.Points)
        {
            AssertMoments([.. read.Select(path => path.At(point.Day).Cumulative)], point.Cumulative);
            AssertMoments([.. read.Select(path => path.At(point.Day).Present)], point.Present!);
        }

        foreach (var (chance, id) in summary.Events.Select(e => (e.Chance, e.EventId)))
        {
            Assert.Equal(read.Count(path => path.Happened.Contains(id)) / (double)Paths, chance.Probability);
        }

        if (summary.Cap is { } cap)
        {
            Assert.Equal(read.Count(path => path.CapDay is not null) / (double)Paths, cap.Reached.Probability);
            Assert.Equal(read.Min(path => path.CapDay), cap.EarliestDay);
            Assert.Equal(summary.Points.Select(p => read.Count(path => path.CapDay <= p.Day) / (double)Paths), cap.ReachedByPoint);
        }

        Assert.Equal(summary.Points.Select(p => read.Count(path => path.At(p.Day).Cumulative >= 30_000) / (double)Paths), summary.Thresholds[0].ReachedByPoint);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void SamplePath_OfAnyScenario_HasTheJumpsOfItsReplay(int number)
    {
        var model = GeneralScenarios.Of(number);
        var projector = Projector.Compile(model, number, [], [], SamplingOf(number));
        for (var path = 0; path < 20; path++)
        {
            var sample = projector.SamplePath(path);
            var jumps = projector.Replay(path).Entries.Where(e => e is TourEndReplay or BatchReplay { ArrivedCount: > 0 }).ToArray();
            Assert.Equal(jumps.Select(e => e.Day), sample.Days.Skip(1));
            Assert.Equal(jumps.Select(e => e is TourEndReplay end ? end.Present : ((BatchReplay)e).Present!.Value), sample.Present.Skip(1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(21)]
    [InlineData(34)]
    [InlineData(85)]
    [InlineData(101)]
    public void Tally_OfShardsInAnyOrder_HasTheBitsOfTheWhole(int number)
    {
        var projector = Projector.Compile(GeneralScenarios.Of(number), 3, [30_000], [], SamplingOf(number));
        var whole = projector.CreateTally();
        projector.Simulate(0, 5000, whole);
        var merged = projector.CreateTally();
        foreach (var (first, count) in (ReadOnlySpan<(long, long)>)[(3001, 1999), (0, 1), (1, 3000)])
        {
            var shard = projector.CreateTally();
            projector.Simulate(first, count, shard);
            merged.Add(shard);
        }

        Assert.Equal(TallyBits.Of(whole), TallyBits.Of(merged));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void WorkEstimate_OfAnyScenario_IsNoLessThanItsWork(int number)
    {
        var model = GeneralScenarios.Of(number);
        var projector = Projector.Compile(model, number, [], [], SamplingOf(number));
        var estimate = WorkEstimate.Of(model, 0, 0, SamplingOf(number));

        // The expected number of arrivals is bounded; a thousand paths may have a few more by chance.
        Assert.InRange(projector.ArrivalsPerPath, 0, 1.2 * estimate.ArrivalsPerPath);
        Assert.InRange(projector.TallyBytes, 0, estimate.MostTallyBytes);
    }

    private static Sampling SamplingOf(int number) => number < PseudoRandomNumbers ? Sampling.PseudoRandom : Sampling.QuasiRandom;

    private static void AssertMoments(double[] counts, CountSummary summary)
    {
        var mean = counts.Sum() / counts.Length;
        Assert.Equal(mean, summary.Mean);
        var deviation = Math.Sqrt(counts.Sum(x => (x - mean) * (x - mean)) / (counts.Length - 1));
        Assert.Equal(deviation, summary.StandardDeviation, Math.Max(1e-9, 1e-9 * deviation));
    }

    /// <summary>A replay read as model.md states it, apart from the engine's bookkeeping.</summary>
    private sealed class ReadPath
    {
        private readonly List<(double Day, double Cumulative, double Present)> _steps = [];

        public ReadPath(ArrivalModel model, PathReplay replay)
        {
            var cap = model.Cap is null ? double.PositiveInfinity : DrawnCap(model, replay);
            _steps.Add((0, replay.InitialCumulative, replay.InitialCumulative));
            var changes = model.Events.ToDictionary(e => e.Id, e => e.CapChange);
            var inForce = 0L;
            foreach (var instant in replay.Entries.Where(e => e.Day <= 0).Append(new EventEndReplay(0, "")).Concat(replay.Entries.Where(e => e.Day > 0)).GroupBy(e => Math.Max(0, e.Day)))
            {
                foreach (var entry in instant)
                {
                    var (_, cumulative, present) = _steps[^1];
                    switch (entry)
                    {
                        case EventStartReplay start:
                            Happened.Add(start.EventId);
                            inForce += changes[start.EventId];
                            break;
                        case EventEndReplay { EventId: not "" } end:
                            inForce -= changes[end.EventId];
                            break;
                        case TourEndReplay tour:
                            _steps.Add((tour.Day, cumulative, present - tour.ReturnedCount));
                            break;
                        case BatchReplay batch:
                            _steps.Add((batch.Day, cumulative + batch.ArrivedCount, present + batch.ArrivedCount - batch.ReturnedCount));
                            break;
                    }
                }

                var quantity = model.CapBasis == CapBasis.Present ? _steps[^1].Present : _steps[^1].Cumulative;
                CapDay ??= quantity >= cap + inForce ? instant.Key : null;
            }
        }

        public HashSet<string> Happened { get; } = [];

        public double? CapDay { get; }

        public (double Cumulative, double Present) At(double day)
        {
            var (_, cumulative, present) = _steps.Last(step => step.Day <= day);
            return (cumulative, present);
        }

        private static double DrawnCap(ArrivalModel model, PathReplay replay) =>
            Math.Floor((replay.Draws.Where(d => d.Field == "cap").Select(d => (double?)d.Value).SingleOrDefault() ?? model.Cap!.Distribution.Mean) + 0.5);
    }
}
