using Scenarios.Cli.Charts;
using Scenarios.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Output;

/// <summary>The final answer in figures: counts by date, first passages, events, warnings.</summary>
internal sealed class AnswerTables(Projection projection, Terminal terminal)
{
    /// <summary>More dates than this are for programs: a table shows the quarters.</summary>
    private const int MostRows = 12;

    private const int LevelColumn = 20;

    private const int PassageColumn = 27;

    /// <summary>Everything that there is to show, in reading order.</summary>
    public IEnumerable<IRenderable> All()
    {
        var points = ShownPoints();
        return
        [
            .. Counts(points, "in total", point => point.Cumulative),
            .. projection.Points.Any(point => Varies(point.Present) && !point.Present.Equals(point.Cumulative))
                ? Counts(points, "present at any one time", point => point.Present)
                : [],
            .. Passages(),
            .. projection.Events.Count > 0 ? Events() : [],
            .. Notes(points.Count),
        ];
    }

    private IEnumerable<IRenderable> Notes(int shown)
    {
        var all = projection.Points.Count;
        var left = shown < all ? $"{shown} of {all} reported dates; --json gives all. " : "";
        yield return new Markup($"[dim]{Escaped($"{left}± is the 95 % error of computing, which shrinks with paths.")}[/]");
        foreach (var warning in projection.Warnings)
        {
            var field = warning.Field.Length > 0 ? $" ({warning.Field})" : "";
            yield return new Markup($"[yellow]warning[/] {Escaped($"{warning.Code}: {warning.Message}{field}")}");
        }
    }

    private static bool Varies(Summary? summary) => summary is not null && summary.Min != summary.Max;

    private IEnumerable<IRenderable> Counts(IReadOnlyList<ProjectionPoint> points, string what, Func<ProjectionPoint, Summary> summary)
    {
        var noun = projection.Scenario.Noun.Length > 0 ? Capitalised(projection.Scenario.Noun) + " " : "";
        var verb = projection.Scenario.Verb.Length > 0 && what == "in total" ? projection.Scenario.Verb + " " : "";
        var title = Capitalised(noun + verb + what);
        yield return Heading($"{title}: this share of futures is at or below the count");
        var table = Framed();
        table.AddColumn("by");
        table.AddColumns([.. Enumerable.Range(0, projection.QuantileLevels.Count).Select(index => Right(Level(index)))]);
        table.AddColumn(Right("mean"));
        table.AddColumn(Right("±"));
        foreach (var point in points)
        {
            var figures = summary(point);
            var (mean, halfWidth) = Figures.Computed(figures.Mean, figures.MeanStandardError * Figures.SingleLook);
            var quantiles = figures.Quantiles.Zip(
                figures.QuantileStandardErrors,
                (count, error) => Figures.Computed(count, error * Figures.SingleLook).Count);
            table.AddRow([DateOf(point), .. quantiles, mean, halfWidth.Length > 0 ? halfWidth : "0"]);
        }

        yield return table;
    }

    /// <summary>One column for each count, as many as the terminal has room for side by side.</summary>
    private IEnumerable<IRenderable> Passages()
    {
        var passages = projection.Thresholds
            .Select(threshold => new Passage(Figures.Count(threshold.Count), threshold.ReachedInWords, threshold.FirstPassage))
            .ToList();
        if (projection.Cap is { } cap)
        {
            var count = CountAxis.FixedCap(projection) is { } constant ? " " + Figures.Count(constant) : "";
            passages.Add(new("ceiling" + count, cap.ReachedInWords, cap.FirstPassage));
        }

        if (passages.Count > 0)
        {
            yield return Heading("When counts are reached: by this date in this share of futures");
        }

        foreach (var side in passages.Chunk(Math.Max(1, (terminal.Answers.Profile.Width - LevelColumn) / PassageColumn)))
        {
            var table = Framed();
            table.AddColumn("");
            table.AddColumns([.. side.Select(passage => Right(passage.Count))]);
            for (var i = 0; i < projection.QuantileLevels.Count; i++)
            {
                table.AddRow([Level(i), .. side.Select(passage => PassageDate(passage.Quantiles[i]))]);
            }

            table.AddRow(["by the horizon", .. side.Select(passage => Escaped(passage.InWords))]);
            yield return table;
        }
    }

    private static string PassageDate(PassageQuantile passage) => passage.Date is null ? "[dim]not within[/]" : Figures.Date(passage.Date);

    private string Level(int index) => $"{projection.QuantileLevels[index] * 100:0.##} %";

    private IEnumerable<IRenderable> Events()
    {
        yield return Heading("Events: this share of futures sees them");
        var table = Framed();
        table.AddColumn("event");
        table.AddColumn(Right("happens"));
        table.AddColumn(Right("±"));
        foreach (var outcome in projection.Events)
        {
            var shown = projection.Scenario.Events.FirstOrDefault(e => e.EventId == outcome.EventId)?.DisplayName;
            var error = outcome.ProbabilityStandardError * Figures.SingleLook * 100;
            var name = Escaped(shown is { Length: > 0 } ? shown : outcome.EventId);
            var happens = outcome.Probability switch
            {
                0 => $"none of {projection.Paths:#,0}",
                1 => $"all of {projection.Paths:#,0}",
                var chance => Figures.Chance(chance),
            };
            table.AddRow(name, happens, error is > 0 and < 0.01 ? "under 0.01 %" : $"{error:0.##} %");
        }

        yield return table;
    }

    /// <summary>All reported points where they are few, else those nearest to the start of each quarter, and the horizon.</summary>
    private List<ProjectionPoint> ShownPoints()
    {
        var points = projection.Points;
        if (points.Count <= MostRows)
        {
            return [.. points];
        }

        var first = points[0];
        var ticks = DateAxis.Ticks(Figures.AsDate(first.Date), points[^1].Day - first.Day, columns: MostRows * 6);
        var atTicks = ticks.Select(tick => points.MinBy(point => Math.Abs(point.Day - first.Day - tick.Day))!);
        return [.. atTicks.Prepend(first).Append(points[^1]).Distinct()];
    }

    private Table Framed() => new() { Border = terminal.Ink.HasUnicode ? TableBorder.Simple : TableBorder.Ascii };

    private Markup Heading(string words) => new($"[bold]{Escaped(words)}[/]");

    private TableColumn Right(string heading) => new TableColumn(Escaped(heading)).RightAligned().NoWrap();

    private static string DateOf(ProjectionPoint point) => point.Date is null ? $"day {point.Day:0.##}" : Figures.Date(point.Date);

    private string Escaped(string words) => Markup.Escape(terminal.Shown(words));

    private static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private sealed record Passage(string Count, string InWords, IReadOnlyList<PassageQuantile> Quantiles);
}
