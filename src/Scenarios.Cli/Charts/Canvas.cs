using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Charts;

/// <summary>A grid of characters with styles, row 0 at the top.</summary>
internal sealed class Canvas(int width, int height)
{
    private readonly (char Glyph, Style Style)[] _cells = Enumerable.Repeat((' ', Style.Plain), width * height).ToArray();

    /// <summary>Number of columns.</summary>
    public int Width { get; } = width;

    /// <summary>Number of rows.</summary>
    public int Height { get; } = height;

    /// <summary>A cell.</summary>
    public (char Glyph, Style Style) this[int column, int row]
    {
        get => _cells[(row * Width) + column];
        set => _cells[(row * Width) + column] = value;
    }

    /// <summary>Writes a text from a column on. Texts are laid out so that they fit; cells beyond the edges are not there.</summary>
    public void Write(int column, int row, string text, Style style)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (column + i >= 0 && column + i < Width)
            {
                this[column + i, row] = (text[i], style);
            }
        }
    }

    /// <summary>The rows as segments, equal styles together, blanks at a row's end left out.</summary>
    public IEnumerable<Segment> Segments()
    {
        for (var row = 0; row < Height; row++)
        {
            var end = Width;
            while (end > 0 && this[end - 1, row] == (' ', Style.Plain))
            {
                end--;
            }

            var text = new StringBuilder();
            for (var column = 0; column < end; column++)
            {
                text.Append(this[column, row].Glyph);
                if (column + 1 == end || !this[column + 1, row].Style.Equals(this[column, row].Style))
                {
                    yield return new(text.ToString(), this[column, row].Style);
                    text.Clear();
                }
            }

            yield return Segment.LineBreak;
        }
    }
}
