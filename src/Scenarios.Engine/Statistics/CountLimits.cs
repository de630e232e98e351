using System.Collections.Immutable;

namespace Scenarios.Engine.Statistics;

/// <summary>What bounds a count where no path does.</summary>
/// <param name="Least">The least that is possible.</param>
/// <param name="MostAt">The most that is possible at each point; <see cref="long.MaxValue"/> for no bound.</param>
/// <param name="IsCertain">Is every path the same?</param>
internal sealed record CountLimits(long Least, ImmutableArray<long> MostAt, bool IsCertain);
