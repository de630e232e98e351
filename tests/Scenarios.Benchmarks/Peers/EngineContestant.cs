using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Benchmarks.Peers;

/// <summary>The engine by itself: paths into tallies, one a thread, then the summary.</summary>
internal sealed class EngineContestant : IContestant
{
    private readonly PeerCase _case;
    private readonly Projector _projector;
    private readonly Tally[] _tallies;
    private readonly SummaryQuery _query;

    public EngineContestant(PeerCase peerCase, int threads)
    {
        _case = peerCase;
        _projector = Projector.Compile(peerCase.Known.Model, seed: 1, [peerCase.Known.Threshold], []);
        _tallies = [.. Enumerable.Range(0, threads).Select(_ => _projector.CreateTally())];
        _query = new() { QuantileLevels = [.. PeerCase.Levels], Thresholds = [peerCase.Known.Threshold] };
    }

    public Task<Answer> RunAsync(long paths, int seed)
    {
        var share = (paths + _tallies.Length - 1) / _tallies.Length;
        Parallel.Invoke([.. _tallies.Select<Tally, Action>((tally, thread) => () =>
        {
            var first = thread * share;
            tally.Clear();
            _projector.Simulate((seed * paths) + first, Math.Min(share, paths - first), tally);
        })]);
        foreach (var tally in _tallies.Skip(1))
        {
            _tallies[0].Add(tally);
        }

        var summary = _projector.Summarize(_tallies[0], _query);
        var point = summary.Points[_case.CheckedPoint].Cumulative;
        var passage = summary.Thresholds[0];
        return Task.FromResult(new Answer(
            summary.Paths,
            summary.Points.Sum(p => 2 + p.Cumulative.Quantiles.Length),
            point.Mean,
            point.StandardDeviation,
            [.. point.Quantiles],
            summary.Cap!.Reached.Probability,
            passage.Reached.Probability,
            passage.Quantiles[2].Day));
    }

    public ValueTask DisposeAsync() => default;
}
