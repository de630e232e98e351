using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Scenarios.Service.Security;

namespace Scenarios.Service.Tests.Security;

/// <summary>Makes tokens as <c>dotnet user-jwts</c> does: HMAC-SHA256 with a key that the service has in its configuration.</summary>
internal sealed class TokenIssuer
{
    public const string Audience = "https://scenarios.example";

    public const string Everything =
        $"{Scopes.RunProjections} {Scopes.ReadScenarios} {Scopes.WriteScenarios} {Scopes.ReadMetrics}";

    private const string Issuer = "https://issuer.example";

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>What makes a service trust this issuer.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("Authentication:Schemes:Bearer:ValidIssuer", Issuer),
        ("Authentication:Schemes:Bearer:ValidAudiences:0", "https://another.example"),
        ("Authentication:Schemes:Bearer:ValidAudiences:1", Audience),
        ("Authentication:Schemes:Bearer:SigningKeys:0:Issuer", Issuer),
        ("Authentication:Schemes:Bearer:SigningKeys:0:Value", Key),
    ];

    /// <summary>The key, as it stands in the configuration.</summary>
    public string Key => Convert.ToBase64String(_key);

    /// <summary>Tokens that nobody may be let in with, by what is wrong with them; and the words for it.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "expired", "it has expired" },
        { "not yet valid", "it is not valid yet" },
        { "without end", "it never expires" },
        { "for another audience", "it is meant for another audience" },
        { "for no audience", "it is meant for another audience" },
        { "of another issuer", "its issuer is not trusted" },
        { "with another key", "no trusted key has signed it" },
        { "tampered with", "no trusted key has signed it" },
        { "without signature", "no trusted key has signed it" },
        { "of algorithm none", "no trusted key has signed it" },
        { "of parts that are none", "it cannot be read" },
        { "of one word", "it cannot be read" },
    };

    /// <summary>A token that is good for a minute.</summary>
    public string Token(string scope = Everything, string subject = "ada", object? scopes = null) => Sign(new()
    {
        Audience = Audience,
        Claims = new Dictionary<string, object> { ["sub"] = subject, ["scope"] = scopes ?? scope },
    });

    /// <summary>A token with one of <see cref="Faults"/>, else good for everything.</summary>
    public string Bad(string fault)
    {
        var good = Token();
        var parts = good.Split('.');
        var now = DateTime.UtcNow;
        return fault switch
        {
            "expired" => Sign(new() { NotBefore = now.AddHours(-1), Expires = now.AddSeconds(-31) }),
            "not yet valid" => Sign(new() { NotBefore = now.AddMinutes(2), Expires = now.AddHours(1) }),
            "without end" => Sign(new(), neverExpires: true),
            "for another audience" => Sign(new() { Audience = "https://scenarios.example.org" }),
            "for no audience" => Sign(new() { Audience = "" }),
            "of another issuer" => Sign(new() { Issuer = "https://issuer.example/" }),
            "with another key" => new TokenIssuer().Token(),
            "tampered with" => $"{parts[0]}.{Encoded(Decoded(parts[1]).Replace("ada", "eva", StringComparison.Ordinal))}.{parts[2]}",
            "without signature" => $"{parts[0]}.{parts[1]}.",
            "of algorithm none" => $"{Encoded("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            "of parts that are none" => "a.b.c",
            "of one word" => "garbage",
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
    }

    private static string Decoded(string part) => Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(part));

    private static string Encoded(string part) => Base64UrlEncoder.Encode(part);

    private string Sign(SecurityTokenDescriptor token, bool neverExpires = false)
    {
        token.Issuer ??= Issuer;
        token.Audience ??= Audience;
        token.Claims ??= new Dictionary<string, object> { ["sub"] = "ada", ["scope"] = Everything };
        token.SigningCredentials = new(new SymmetricSecurityKey(_key), SecurityAlgorithms.HmacSha256);
        if (!neverExpires)
        {
            token.Expires ??= DateTime.UtcNow.AddMinutes(1);
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }
}
