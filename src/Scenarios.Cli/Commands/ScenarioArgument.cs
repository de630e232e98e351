using System.CommandLine;
using Google.Protobuf;
using Scenarios.V1;

namespace Scenarios.Cli.Commands;

/// <summary>A scenario as the command line names it: a stored one, a JSON file, or standard input.</summary>
internal static class ScenarioArgument
{
    /// <summary>What a stored scenario's name begins with.</summary>
    public const string NamePrefix = "scenarios/";

    private const string StandardInput = "-";

    /// <summary>The argument.</summary>
    public static Argument<string> Create() => new("scenario")
    {
        Description = "A scenario's name (scenarios/dprk-rotation), a file with a scenario in JSON, or - for JSON from standard input.",
    };

    /// <summary>The name, or null where the argument is JSON.</summary>
    public static string? Name(string argument) =>
        argument.StartsWith(NamePrefix, StringComparison.Ordinal) && !File.Exists(argument) ? argument : null;

    /// <summary>The scenario in a file or on standard input.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static async Task<Scenario> ReadAsync(string argument, TextReader input, CancellationToken cancellationToken)
    {
        var source = argument == StandardInput ? "standard input" : argument;
        if (argument != StandardInput && !File.Exists(argument))
        {
            throw new UsageException($"There is no file {argument}. A stored scenario is named {NamePrefix}{argument}.");
        }

        try
        {
            var json = argument == StandardInput
                ? await input.ReadToEndAsync(cancellationToken)
                : await File.ReadAllTextAsync(argument, cancellationToken);
            return JsonParser.Default.Parse<Scenario>(json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{source} is not a scenario in JSON: {error.Message}");
        }
    }
}
