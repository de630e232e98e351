using System.Collections.Immutable;

namespace Scenarios.Service.Runs;

/// <summary>
/// The numbers of paths at which a projection may be looked at (model.md, "Same request, same bits"): 1,000, 2,000, 5,000,
/// 10,000, 20,000, 50,000, 100,000, then each a quarter more than the one before, rounded down, and the number asked for.
/// </summary>
internal sealed class PrefixLadder
{
    private static readonly ImmutableArray<long> FirstRungs = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

    private readonly ImmutableArray<long> _rungs;

    /// <param name="paths">Paths asked for, at least 1.</param>
    public PrefixLadder(long paths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 1);
        var rungs = FirstRungs.Where(rung => rung < paths).ToList();
        if (rungs.Count == FirstRungs.Length)
        {
            for (var rung = Quarter(rungs[^1]); rung < paths; rung = Quarter(rung))
            {
                rungs.Add(rung);
            }
        }

        _rungs = [.. rungs, paths];
    }

    /// <summary>All rungs, ascending; the last is the number asked for.</summary>
    public ImmutableArray<long> Rungs => _rungs;

    /// <summary>Is this a number at which one may look?</summary>
    public bool Contains(long paths) => _rungs.BinarySearch(paths) >= 0;

    /// <summary>The last rung at or below <paramref name="reachable"/>, but at least the next one after <paramref name="paths"/>.</summary>
    /// <param name="paths">Less than the number asked for.</param>
    /// <param name="reachable">How far one would like to go at once.</param>
    public long Next(long paths, long reachable)
    {
        var found = _rungs.BinarySearch(paths);
        var next = found >= 0 ? found + 1 : ~found;
        found = _rungs.BinarySearch(reachable);
        return _rungs[Math.Max(next, found >= 0 ? found : ~found - 1)];
    }

    private static long Quarter(long rung) => rung + (rung / 4);
}
