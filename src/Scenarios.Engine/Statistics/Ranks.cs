namespace Scenarios.Engine.Statistics;

/// <summary>
/// The ranks to look up for quantiles and their errors: of each level p itself, and of p - 1.96 s and p + 1.96 s with
/// s = sqrt(p (1 - p) / n); and the first and the last.
/// </summary>
internal sealed class Ranks
{
    /// <summary>Room for the binary representation of decimal levels: 0.05 of 1,000 paths is rank 50, not 51.</summary>
    private const double Decimal = 1e-12;

    private readonly int[] _slots;

    public Ranks(IReadOnlyList<double> levels, long paths)
    {
        var wanted = new long[(3 * levels.Count) + 2];
        for (var i = 0; i < levels.Count; i++)
        {
            var s = Math.Sqrt(levels[i] * (1 - levels[i]) / paths);
            wanted[3 * i] = Of(levels[i], paths);
            wanted[(3 * i) + 1] = Of(levels[i] - (StandardErrors.Z95 * s), paths);
            wanted[(3 * i) + 2] = Of(levels[i] + (StandardErrors.Z95 * s), paths);
        }

        (wanted[^2], wanted[^1]) = (1, paths);
        Distinct = [.. wanted.Distinct().Order()];
        _slots = [.. wanted.Select(rank => Array.BinarySearch(Distinct, rank))];
    }

    /// <summary>The ranks, ascending, each once: from 1 to the number of paths.</summary>
    public long[] Distinct { get; }

    /// <summary>Where in <see cref="Distinct"/> rank 1 stands.</summary>
    public const int First = 0;

    /// <summary>Where in <see cref="Distinct"/> the number of paths stands.</summary>
    public int Last => Distinct.Length - 1;

    /// <summary>Where in <see cref="Distinct"/> the ranks of a level stand.</summary>
    public (int At, int Below, int Above) SlotsOf(int level) => (_slots[3 * level], _slots[(3 * level) + 1], _slots[(3 * level) + 2]);

    /// <summary>The rank of the quantile at a level: the smallest k with k / n at least p.</summary>
    private static long Of(double level, long paths) =>
        Math.Clamp((long)Math.Ceiling(level * paths * (1 - Decimal)), 1, paths);
}
