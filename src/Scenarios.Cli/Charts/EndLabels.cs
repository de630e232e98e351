using Scenarios.V1;

namespace Scenarios.Cli.Charts;

/// <summary>What stands at the right end of a line.</summary>
/// <param name="Value">The count there.</param>
/// <param name="Count">The count in digits that are known.</param>
/// <param name="HalfWidth">Its error, empty where exact.</param>
/// <param name="Words">What it means.</param>
/// <param name="IsMedian">The middle line.</param>
internal sealed record EndLabel(double Value, string Count, string HalfWidth, string Words, bool IsMedian);

/// <summary>
/// Labels in place of a legend: each line's end says its count and what it means; lines that end in one point share a label that
/// says how many futures end there.
/// </summary>
internal static class EndLabels
{
    private static readonly double[] Labelled = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>The labels of a projection, from the top down.</summary>
    /// <param name="projection">A projection with at least one point.</param>
    /// <param name="errorFactor">Standard errors to a half-width.</param>
    public static IReadOnlyList<EndLabel> Of(Projection projection, double errorFactor)
    {
        var end = projection.Points[^1];
        var labels = Indices(projection)
            .GroupBy(index => end.Cumulative.Quantiles[index])
            .Select(group => Label(projection, [.. group], errorFactor))
            .ToList();
        if (end.Present is { } present)
        {
            var median = projection.QuantileLevels.IndexOf(0.5);
            var (count, error) = median >= 0
                ? (present.Quantiles[median], present.QuantileStandardErrors[median])
                : (present.Mean, present.MeanStandardError);
            var (digits, halfWidth) = Figures.Computed(count, error * errorFactor);
            labels.Add(new(count, digits, halfWidth, "present", IsMedian: false));
        }

        return [.. labels.OrderByDescending(label => label.Value)];
    }

    /// <summary>The longest words that a label of this projection can have, whatever its figures become.</summary>
    public static int WordsWidth(Projection projection) => Indices(projection)
        .Select(index => Figures.LevelInWords(projection.QuantileLevels[index]).Length)
        .Append(CountAxis.FixedCap(projection) is null ? 0 : "13.5 % end here".Length)
        .Append(projection.Points[^1].Present is null ? 0 : "present".Length)
        .Max();

    private static EndLabel Label(Projection projection, int[] indices, double errorFactor)
    {
        var end = projection.Points[^1].Cumulative;
        var value = end.Quantiles[indices[0]];
        var (count, halfWidth) = Figures.Computed(value, end.QuantileStandardErrors[indices[0]] * errorFactor);
        var levels = projection.QuantileLevels;
        var words = value == CountAxis.FixedCap(projection) && projection.Cap is { } cap
            ? Figures.Chance(cap.ReachedProbability) + " end here"
            : indices.Length > 1 ? $"over {(levels[indices[^1]] - levels[indices[0]]) * 100:0.##} % here"
            : Figures.LevelInWords(levels[indices[0]]);
        return new(value, count, halfWidth, words, indices.Any(index => levels[index] == 0.5));
    }

    /// <summary>All levels where these are few, else the outermost and those nearest to the usual ones.</summary>
    private static IEnumerable<int> Indices(Projection projection)
    {
        var levels = projection.QuantileLevels;
        return levels.Count <= Labelled.Length
            ? Enumerable.Range(0, levels.Count)
            : Labelled.Select(wanted => Enumerable.Range(0, levels.Count).MinBy(index => Math.Abs(levels[index] - wanted))).Distinct();
    }
}
