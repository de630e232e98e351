using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Scenarios.Service.Security;

/// <summary>
/// Says at the start where tokens would travel in plain text. It is no fault where something in front ends TLS, as in most clusters;
/// only the operator knows.
/// </summary>
internal sealed partial class PlaintextWarning(IServer server, ILogger<PlaintextWarning> logger) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            // Kestrel writes the wildcard as [::] or 0.0.0.0.
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            {
                LogPlaintext(address);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning,
        "{Address} has no certificate (Kestrel:Endpoints:*:Certificate): whoever is on the way reads the tokens, "
        + "unless something in front ends TLS")]
    private partial void LogPlaintext(string address);
}
