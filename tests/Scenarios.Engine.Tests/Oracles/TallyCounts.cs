using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>A tally read as it is, apart from the code that makes summaries of it.</summary>
internal static class TallyCounts
{
    /// <summary>Simulates the first paths of a projector.</summary>
    public static Tally Simulated(this Projector projector, int paths)
    {
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        return tally;
    }

    /// <summary>Paths that enter a bin less those that leave it, at each point.</summary>
    public static int[] ChangesIn(this CountTally tally, int bin)
    {
        var changes = new int[tally.PointCount];
        tally.Differences.Read(bin, changes);
        return changes;
    }

    /// <summary>Numbers of paths by count at a point: each has a bin of its own, but for those from <paramref name="pooled"/> on.</summary>
    public static IReadOnlyDictionary<long, long> At(this CountTally tally, int point, long pooled = long.MaxValue)
    {
        var seen = new Dictionary<long, long>();
        for (var bin = 0; bin < tally.Bins.BinCount; bin++)
        {
            var paths = 0L;
            foreach (var difference in tally.ChangesIn(bin)[..(point + 1)])
            {
                paths += difference;
            }

            if (paths != 0)
            {
                var (low, high) = tally.Bins.Ends(bin);
                Assert.True(low == high || low >= pooled, $"{low} to {high} are in one bin");
                var count = Math.Min(low, pooled);
                seen[count] = seen.GetValueOrDefault(count) + paths;
            }
        }

        return seen;
    }
}
