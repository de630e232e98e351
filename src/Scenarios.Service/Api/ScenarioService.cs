using Grpc.Core;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api;

/// <summary>Scenarios over gRPC.</summary>
internal sealed class ScenarioService(BuiltInScenarios scenarios) : V1.ScenarioService.ScenarioServiceBase
{
    /// <inheritdoc/>
    public override Task<V1.Scenario> GetScenario(V1.GetScenarioRequest request, ServerCallContext context)
    {
        var name = ResourceRequestParser.Parse(request);
        return Task.FromResult(scenarios.Find(name) ?? throw ApiErrors.ScenarioNotFound(name));
    }

    /// <inheritdoc/>
    public override Task<V1.ListScenariosResponse> ListScenarios(V1.ListScenariosRequest request, ServerCallContext context)
    {
        var page = ResourceRequestParser.Parse(request);
        var after = scenarios.All.Where(scenario => string.CompareOrdinal(scenario.Name, page.After) > 0);
        V1.Scenario[] following = [.. after.Take(page.Size + 1)];
        return Task.FromResult(new V1.ListScenariosResponse
        {
            Scenarios = { following.Take(page.Size) },
            NextPageToken = following.Length > page.Size ? ScenarioPage.TokenAfter(following[page.Size - 1].Name) : "",
        });
    }
}
