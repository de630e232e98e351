using System.Text;
using Scenarios.Cli.Charts;
using Spectre.Console;

namespace Scenarios.Cli.Output;

/// <summary>Where the commands read and write, and what can be shown there.</summary>
internal sealed class Terminal
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Where answers go.</summary>
    public required IAnsiConsole Answers { get; init; }

    /// <summary>The same, for what a program reads: written as it is.</summary>
    public required TextWriter Data { get; init; }

    /// <summary>Where errors go.</summary>
    public required TextWriter Errors { get; init; }

    /// <summary>What <c>-</c> reads.</summary>
    public required Stream Input { get; init; }

    /// <summary>How charts are drawn.</summary>
    public required Ink Ink { get; init; }

    /// <summary>Somebody watches, and what was written can be written over.</summary>
    public bool IsLive => Answers.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>This process's own terminal, pipe or file.</summary>
    public static Terminal Open()
    {
        var environment = Environment.GetEnvironmentVariables();
        string Variable(string name) => environment[name] as string ?? "";
        var unicode = ShowsUnicode(Variable);
        if (unicode && !Console.IsInputRedirected)
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Interactive = Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        console.Profile.Capabilities.Unicode = unicode;
        return new()
        {
            Answers = console,
            Data = Console.Out,
            Errors = Console.Error,
            Input = Console.OpenStandardInput(),
            Ink = Ink.For(
                colours: console.Profile.Capabilities is { Ansi: true, ColorSystem: not (ColorSystem.NoColors or ColorSystem.Legacy) },
                unicode,
                HasLightPaper(Variable("COLORFGBG"))),
        };
    }

    /// <summary>Words from the service as this terminal can show them.</summary>
    public string Shown(string words) => Ink.HasUnicode
        ? words
        : words.Replace('\u00a0', ' ').Replace('\u2009', ' ').Replace('\u202f', ' ')
            .Replace('\u2212', '-').Replace('×', 'x').Replace("±", "+/-");

    /// <summary>The locale's character set decides (POSIX: LC_ALL before LC_CTYPE before LANG). The Linux console has no Braille.</summary>
    internal static bool ShowsUnicode(Func<string, string> variable)
    {
        var locale = LocaleVariables.Select(variable).FirstOrDefault(value => value.Length > 0) ?? "";
        return variable("TERM") is not ("linux" or "dumb")
            && (locale.Length == 0 || locale.Replace("-", "").Contains("UTF8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Terminals that say what they look like say "foreground;background" in the 16 colours, 7 and 15 being light.</summary>
    internal static bool HasLightPaper(string colorFgBg) => colorFgBg.Split(';')[^1] is "7" or "15";
}
