using System.Diagnostics;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Http;

namespace Scenarios.Service.Security;

/// <summary>Bounds the calls that one principal has under way, so that no caller can take all of the service's places.</summary>
internal sealed class CallersLimit(IOptions<LimitsOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    /// <summary>Calls of a caller end at any time: it may try again soon.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly int _limit = limits.Value.MaxConcurrentCallsPerPrincipal;

    public void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Principal>(http => Access.Of(http.GetEndpoint()).NeedsToken
            ? RateLimitPartition.GetConcurrencyLimiter(Principal.Of(http.User), _ => new() { PermitLimit = _limit, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(default(Principal)));
        options.OnRejected = async (rejected, _) => await Refusal.AnswerAsync(
            rejected.HttpContext,
            ApiErrors.Busy("Limits:MaxConcurrentCallsPerPrincipal", $"{_limit:#,0} calls of one caller at a time", RetryAfter),
            Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// Who calls: a subject is unique within its issuer (RFC 7519, section 4.1.2); a token for a program may name the client alone.
    /// </summary>
    private readonly record struct Principal(string Issuer, string Subject)
    {
        public static Principal Of(ClaimsPrincipal caller) => new(
            caller.FindFirstValue("iss") ?? "",
            caller.FindFirstValue("sub") ?? caller.FindFirstValue("client_id") ?? caller.FindFirstValue("azp") ?? "");
    }
}
