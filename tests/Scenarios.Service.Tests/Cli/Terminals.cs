using Scenarios.Cli.Charts;
using Scenarios.Cli.Commands;
using Scenarios.Cli.Output;
using Scenarios.Service.Tests.Host;
using Spectre.Console;

namespace Scenarios.Service.Tests.Cli;

/// <summary>A command run in this process, and what it wrote.</summary>
internal sealed record Ran(int ExitCode, string Answers, string Errors);

/// <summary>Terminals that remember what was written.</summary>
internal static class Terminals
{
    /// <summary>A pipe, or a terminal that somebody watches, 80 columns wide.</summary>
    public static Terminal Pipe(
        TextWriter answers, TextWriter errors, string input = "", int width = 80, bool live = false, int height = 24) => new()
        {
            Console = Console(answers, width, live, height),
            Data = answers,
            Errors = errors,
            Input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)),
            Ink = Ink.For(colours: false, unicode: true, lightPaper: false),
        };

    /// <summary>What a terminal draws on.</summary>
    public static IAnsiConsole Console(TextWriter answers, int width = 80, bool live = false, int height = 24)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = live ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(answers),
        });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>Runs a command line against a pipe.</summary>
    public static async Task<Ran> RunAsync(string[] args, string input = "", int width = 80)
    {
        var (answers, errors) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync(args, Pipe(answers, errors, input, width)).WaitAsync(RunningService.Patience);
        return new(exitCode, answers.ToString(), errors.ToString());
    }
}
