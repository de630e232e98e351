using System.Collections.Immutable;
using System.Numerics.Tensors;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Statistics;

/// <summary>Reads a <see cref="PassageTally"/>.</summary>
/// <param name="tally">What to read.</param>
/// <param name="paths">Its number of paths.</param>
/// <param name="scale">Ticks and days.</param>
/// <param name="spread">The spread between replicates; null where paths are independent.</param>
/// <param name="isCertain">Is every path the same?</param>
internal sealed class PassageSummarizer(PassageTally tally, long paths, TimeScale scale, ReplicateSpread? spread, bool isCertain)
{
    /// <summary>Number of paths that get there within the horizon.</summary>
    public long Reached { get; } = tally.ByPoint.Sum();

    /// <summary>Probability of getting there within the horizon.</summary>
    public Chance Chance => isCertain ? new(Reached / (double)paths, 0)
        : spread is null ? StandardErrors.Chance(Reached, paths) : spread.Chance(ReachedByReplicate());

    public PassageSummary Summarize(ImmutableArray<double> levels, IReadOnlyList<int> reportedPoints)
    {
        var ranks = new Ranks(levels, paths);
        var times = ranks.Distinct.Select(TimeOfRank).ToArray();
        var earliest = Array.FindIndex(tally.Counts, count => count > 0);
        return new(
            Chance,
            ByPoint(reportedPoints),
            earliest < 0 ? null : scale.Days(tally.Earliest[earliest]),
            [.. levels.Select((level, i) => Quantile(level, ranks.SlotsOf(i), times))]);
    }

    /// <summary>Day by which a share of all paths get there; null where fewer do.</summary>
    public double? DayOf(double level) => Summarize([level], []).Quantiles[0].Day;

    private ImmutableArray<double> ByPoint(IReadOnlyList<int> reportedPoints)
    {
        var shares = ImmutableArray.CreateBuilder<double>(reportedPoints.Count);
        long reached = 0;
        var point = 0;
        foreach (var reported in reportedPoints)
        {
            for (; point <= reported; point++)
            {
                reached += tally.ByPoint[point];
            }

            shares.Add(reached / (double)paths);
        }

        return shares.MoveToImmutable();
    }

    private PassageQuantile Quantile(double level, Slots slots, (double Ticks, double Binning, int Bin)?[] times)
    {
        if (times[slots.At] is not { } at)
        {
            return new(level, null, null);
        }

        var day = at.Ticks / scale.TicksPerDay;
        if (isCertain)
        {
            return new(level, day, 0);
        }

        // Before day 0 nothing is passed; above, "not within the horizon" is no bound.
        var below = slots.Below == Slots.Unbounded ? 0 : times[slots.Below]!.Value.Ticks;
        if (slots.Above == Slots.Unbounded || times[slots.Above] is not { } above)
        {
            return new(level, day, null);
        }

        var width = slots.Error(at.Ticks, below, above.Ticks);
        if (spread is not null)
        {
            var ratio = QuantileRatio(level, at.Bin);
            width *= slots.IsExact ? Math.Max(1, ratio) : ratio;
        }

        var error = Math.Sqrt((width * width) + (at.Binning * at.Binning));
        return new(level, day, error / scale.TicksPerDay);
    }

    /// <summary>The passage of a rank in ticks and half the extent of its bin's passages; null for "not within the horizon".</summary>
    private (double Ticks, double Binning, int Bin)? TimeOfRank(long rank)
    {
        if (rank > Reached)
        {
            return null;
        }

        var bin = 0;
        var before = 0L;
        while (before + tally.Counts[bin] < rank)
        {
            before += tally.Counts[bin++];
        }

        double extent = tally.Latest[bin] - tally.Earliest[bin];
        var share = tally.Counts[bin] == 1 ? 0 : (rank - before - 1) / (tally.Counts[bin] - 1.0);
        return (tally.Earliest[bin] + (extent * share), extent / 2, bin);
    }

    private double[] ReachedByReplicate()
    {
        var reached = new double[Replicates.Count];
        for (var replicate = 0; replicate < reached.Length; replicate++)
        {
            reached[replicate] = TensorPrimitives.Sum<int>(tally.Groups.AsSpan(replicate * PassageTally.GroupCount, PassageTally.GroupCount));
        }

        return reached;
    }

    private double QuantileRatio(double level, int bin)
    {
        var group = PassageTally.GroupOf(bin);
        Span<long> below = stackalloc long[Replicates.Count];
        Span<long> within = stackalloc long[Replicates.Count];
        for (var replicate = 0; replicate < Replicates.Count; replicate++)
        {
            var counts = tally.Groups.AsSpan(replicate * PassageTally.GroupCount, PassageTally.GroupCount);
            below[replicate] = TensorPrimitives.Sum<int>(counts[..group]);
            within[replicate] = counts[group];
        }

        return spread!.QuantileRatio(level, below, within);
    }
}
