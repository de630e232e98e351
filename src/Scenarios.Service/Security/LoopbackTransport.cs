using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Scenarios.Service.Security;

/// <summary>
/// Refuses to listen where other machines could ask without a token, unless anonymous callers are allowed. Every address
/// passes through here before it is bound, wherever it was configured (Kestrel:Endpoints, ASPNETCORE_URLS, --urls, HTTP_PORTS, code).
/// </summary>
internal sealed class LoopbackTransport(SocketTransportFactory sockets) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>Configuration key that allows anonymous callers.</summary>
    public const string AllowAnonymousKey = $"{SecurityOptions.Section}:{nameof(SecurityOptions.AllowAnonymous)}";

    /// <summary>Guards the listeners of the service.</summary>
    public static void Guard(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>(AllowAnonymousKey) || BearerTokens.AreRequired(configuration))
        {
            return;
        }

        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, LoopbackTransport>();
        services.RemoveAll<IMultiplexedConnectionListenerFactory>(); // HTTP/3 is not served; it would listen past this guard.
    }

    public bool CanBind(EndPoint endpoint) => true;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        IsLocal(endpoint)
            ? sockets.BindAsync(endpoint, cancellationToken)
            : throw new RefusedAddressException(
                $"Refused to listen on {endpoint}: other machines could use the service without authentication. "
                + "Listen on 127.0.0.1, [::1] or localhost (Kestrel:Endpoints:Grpc:Url, Kestrel:Endpoints:Http:Url), require tokens "
                + "(Authentication:Schemes:Bearer), or, where the network "
                + $"keeps strangers out, set {AllowAnonymousKey}=true (environment: Security__AllowAnonymous=true).");

    private static bool IsLocal(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        UnixDomainSocketEndPoint => true,
        _ => false,
    };
}

/// <summary>An address that the service will not listen on; the message says why and what to do.</summary>
public sealed class RefusedAddressException(string message) : Exception(message);
