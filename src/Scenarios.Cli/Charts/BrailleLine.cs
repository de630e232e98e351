using System.Collections;

namespace Scenarios.Cli.Charts;

/// <summary>A curve in Braille: two dots across and four up in each cell, joined where it is steep.</summary>
/// <param name="height">Height in rows above the axis at a column, which may be between two.</param>
/// <param name="columns">Columns of the plot.</param>
/// <param name="rows">Rows of the plot.</param>
internal sealed class BrailleLine(Func<double, double> height, int columns, int rows) : IEnumerable<(int Column, int Row, char Glyph)>
{
    private const int Across = 2;

    private const int Up = 4;

    private const char Blank = '\u2800';

    /// <summary>Bits of the dots of the left and right half of a cell, from the bottom up (Unicode, Braille Patterns).</summary>
    private static readonly int[][] Dots = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];

    /// <inheritdoc/>
    public IEnumerator<(int Column, int Row, char Glyph)> GetEnumerator()
    {
        var cells = new SortedDictionary<(int Column, int Row), int>();
        var before = 0;
        for (var across = 0; across < columns * Across; across++)
        {
            // A level line on the edge between two dots stays level, whatever the last bit of its interpolation is.
            var dot = Math.Clamp((int)Math.Floor((height((across - 0.5) / Across) * Up) + 1e-6), 0, (rows * Up) - 1);
            var from = across == 0 ? dot : dot > before ? before + 1 : dot < before ? before - 1 : dot;
            for (var joined = Math.Min(from, dot); joined <= Math.Max(from, dot); joined++)
            {
                var cell = (across / Across, joined / Up);
                cells[cell] = cells.GetValueOrDefault(cell) | Dots[across % Across][joined % Up];
            }

            before = dot;
        }

        return cells.Select(cell => (cell.Key.Column, cell.Key.Row, (char)(Blank + cell.Value))).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
