using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Http;

namespace Scenarios.Service.Security;

/// <summary>The one rule of the service's authorization: a caller needs what <see cref="Access"/> says of the endpoint.</summary>
internal sealed class AccessRule : AuthorizationHandler<AccessRule>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRule requirement)
    {
        if (context.Resource is HttpContext http && Access.Of(http.GetEndpoint()).IsGrantedTo(context.User))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Refuses as the contract says, in the caller's protocol.</summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    /// <summary>The keys are asked for at every call as long as there are none.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var start = Stopwatch.GetTimestamp();
        await Refusal.AnswerAsync(context, authorizeResult.Challenged ? await ChallengeAsync(context) : Forbid(context), start);
    }

    /// <summary>The framework says in WWW-Authenticate what it wants, and what is wrong with a token (RFC 6750, section 3).</summary>
    private static async Task<RpcException> ChallengeAsync(HttpContext http)
    {
        await http.ChallengeAsync();
        var result = await http.AuthenticateAsync(); // Once a request: this is the result that led here.
        return result.Failure switch
        {
            null => ApiErrors.TokenMissing(),
            _ when await HasNoKeysAsync(http) => ApiErrors.IssuerUnreachable(RetryAfter),
            var failure => ApiErrors.TokenRefused(Fault(failure)),
        };
    }

    /// <summary>Whether the issuer's keys could not be fetched: then the token may well be good, and nobody can say.</summary>
    private static async Task<bool> HasNoKeysAsync(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>()
            .Get(JwtBearerDefaults.AuthenticationScheme);
        try
        {
            return options.ConfigurationManager is { } issuer && await issuer.GetConfigurationAsync(http.RequestAborted) is null;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static RpcException Forbid(HttpContext http)
    {
        var endpoint = http.GetEndpoint()!;
        var scope = Access.Of(endpoint).Scope;
        http.Response.Headers.WWWAuthenticate = InsufficientScope(scope);
        return ApiErrors.ScopeMissing(Refusal.MethodOf(endpoint)?.TrimStart('/') ?? http.Request.Path, scope);
    }

    /// <summary>Value of WWW-Authenticate for a token without a scope (RFC 6750, section 3.1).</summary>
    public static string InsufficientScope(string scope) => $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";

    /// <summary>In words of our own: an exception's text may quote the token.</summary>
    private static string Fault(Exception failure) => failure switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidAudienceException => "it is meant for another audience",
        SecurityTokenInvalidIssuerException => "its issuer is not trusted",
        SecurityTokenNoExpirationException => "it never expires",
        SecurityTokenInvalidSignatureException => "no trusted key has signed it",
        _ => "it cannot be read",
    };
}
