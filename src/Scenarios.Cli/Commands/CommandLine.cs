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
                terminal.Tell(error.Message);
            }

            var command = parsed.CommandResult.Command;
            terminal.Tell($"See scenarios {(command == root ? "" : command.Name + " ")}--help.");
            return ExitCode.Invalid;
        }

        // The service has a grace period of its own for what runs in it.
        var termination = parsed.CommandResult.Command.Name == ServeCommand.Name ? null : CancelPatience;
        var invocation = new InvocationConfiguration
        {
            ProcessTerminationTimeout = termination,
            EnableDefaultExceptionHandler = false,
            Output = terminal.Data,
            Error = terminal.Errors,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (OutputException error) when (error.IsClosedPipe)
        {
            return ExitCode.ClosedPipe;
        }
        catch (OutputException error)
        {
            terminal.Tell(error.Message);
            return ExitCode.Failed;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            terminal.Tell($"This command failed by a fault of its own ({error.GetType().Name}): {error.Message}");
            return ExitCode.Failed;
        }
    }
}
