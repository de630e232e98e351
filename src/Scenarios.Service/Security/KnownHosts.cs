using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Primitives;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Http;

namespace Scenarios.Service.Security;

/// <summary>
/// Hosts that a request may name while nobody needs a token: this machine's own, and those of the configuration key <c>AllowedHosts</c>.
/// A web page from elsewhere can have its own name resolve to 127.0.0.1 (DNS rebinding); the browser then takes the service for that
/// page's own server, and only the name in Host or :authority tells the two apart.
/// </summary>
internal sealed class KnownHosts
{
    /// <summary>Configuration key: names separated by semicolons, <c>*.example.org</c> for all below one, <c>*</c> for any.</summary>
    public const string Key = "AllowedHosts";

    private readonly StringSegment[] _patterns;
    private readonly bool _isAny;

    private KnownHosts(IConfiguration configuration)
    {
        string[] entries = [.. (configuration[Key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        _isAny = entries.Contains("*") || (entries.Length == 0 && BearerTokens.AreRequired(configuration));
        _patterns = [.. entries.Select(entry => (StringSegment)new HostString(new HostString(entry).Host).ToUriComponent())]; // A port says nothing.
    }

    /// <summary>Switches the framework's own filter for the same key off: its refusal is a page of HTML.</summary>
    public static void ReplaceFramework(IServiceCollection services) =>
        services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);

    /// <summary>Refuses requests for other hosts, whatever their path.</summary>
    public static void Use(WebApplication app)
    {
        var hosts = new KnownHosts(app.Configuration);
        if (hosts._isAny)
        {
            return;
        }

        app.Use((http, next) => hosts.Knows(http.Request.Host, http.Connection.LocalIpAddress?.MapToIPv6())
            ? next(http)
            : Refusal.AnswerAsync(http, ApiErrors.HostRefused(http.Request.Host.Value ?? ""), Stopwatch.GetTimestamp()));
    }

    /// <summary>An address cannot be made to resolve to another, so the one that the connection came to is as good as a known name.</summary>
    private bool Knows(HostString host, IPAddress? local) => host.HasValue
        && (host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Host, out var address) && IsWrittenOut(host.Host, address) && (IPAddress.IsLoopback(address) || address.MapToIPv6().Equals(local)))
            || HostString.MatchesAny(host.Value, _patterns));

    /// <summary>The parser also takes 127.1 and 2130706433, which browsers never send.</summary>
    private static bool IsWrittenOut(string host, IPAddress address) => host.StartsWith('[') || host == address.ToString();
}
