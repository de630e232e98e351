using System.Security.Claims;

namespace Scenarios.Service.Security;

/// <summary>What a token is good for: the words of its <c>scope</c> claim, separated by spaces (RFC 8693, section 4.2).</summary>
public static class Scopes
{
    /// <summary>Compute: project and replay.</summary>
    public const string RunProjections = "projections.run";

    /// <summary>Get and list anything that is stored.</summary>
    public const string ReadScenarios = "scenarios.read";

    /// <summary>Create, update and delete scenarios.</summary>
    public const string WriteScenarios = "scenarios.write";

    /// <summary>Read <c>/metrics</c>.</summary>
    public const string ReadMetrics = "metrics.read";

    private const string Claim = "scope";

    /// <summary>Whether a token holds a scope. Some issuers write one claim with many words, others a claim a word.</summary>
    public static bool Holds(this ClaimsPrincipal caller, string scope) =>
        caller.FindAll(Claim).Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));
}
