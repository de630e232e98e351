using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Scenarios.Client;
using Scenarios.Service;

namespace Scenarios.Cli.Commands;

/// <summary>A client of a service: of one that runs elsewhere, or of one hosted in this process for as long as it is asked.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    /// <summary>The option that names a service elsewhere.</summary>
    public static readonly Option<Uri?> Server = new("--server")
    {
        Description = "gRPC address of a running service, such as http://localhost:5081. Without it, the service runs in this command.",
        HelpName = "URL",
        CustomParser = Address,
    };

    /// <summary>The option that says who asks.</summary>
    public static readonly Option<string?> Token = new("--token")
    {
        Description = $"Bearer token for the service. Better in the environment, as {TokenVariable}: command lines are no secret.",
        HelpName = "JWT",
    };

    private const string TokenVariable = "SCENARIOS_TOKEN";

    private readonly WebApplication? _hosted;

    private ServiceConnection(Uri address, string? token, WebApplication? hosted)
    {
        _hosted = hosted;
        Client = new(address, new() { Token = token is null ? null : _ => ValueTask.FromResult(token) });
    }

    /// <summary>The client.</summary>
    public ScenariosClient Client { get; }

    /// <summary>Connects to the service that a command line names, or starts one here.</summary>
    /// <exception cref="UsageException">The token would travel to another machine in plain text.</exception>
    public static async Task<ServiceConnection> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        token = string.IsNullOrWhiteSpace(token) ? null : token.Trim();
        if (parsed.GetValue(Server) is { } server)
        {
            return token is null || server.Scheme == Uri.UriSchemeHttps || server.IsLoopback
                ? new(server, token, hosted: null)
                : throw new UsageException($"The token would travel to {server} in plain text. Give an https address.");
        }

        var hosted = ScenariosHost.Build(
            [
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                "--Service:GracePeriod=00:00:00",
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                // Signals are the command's: it cancels its request, then stops the service.
                builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            });
        try
        {
            await hosted.StartAsync(cancellationToken);
        }
        catch
        {
            await hosted.DisposeAsync();
            throw;
        }

        // Listeners are bound in the order of their names: Grpc before Http.
        var addresses = hosted.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new(new Uri(addresses.First()), token, hosted);
    }

    /// <summary>Parses the value of an option that takes an address.</summary>
    public static Uri? Address(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
        {
            return address;
        }

        result.AddError($"--server {given}: give an address such as http://localhost:5081.");
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_hosted is not null)
        {
            await _hosted.StopAsync(CancellationToken.None);
            await _hosted.DisposeAsync();
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
