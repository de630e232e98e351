using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Output;

/// <summary>
/// A table of figures: the first column from the left, the others from the right. It is as wide as it must be, so that no figure
/// is ever broken or cut; whoever shows it looks for a form that fits.
/// </summary>
/// <param name="unicode">Lines of box characters, else of hyphens.</param>
/// <param name="heads">Heads of the columns.</param>
internal sealed class FigureTable(bool unicode, params string[] heads) : Renderable
{
    private const int Margin = 1;

    private const int Gap = 2;

    private readonly List<string[]> _rows = [];

    /// <summary>Number of columns of the terminal that it takes.</summary>
    public int Width => Enumerable.Range(0, heads.Length).Sum(ColumnWidth) + (Gap * (heads.Length - 1)) + (2 * Margin);

    /// <summary>Whether nothing but its heads is in it.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Columns of the terminal that a text takes: 2 for a character of East Asian width, 0 for one that combines.</summary>
    public static int Cells(string text) => new Segment(text).CellCount();

    /// <summary>Adds a row, as many cells as there are heads.</summary>
    public void Add(params IEnumerable<string> cells) => _rows.Add([.. cells]);

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Width, Width);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var widths = Enumerable.Range(0, heads.Length).Select(ColumnWidth).ToArray();
        yield return Segment.LineBreak;
        if (heads.Any(head => head.Length > 0))
        {
            yield return new(Line(heads, widths), new Style(decoration: Decoration.Bold));
            yield return Segment.LineBreak;
        }

        yield return new(new string(unicode ? '─' : '-', Width));
        yield return Segment.LineBreak;
        foreach (var row in _rows)
        {
            yield return new(Line(row, widths));
            yield return Segment.LineBreak;
        }

        yield return Segment.LineBreak;
    }

    private static string Line(string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, i) => i == 0 ? cell + Blanks(cell, widths[i]) : Blanks(cell, widths[i]) + cell);
        return (new string(' ', Margin) + string.Join(new string(' ', Gap), padded)).TrimEnd();
    }

    private static string Blanks(string cell, int width) => new(' ', width - Cells(cell));

    private int ColumnWidth(int column) => _rows.Select(row => row[column]).Append(heads[column]).Max(Cells);
}
