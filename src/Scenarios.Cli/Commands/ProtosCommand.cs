using System.CommandLine;
using Scenarios.Cli.Output;

namespace Scenarios.Cli.Commands;

/// <summary><c>scenarios protos DIR</c>: the protos with their imports, to make clients from without a build of .NET.</summary>
internal static class ProtosCommand
{
    private const string Prefix = "protos/";

    /// <summary>The command on a terminal.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder to write to; it is made if it is not there, files of the same name are replaced." };
        var command = new Command(
            "protos",
            "Writes the protos of the service with all their imports, for protoc -I DIR or buf.")
        {
            folder,
        };
        command.SetAction((parsed, _) => WriteAsync(parsed.GetRequiredValue(folder), terminal));
        return command;
    }

    private static async Task<int> WriteAsync(DirectoryInfo folder, Terminal terminal)
    {
        var assembly = typeof(ProtosCommand).Assembly;
        var count = 0;
        try
        {
            foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                var file = Path.Combine(folder.FullName, resource[Prefix.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await using var proto = assembly.GetManifestResourceStream(resource)!;
                await using var output = File.Create(file);
                await proto.CopyToAsync(output);
                count++;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await terminal.Errors.WriteLineAsync($"The protos cannot be written to {terminal.Shown(folder.FullName)}: {terminal.Shown(error.Message)}");
            return ExitCode.Failed;
        }

        await terminal.Data.WriteLineAsync($"{count} files below {terminal.Shown(folder.FullName)}");
        return ExitCode.Done;
    }
}
