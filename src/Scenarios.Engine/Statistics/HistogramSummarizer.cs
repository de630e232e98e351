using System.Collections.Immutable;

namespace Scenarios.Engine.Statistics;

/// <summary>Joins the bins of a tally to histograms of a readable number of bins, the same for all days.</summary>
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
            var atom = IsAtom(bins, bin);
            var edge = atom ? bins.Ends(bin).Low : bins.Ends(bin).High + 1.0;
            if (bins.Cap >= 0)
            {
                edge = Math.Min(edge, bins.Cap);
            }

            var isLastOfGroup = atom || bin == last || IsAtom(bins, bin + 1) || edge - edges[^1] >= width;
            if (isLastOfGroup)
            {
                edges.Add(Math.Max(edge, edges[^1]));
                ends.Add(bin);
            }
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
