using System.Text.RegularExpressions;
using Scenarios.Cli.Commands;

namespace Scenarios.Service.Tests.Cli;

public sealed partial class ProtosTests
{
    [Fact]
    public async Task P3_Protos_AreWritten_WithAllTheirImports()
    {
        var folder = Directory.CreateTempSubdirectory("scenarios-protos-").FullName;
        try
        {
            Assert.Equal(ExitCode.Done, (await Terminals.RunAsync(["protos", folder])).ExitCode);
            var files = Directory.GetFiles(folder, "*.proto", SearchOption.AllDirectories);
            foreach (var file in files)
            {
                foreach (Match import in Import().Matches(await File.ReadAllTextAsync(file)))
                {
                    Assert.True(File.Exists(Path.Combine(folder, import.Groups[1].Value)), import.Value);
                }
            }

            Assert.Contains(files, file => file.EndsWith("scenarios/v1/error_reason.proto", StringComparison.Ordinal));
            Assert.Contains(files, file => file.EndsWith("google/rpc/error_details.proto", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task P3_FolderThatCannotBeWritten_IsSaid()
    {
        var ran = await Terminals.RunAsync(["protos", "/dev/null/x"]);
        Assert.Equal(ExitCode.Failed, ran.ExitCode);
        Assert.StartsWith("The protos cannot be written to /dev/null/x: ", ran.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex("^import (?:public )?\"([^\"]+)\";", RegexOptions.Multiline)]
    private static partial Regex Import();
}
