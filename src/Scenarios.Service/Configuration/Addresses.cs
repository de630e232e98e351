using System.Net;

namespace Scenarios.Service.Configuration;

/// <summary>Rules for addresses: of listeners, of web origins, of other services.</summary>
internal static class Addresses
{
    /// <summary>Address of a listener, as an example.</summary>
    public const string Example = "http://127.0.0.1:5081";

    private const int MaxPort = 65_535;

    private static readonly string[] Schemes = ["http://", "https://"];

    /// <summary>Says what an address to listen on must be; null if it is that.</summary>
    /// <remarks>Kestrel reads a port that is not a number as a part of the host, listens on port 80, and on every address for such a host.</remarks>
    public static string? ListenerFault(string given)
    {
        if (Split(given) is not var (host, port))
        {
            return $"it must be an address to listen on, such as {Example}";
        }

        if (host.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var isPort = port is null || (port.Length > 0 && port.All(char.IsAsciiDigit) && int.TryParse(port, out var number) && number <= MaxPort);
        return !isPort ? $"its port must be a number from 0 to 65,535, as in {Example}"
            : !IsHost(host) ? $"its host must be an IP address, localhost or *, as in {Example}"
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && port == "0"
                ? "a free port (0) cannot be had for localhost, which has two addresses; write 127.0.0.1 or [::1]"
            : null;
    }

    /// <summary>Names the place that a listener takes, to compare it; null if any number may listen so (port 0), or it is not an address.</summary>
    public static string? PlaceOf(string given) =>
        ListenerFault(given) is null && Split(given) is (var host, not "0") place ? $"{host}:{place.Port}" : null;

    /// <summary>Says what the origin of a page must be; null if it is that.</summary>
    public static string? OriginFault(string given)
    {
        if (given == "*")
        {
            return null;
        }

        return !Uri.TryCreate(given, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || given.Contains('*')
            ? "it must be an origin such as https://page.example, or * for all"
            : uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || given.EndsWith('/')
                ? $"an origin has no path: write {uri.GetLeftPart(UriPartial.Scheme)}{uri.Authority}"
            : null;
    }

    /// <summary>Says what the address of another service must be; null if it is that.</summary>
    public static string? WebFault(string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? null
            : "it must be an address that begins with https:// or http://";

    /// <summary>Host and port; the port is null if none is given.</summary>
    private static (string Host, string? Port)? Split(string given)
    {
        if (Schemes.FirstOrDefault(scheme => given.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return null;
        }

        var rest = given[scheme.Length..];
        if (rest.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase))
        {
            return (rest, null);
        }

        rest = rest.EndsWith('/') ? rest[..^1] : rest;
        if (rest.Contains('/') || rest.Contains('?') || rest.Contains('#') || rest.Contains('@'))
        {
            return null;
        }

        var colon = rest.IndexOf(':', rest.StartsWith('[') ? Math.Max(rest.IndexOf(']'), 0) : 0);
        return colon < 0 ? (rest, null) : (rest[..colon], rest[(colon + 1)..]);
    }

    /// <summary>Any name means all addresses to Kestrel. One of digits and dots was meant as an address.</summary>
    private static bool IsHost(string host) => host switch
    {
        "*" or "+" => true,
        ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        _ when host.All(letter => char.IsAsciiDigit(letter) || letter == '.') => host.Count(letter => letter == '.') == 3 && IPAddress.TryParse(host, out _),
        _ => Uri.CheckHostName(host) == UriHostNameType.Dns,
    };
}
