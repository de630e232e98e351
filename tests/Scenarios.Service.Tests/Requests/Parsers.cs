using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

/// <summary>The parsers as the service has them, and requests to start from.</summary>
internal static class Parsers
{
    public static BuiltInScenarios BuiltIn { get; } = new();

    public static ProjectionSpec Parse(ProjectRequest request, LimitsOptions? limits = null) =>
        new ProjectRequestParser(Options.Create(limits ?? new()), BuiltIn)
            .ParseAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult().Spec;

    public static Task<ReplaySpec> ParseAsync(ReplayPathRequest request, FinishedProjection? finished = null) =>
        new ReplayRequestParser(Options.Create(new LimitsOptions()), BuiltIn)
            .ParseAsync(request, _ => Task.FromResult(finished), CancellationToken.None);

    /// <summary>A valid request that gives every field that this version serves.</summary>
    public static ProjectRequest Full() => FullRequest.Make();

    /// <summary>The violations of a call, or none if it is let through.</summary>
    public static IReadOnlyList<BadRequest.Types.FieldViolation> Violations(Action call)
    {
        var error = Assert.Throws<RpcException>(call);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var status = error.GetRpcStatus()!;
        Assert.Equal("INVALID_REQUEST", status.GetDetail<ErrorInfo>().Reason);
        return status.GetDetail<BadRequest>().FieldViolations;
    }

    /// <summary>The reason of a refusal for cost, and its metadata.</summary>
    public static ErrorInfo Refusal(Action call)
    {
        var error = Assert.Throws<RpcException>(call);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Null(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        return error.GetRpcStatus()!.GetDetail<ErrorInfo>();
    }
}
