using System.Globalization;
using System.Net;
using System.Text;

namespace Scenarios.Benchmarks.Scaling;

/// <summary>A plain plot of the costs, as SVG: a panel of bars for each series, and a mark where cost equals work.</summary>
internal static class ScalingPlot
{
    private const int Row = 18;
    private const int Label = 225;
    private const int Bars = 420;
    private const int Width = Label + Bars + 90;

    public static string Draw(IReadOnlyList<(ScalingSeries Series, IReadOnlyList<ScalingCost> Costs)> all)
    {
        var body = new StringBuilder();
        var y = 46;
        Text(body, 10, 20, "Cost of a million paths and one summary, relative to the first of each group (logarithmic)", "bold");
        Text(body, 10, 36, "Dark: simulation. Light: the summary. Line: where cost would be in proportion to the work.", "normal");
        var (least, most) = (Range(all).Min(), Range(all).Max());

        double X(double ratio) => Label + (Bars * Math.Log(Math.Max(ratio, least) / least) / Math.Log(most / least));

        foreach (var (series, costs) in all)
        {
            y += Row;
            Text(body, 10, y, series.Title, "bold");
            foreach (var cost in costs)
            {
                y += Row;
                Text(body, 20, y, cost.Label, "normal");
                var simulated = X(cost.Cost * cost.NanosecondsPerPath / cost.Milliseconds);
                Bar(body, Label, simulated, y, "#33566f");
                Bar(body, simulated, X(cost.Cost), y, "#9db8ca");
                var expected = Expected(series, cost, costs[0]);
                var clear = expected is { } mark && Math.Abs(X(mark) - X(cost.Cost)) < 45 ? Math.Max(X(mark), X(cost.Cost)) : X(cost.Cost);
                Text(body, clear + 5, y, cost.Cost.ToString("F2", CultureInfo.InvariantCulture), "normal");
                if (expected is not null)
                {
                    body.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{X(expected.Value):F1}" x2="{X(expected.Value):F1}" y1="{y - 13}" y2="{y + 3}" stroke="#c0392b" stroke-width="2"/>""");
                }
            }

            y += 8;
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{y + 12}" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            {body}</svg>

            """;
    }

    /// <summary>Cost in proportion to work; more threads divide it.</summary>
    private static double? Expected(ScalingSeries series, ScalingCost cost, ScalingCost first) =>
        cost.Work is not { } work ? null : series.WorkUnit == "threads" ? first.Work / work : work / first.Work;

    private static IEnumerable<double> Range(IReadOnlyList<(ScalingSeries Series, IReadOnlyList<ScalingCost> Costs)> all) =>
        all.SelectMany(s => s.Costs.SelectMany(cost => new[] { cost.Cost / 2, cost.Cost, Expected(s.Series, cost, s.Costs[0]) ?? 1 }));

    private static void Bar(StringBuilder body, double from, double to, int y, string fill) => body.AppendLine(
        CultureInfo.InvariantCulture, $"""<rect x="{from:F1}" y="{y - 11}" width="{Math.Max(0, to - from):F1}" height="12" fill="{fill}"/>""");

    private static void Text(StringBuilder body, double x, int y, string text, string weight) => body.AppendLine(
        CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y}" font-weight="{weight}">{WebUtility.HtmlEncode(text)}</text>""");
}
