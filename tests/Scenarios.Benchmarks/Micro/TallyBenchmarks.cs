using BenchmarkDotNet.Attributes;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Benchmarks.Micro;

/// <summary>The tally of B1 and B2 after 20,000 paths: changes (a time per change), sums of shards, snapshots.</summary>
public class TallyBenchmarks
{
    private readonly SummaryQuery _query = new() { QuantileLevels = [0.05, 0.25, 0.5, 0.75, 0.95], Thresholds = [50_000] };
    private readonly (int Before, int After, int Point)[] _changes = new (int, int, int)[MicroBenchmarks.Block];
    private Projector _projector = null!;
    private Tally _tally = null!;
    private Tally _sum = null!;
    private Tally _written = null!;

    [Params("B1", "B2")]
    public string Case { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var known = Case == "B1" ? KnownScenarios.Weekly : KnownScenarios.Daily;
        _projector = Projector.Compile(known.Model, 1, [50_000], []);
        (_tally, _sum, _written) = (_projector.CreateTally(), _projector.CreateTally(), _projector.CreateTally());
        _projector.Simulate(0, 20_000, _tally);
        for (var i = 0; i < _changes.Length; i++)
        {
            var word = CounterRandom.Word(7, i);
            var before = 15_000 + (int)(word % 70_000);
            _changes[i] = (before, before + 5000, (int)((word >> 32) % (ulong)_tally.Cumulative.PointCount));
        }
    }

    /// <summary>Anywhere in the table, as it never is in a run: the worst case.</summary>
    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public void Change()
    {
        foreach (var (before, after, point) in _changes)
        {
            _written.Cumulative.Change(before, after, point);
        }
    }

    [Benchmark]
    public void AddShard() => _sum.Add(_tally);

    [Benchmark]
    public void Clear() => _written.Clear();

    [Benchmark]
    public object Snapshot() => _projector.Summarize(_tally, _query);
}
