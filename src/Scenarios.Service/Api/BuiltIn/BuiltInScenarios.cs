using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.BuiltIn;

/// <summary>The scenarios that ship with the service: the JSON files beside this class.</summary>
public sealed class BuiltInScenarios
{
    private const string Collection = "scenarios/";

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

    /// <summary>The scenario that a request names; null, and reported, where the name is none. Shared: never changed.</summary>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_NOT_FOUND.</exception>
    internal V1.Scenario? Named(RequestField request, string name)
    {
        CheckName(request.At("scenario_name"), name);
        return request.Violations.Count > 0 ? null : Find(name) ?? throw ApiErrors.ScenarioNotFound(name);
    }

    /// <summary>Checks the form of a scenario's name.</summary>
    internal static void CheckName(RequestField field, string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var isCollection = name.StartsWith(Collection, StringComparison.Ordinal);
        if (name.Length == 0)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give a name such as \"scenarios/dprk-rotation\".");
        }
        else if (isCollection && at >= 0 && Texts.IsId(name[Collection.Length..at]))
        {
            field.Report(
                ViolationReason.NotAvailableYet,
                $"Revisions, as in {Spoken.Quote(name)}, are not available yet.",
                $"Give \"{name[..at]}\".");
        }
        else if (!isCollection || !Texts.IsId(name[Collection.Length..]))
        {
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Quote(name)} is not the name of a scenario.",
                $"Give {Collection}{{id}}, with an id of the form {Texts.IdForm}.");
        }
    }

    private static V1.Scenario Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return JsonParser.Default.Parse<V1.Scenario>(reader);
    }
}
