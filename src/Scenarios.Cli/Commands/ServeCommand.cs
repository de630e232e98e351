using System.CommandLine;
using Scenarios.Service;

namespace Scenarios.Cli.Commands;

/// <summary><c>scenarios serve</c>: the service itself.</summary>
internal static class ServeCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "serve";

    /// <summary>The command; whatever it does not know is configuration for the service.</summary>
    public static Command Create()
    {
        var command = new Command(
            Name,
            "Starts the service: gRPC on 5081, HTTP on 5080, loopback only. "
            + "Takes configuration such as --Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:6081.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(async (parsed, _) => await ScenariosHost.RunAsync([.. parsed.UnmatchedTokens]));
        return command;
    }
}
