using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

/// <summary>Tokens of an issuer that tells its keys itself (OpenID Connect Discovery), signed with RSA.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private readonly RSA _rsa = RSA.Create(2048);
    private WebApplication? _authority;
    private RunningService? _service;

    private string Issuer => _authority!.Urls.Single();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new()); // The service's appsettings.json lies in this folder.
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _authority = builder.Build();
        _authority.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Issuer,
            ["jwks_uri"] = $"{Issuer}/keys",
        }));
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        _authority.MapGet("/keys", () => Results.Json(new Dictionary<string, object>
        {
            ["keys"] = new[]
            {
                new Dictionary<string, string>
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "first",
                    ["n"] = Base64UrlEncoder.Encode(key.Modulus!),
                    ["e"] = Base64UrlEncoder.Encode(key.Exponent!),
                },
            },
        }));
        await _authority.StartAsync().WaitAsync(RunningService.Patience);
        _service = await RunningService.StartAsync(
            ("Authentication:Schemes:Bearer:Authority", Issuer),
            ("Authentication:Schemes:Bearer:RequireHttpsMetadata", "false"),
            ("Authentication:Schemes:Bearer:ValidAudiences:0", TokenIssuer.Audience));
    }

    public async Task DisposeAsync()
    {
        await _service!.DisposeAsync();
        await _authority!.DisposeAsync();
        _rsa.Dispose();
    }

    [Fact]
    public async Task Token_SignedByTheAuthority_IsTaken_AndOthersAreNot()
    {
        var signing = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "first" }, SecurityAlgorithms.RsaSha256);
        Assert.Equal("", await ReasonAsync(Token(signing)));

        // With the authority alone configured: its issuer and our audience still count.
        Assert.Equal("its issuer is not trusted", await ReasonAsync(Token(signing, issuer: "https://issuer.example")));
        Assert.Equal("it is meant for another audience", await ReasonAsync(Token(signing, audience: "https://another.example")));

        using var stranger = RSA.Create(2048);
        var strangers = new SigningCredentials(new RsaSecurityKey(stranger) { KeyId = "first" }, SecurityAlgorithms.RsaSha256);
        Assert.Equal("no trusted key has signed it", await ReasonAsync(Token(strangers)));

        // The public key is public: as a secret for HMAC it must count for nothing.
        var confusion = new SymmetricSecurityKey(_rsa.ExportSubjectPublicKeyInfo()) { KeyId = "first" };
        Assert.Equal("no trusted key has signed it", await ReasonAsync(Token(new(confusion, SecurityAlgorithms.HmacSha256))));
    }

    [Fact]
    public async Task Token_WhileTheAuthorityCannotBeReached_IsNotSaidToBeBad()
    {
        await _authority!.StopAsync().WaitAsync(RunningService.Patience);
        var signing = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "first" }, SecurityAlgorithms.RsaSha256);
        foreach (var protocol in Asked.Protocols)
        {
            var answered = await _service!.ProjectAsync(protocol, Token(signing, issuer: "https://issuer.example"));
            Assert.Equal((StatusCode.Unavailable, "ISSUER_UNREACHABLE"), (answered.Status, answered.Reason));
            Assert.True(answered.SaysWhenToRetry);
        }

        Assert.Equal("TOKEN_MISSING", (await _service!.ProjectAsync(Asked.Grpc, token: null)).Reason);
    }

    private string Token(SigningCredentials signing, string? issuer = null, string audience = TokenIssuer.Audience) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Expires = DateTime.UtcNow.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = "ada", ["scope"] = TokenIssuer.Everything },
            SigningCredentials = signing,
        });

    private async Task<string> ReasonAsync(string token)
    {
        var answered = await _service!.ProjectAsync(Asked.Grpc, token);
        Assert.Equal(answered.Reason.Length == 0 ? StatusCode.OK : StatusCode.Unauthenticated, answered.Status);
        return answered.Metadata.GetValueOrDefault("fault", answered.Reason);
    }
}
