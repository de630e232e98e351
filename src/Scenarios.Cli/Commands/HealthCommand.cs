using System.CommandLine;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Scenarios.Cli.Output;
using Scenarios.Client;

namespace Scenarios.Cli.Commands;

/// <summary><c>scenarios health</c>: whether a service serves, for probes.</summary>
internal static class HealthCommand
{
    private static readonly Uri DefaultServer = new("http://localhost:5081");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The command on a terminal.</summary>
    public static Command Create(Terminal terminal)
    {
        var server = new Option<Uri?>("--server")
        {
            Description = "gRPC address of the service. Default http://localhost:5081.",
            HelpName = "URL",
            CustomParser = ServiceConnection.Address,
        };
        var command = new Command("health", "Asks a running service whether it serves: exit code 0, or 4 where it does not.")
        {
            server,
        };
        command.SetAction((parsed, cancellationToken) => Outcome.RunAsync(terminal, async () =>
        {
            var address = parsed.GetValue(server) ?? DefaultServer;
            using var channel = GrpcChannel.ForAddress(address);
            try
            {
                var health = await new Health.HealthClient(channel)
                    .CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + Patience, cancellationToken: cancellationToken);
                var serves = health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
                await terminal.Data.WriteLineAsync(serves ? "SERVING" : "NOT_SERVING");
                return serves ? ExitCode.Done : ExitCode.Unavailable;
            }
            catch (RpcException error)
            {
                terminal.Tell(ScenariosException.From(error, address.OriginalString).Message);
                return ExitCode.Unavailable;
            }
        }));
        return command;
    }
}
