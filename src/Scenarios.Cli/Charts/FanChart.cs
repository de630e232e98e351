using Scenarios.Cli.Output;
using Scenarios.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Charts;

/// <summary>
/// A projection as a fan over dates: bands between its quantiles, the median as a line, the ceiling solid, thresholds dotted, those
/// present dashed; at the right end of each line its count and what it means. Fills the given width; the height of the plot is a parameter.
/// </summary>
/// <param name="projection">What to draw: a snapshot or the final answer, with at least one point.</param>
/// <param name="axis">Scale of the counts.</param>
/// <param name="ink">How to draw.</param>
/// <param name="plotHeight">Rows between the axis and the top.</param>
/// <param name="errorFactor">Standard errors to the half-widths shown.</param>
internal sealed class FanChart(Projection projection, CountAxis axis, Ink ink, int plotHeight, double errorFactor) : Renderable
{
    /// <summary>Rows that a chart has below its plot: the axis and its labels.</summary>
    private const int AxisHeight = 2;

    /// <summary>Below this width end labels have no words; above the next, half-widths too.</summary>
    private const int WordsFromWidth = 60;

    private const int HalfWidthsFromWidth = 100;

    /// <summary>A plot narrower than this shows nothing.</summary>
    private const int NarrowestPlot = 12;

    /// <summary>Figures and words give way where they would leave less than this share of the width to the plot.</summary>
    private const double LeastPlotShare = 0.4;

    /// <summary>A height this little below a row's edge is on it: a level line stays in its row.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Least rows between two marks of the axis of counts.</summary>
    private const int TickRows = 3;

    private const string Eighths = " ▁▂▃▄▅▆▇█";

    /// <summary>Rows that the chart takes beside its plot, at a width.</summary>
    public int FurnitureHeight(int width) => Heading(width).Height(width) + (LayoutAt(width) is null ? 1 - plotHeight : AxisHeight);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        ((IRenderable)Heading(maxWidth)).Render(options, maxWidth)
            .Concat(Draw(maxWidth)?.Segments() ?? [new("(too narrow for the chart)", Ink.Note), Segment.LineBreak]);

    /// <summary>Draws the chart without its heading; null where there is no room for one.</summary>
    public Canvas? Draw(int width)
    {
        if (LayoutAt(width) is not { } layout)
        {
            return null;
        }

        var fan = new Fan(projection, layout.Columns, axis.Scale(plotHeight));
        var plot = new Plot(fan, new Canvas(width, plotHeight + AxisHeight), layout.Left, layout.Columns);
        DrawBands(plot);
        DrawThresholds(plot);
        DrawCeiling(plot);
        DrawPresent(plot);
        DrawMedian(plot);
        DrawCrossings(plot);
        DrawCountAxis(plot, layout);
        DrawDateAxis(plot);
        DrawEndLabels(plot, layout);
        return plot.Canvas;
    }

    /// <summary>What is counted, over the plot.</summary>
    private Prose Heading(int width) => new(HeadingWords(), Ink.Note, indent: LayoutAt(width)?.Left ?? 0);

    private string HeadingWords()
    {
        var noun = projection.Scenario.Noun;
        var verb = projection.Scenario.Verb;
        var total = noun.Length == 0 && verb.Length == 0 ? "the total" : "in total";
        return Legible.Of(string.Join(' ', new[] { noun, verb, total }.Where(word => word.Length > 0)));
    }

    /// <summary>
    /// What stands beside the plot at a width: words and errors where these are wanted, then short figures, then fewer of them, until
    /// the plot has room; null where it never has.
    /// </summary>
    private Layout? LayoutAt(int width)
    {
        var (words, errors) = (width >= WordsFromWidth, width >= HalfWidthsFromWidth);
        (bool Words, bool Errors, bool Short)[] forms =
            [(words, errors, false), (words, errors, true), (words, false, true), (false, false, false), (false, false, true)];
        var layouts = forms.Select(form => LayoutAt(width, form.Words, form.Errors, form.Short)).ToList();
        return layouts.Find(layout => layout.Columns >= Math.Max(NarrowestPlot, width * LeastPlotShare))
            ?? (layouts[^1].Columns >= NarrowestPlot ? layouts[^1] : null);
    }

    private Layout LayoutAt(int width, bool words, bool errors, bool shortFigures)
    {
        var labels = EndLabels.Of(projection, errorFactor, shortFigures);
        var ticks = axis.Ticks(plotHeight, TickRows).Select(tick => TickLabel(tick, shortFigures).Length).DefaultIfEmpty(1).Max();
        // The largest count keeps its room, so that the chart holds still while figures change.
        var digits = Math.Max(shortFigures ? 0 : Figures.Count(axis.Top).Length, labels.Max(label => label.Count.Length));
        var errorWidth = errors ? Math.Max(6, labels.Max(label => ErrorLabel(label).Length)) + 1 : 0;
        var wordsWidth = words ? EndLabels.WordsWidth(projection, labels) + 1 : 0;
        var left = Math.Max(ticks, shortFigures ? 1 : digits) + 2;
        return new(labels, left, width - left - digits - errorWidth - wordsWidth - 1, digits, errorWidth, wordsWidth, shortFigures);
    }

    private static string TickLabel(double tick, bool shortFigures) => shortFigures ? Figures.ShortExact(tick) : Figures.Count(tick);

    private string ErrorLabel(EndLabel label) => label.HalfWidth.Length == 0 ? "exact" : (ink.HasUnicode ? "±" : "~") + label.HalfWidth;

    private void DrawBands(Plot plot)
    {
        for (var column = 0; column < plot.Columns; column++)
        {
            var heights = plot.Fan.Heights(column);
            for (var row = 0; row < plotHeight; row++)
            {
                var eighths = new int[8];
                for (var i = 0; i < eighths.Length; i++)
                {
                    eighths[i] = plot.Fan.Depth(heights, row + ((i + 0.5) / eighths.Length));
                }

                plot.Depths[column, row] = MostCommon(eighths);
                plot[column, row] = ink.HasColours ? Painted(plot, eighths) : Shaded(plot, plot.Depths[column, row]);
            }
        }
    }

    /// <summary>Two colours a cell, split at an eighth of its height where that comes nearest.</summary>
    private (char Glyph, Style Style) Painted(Plot plot, int[] eighths)
    {
        var (best, bestMisses, lower, upper) = (0, int.MaxValue, Fan.Outside, Fan.Outside);
        for (var split = 0; split < eighths.Length; split++)
        {
            var below = MostCommon(eighths.AsSpan(0, split));
            var above = MostCommon(eighths.AsSpan(split));
            var misses = eighths.Where((depth, i) => depth != (i < split ? below : above)).Count();
            if (misses < bestMisses)
            {
                (best, bestMisses, lower, upper) = (split, misses, below, above);
            }
        }

        if (best == 0)
        {
            return (' ', plot.Paper(ink, upper) is { } paper ? new Style(background: paper) : Style.Plain);
        }

        // Blocks grow from below; the paper's own colour has no name, so where the lower part is paper the cell is inverted.
        return lower == Fan.Outside
            ? (Eighths[best], new Style(plot.Paper(ink, upper), decoration: Decoration.Invert))
            : (Eighths[best], new Style(plot.Paper(ink, lower), plot.Paper(ink, upper)));
    }

    private (char Glyph, Style Style) Shaded(Plot plot, int depth) =>
        (depth == Fan.Outside ? ' ' : ink.BandGlyph(depth, plot.Fan.BandCount), Style.Plain);

    private void DrawThresholds(Plot plot)
    {
        var taken = new HashSet<int>();
        foreach (var threshold in projection.Thresholds.Where(threshold => threshold.Count <= axis.Top))
        {
            var row = plot.RowOf(threshold.Count * axis.Scale(plotHeight));
            plot.Line(ink, row, ink.ThresholdGlyph);
            if (taken.Add(row))
            {
                plot.LineLabel(
                    ink,
                    row,
                    $"{Figures.Count(threshold.Count)}: {Legible.Of(InWords(threshold))}",
                    Figures.Count(threshold.Count),
                    Figures.ShortExact(threshold.Count));
            }
        }
    }

    private static string InWords(ThresholdPassage threshold) =>
        threshold.FirstPassage.FirstOrDefault(passage => passage.Level == 0.5) is { Date: { } date, Day: > 0 }
            ? "even chance by " + Figures.Date(date)
            : threshold.ReachedInWords;

    private void DrawCeiling(Plot plot)
    {
        if (CountAxis.ConstantCap(projection) is not { } cap)
        {
            return;
        }

        var name = $"ceiling {Figures.Count(cap)}" + (CountAxis.FixedCap(projection) is null ? " before events" : "");
        if (cap <= axis.Top)
        {
            var height = cap * axis.Scale(plotHeight);
            var row = plot.RowOf(height);
            plot.Line(ink, row, ink.CeilingGlyph(height - row));
            plot.LineLabel(ink, row, name, Figures.Count(cap), Figures.ShortExact(cap));
        }
        else
        {
            plot.LineLabel(ink, plotHeight - 1, $"{name}, above this chart", Figures.Count(cap), Figures.ShortExact(cap));
        }
    }

    private void DrawPresent(Plot plot)
    {
        for (var column = 0; column < plot.Columns; column++)
        {
            if (plot.Fan.PresentHeight(column) is { } height)
            {
                var row = plot.RowOf(height);
                plot[column, row] = (ink.PresentGlyph, Ink.On(plot.Paper(ink, column, row)));
            }
        }
    }

    private void DrawMedian(Plot plot)
    {
        if (plot.Fan.MedianIndex is not { } median)
        {
            return;
        }

        if (!ink.HasUnicode)
        {
            for (var column = 0; column < plot.Columns; column++)
            {
                plot[column, plot.RowOf(plot.Fan.Height(median, column))] = (ink.MedianGlyph, Style.Plain);
            }

            return;
        }

        foreach (var (column, row, glyph) in new BrailleLine(column => plot.Fan.Height(median, column), plot.Columns, plotHeight))
        {
            plot[column, row] = (glyph, ink.MedianOn(plot.Paper(ink, column, row)));
        }
    }

    private void DrawCrossings(Plot plot)
    {
        if (plot.Fan.MedianIndex is not { } median)
        {
            return;
        }

        foreach (var threshold in projection.Thresholds.Where(threshold => threshold.Count <= axis.Top))
        {
            var height = threshold.Count * axis.Scale(plotHeight);
            for (var column = 1; column < plot.Columns; column++)
            {
                if (plot.Fan.Height(median, column - 1) < height && plot.Fan.Height(median, column) >= height)
                {
                    var row = plot.RowOf(height);
                    plot[column, row] = (ink.CrossingGlyph, Ink.On(plot.Paper(ink, column, row), Decoration.Bold));
                    break;
                }
            }
        }
    }

    private void DrawCountAxis(Plot plot, Layout layout)
    {
        for (var row = 0; row < plotHeight; row++)
        {
            plot[-1, row] = (ink.LeftAxis.Line, Ink.Axis);
        }

        foreach (var tick in axis.Ticks(plotHeight, TickRows))
        {
            var row = plot.RowOf(tick * axis.Scale(plotHeight));
            plot[-1, row] = (ink.LeftAxis.Tick, Ink.Axis);
            var label = TickLabel(tick, layout.ShortFigures);
            plot.Canvas.Write(plot.Left - 2 - label.Length, plot.CanvasRow(row), label, Ink.Axis);
        }
    }

    private void DrawDateAxis(Plot plot)
    {
        var axisRow = plot.CanvasRow(-1);
        plot.Canvas.Write(plot.Left - 3, axisRow, "0 " + ink.BottomAxis.Corner + new string(ink.BottomAxis.Line, plot.Columns), Ink.Axis);
        var first = projection.Points[0];
        var span = projection.Points[^1].Day - first.Day;
        foreach (var tick in DateAxis.Ticks(Figures.AsDate(first.Date), span, plot.Columns))
        {
            var column = plot.Left + (span == 0 ? 0 : (int)Math.Round(tick.Day / span * (plot.Columns - 1)));
            plot.Canvas[column, axisRow] = (ink.BottomAxis.Tick, Ink.Axis);
            var start = Math.Clamp(column - (tick.Label.Length / 2), 0, Math.Max(0, plot.Canvas.Width - tick.Label.Length));
            plot.Canvas.Write(start, axisRow + 1, tick.Label, tick.IsYear ? Ink.Emphasis : Ink.Axis);
        }
    }

    private void DrawEndLabels(Plot plot, Layout layout)
    {
        var (labels, digits, errors) = (layout.Labels, layout.Digits, layout.Errors);
        var rows = EndRows(labels, plot);
        for (var i = 0; i < labels.Count; i++)
        {
            var label = labels[i];
            var style = label.IsMedian ? Ink.Emphasis : Style.Plain;
            var row = plot.CanvasRow(plotHeight - 1 - rows[i]);
            var column = plot.Left + plot.Columns + 1;
            plot.Canvas.Write(column, row, label.Count.PadLeft(digits), style);
            if (errors > 0)
            {
                plot.Canvas.Write(column + digits + 1, row, ErrorLabel(label), Ink.Note);
            }

            if (layout.Words > 0)
            {
                plot.Canvas.Write(column + digits + errors + 1, row, label.Words, style);
            }
        }
    }

    /// <summary>Rows from the top, one label each: as near to the line's end as the labels above and below leave room.</summary>
    private int[] EndRows(IReadOnlyList<EndLabel> labels, Plot plot)
    {
        var rows = new int[labels.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var wanted = plotHeight - 1 - plot.RowOf(labels[i].Value * axis.Scale(plotHeight));
            rows[i] = i == 0 ? wanted : Math.Max(wanted, rows[i - 1] + 1);
        }

        for (var i = rows.Length - 1; i >= 0; i--)
        {
            rows[i] = Math.Min(rows[i], i == rows.Length - 1 ? plotHeight - 1 : rows[i + 1] - 1);
        }

        return rows;
    }

    /// <summary>The depth found most often; a tie goes to the one further out.</summary>
    private static int MostCommon(ReadOnlySpan<int> depths)
    {
        var (best, bestCount) = (Fan.Outside, 0);
        foreach (var candidate in depths)
        {
            var count = depths.Count(candidate);
            if (count > bestCount || (count == bestCount && candidate < best))
            {
                (best, bestCount) = (candidate, count);
            }
        }

        return best;
    }

    /// <summary>What stands beside the plot: columns left of it, its own, then those of counts, errors and words.</summary>
    private sealed record Layout(
        IReadOnlyList<EndLabel> Labels, int Left, int Columns, int Digits, int Errors, int Words, bool ShortFigures);

    /// <summary>The part of the canvas where the fan is; row 0 is at the bottom.</summary>
    private sealed class Plot(Fan fan, Canvas canvas, int left, int columns)
    {
        public Fan Fan { get; } = fan;

        public Canvas Canvas { get; } = canvas;

        public int Left { get; } = left;

        public int Columns { get; } = columns;

        public int[,] Depths { get; } = new int[columns, canvas.Height - AxisHeight];

        private int Rows => Canvas.Height - AxisHeight;

        public (char Glyph, Style Style) this[int column, int row]
        {
            get => Canvas[Left + column, CanvasRow(row)];
            set => Canvas[Left + column, CanvasRow(row)] = value;
        }

        public int CanvasRow(int row) => Rows - 1 - row;

        public int RowOf(double height) => Math.Clamp((int)Math.Floor(height + Rounding), 0, Rows - 1);

        public Color? Paper(Ink ink, int depth) => depth == Fan.Outside || !ink.HasColours ? null : ink.BandColour(depth, Fan.BandCount);

        public Color? Paper(Ink ink, int column, int row) => Paper(ink, Depths[column, row]);

        public void Line(Ink ink, int row, char glyph)
        {
            for (var column = 0; column < Columns; column++)
            {
                this[column, row] = (glyph, Ink.On(Paper(ink, column, row)));
            }
        }

        /// <summary>
        /// Words on a line: left of the median, if a fan that grows leaves room, else right of it; the first form that fits there.
        /// Never a part of one: if none fits, the tables say it.
        /// </summary>
        public void LineLabel(Ink ink, int row, params string[] forms)
        {
            var (from, to) = MedianColumns(row);
            var (left, right) = (from - 2, Columns - to - 2);
            var texts = forms.Select(form => $" {form} ").ToList();
            var text = texts.Find(text => text.Length <= Math.Max(left, right));
            if (text is null)
            {
                return;
            }

            var start = text.Length <= left ? 1 : to + 2;
            for (var i = 0; i < text.Length; i++)
            {
                this[start + i, row] = (text[i], Ink.On(Paper(ink, start + i, row)));
            }
        }

        /// <summary>First and last column where the median runs in a row or jumps across it; beyond the last column if it does neither.</summary>
        private (int From, int To) MedianColumns(int row)
        {
            if (Fan.MedianIndex is not { } median)
            {
                return (Columns, Columns);
            }

            var rows = Enumerable.Range(0, Columns).Select(column => RowOf(Fan.Height(median, column))).ToList();
            var columns = Enumerable.Range(0, Columns)
                .Where(column => rows[column] == row || (column > 0 && (rows[column] < row) != (rows[column - 1] < row)))
                .ToList();
            return columns.Count == 0 ? (Columns, Columns) : (columns[0], columns[^1]);
        }
    }
}
