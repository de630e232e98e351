using Spectre.Console;

namespace Scenarios.Cli.Charts;

/// <summary>
/// How a chart is drawn: with colours, in shades without, or in ASCII. Bands of one hue carry what the assumptions leave open; text
/// and lines are in the terminal's own colour.
/// </summary>
internal sealed class Ink
{
    private readonly Color[] _bands;
    private readonly Color _median;

    private Ink(bool colours, bool unicode, bool lightPaper)
    {
        HasColours = colours;
        HasUnicode = unicode;
        // The tokens of the dashboard: 90 % band, the middle between, 50 % band; and the median's line.
        _bands = lightPaper
            ? [new(0xCB, 0xDD, 0xEE), new(0xA8, 0xC6, 0xE2), new(0x86, 0xAF, 0xD6)]
            : [new(0x1D, 0x38, 0x52), new(0x29, 0x50, 0x77), new(0x35, 0x68, 0x9B)];
        _median = lightPaper ? new(0x12, 0x4A, 0x85) : new(0xA3, 0xCD, 0xF2);
    }

    /// <summary>Bands are painted.</summary>
    public bool HasColours { get; }

    /// <summary>Blocks, Braille and box lines can be drawn.</summary>
    public bool HasUnicode { get; }

    /// <summary>The best that a terminal can show.</summary>
    /// <param name="colours">It has colours, and the user wants them.</param>
    /// <param name="unicode">It shows more than ASCII.</param>
    /// <param name="lightPaper">It says that its background is light.</param>
    public static Ink For(bool colours, bool unicode, bool lightPaper) => new(colours && unicode, unicode, lightPaper);

    /// <summary>Axis and ticks.</summary>
    public static Style Axis { get; } = new(decoration: Decoration.Dim);

    /// <summary>Text that stands back.</summary>
    public static Style Note => Axis;

    /// <summary>Text that stands out.</summary>
    public static Style Emphasis { get; } = new(decoration: Decoration.Bold);

    /// <summary>Solid line of the ceiling, at that share of a row's height: what presses against it touches it.</summary>
    public char CeilingGlyph(double share) => !HasUnicode ? '=' : share > 0.75 ? '▔' : share < 0.25 ? '▁' : '─';

    /// <summary>Dotted line of a threshold.</summary>
    public char ThresholdGlyph => HasUnicode ? '┄' : '-';

    /// <summary>Dashed line of those present.</summary>
    public char PresentGlyph => HasUnicode ? '╌' : '~';

    /// <summary>Mark where the median crosses a threshold.</summary>
    public char CrossingGlyph => HasUnicode ? '○' : 'o';

    /// <summary>The median, where it is not drawn in Braille.</summary>
    public char MedianGlyph => HasUnicode ? '━' : '#';

    /// <summary>Vertical axis, and with a mark.</summary>
    public (char Line, char Tick) LeftAxis => HasUnicode ? ('│', '┤') : ('|', '+');

    /// <summary>Horizontal axis: corner, line, mark.</summary>
    public (char Corner, char Line, char Tick) BottomAxis => HasUnicode ? ('└', '─', '┬') : ('+', '-', '+');

    /// <summary>Colour of a band, by how deep it lies: 0 is the outermost of <paramref name="bands"/> nested ones.</summary>
    public Color BandColour(int depth, int bands) => _bands[Shade(depth, bands)];

    /// <summary>Glyph of a band without colours.</summary>
    public char BandGlyph(int depth, int bands) => (HasUnicode ? "░▒▒" : ".::")[Shade(depth, bands)];

    /// <summary>Text or line on a band of that colour; null for the paper.</summary>
    public static Style On(Color? band, Decoration decoration = Decoration.None) => band is { } colour
        ? new Style(Contrast(colour), colour, decoration)
        : new Style(decoration: decoration);

    /// <summary>The median's line on a band of that colour.</summary>
    public Style MedianOn(Color? band) => !HasColours ? Style.Plain : new Style(_median, band ?? Color.Default);

    /// <summary>Single outer bands are light; a single band around the median alone is dark enough to be seen.</summary>
    private static int Shade(int depth, int bands) => bands switch
    {
        1 => 1,
        _ => (int)Math.Round(2.0 * depth / (bands - 1)),
    };

    private static Color Contrast(Color paper) =>
        (0.299 * paper.R) + (0.587 * paper.G) + (0.114 * paper.B) > 140 ? new Color(0x16, 0x19, 0x1D) : new Color(0xEC, 0xEA, 0xE5);
}
