namespace Scenarios.Service;

/// <summary>What the service takes on: the configuration section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>Most paths of a projection.</summary>
    public long MaxPaths { get; set; } = 100_000_000;

    /// <summary>Most work of a projection: paths x expected arrivals per path.</summary>
    public double MaxJumps { get; set; } = 1e12;

    /// <summary>Most points in time of a projection, report days off the grid included.</summary>
    public int MaxGridPoints { get; set; } = 20_000;

    /// <summary>Most runs computing at once.</summary>
    public int MaxConcurrentRuns { get; set; } = 4;

    /// <summary>Most runs waiting to compute.</summary>
    public int MaxQueuedRuns { get; set; } = 256;

    /// <summary>Most readers of runs.</summary>
    public int MaxSubscribers { get; set; } = 10_000;

    /// <summary>Most calls under way of one principal, where tokens are required; further ones are BUSY.</summary>
    public int MaxConcurrentCallsPerPrincipal { get; set; } = 1_000;

    /// <summary>Memory for the tallies of runs, in bytes.</summary>
    public long MemoryBytes { get; set; } = 1L << 30;
}
