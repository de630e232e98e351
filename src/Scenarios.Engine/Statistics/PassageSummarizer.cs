using System.Collections.Immutable;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Statistics;

/// <summary>Reads a <see cref="PassageTally"/>.</summary>
internal sealed class PassageSummarizer(PassageTally tally, long paths, TimeScale scale)
{
    /// <summary>Number of paths that get there within the horizon.</summary>
    public long Reached { get; } = tally.ByPoint.Sum();

    public PassageSummary Summarize(ImmutableArray<double> levels, IReadOnlyList<int> reportedPoints)
    {
        var ranks = new Ranks(levels, paths);
        var times = ranks.Distinct.Select(TimeOfRank).ToArray();
        var earliest = Array.FindIndex(tally.Counts, count => count > 0);
        return new(
            StandardErrors.Chance(Reached, paths),
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

    private PassageQuantile Quantile(double level, (int At, int Below, int Above) slots, (double Ticks, double Binning)?[] times)
    {
        if (times[slots.At] is not { } at)
        {
            return new(level, null, null);
        }

        // Where p + 1.96 s is "never", the error below the quantile stands for both sides.
        var below = times[slots.Below]!.Value.Ticks;
        var spread = times[slots.Above] is { } above
            ? (above.Ticks - below) / (2 * StandardErrors.Z95)
            : (at.Ticks - below) / StandardErrors.Z95;
        var error = Math.Sqrt((spread * spread) + (at.Binning * at.Binning));
        return new(level, at.Ticks / scale.TicksPerDay, error / scale.TicksPerDay);
    }

    /// <summary>The passage of a rank in ticks and half the extent of its bin's passages; null for "not within the horizon".</summary>
    private (double Ticks, double Binning)? TimeOfRank(long rank)
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
        return (tally.Earliest[bin] + (extent * share), extent / 2);
    }
}
