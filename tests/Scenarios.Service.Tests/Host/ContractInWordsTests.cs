using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Scenarios.Service.Tests.Host;

public sealed partial class ContractInWordsTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void P4_RpcsThatReadmeAndProtosName_Exist()
    {
        FileDescriptor[] files = [V1.ProjectionServiceReflection.Descriptor, V1.ScenarioServiceReflection.Descriptor];
        var known = files.SelectMany(file => file.Services.SelectMany(service => service.Methods.Select(method => method.Name).Append(service.Name))
            .Concat(file.MessageTypes.Select(message => message.Name))).ToHashSet();
        string[] texts = [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "protos", "scenarios"), "*.proto", SearchOption.AllDirectories)];
        foreach (var text in texts)
        {
            var named = Rpc().Matches(File.ReadAllText(text)).Select(match => match.Value).ToHashSet();
            Assert.Subset(known, named);
        }
    }

    [Fact]
    public void P4_ScopesInReadme_OpenEveryRpc()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        var table = readme[readme.IndexOf("| scope, a word of the token", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        foreach (var method in V1.ProjectionService.Descriptor.Methods.Concat(V1.ScenarioService.Descriptor.Methods))
        {
            var verb = Verb().Match(method.Name).Value;
            Assert.Matches($@"\b({method.Name}|{verb})\b", table);
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Scenarios.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>A verb that rpcs begin with, and what it is done to.</summary>
    [GeneratedRegex(@"\b(?:Get|List|Create|Update|Delete|Compare|Analyze|Replay|Score|Solve|Export|Watch|Diff|Describe|Project)(?:Scenario|Projection|Path|Sensitivity|Comparison|Assumption|Distribution)[A-Za-z]*\b")]
    private static partial Regex Rpc();

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex Verb();
}
