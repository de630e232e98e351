using System.Text.RegularExpressions;

namespace Scenarios.Engine.Tests;

/// <summary>The README names tests as evidence.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void EveryTestThatTheReadmeNames_Exists()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Scenarios.sln")))
        {
            root = root.Parent!;
        }

        var sources = Directory.EnumerateFiles(Path.Combine(root.FullName, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ToArray();
        var named = NamedTest().Matches(File.ReadAllText(Path.Combine(root.FullName, "README.md")));
        Assert.InRange(named.Count, 40, int.MaxValue);
        Assert.All(named, name => Assert.Contains(sources, source =>
            source.Contains($"class {name.Groups["class"].Value}", StringComparison.Ordinal)
            && source.Contains($" {name.Groups["method"].Value}", StringComparison.Ordinal)));
    }

    /// <summary>In code: a class, a class and its method, or a method by itself.</summary>
    [GeneratedRegex("`(?:(?<class>[A-Z][A-Za-z]+Tests)|(?:(?<class>[A-Z][A-Za-z]+Tests)\\.)?(?<method>[A-Z]\\w*[a-z]_\\w+))`")]
    private static partial Regex NamedTest();
}
