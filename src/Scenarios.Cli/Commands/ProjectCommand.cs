using System.CommandLine;
using System.CommandLine.Parsing;
using Google.Protobuf;
using Scenarios.Cli.Output;
using Scenarios.V1;

namespace Scenarios.Cli.Commands;

/// <summary><c>scenarios project</c>: the main job.</summary>
internal static class ProjectCommand
{
    private static readonly TimeSpan UnwatchedInterval = TimeSpan.FromSeconds(1);

    private static readonly JsonFormatter Document = new(JsonFormatter.Settings.Default.WithIndentation());

    /// <summary>The command on a terminal.</summary>
    public static Command Create(Terminal terminal)
    {
        var scenario = ScenarioArgument.Create();
        var paths = new Option<long>("--paths")
        {
            Description = "Number of paths (futures), such as 20000, 1k or 2.5M. Default 100,000.",
            HelpName = "N",
            CustomParser = result => NotationNumber.Whole("--paths", result),
        };
        var seed = new Option<long?>("--seed")
        {
            Description = "Seed of the random numbers. Default 1: the same request gives the same answer.",
            HelpName = "N",
            CustomParser = result => NotationNumber.Whole("--seed", result),
        };
        var levels = List<double>("--quantile-levels", "Quantile levels between 0 and 1, ascending. Default 0.05 0.25 0.5 0.75 0.95.", "P");
        var thresholds = List<long>("--thresholds", "Counts whose first passage is wanted. Default: the scenario's own.", "COUNT");
        var reportDays = List<double>("--report-days", "Days after the start to report. Default: the scenario's grid.", "DAY");
        var set = OverrideOption.Create();
        var targets = new Option<Target[]>("--target")
        {
            Description = "Stop early once this precise: 0.1% for the mean at the horizon, 50 for its quantiles in people; or both.",
            HelpName = "ERROR",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. Parts(result).Select(part => Target.Parse(part, result)).OfType<Target>()],
        };
        var quasiRandom = new Option<bool>("--quasi-random")
        {
            Description = "Draw from scrambled Sobol points: the mean is as sure with a tenth of the paths.",
        };
        var json = new Option<bool>("--json") { Description = "Print the final projection as one JSON document." };
        var streamJson = new Option<bool>("--stream-json") { Description = "Print every snapshot as JSON, one a line, as it comes." };
        var command = new Command("project", "Projects a scenario and draws the answer while it sharpens.")
        {
            scenario, ServiceConnection.Server, ServiceConnection.Token, set, paths, seed, levels, thresholds,
            reportDays, targets, quasiRandom, json, streamJson,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(streamJson))
            {
                result.AddError("Give one of --json and --stream-json.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Outcome.RunAsync(terminal, parsed.GetValue(set) ?? [], async overrides =>
        {
            var argument = parsed.GetRequiredValue(scenario);
            var request = new ProjectRequest
            {
                Overrides = { overrides },
                Paths = parsed.GetValue(paths),
                QuantileLevels = { parsed.GetValue(levels) ?? [] },
                Thresholds = { parsed.GetValue(thresholds) ?? [] },
                ReportDays = { parsed.GetValue(reportDays) ?? [] },
                TargetPrecision = Target.Together(parsed.GetValue(targets) ?? []),
                Sampling = parsed.GetValue(quasiRandom) ? ProjectRequest.Types.Sampling.QuasiRandom : ProjectRequest.Types.Sampling.PseudoRandom,
            };
            if (!parsed.GetValue(streamJson) && (parsed.GetValue(json) || !terminal.IsLive))
            {
                // Nobody watches; a snapshot now and then is what Ctrl-C leaves.
                request.UpdateInterval = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(UnwatchedInterval);
            }

            if (parsed.GetValue(seed) is { } given)
            {
                request.Seed = given;
            }

            if (ScenarioArgument.Name(argument) is { } name)
            {
                request.ScenarioName = name;
            }
            else
            {
                request.Scenario = await ScenarioArgument.ReadAsync(argument, terminal.Input, cancellationToken);
            }

            await using var service = await ServiceConnection.OpenAsync(parsed, cancellationToken);
            var snapshots = service.Client.ProjectAsync(request, cancellationToken);
            if (parsed.GetValue(streamJson))
            {
                await foreach (var snapshot in snapshots)
                {
                    await terminal.Data.WriteLineAsync(JsonFormatter.Default.Format(snapshot));
                    await terminal.Data.FlushAsync(cancellationToken);
                }
            }
            else if (parsed.GetValue(json))
            {
                await PrintLastAsync(snapshots, terminal);
            }
            else
            {
                await new ProjectionView(terminal).ShowAsync(snapshots, cancellationToken);
            }

            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Prints the last projection, or the newest if the command is cancelled before.</summary>
    internal static async Task PrintLastAsync(IAsyncEnumerable<ProjectResponse> snapshots, Terminal terminal)
    {
        ProjectResponse? last = null;
        try
        {
            await foreach (var snapshot in snapshots)
            {
                last = snapshot;
            }
        }
        finally
        {
            if (last is not null)
            {
                await terminal.Data.WriteLineAsync(Document.Format(last.Projection));
            }
        }
    }

    /// <summary>An option that takes several values: repeated, one after the other, or with commas between.</summary>
    private static Option<T[]> List<T>(string name, string description, string valueName) => new(name)
    {
        Description = description,
        HelpName = valueName,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. Parts(result).Select(part => Number<T>(name, part, result))],
    };

    private static IEnumerable<string> Parts(ArgumentResult result) =>
        result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static T Number<T>(string option, string text, ArgumentResult result)
    {
        var number = typeof(T) == typeof(long)
            ? NotationNumber.Whole(option, text, result)
            : (object?)NotationNumber.Real(option, text, result);
        return number is null ? default! : (T)number;
    }

    /// <summary>A precision to stop at.</summary>
    private sealed record Target(double? RelativeHalfWidth, double? QuantileHalfWidth)
    {
        public static Target? Parse(string text, ArgumentResult result)
        {
            var relative = text.EndsWith('%');
            if (NotationNumber.Real(relative ? text[..^1] : text) is not { } number)
            {
                result.AddError($"--target: {text} is neither a share of the mean, such as 0.1%, nor a count, such as 50.");
                return null;
            }

            return relative ? new(number / 100, null) : new(null, number);
        }

        public static TargetPrecision? Together(Target[] targets)
        {
            if (targets.Length == 0)
            {
                return null;
            }

            var precision = new TargetPrecision();
            foreach (var target in targets)
            {
                if (target.RelativeHalfWidth is { } relative)
                {
                    precision.RelativeHalfWidth = relative;
                }

                if (target.QuantileHalfWidth is { } quantile)
                {
                    precision.QuantileHalfWidth = quantile;
                }
            }

            return precision;
        }
    }
}
