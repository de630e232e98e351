using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Storage.Listing;

namespace Scenarios.Service.Api.Requests;

/// <summary>A scenario to make, parsed and valid.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text as sent.</param>
internal sealed record ScenarioCreation(string Id, V1.Scenario Text);

/// <summary>A change of a scenario, parsed and valid but for what depends on the scenario as it stands.</summary>
/// <param name="Id">The scenario.</param>
/// <param name="Etag">The etag that it must have; empty for any.</param>
/// <param name="Change">The new text for the one that stands. Throws INVALID_REQUEST where that breaks a rule.</param>
internal sealed record ScenarioChange(string Id, string Etag, Func<V1.Scenario, V1.Scenario> Change);

/// <summary>Parses requests of the scenario service: finds everything that breaks a rule.</summary>
internal sealed class ScenarioRequestParser(IOptions<LimitsOptions> limits)
{
    /// <summary>What to make.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST or REQUEST_TOO_LARGE.</exception>
    public ScenarioCreation Parse(V1.CreateScenarioRequest request)
    {
        var root = RequestField.Root();
        Texts.CheckId(root.At("scenario_id"), request.ScenarioId);
        if (request.Scenario is null)
        {
            root.At("scenario").Report(ViolationReason.Required, "It is required.", "Give the scenario to make.");
        }
        else
        {
            Check(root.At("scenario"), request.Scenario);
        }

        root.ThrowIfViolated();
        return new(request.ScenarioId, request.Scenario!);
    }

    /// <summary>Which scenario or revision to get.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static ScenarioName Parse(V1.GetScenarioRequest request) => NameOf(request.Name, mayHaveRevision: true);

    /// <summary>Which scenario to delete.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static ScenarioName Parse(V1.DeleteScenarioRequest request) => NameOf(request.Name, mayHaveRevision: false);

    /// <summary>What to change.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public ScenarioChange Parse(V1.UpdateScenarioRequest request)
    {
        var root = RequestField.Root();
        if (request.Scenario is not { } given)
        {
            root.At("scenario").Report(ViolationReason.Required, "It is required.", "Give the scenario's name and new values.");
            root.ThrowIfViolated();
            throw new InvalidOperationException();
        }

        var name = ScenarioName.Parse(root.At("scenario").At("name"), given.Name, mayHaveRevision: false);
        var mask = UpdateMask.Parse(root.At("update_mask"), request.UpdateMask, given);
        root.ThrowIfViolated();
        return new(name!.Value.Id, given.Etag, stored =>
        {
            var text = mask!.Apply(stored, given);
            var changed = RequestField.Root();
            Check(changed.At("scenario"), text);
            changed.ThrowIfViolated();
            return text;
        });
    }

    /// <summary>Which scenarios to list.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static ScenarioListing Parse(V1.ListScenariosRequest request)
    {
        var root = RequestField.Root();
        var size = PageSize.Parse(root.At("page_size"), request.PageSize);
        var filter = ScenarioFilter.Parse(root.At("filter"), request.Filter);
        var order = ScenarioOrder.Parse(root.At("order_by"), request.OrderBy);
        root.ThrowIfViolated();

        var list = $"scenarios\n{order}\n{request.Filter.Trim()}";
        var token = root.At("page_token");
        var place = PageToken.Parse(token, request.PageToken, list);
        var after = place is null or [] ? null : order!.After(place);
        if (place is [_, ..] && after is null)
        {
            PageToken.ReportForeign(token, request.PageToken);
        }

        root.ThrowIfViolated();
        return new(size, list, filter!, order!, after);
    }

    /// <summary>Which revisions to list.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public static RevisionListing Parse(V1.ListScenarioRevisionsRequest request)
    {
        var root = RequestField.Root();
        var name = ScenarioName.Parse(root.At("name"), request.Name, mayHaveRevision: false);
        var size = PageSize.Parse(root.At("page_size"), request.PageSize);
        var list = $"revisions\n{request.Name}";
        var token = root.At("page_token");
        var place = PageToken.Parse(token, request.PageToken, list);
        long? before = place is [var text] && long.TryParse(text, out var number) ? number : null;
        if (place is [_, ..] && before is null)
        {
            PageToken.ReportForeign(token, request.PageToken);
        }

        root.ThrowIfViolated();
        return new(name!.Value.Id, size, list, before);
    }

    private static ScenarioName NameOf(string text, bool mayHaveRevision)
    {
        var root = RequestField.Root();
        var name = ScenarioName.Parse(root.At("name"), text, mayHaveRevision);
        root.ThrowIfViolated();
        return name!.Value;
    }

    /// <summary>The rules of a scenario that is projected, and those of one that is kept.</summary>
    private void Check(RequestField field, V1.Scenario scenario)
    {
        var size = scenario.CalculateSize();
        if (size > RequestCost.MostMessageBytes)
        {
            throw ApiErrors.RequestTooLarge(
                "message size",
                $"a scenario of {size / 1048576.0:0.0} MiB",
                "3.5 MiB",
                "Leave out evidence or samples that it does not need.");
        }

        ScenarioParser.Parse(field, scenario, limits.Value.MaxGridPoints);
    }
}
