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
    /// <param name="shortFigures">Counts such as 1.22M.</param>
    public static IReadOnlyList<EndLabel> Of(Projection projection, double errorFactor, bool shortFigures = false)
    {
        var end = projection.Points[^1];
        var labels = Indices(projection)
            .GroupBy(index => end.Cumulative.Quantiles[index])
            .Select(group => Label(projection, [.. group], errorFactor, shortFigures))
            .ToList();
        if (end.Present is { } present)
        {
            var median = projection.QuantileLevels.IndexOf(0.5);
            if (median >= 0)
            {
                var figure = Count(present, median, errorFactor, shortFigures);
                labels.Add(new(present.Quantiles[median], figure.Value, figure.HalfWidth, "present", IsMedian: false));
            }
            else
            {
                var halfWidth = present.MeanStandardError * errorFactor;
                var figure = shortFigures ? Figures.ShortMean(present.Mean, halfWidth) : Figures.ComputedMean(present.Mean, halfWidth);
                labels.Add(new(present.Mean, figure.Value, figure.HalfWidth, "present", IsMedian: false));
            }
        }

        return [.. labels.OrderByDescending(label => label.Value)];
    }

    /// <summary>Room for the words of a projection's labels, which should hold still while figures change.</summary>
    public static int WordsWidth(Projection projection, IReadOnlyList<EndLabel> labels) => Indices(projection)
        .Select(index => Figures.LevelInWords(projection.QuantileLevels[index]).Length)
        .Append(CountAxis.FixedCap(projection) is null ? 0 : "13.5 % end here".Length)
        .Concat(labels.Select(label => label.Words.Length))
        .Max();

    private static Figure Count(Summary summary, int index, double errorFactor, bool shortFigures)
    {
        var (value, halfWidth) = (summary.Quantiles[index], summary.QuantileStandardErrors[index] * errorFactor);
        return shortFigures
            ? new(Figures.Short(value, halfWidth), halfWidth > 0 ? Figures.Short(halfWidth, halfWidth) : "")
            : Figures.Computed(value, halfWidth);
    }

    private static EndLabel Label(Projection projection, int[] indices, double errorFactor, bool shortFigures)
    {
        var end = projection.Points[^1].Cumulative;
        var value = end.Quantiles[indices[0]];
        var figure = Count(end, indices[0], errorFactor, shortFigures);
        var levels = projection.QuantileLevels;
        var words = value == CountAxis.FixedCap(projection) && projection.Cap is { } cap
            ? Figures.Chance(cap.ReachedProbability) + " end here"
            : indices.Length > 1 ? $"over {(levels[indices[^1]] - levels[indices[0]]) * 100:0.##} % here"
            : Figures.LevelInWords(levels[indices[0]]);
        return new(value, figure.Value, figure.HalfWidth, words, indices.Any(index => levels[index] == 0.5));
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
