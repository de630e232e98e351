using System.Collections.Frozen;
using System.Security.Claims;
using Grpc.AspNetCore.Server;

namespace Scenarios.Service.Security;

/// <summary>What a caller must hold to use an endpoint, where tokens are required.</summary>
/// <param name="NeedsToken">Callers without a token are refused.</param>
/// <param name="Scope">The scope that the token must hold; empty where any token will do.</param>
internal sealed record Access(bool NeedsToken, string Scope)
{
    /// <summary>Open to everybody.</summary>
    public static readonly Access Open = new(NeedsToken: false, "");

    /// <summary>Open to whoever has a token.</summary>
    public static readonly Access AnyToken = new(NeedsToken: true, "");

    /// <summary>Closed to everybody: what the table does not name.</summary>
    public static readonly Access Closed = new(NeedsToken: true, "none") { IsClosed = true };

    /// <summary>For those who may see the metrics.</summary>
    public static readonly Access ReadMetrics = new(NeedsToken: true, Scopes.ReadMetrics);

    private static readonly Access Run = new(NeedsToken: true, Scopes.RunProjections) { ReadsNamedScenarios = true };
    private static readonly Access Read = new(NeedsToken: true, Scopes.ReadScenarios);
    private static readonly Access Write = new(NeedsToken: true, Scopes.WriteScenarios);

    /// <summary>Whether a request that names a stored scenario needs <see cref="Scopes.ReadScenarios"/> too.</summary>
    public bool ReadsNamedScenarios { get; private init; }

    private bool IsClosed { get; init; }

    /// <summary>Every method, whichever protocol calls it. A method that is not here is closed.</summary>
    public static FrozenDictionary<string, Access> OfMethods { get; } = new Dictionary<string, Access>
    {
        ["/scenarios.v1.ProjectionService/Project"] = Run,
        ["/scenarios.v1.ProjectionService/ReplayPath"] = Run,
        ["/scenarios.v1.ProjectionService/GetProjection"] = Read,
        ["/scenarios.v1.ProjectionService/ListProjections"] = Read,
        ["/scenarios.v1.ScenarioService/GetScenario"] = Read,
        ["/scenarios.v1.ScenarioService/ListScenarios"] = Read,
        ["/scenarios.v1.ScenarioService/ListScenarioRevisions"] = Read,
        ["/scenarios.v1.ScenarioService/CreateScenario"] = Write,
        ["/scenarios.v1.ScenarioService/UpdateScenario"] = Write,
        ["/scenarios.v1.ScenarioService/DeleteScenario"] = Write,
        ["/grpc.health.v1.Health/Check"] = Open,
        ["/grpc.health.v1.Health/Watch"] = Open,
        ["/grpc.health.v1.Health/List"] = Open,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = AnyToken,
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = AnyToken,
    }.ToFrozenDictionary();

    /// <summary>
    /// The access of an endpoint: a method's by the table, another's by its metadata. Without either it takes any token: that is where
    /// gRPC answers calls of methods that do not exist. Where there is no endpoint, there is nothing to guard.
    /// </summary>
    public static Access Of(Endpoint? endpoint) => endpoint switch
    {
        null => Open,
        _ when endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { } grpc => OfMethods.GetValueOrDefault(grpc.Method.FullName, Closed),
        _ => endpoint.Metadata.GetMetadata<Access>() ?? AnyToken,
    };

    /// <summary>Whether it is granted to a caller.</summary>
    public bool IsGrantedTo(ClaimsPrincipal caller) =>
        !NeedsToken || (caller.Identity is { IsAuthenticated: true } && !IsClosed && (Scope.Length == 0 || caller.Holds(Scope)));
}
