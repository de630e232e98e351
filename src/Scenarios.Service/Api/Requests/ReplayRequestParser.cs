using Microsoft.Extensions.Options;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Runs;
using Source = Scenarios.V1.ReplayPathRequest.SourceOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>A path to replay, parsed and valid.</summary>
/// <param name="Scenario">The scenario as projected.</param>
/// <param name="Model">The same for the engine.</param>
/// <param name="Seed">Seed of the random numbers.</param>
/// <param name="Sampling">How paths are drawn.</param>
/// <param name="PathIndex">Number of the path.</param>
public sealed record ReplaySpec(V1.Scenario Scenario, ArrivalModel Model, long Seed, Sampling Sampling, long PathIndex);

/// <summary>Parses requests to replay a path.</summary>
public sealed class ReplayRequestParser(IOptions<LimitsOptions> limits, IScenarioCatalog scenarios)
{
    private readonly LimitsOptions _limits = limits.Value;

    /// <summary>What to replay.</summary>
    /// <param name="request">The request.</param>
    /// <param name="findFinished">Finds a finished projection by its name: null where none is kept.</param>
    /// <param name="cancellationToken">Ends the search for what is named.</param>
    /// <exception cref="Grpc.Core.RpcException">
    /// INVALID_REQUEST, SCENARIO_NOT_FOUND, PROJECTION_NOT_FINISHED or REQUEST_TOO_LARGE.
    /// </exception>
    public async Task<ReplaySpec> ParseAsync(
        V1.ReplayPathRequest request, Func<string, Task<FinishedProjection?>> findFinished, CancellationToken cancellationToken)
    {
        var root = RequestField.Root();
        new Bounds(0, _limits.MaxPaths - 1).Allow(root.At("path_index"), request.PathIndex);
        var seed = request.HasSeed ? request.Seed : 1;
        var sampling = Sampling.PseudoRandom;
        ParsedScenario? scenario = null;
        switch (request.SourceCase)
        {
            case Source.Projection:
                CheckProjectionName(root.At("projection"), request.Projection);
                root.ThrowIfViolated();
                var (projection, asDrawn) = await findFinished(request.Projection).ConfigureAwait(false)
                    ?? throw ApiErrors.ProjectionNotFinished(request.Projection);
                CheckSeed(root.At("seed"), request, projection);
                (seed, sampling) = (projection.Seed, asDrawn);
                scenario = ScenarioParser.Parse(root.Stored("projection"), projection.Scenario, _limits.MaxGridPoints);
                break;
            case Source.ScenarioName:
                scenario = await scenarios.NamedAsync(root, request.ScenarioName, cancellationToken) is { } stored
                    ? ScenarioParser.Parse(root.Stored("scenario_name"), stored, _limits.MaxGridPoints)
                    : null;
                break;
            case Source.Scenario:
                scenario = ScenarioParser.Parse(root.At("scenario"), request.Scenario, _limits.MaxGridPoints);
                break;
            default:
                root.At("scenario").Report(
                    ViolationReason.Required,
                    "It is not said where the path comes from.",
                    "Give scenario, scenario_name, or projection with the name of a finished one.");
                break;
        }

        root.ThrowIfViolated();
        RequestCost.CheckReplay(scenario!.Model, _limits);
        return new(scenario.AsProjected, scenario.Model, seed, sampling, request.PathIndex);
    }

    /// <summary>Checks the form of a projection's name.</summary>
    internal static void CheckProjectionName(RequestField field, string name)
    {
        if (name.Length == 0)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give the name of a projection, as Project answers it.");
        }
        else if (!ContentAddress.IsName(name))
        {
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Quote(name)} is not the name of a projection.",
                "Give projections/ and 32 letters and digits of base32, as Project answers it.");
        }
    }

    private static void CheckSeed(RequestField field, V1.ReplayPathRequest request, V1.Projection projection)
    {
        if (request.HasSeed && request.Seed != projection.Seed)
        {
            field.Report(
                ViolationReason.Conflict,
                $"{request.Seed} is given, but the projection has seed {projection.Seed}.",
                "Leave seed out.");
        }
    }
}
