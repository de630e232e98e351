using Grpc.Core;
using Scenarios.Cli.Output;
using Scenarios.Client;
using Scenarios.Service.Configuration;
using Scenarios.Service.Storage;

namespace Scenarios.Cli.Commands;

/// <summary>Turns how a command ended into words on standard error and an exit code.</summary>
internal static class Outcome
{
    /// <summary>Runs a command to its exit code.</summary>
    public static Task<int> RunAsync(Terminal terminal, Func<Task<int>> command) => RunAsync(terminal, [], _ => command());

    /// <summary>Runs a command that changes a scenario to its exit code; errors of the changes point into them.</summary>
    public static async Task<int> RunAsync(
        Terminal terminal, Dictionary<string, string> overrides, Func<Dictionary<string, string>, Task<int>> command)
    {
        try
        {
            return await command(overrides);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }
        catch (RefusedSettingsException error) // Of the service that this command hosts.
        {
            terminal.Errors.WriteLine(error.Message);
            return ExitCode.Invalid;
        }
        catch (UsageException error)
        {
            terminal.Tell(error.Message);
            return ExitCode.Invalid;
        }
        catch (StorageException error)
        {
            terminal.Tell(error.Message);
            return ExitCode.Failed;
        }
        catch (ScenariosException error)
        {
            Tell(terminal, overrides, error);
            return ExitCode.Of(error);
        }
    }

    /// <summary>The violations, each at its field; else the message; and when to come back.</summary>
    private static void Tell(Terminal terminal, Dictionary<string, string> overrides, ScenariosException error)
    {
        if (error.Violations.IsEmpty)
        {
            terminal.Tell(error.Message);
            if (error.StatusCode == StatusCode.Unauthenticated)
            {
                terminal.Tell("This command takes it from --token or SCENARIOS_TOKEN.");
            }
        }
        else
        {
            var rules = error.Violations.Length == 1 ? "a rule" : $"{error.Violations.Length} rules";
            terminal.Tell($"The request breaks {rules}:");
            foreach (var violation in error.Violations)
            {
                if (OverrideOption.Shown(violation.Field, violation.Description, overrides) is var (given, mark))
                {
                    terminal.Tell($"  --set {given}");
                    if (mark.Length > 0)
                    {
                        terminal.Tell($"        {mark}");
                    }
                }
                else
                {
                    terminal.Tell($"  {violation.Field}");
                }

                terminal.Tell($"      {violation.Description}");
            }
        }
    }
}
