namespace Scenarios.Engine;

/// <summary>The version of the arithmetic: changes whenever a bit of any answer may change, and is part of every name.</summary>
/// <remarks>
/// <para>
/// 3: draws that are narrow beside their size have double precision; constant gaps and tours end on the tick of their exact sum; bins
/// start at the least possible count and end near the largest of the pilot; quantiles are possible counts, on the side of each threshold
/// that its probability says; errors of quantiles that few paths decide come from the exact interval of order statistics, those of
/// probabilities from the further end of Wilson's interval; atoms of a histogram are bins of their own in lattices too; totals above
/// 2^50 are refused. Paths, means and deviations of a scenario that has none of this are as before.
/// </para>
/// <para>2: bins, rounding and pieces of some tables.</para>
/// </remarks>
public static class EngineVersion
{
    /// <summary>The current version.</summary>
    public const string Current = "3";
}
