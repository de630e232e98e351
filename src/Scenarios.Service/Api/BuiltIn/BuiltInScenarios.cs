using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Google.Protobuf;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.BuiltIn;

/// <summary>The scenarios that ship with the service: the JSON files beside this class.</summary>
public sealed class BuiltInScenarios : IScenarioCatalog
{
    private readonly FrozenDictionary<string, V1.Scenario> _byName;

    /// <summary>Reads the scenarios that the assembly carries.</summary>
    /// <exception cref="InvalidProtocolBufferException">One has a field that does not exist.</exception>
    public BuiltInScenarios()
    {
        var assembly = Assembly.GetExecutingAssembly();
        All =
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".json", StringComparison.Ordinal))
                .Select(name => Read(assembly, name))
                .OrderBy(scenario => scenario.Name, StringComparer.Ordinal),
        ];
        _byName = All.ToFrozenDictionary(scenario => scenario.Name);
    }

    /// <summary>All of them, in the order of their names. Shared: never changed.</summary>
    public IReadOnlyList<V1.Scenario> All { get; }

    /// <summary>The scenario of a name, or null. Shared: never changed.</summary>
    public V1.Scenario? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The revision that a text is: the same wherever and whenever this version of the service runs.</summary>
    public static string RevisionOf(V1.Scenario scenario) => Convert.ToHexStringLower(SHA256.HashData(scenario.ToByteArray()))[..10];

    /// <inheritdoc/>
    public ValueTask<V1.Scenario?> FindAsync(ScenarioName name, CancellationToken cancellationToken)
    {
        var scenario = Find(ScenarioName.Collection + name.Id);
        return new(scenario is null || (name.Revision is { } revision && revision != RevisionOf(scenario)) ? null : scenario);
    }

    private static V1.Scenario Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return JsonParser.Default.Parse<V1.Scenario>(reader);
    }
}
