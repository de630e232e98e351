using System.CommandLine;
using Scenarios.Service.Api.Json;
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
    public static async Task<Scenario> ReadAsync(string argument, Stream input, CancellationToken cancellationToken)
    {
        var source = argument == StandardInput ? "standard input" : argument;
        var bytes = argument == StandardInput
            ? await ReadAsync(input, source, cancellationToken)
            : await ReadFileAsync(argument, cancellationToken);
        return ScenarioFile.Parse(bytes, out var faults)
            ?? throw new UsageException($"{source} is not a scenario in JSON:{string.Concat(faults.Select(Told))}");
    }

    private static string Told(JsonFault fault)
    {
        var place = fault.Place?.ToString() ?? "";
        var where = fault.Field.Length == 0 ? place : place.Length == 0 ? fault.Field : $"{fault.Field} ({place})";
        return where.Length == 0 ? $"\n      {fault.Message}" : $"\n  {where}\n      {fault.Message}";
    }

    private static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{path} is a folder. Name a file in it that has a scenario in JSON.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no file {path}. A stored scenario is named {NamePrefix}{path}.");
        }

        try
        {
            await using var file = File.OpenRead(path);
            return await ReadAsync(file, path, cancellationToken);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: permission is denied.");
        }
        catch (IOException)
        {
            throw new UsageException($"{path} cannot be read: the file system refuses it.");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string source, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > ScenarioFile.MostBytes)
            {
                throw new UsageException($"{source} is larger than {ScenarioFile.MostBytes / 1048576.0} MiB, the most that is read of a scenario.");
            }
        }

        return bytes.ToArray();
    }
}
