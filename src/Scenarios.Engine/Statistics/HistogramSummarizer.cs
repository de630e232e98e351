using System.Collections.Immutable;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// Joins the bins of a tally to histograms of a readable number of bins, the same for all days. A bin holds the counts from its lower
/// edge up to the one below its upper edge, but for an atom, which is a bin [a, a] of its own.
/// </summary>
internal static class HistogramSummarizer
{
    /// <summary>Lattices of more counts than this are joined like any others.</summary>
    private const int MostAtoms = 500;

    /// <param name="bins">The tally's bins.</param>
    /// <param name="histograms">For each day, the number of paths by bin.</param>
    /// <param name="binCount">Bins wanted beside the atoms.</param>
    public static ImmutableArray<HistogramSummary> Join(CountBins bins, IReadOnlyList<(double Day, long[] Counts)> histograms, int binCount)
    {
        if (histograms.Count == 0)
        {
            return [];
        }

        var first = histograms.Min(h => Array.FindIndex(h.Counts, count => count > 0));
        var last = histograms.Max(h => Array.FindLastIndex(h.Counts, count => count > 0));
        var start = bins.Ends(first).Low;
        var width = Math.Max(1, (bins.Ends(last).High - start + 1.0) / binCount);
        var edges = new List<double> { start };
        var ends = new List<int>();
        for (var bin = first; bin <= last; bin++)
        {
            var (low, high) = bins.Ends(bin);
            if (IsAtom(bins, bin))
            {
                if (edges[^1] < low)
                {
                    Close(bin - 1, low); // What lies between this atom and what comes before it.
                }

                Close(bin, low);
            }
            else if (Math.Min(high + 1, bins.Cap >= 0 ? bins.Cap : long.MaxValue) is var edge && (bin == last || edge - edges[^1] >= width))
            {
                Close(bin, edge);
            }
        }

        void Close(int end, long edge)
        {
            edges.Add(edge);
            ends.Add(end);
        }

        ImmutableArray<double> sharedEdges = [.. edges];
        return [.. histograms.Select(h => new HistogramSummary(h.Day, sharedEdges, Counts(h.Counts, first, ends)))];
    }

    private static ImmutableArray<long> Counts(long[] counts, int first, List<int> ends)
    {
        var joined = ImmutableArray.CreateBuilder<long>(ends.Count);
        var from = first;
        foreach (var end in ends)
        {
            joined.Add(counts[from..(end + 1)].Sum());
            from = end + 1;
        }

        return joined.MoveToImmutable();
    }

    private static bool IsAtom(CountBins bins, int bin)
    {
        if (bin == bins.CapBin || (bin == bins.BasisBin && bins.BasisIsAtom))
        {
            return true;
        }

        var isFine = bin >= bins.BasisBin && !bins.IsAboveRange(bin);
        return isFine && bins.LatticeStep > 0 && (bins.RangeEnd - bins.Basis) / bins.LatticeStep < MostAtoms
            && (bin - bins.BasisBin) % (bins.PartsBetween + 1) == 0;
    }
}
