using Grpc.Core;
using Scenarios.Cli.Output;
using Scenarios.Client;

namespace Scenarios.Cli.Commands;

/// <summary>Turns how a command ended into words on standard error and an exit code.</summary>
internal static class Outcome
{
    /// <summary>Runs a command to its exit code.</summary>
    public static async Task<int> RunAsync(Terminal terminal, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }
        catch (UsageException error)
        {
            terminal.Errors.WriteLine(terminal.Shown(error.Message));
            return ExitCode.Invalid;
        }
        catch (ScenariosException error)
        {
            Tell(terminal, error);
            return ExitCode.Of(error);
        }
    }

    /// <summary>The violations, each at its field; else the message; and when to come back.</summary>
    private static void Tell(Terminal terminal, ScenariosException error)
    {
        if (error.Violations.IsEmpty)
        {
            var nobody = error is { StatusCode: StatusCode.Unavailable, Reason: "" };
            terminal.Errors.WriteLine(nobody ? $"The service does not answer: {error.Message}" : terminal.Shown(error.Message));
        }
        else
        {
            var rules = error.Violations.Length == 1 ? "a rule" : $"{error.Violations.Length} rules";
            terminal.Errors.WriteLine($"The request breaks {rules}:");
            foreach (var violation in error.Violations)
            {
                terminal.Errors.WriteLine($"  {violation.Field}");
                terminal.Errors.WriteLine($"      {terminal.Shown(violation.Description)}");
            }
        }
    }
}
