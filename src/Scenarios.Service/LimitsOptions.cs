using System.ComponentModel.DataAnnotations;

namespace Scenarios.Service;

/// <summary>What the service takes on: the configuration section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>Most paths of a projection. Counts of paths have 32 bits in places.</summary>
    [Range(typeof(long), "1", "2147483647")]
    public long MaxPaths { get; set; } = 100_000_000;

    /// <summary>Most work of a projection: paths x expected arrivals per path.</summary>
    [Range(1, 1e18)]
    public double MaxJumps { get; set; } = 1e12;

    /// <summary>Most points in time of a projection, report days off the grid included.</summary>
    [Range(1, 1_000_000)]
    public int MaxGridPoints { get; set; } = 20_000;

    /// <summary>Most runs computing at once.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentRuns { get; set; } = 4;

    /// <summary>Most runs waiting to compute.</summary>
    [Range(0, 1_000_000)]
    public int MaxQueuedRuns { get; set; } = 256;

    /// <summary>Most readers of runs.</summary>
    [Range(1, 10_000_000)]
    public int MaxSubscribers { get; set; } = 10_000;

    /// <summary>Most calls under way of one principal, where tokens are required; further ones are BUSY.</summary>
    [Range(1, 10_000_000)]
    public int MaxConcurrentCallsPerPrincipal { get; set; } = 1_000;

    /// <summary>Memory for the tallies of runs, in bytes.</summary>
    [Range(typeof(long), "1048576", "1125899906842624")]
    public long MemoryBytes { get; set; } = 1L << 30;
}
