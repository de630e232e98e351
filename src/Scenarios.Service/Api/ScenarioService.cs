using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Api;

/// <summary>Scenarios over gRPC: parses, asks the store.</summary>
internal sealed class ScenarioService(ScenarioRequestParser requests, ScenarioStore store) : V1.ScenarioService.ScenarioServiceBase
{
    /// <inheritdoc/>
    public override async Task<V1.Scenario> CreateScenario(V1.CreateScenarioRequest request, ServerCallContext context)
    {
        var (id, text) = requests.Parse(request);
        if (!request.ValidateOnly)
        {
            return await store.CreateAsync(id, text, context.CancellationToken);
        }

        await store.CheckAbsentAsync(id, context.CancellationToken);
        var scenario = text.Clone();
        ScenarioParser.ClearOutputOnly(scenario);
        scenario.Name = new ScenarioName(id).ToString();
        return scenario;
    }

    /// <inheritdoc/>
    public override Task<V1.Scenario> GetScenario(V1.GetScenarioRequest request, ServerCallContext context) =>
        store.GetAsync(ScenarioRequestParser.Parse(request), etag: "", context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<V1.ListScenariosResponse> ListScenarios(V1.ListScenariosRequest request, ServerCallContext context)
    {
        var page = await store.ListAsync(ScenarioRequestParser.Parse(request), context.CancellationToken);
        return new() { Scenarios = { page.Scenarios }, NextPageToken = page.NextToken };
    }

    /// <inheritdoc/>
    public override async Task<V1.Scenario> UpdateScenario(V1.UpdateScenarioRequest request, ServerCallContext context)
    {
        var (id, etag, change) = requests.Parse(request);
        if (!request.ValidateOnly)
        {
            return await store.UpdateAsync(id, etag, change, context.CancellationToken);
        }

        return change(await store.GetAsync(new(id), etag, context.CancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<Empty> DeleteScenario(V1.DeleteScenarioRequest request, ServerCallContext context)
    {
        await store.DeleteAsync(ScenarioRequestParser.Parse(request).Id, request.Etag, context.CancellationToken);
        return new();
    }

    /// <inheritdoc/>
    public override async Task<V1.ListScenarioRevisionsResponse> ListScenarioRevisions(
        V1.ListScenarioRevisionsRequest request, ServerCallContext context)
    {
        var page = await store.ListRevisionsAsync(ScenarioRequestParser.Parse(request), context.CancellationToken);
        return new() { Scenarios = { page.Scenarios }, NextPageToken = page.NextToken };
    }
}
