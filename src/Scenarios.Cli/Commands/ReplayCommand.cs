using System.CommandLine;
using Google.Protobuf;
using Scenarios.Cli.Output;
using Scenarios.V1;

namespace Scenarios.Cli.Commands;

/// <summary><c>scenarios replay</c>: one path, event by event, in sentences.</summary>
internal static class ReplayCommand
{
    private const string ProjectionPrefix = "projections/";

    /// <summary>The command on a terminal.</summary>
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("source")
        {
            Description = "A scenario as for project, or the name of a finished projection (projections/...).",
        };
        var pathIndex = new Argument<long>("path")
        {
            Description = "Number of the path, from 0.",
            CustomParser = result => NotationNumber.Whole("path", result),
        };
        var seed = new Option<long?>("--seed")
        {
            Description = "Seed of the random numbers. Default 1, or the projection's own.",
            HelpName = "N",
            CustomParser = result => NotationNumber.Whole("--seed", result),
        };
        var json = new Option<bool>("--json") { Description = "Print the replay as one JSON document." };
        var command = new Command("replay", "Tells one path (future) event by event.")
        {
            source, pathIndex, ServiceConnection.Server, ServiceConnection.Token, seed, json,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.RunAsync(terminal, async () =>
        {
            var argument = parsed.GetRequiredValue(source);
            var request = new ReplayPathRequest { PathIndex = parsed.GetValue(pathIndex) };
            if (parsed.GetValue(seed) is { } given)
            {
                request.Seed = given;
            }

            if (argument.StartsWith(ProjectionPrefix, StringComparison.Ordinal))
            {
                request.Projection = argument;
            }
            else if (ScenarioArgument.Name(argument) is { } name)
            {
                request.ScenarioName = name;
            }
            else
            {
                request.Scenario = await ScenarioArgument.ReadAsync(argument, terminal.Input, cancellationToken);
            }

            await using var service = await ServiceConnection.OpenAsync(parsed, cancellationToken);
            var replay = await service.Client.ReplayPathAsync(request, cancellationToken);
            if (parsed.GetValue(json))
            {
                await terminal.Data.WriteLineAsync(new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(replay));
                return ExitCode.Done;
            }

            foreach (var entry in replay.Entries)
            {
                terminal.WriteLine(entry.Sentence);
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
