using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>Where scenarios are found that requests name.</summary>
public interface IScenarioCatalog
{
    /// <summary>A scenario or a revision, or null where there is none. Shared: never changed.</summary>
    ValueTask<V1.Scenario?> FindAsync(ScenarioName name, CancellationToken cancellationToken);
}

/// <summary>Scenarios that requests name.</summary>
internal static class NamedScenarios
{
    /// <summary>The scenario that a request names; null, and reported, where the name is none. Shared: never changed.</summary>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_NOT_FOUND.</exception>
    public static async ValueTask<V1.Scenario?> NamedAsync(
        this IScenarioCatalog scenarios, RequestField request, string text, CancellationToken cancellation)
    {
        var name = ScenarioName.Parse(request.At("scenario_name"), text, mayHaveRevision: true);
        return name is null || request.Violations.Count > 0
            ? null
            : await scenarios.FindAsync(name.Value, cancellation) ?? throw ApiErrors.ScenarioNotFound(text);
    }
}
