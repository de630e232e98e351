using System.Collections.Immutable;

namespace Scenarios.Engine.Distributions;

/// <summary>
/// Why there is no metalog through given quantiles: its quantile function would fall somewhere, so that it is none; or the
/// quantiles do not determine it.
/// </summary>
/// <param name="Probability">The cumulative probability at which it falls most steeply, in [0, 1]; 0 or 1 at the end of a tail.</param>
/// <param name="From">The cumulative probability from which it falls, in [0, 1).</param>
/// <param name="To">The cumulative probability up to which it falls, in (0, 1].</param>
/// <param name="QuantilesBelow">
/// How many of the given quantiles lie at or below <paramref name="Probability"/>: it is between that one and the next; 0 for
/// below the first, and their number for above the last.
/// </param>
public readonly record struct MetalogInfeasibility(double Probability, double From, double To, int QuantilesBelow)
{
    /// <summary>All stretches of cumulative probability in which it falls, ascending.</summary>
    public ImmutableArray<(double From, double To)> Falls { get; init; } = [];

    /// <summary>The quantiles do not determine a curve.</summary>
    internal static MetalogInfeasibility Undetermined { get; } = new(0, 0, 1, 0) { IsUndetermined = true };

    /// <summary>
    /// Do the quantiles not determine a curve? Then nothing falls. It happens with 7, 11 or 15 probabilities that are symmetric
    /// about 1/2, or with many that are very close to one another; one more or less mends it.
    /// </summary>
    public bool IsUndetermined { get; private init; }
}
