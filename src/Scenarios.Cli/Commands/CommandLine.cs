using System.CommandLine;
using Scenarios.Cli.Output;

namespace Scenarios.Cli.Commands;

/// <summary>The <c>scenarios</c> command.</summary>
internal static class CommandLine
{
    /// <summary>How long Ctrl-C waits for a stream to be cancelled and a service in this process to stop.</summary>
    private static readonly TimeSpan? CancelPatience = TimeSpan.FromSeconds(5);

    /// <summary>Runs a command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var root = new RootCommand(
            $"Projects what assumptions about arrivals in batches say about the future, each number with its error.\n\n{ExitCode.Legend}")
        {
            ProjectCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            ServeCommand.Create(),
            HealthCommand.Create(terminal),
            ProtosCommand.Create(terminal),
        };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await terminal.Errors.WriteLineAsync(error.Message);
            }

            var command = parsed.CommandResult.Command;
            await terminal.Errors.WriteLineAsync($"See scenarios {(command == root ? "" : command.Name + " ")}--help.");
            return ExitCode.Invalid;
        }

        // The service has a grace period of its own for what runs in it.
        var termination = parsed.CommandResult.Command.Name == ServeCommand.Name ? null : CancelPatience;
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = termination });
    }
}
