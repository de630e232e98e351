using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Scenarios.Service.Security;

/// <summary>
/// Bearer tokens (JWT) by the framework's own configuration, <c>Authentication:Schemes:Bearer</c>. Where the section is there, tokens are
/// required; without it nobody is asked for one.
/// </summary>
internal static class BearerTokens
{
    private const string Section = "Authentication:Schemes:Bearer";

    /// <summary>How far the clocks of issuer and service may differ. The library's five minutes are a short token's life.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Whether callers need a token.</summary>
    public static bool AreRequired(IConfiguration configuration) => configuration.GetSection(Section).Exists();

    /// <summary>Adds what <see cref="UseBearerTokens"/> needs.</summary>
    public static void AddBearerTokens(this WebApplicationBuilder builder)
    {
        if (!AreRequired(builder.Configuration))
        {
            return;
        }

        AddScheme(builder.Services);
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new AccessRule()).Build());
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton<IConfigureOptions<RateLimiterOptions>, CallersLimit>();
        builder.Services.AddSingleton<StoredScenarioReads>();
        builder.Services.Configure<Grpc.AspNetCore.Server.GrpcServiceOptions>(
            options => options.Interceptors.Add<StoredScenarioReads>());
        builder.Services.AddHostedService<PlaintextWarning>();
    }

    /// <summary>Says what keeps a configuration that requires tokens from being used; nothing of it is a secret.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration)
    {
        var services = new ServiceCollection().AddSingleton(configuration).AddLogging();
        AddScheme(services);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
            return [];
        }
        catch (OptionsValidationException refused)
        {
            return refused.Failures;
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or ArgumentException)
        {
            return [$"{Section} cannot be used: {fault.Message.Split('\n')[0].Trim()}"]; // For instance an Authority without https.
        }
    }

    /// <summary>Puts the checks into the pipeline: after gRPC-Web, so that a refusal arrives by the caller's protocol.</summary>
    public static void UseBearerTokens(this WebApplication app)
    {
        if (AreRequired(app.Configuration))
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseRateLimiter();
        }
    }

    private static void AddScheme(IServiceCollection services)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false; // Claims keep the names that they have in the token.
            options.SaveToken = false;
            var rules = options.TokenValidationParameters;
            rules.ValidateIssuer = true; // With an Authority alone the framework would take any issuer and any audience.
            rules.ValidateAudience = true;
            rules.ClockSkew = ClockSkew;
        });
        services.AddSingleton<IValidateOptions<JwtBearerOptions>, BearerConfiguration>();
    }

    /// <summary>A section that could let nobody in, or strangers, keeps the service from starting.</summary>
    private sealed class BearerConfiguration : IValidateOptions<JwtBearerOptions>
    {
        /// <summary>RFC 7518, section 3.2: a key as long as the hash, of the shortest of them.</summary>
        private const int FewestKeyBits = 256;

        public ValidateOptionsResult Validate(string? name, JwtBearerOptions options)
        {
            string[] faults = [.. Faults(options)];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private static IEnumerable<string> Faults(JwtBearerOptions options)
        {
            var rules = options.TokenValidationParameters;
            if (string.IsNullOrWhiteSpace(rules.ValidAudience) && rules.ValidAudiences?.Any() != true)
            {
                yield return $"{Section}:ValidAudiences is missing: tokens made for another service would be taken. Name this one's.";
            }

            SecurityKey[] keys = [];
            string? unreadable = null;
            try
            {
                keys = [.. rules.IssuerSigningKeys ?? []];
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException)
            {
                unreadable = $"{Section}:SigningKeys cannot be read: give one key an issuer, its Value in base64.";
            }

            if (unreadable is not null)
            {
                yield return unreadable;
            }
            else if (keys.Length == 0 && options.ConfigurationManager is null)
            {
                yield return $"{Section} has no key to trust: give Authority (an issuer's address), or ValidIssuer and SigningKeys "
                    + "(Issuer: the same; Value: the key in base64), as dotnet user-jwts writes them.";
            }

            if (keys.Any(key => key.KeySize < FewestKeyBits))
            {
                yield return $"{Section}:SigningKeys has a key of fewer than {FewestKeyBits} bits: it could be guessed.";
            }
        }
    }
}
