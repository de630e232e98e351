using System.Globalization;
using System.Text;
using Scenarios.Cli.Charts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scenarios.Cli.Output;

/// <summary>
/// Where the commands read and write, and what can be shown there. Everything that is written goes through it, and it lets no
/// control character of a file or a service pass.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Columns where nothing says how many there are.</summary>
    private const int UsualWidth = 80;

    /// <summary>Fewer columns than this are taken for this many: nothing could be said in them.</summary>
    private const int LeastWidth = 20;

    private const int UsualHeight = 24;

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Draws; only this class sees it, as it lets everything pass.</summary>
    public required IAnsiConsole Console { private get; init; }

    /// <summary>Where answers for programs go: JSON, or text, as it is.</summary>
    public required TextWriter Data
    {
        get;
        init => field = TextWriter.Synchronized(new OutputWriter(value, "Standard output", Legible.OfJson));
    }

    /// <summary>Where errors go.</summary>
    public required TextWriter Errors
    {
        get;
        init => field = TextWriter.Synchronized(new OutputWriter(value, "Standard error", text => Legible.Of(text, keepLines: true)));
    }

    /// <summary>What <c>-</c> reads.</summary>
    public required Stream Input { get; init; }

    /// <summary>How charts are drawn.</summary>
    public required Ink Ink { get; init; }

    /// <summary>Somebody watches, and what was written can be written over.</summary>
    public bool IsLive => Console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Number of columns.</summary>
    public int Width => Console.Profile.Width;

    /// <summary>Number of rows.</summary>
    public int Height => Console.Profile.Height;

    /// <summary>This process's own terminal, pipe or file.</summary>
    public static Terminal Open()
    {
        var environment = Environment.GetEnvironmentVariables();
        string Variable(string name) => environment[name] as string ?? "";
        var unicode = ShowsUnicode(Variable);
        if (unicode && !System.Console.IsInputRedirected)
        {
            System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        var output = Writer(StandardStreams.Output());
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Interactive = System.Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new Screen(new OutputWriter(output, "Standard output", text => text)),
        });
        console.Profile.Capabilities.Unicode = unicode;
        console.Profile.Width = Columns(Variable("COLUMNS"), System.Console.IsOutputRedirected ? UsualWidth : console.Profile.Width);
        return new()
        {
            Console = console,
            Data = output,
            Errors = Writer(StandardStreams.Error()),
            Input = System.Console.OpenStandardInput(),
            Ink = Ink.For(
                colours: console.Profile.Capabilities is { Ansi: true, ColorSystem: not (ColorSystem.NoColors or ColorSystem.Legacy) },
                unicode,
                HasLightPaper(Variable("COLORFGBG"))),
        };
    }

    /// <summary>Writes something drawn.</summary>
    public void Write(IRenderable drawn) => Console.Write(new Guarded(drawn));

    /// <summary>Writes a sentence, broken at blanks where it is longer than a line.</summary>
    public void WriteLine(string words = "") => Write(new Prose(Shown(words)));

    /// <summary>Draws one picture over the other while a task goes on.</summary>
    /// <param name="task">The task; it gets what draws the next picture.</param>
    public Task ShowLiveAsync(Func<Action<IRenderable>, Task> task) => Console
        .Live(new Text(""))
        .Overflow(VerticalOverflow.Crop)
        .StartAsync(live => task(picture => live.UpdateTarget(new Guarded(picture))));

    /// <summary>Words from the service as this terminal can show them, in one line.</summary>
    public string Shown(string words)
    {
        var legible = Legible.Of(words);
        return Ink.HasUnicode
            ? legible
            : legible.Replace('\u00a0', ' ').Replace('\u2009', ' ').Replace('\u202f', ' ')
                .Replace('\u2212', '-').Replace("×", "x").Replace("±", "+/-");
    }

    /// <summary>Tells an error, or what a command has to say beside its answer; each of its lines on a line.</summary>
    public void Tell(string words)
    {
        try
        {
            Errors.WriteLine(string.Join('\n', words.ReplaceLineEndings("\n").Split('\n').Select(Shown)));
        }
        catch (OutputException)
        {
            // Where even errors cannot be written, the exit code is what is left to say.
        }
    }

    /// <summary>The locale's character set decides (POSIX: LC_ALL before LC_CTYPE before LANG). The Linux console has no Braille.</summary>
    internal static bool ShowsUnicode(Func<string, string> variable)
    {
        var locale = LocaleVariables.Select(variable).FirstOrDefault(value => value.Length > 0) ?? "";
        return variable("TERM") is not ("linux" or "dumb")
            && (locale.Length == 0 || locale.Replace("-", "").Contains("UTF8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Terminals that say what they look like say "foreground;background" in the 16 colours, 7 and 15 being light.</summary>
    internal static bool HasLightPaper(string colorFgBg) => colorFgBg.Split(';')[^1] is "7" or "15";

    /// <summary>The width that COLUMNS names, in a pipe too; else the width found.</summary>
    internal static int Columns(string variable, int found) =>
        Math.Max(LeastWidth, int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns
            : found > 0 ? found
            : UsualWidth);

    private static StreamWriter Writer(Stream stream)
    {
        var encoding = System.Console.OutputEncoding is UTF8Encoding
            ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            : System.Console.OutputEncoding;
        return new(stream, encoding) { AutoFlush = true };
    }

    /// <summary>Something drawn, without control characters but those that the drawing itself makes.</summary>
    private sealed class Guarded(IRenderable drawn) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => drawn.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            foreach (var segment in drawn.Render(options, maxWidth))
            {
                var legible = segment.IsControlCode || segment.IsLineBreak ? segment.Text : Legible.Of(segment.Text, keepLines: true);
                yield return ReferenceEquals(legible, segment.Text) ? segment : new Segment(legible, segment.Style);
            }
        }
    }

    /// <summary>Standard output as something to draw on.</summary>
    private sealed class Screen(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => !System.Console.IsOutputRedirected;

        public int Width => Size(() => System.Console.BufferWidth, UsualWidth);

        public int Height => Size(() => System.Console.WindowHeight, UsualHeight);

        public void SetEncoding(Encoding encoding)
        {
            // What the locale says was settled when the writer was made.
        }

        private static int Size(Func<int> found, int usual)
        {
            try
            {
                return found() is > 0 and var size ? size : usual;
            }
            catch (Exception error) when (error is IOException or PlatformNotSupportedException)
            {
                return usual;
            }
        }
    }
}
