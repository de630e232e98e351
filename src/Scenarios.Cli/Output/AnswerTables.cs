using Scenarios.Cli.Charts;
using Scenarios.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Output;

/// <summary>
/// The final answer in figures: counts by date, first passages, events, warnings. Each table takes the first of its forms that fits
/// the terminal; the last one may be wider, as no figure is ever broken.
/// </summary>
internal sealed class AnswerTables(Projection projection, Terminal terminal)
{
    /// <summary>More dates than this are for programs: a table shows the quarters.</summary>
    private const int MostRows = 12;

    private const string Mean = "mean";

    private const string PlusMinus = "±";

    private readonly List<string> _remarks = [];

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
        yield return new Prose(terminal.Shown($"{left}± is the 95 % error of computing, which shrinks with paths."), Ink.Note);
        foreach (var remark in _remarks.Distinct())
        {
            yield return new Prose(terminal.Shown(remark), Ink.Note);
        }

        foreach (var warning in projection.Warnings)
        {
            var field = warning.Field.Length > 0 ? $" ({warning.Field})" : "";
            yield return new Prose(terminal.Shown($"warning {warning.Code}: {warning.Message}{field}"), new Style(Color.Yellow));
        }
    }

    private static bool Varies(Summary? summary) => summary is not null && summary.Min != summary.Max;

    private IEnumerable<IRenderable> Counts(IReadOnlyList<ProjectionPoint> points, string what, Func<ProjectionPoint, Summary> summary)
    {
        var noun = projection.Scenario.Noun.Length > 0 ? Capitalised(projection.Scenario.Noun) + " " : "";
        var verb = projection.Scenario.Verb.Length > 0 && what == "in total" ? projection.Scenario.Verb + " " : "";
        var title = Capitalised(noun + verb + what);
        yield return Heading($"{title}: this share of futures is at or below the count");
        foreach (var table in CountTables(points, summary))
        {
            yield return table;
        }
    }

    /// <summary>In full; else with short counts; else without the levels between; else with dates side by side.</summary>
    private IEnumerable<FigureTable> CountTables(IReadOnlyList<ProjectionPoint> points, Func<ProjectionPoint, Summary> summary)
    {
        var all = Enumerable.Range(0, projection.QuantileLevels.Count).ToArray();
        var few = Outermost(all);
        foreach (var (levels, form) in new[]
        {
            (all, Form.Full), (all, Form.ShortQuantiles), (all, Form.Short), (few, Form.Full), (few, Form.ShortQuantiles), (few, Form.Short),
        })
        {
            var table = ByDate(points, summary, levels, form);
            if (table.Width > terminal.Width)
            {
                continue;
            }

            Remark(form);
            if (levels.Length < all.Length)
            {
                var left = string.Join(", ", all.Except(levels).Take(5).Select(Level)) + (all.Length - levels.Length > 5 ? " ..." : "");
                _remarks.Add($"Left out for want of room: {left}. A wider terminal (COLUMNS) and --json show all.");
            }

            return [table];
        }

        var turned = Turned(points, summary, all, Form.Full) ?? Turned(points, summary, all, Form.Short);
        if (turned is null)
        {
            Remark(Form.Short);
            return points.Select(point => ByLevel([point], summary, all, Form.Short));
        }

        return turned;
    }

    private void Remark(Form form)
    {
        if (form != Form.Full)
        {
            _remarks.Add(Figures.ShortLegend);
        }
    }

    /// <summary>A row for each date.</summary>
    private FigureTable ByDate(IReadOnlyList<ProjectionPoint> points, Func<ProjectionPoint, Summary> summary, int[] levels, Form form)
    {
        var table = new FigureTable(terminal.Ink.HasUnicode, ["by", .. levels.Select(Level), Mean, terminal.Shown(PlusMinus)]);
        foreach (var point in points)
        {
            var mean = MeanOf(summary(point), form);
            table.Add([DateOf(point), .. levels.Select(level => Quantile(summary(point), level, form)), mean.Value, HalfWidth(mean)]);
        }

        return table;
    }

    /// <summary>A column for each date, as many side by side as fit; null where one alone does not.</summary>
    private List<FigureTable>? Turned(IReadOnlyList<ProjectionPoint> points, Func<ProjectionPoint, Summary> summary, int[] levels, Form form)
    {
        for (var side = points.Count; side > 0; side--)
        {
            var tables = points.Chunk(side).Select(chunk => ByLevel(chunk, summary, levels, form)).ToList();
            if (tables.TrueForAll(table => table.Width <= terminal.Width))
            {
                Remark(form);
                return tables;
            }
        }

        return null;
    }

    private FigureTable ByLevel(IReadOnlyList<ProjectionPoint> points, Func<ProjectionPoint, Summary> summary, int[] levels, Form form)
    {
        var means = points.Select(point => MeanOf(summary(point), form)).ToList();
        var table = new FigureTable(terminal.Ink.HasUnicode, ["by", .. points.Select(DateOf)]);
        foreach (var level in levels)
        {
            table.Add([Level(level), .. points.Select(point => Quantile(summary(point), level, form))]);
        }

        table.Add([Mean, .. means.Select(mean => mean.Value)]);
        table.Add([terminal.Shown(PlusMinus), .. means.Select(HalfWidth)]);
        return table;
    }

    private static string Quantile(Summary summary, int level, Form form)
    {
        var (count, halfWidth) = (summary.Quantiles[level], summary.QuantileStandardErrors[level] * Figures.SingleLook);
        return form == Form.Full ? Figures.Computed(count, halfWidth).Value : Figures.Short(count, halfWidth);
    }

    private static Figure MeanOf(Summary summary, Form form)
    {
        var halfWidth = summary.MeanStandardError * Figures.SingleLook;
        return form == Form.Short ? Figures.ShortMean(summary.Mean, halfWidth) : Figures.ComputedMean(summary.Mean, halfWidth);
    }

    private static string HalfWidth(Figure figure) => figure.HalfWidth.Length > 0 ? figure.HalfWidth : "0";

    /// <summary>The outermost levels, and the median or else the middle one.</summary>
    private int[] Outermost(int[] levels)
    {
        var median = projection.QuantileLevels.IndexOf(0.5);
        return levels.Length <= 3 ? levels : [levels[0], median > 0 && median < levels.Length - 1 ? median : levels.Length / 2, levels[^1]];
    }

    /// <summary>One column for each count, as many side by side as fit; else a list for each.</summary>
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

        if (passages.Count == 0)
        {
            return [];
        }

        IRenderable heading = Heading("When counts are reached: by this date in this share of futures");
        for (var side = passages.Count; side > 0; side--)
        {
            var tables = passages.Chunk(side).Select(chunk => PassageTable(chunk, withChances: true)).ToList();
            if (tables.TrueForAll(table => table.Width <= terminal.Width))
            {
                return [heading, .. tables];
            }
        }

        return
        [
            heading,
            .. passages.SelectMany(passage => new IRenderable[]
            {
                new Prose(terminal.Shown($"{passage.Count}: {passage.InWords} by the horizon")),
                PassageTable([passage with { Count = "" }], withChances: false),
            }),
        ];
    }

    private FigureTable PassageTable(IReadOnlyList<Passage> side, bool withChances)
    {
        var table = new FigureTable(terminal.Ink.HasUnicode, ["", .. side.Select(passage => passage.Count)]);
        for (var i = 0; i < projection.QuantileLevels.Count; i++)
        {
            table.Add([Level(i), .. side.Select(passage => PassageDate(passage.Quantiles[i]))]);
        }

        if (withChances)
        {
            table.Add(["by the horizon", .. side.Select(passage => terminal.Shown(passage.InWords))]);
        }

        return table;
    }

    private static string PassageDate(PassageQuantile passage) => passage.Date is null ? "not within" : Figures.Date(passage.Date);

    private string Level(int index) => Figures.Level(projection.QuantileLevels[index]);

    /// <summary>A table; where a name leaves no room for its figures, each event in a paragraph of its own.</summary>
    private IEnumerable<IRenderable> Events()
    {
        yield return Heading("Events: this share of futures sees them");
        var table = new FigureTable(terminal.Ink.HasUnicode, "event", "happens", terminal.Shown(PlusMinus));
        var list = new List<IRenderable>();
        foreach (var outcome in projection.Events)
        {
            var shown = projection.Scenario.Events.FirstOrDefault(e => e.EventId == outcome.EventId)?.DisplayName;
            var name = terminal.Shown(shown is { Length: > 0 } ? shown : outcome.EventId);
            var chance = Figures.ComputedChance(outcome.Probability, outcome.ProbabilityStandardError * Figures.SingleLook);
            var happens = outcome.Probability switch
            {
                0 => $"none of {projection.Paths:#,0}",
                1 => $"all of {projection.Paths:#,0}",
                _ => chance.Value,
            };
            var halfWidth = chance.HalfWidth.Length > 0 ? chance.HalfWidth : "0 %";
            table.Add(name, happens, halfWidth);
            list.Add(new Prose(name));
            list.Add(new Prose(terminal.Shown($"happens {WithoutBreak(happens)} {WithoutBreak($"± {halfWidth}")}"), indent: 2));
        }

        foreach (var drawn in table.Width <= terminal.Width ? [table] : list)
        {
            yield return drawn;
        }
    }

    private static string WithoutBreak(string words) => words.Replace(' ', '\u00a0');

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

    private Prose Heading(string words) => new(terminal.Shown(words), Ink.Emphasis);

    private static string DateOf(ProjectionPoint point) => point.Date is null ? $"day {point.Day:0.##}" : Figures.Date(point.Date);

    private static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private sealed record Passage(string Count, string InWords, IReadOnlyList<PassageQuantile> Quantiles);

    /// <summary>How counts are written.</summary>
    private enum Form
    {
        /// <summary>In full.</summary>
        Full,

        /// <summary>Quantiles such as 1.22M; the mean in full, as its error stands beside it.</summary>
        ShortQuantiles,

        /// <summary>All such as 1.22M.</summary>
        Short,
    }
}
