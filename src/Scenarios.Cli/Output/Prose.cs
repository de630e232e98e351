using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Output;

/// <summary>
/// Sentences in lines. A line ends at a blank, never inside a number or at a no-break space: a word with digits in it that is
/// wider than the terminal stays whole, other words are cut where the line ends.
/// </summary>
/// <param name="words">The sentence; <c>**emphasis**</c> is bold.</param>
/// <param name="style">How it looks; null for plain.</param>
/// <param name="indent">Blanks before each line.</param>
internal sealed class Prose(string words, Style? style = null, int indent = 0) : Renderable
{
    private const string Emphasis = "**";

    private readonly Style _style = style ?? Style.Plain;

    /// <summary>Number of lines at a width.</summary>
    public int Height(int width) => Lines(width).Count;

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        var widths = Words().Select(word => word.Width).DefaultIfEmpty(0).Max() + indent;
        return new(Math.Min(widths, maxWidth), maxWidth);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in Lines(maxWidth))
        {
            if (indent > 0)
            {
                yield return new(new string(' ', indent));
            }

            for (var i = 0; i < line.Count; i++)
            {
                if (i > 0)
                {
                    var joined = line[i - 1].Parts[^1].Style.Equals(line[i].Parts[0].Style);
                    yield return new(" ", joined ? line[i].Parts[0].Style : Style.Plain);
                }

                foreach (var part in line[i].Parts)
                {
                    yield return new(part.Text, part.Style);
                }
            }

            yield return Segment.LineBreak;
        }
    }

    private List<List<Word>> Lines(int width)
    {
        var room = Math.Max(1, width - indent);
        var lines = new List<List<Word>> { new() };
        var used = 0;
        foreach (var word in Words().SelectMany(word => word.Cut(room)))
        {
            if (used > 0 && used + 1 + word.Width > room)
            {
                lines.Add([]);
                used = 0;
            }

            used += word.Width + (used > 0 ? 1 : 0);
            lines[^1].Add(word);
        }

        return lines;
    }

    private IEnumerable<Word> Words()
    {
        var bold = new Style(_style.Foreground, _style.Background, _style.Decoration | Decoration.Bold);
        var parts = new List<(string Text, Style Style)>();
        var runs = words.Split(Emphasis);
        for (var run = 0; run < runs.Length; run++)
        {
            var pieces = runs[run].Split(' ');
            for (var piece = 0; piece < pieces.Length; piece++)
            {
                if (piece > 0 && parts.Count > 0)
                {
                    yield return new([.. parts]);
                    parts.Clear();
                }

                if (pieces[piece].Length > 0)
                {
                    parts.Add((pieces[piece], run % 2 == 1 ? bold : _style));
                }
            }
        }

        if (parts.Count > 0)
        {
            yield return new([.. parts]);
        }
    }

    /// <summary>What stands between two blanks.</summary>
    private sealed record Word(IReadOnlyList<(string Text, Style Style)> Parts)
    {
        public int Width { get; } = Parts.Sum(part => FigureTable.Cells(part.Text));

        /// <summary>The word in pieces that fit.</summary>
        public IEnumerable<Word> Cut(int room)
        {
            if (Width <= room || Parts.Any(part => part.Text.Any(char.IsDigit)))
            {
                yield return this;
                yield break;
            }

            foreach (var (text, style) in Parts)
            {
                var piece = new StringBuilder();
                var elements = StringInfo.GetTextElementEnumerator(text);
                while (elements.MoveNext())
                {
                    var element = elements.GetTextElement();
                    if (piece.Length > 0 && FigureTable.Cells(piece + element) > room)
                    {
                        yield return new([(piece.ToString(), style)]);
                        piece.Clear();
                    }

                    piece.Append(element);
                }

                yield return new([(piece.ToString(), style)]);
            }
        }
    }
}
