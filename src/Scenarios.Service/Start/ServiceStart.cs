using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Scenarios.Service.Configuration;
using Scenarios.Service.Security;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Start;

/// <summary>
/// The service as a process, from its start to its end. What keeps it from starting is told in a sentence on standard error and by the
/// exit code; a signal ends it quietly, however far it has come.
/// </summary>
internal static class ServiceStart
{
    /// <summary>Served, and ended when it was asked to.</summary>
    public const int Done = 0;

    /// <summary>Could not start with what the machine has: an address, a certificate, the storage.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or the command line breaks a rule; nothing was begun.</summary>
    public const int Refused = 2;

    private const string ListenerKeys = "Kestrel:Endpoints:Grpc:Url and Kestrel:Endpoints:Http:Url say where the service listens.";

    /// <summary>How long a start that is to end may take to do so; nothing depends on it.</summary>
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(5);

    /// <summary>Runs the service until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var asked = StopSignals.Watch();
        using var quiet = new QuietStart();
        WebApplication? app = null;
        try
        {
            app = ScenariosHost.Build(args, builder => quiet.Apply(builder.Services));
            await StartAsync(app, asked);
        }
        catch (Exception) when (asked.IsCancellationRequested)
        {
            await LeaveAsync(app);
            return Done;
        }
        catch (Exception fault)
        {
            var (exitCode, sentence) = Told(fault);
            await Console.Error.WriteLineAsync(sentence);
            await LeaveAsync(app);
            return exitCode;
        }

        quiet.End();
        await using (app)
        {
            if (asked.IsCancellationRequested)
            {
                app.Lifetime.StopApplication(); // It came when the host was not listening yet.
            }

            await app.WaitForShutdownAsync();
        }

        return Done;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken asked)
    {
        asked.ThrowIfCancellationRequested();
        var start = app.StartAsync(asked);
        var leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var signal = asked.UnsafeRegister(_ => leaving.TrySetResult(), null);
        await Task.WhenAny(start, leaving.Task);
        await (start.IsCompleted ? start : start.WaitAsync(LeavingPatience, CancellationToken.None));
    }

    /// <summary>Lets go of what a start has begun. It serves nobody yet, so that nothing is lost if it fails.</summary>
    private static async Task LeaveAsync(WebApplication? app)
    {
        if (app is not null)
        {
            await app.DisposeAsync().AsTask().WaitAsync(LeavingPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What keeps the service from starting, in a sentence; whole, if it is a fault of the service's own.</summary>
    private static (int ExitCode, string Text) Told(Exception fault) => fault switch
    {
        RefusedSettingsException or OptionsValidationException => (Refused, fault.Message),
        RefusedAddressException or StorageException => (Failed, fault.Message),
        AggregateException { InnerExceptions: [var only] } => Told(only),
        IOException { InnerException: AddressInUseException } => (Failed, $"{fault.Message} {ListenerKeys}"),
        SocketException => (Failed, $"Cannot listen: {fault.Message}. {ListenerKeys}"),
        IOException or UnauthorizedAccessException or CryptographicException => (Failed, $"Cannot start: {fault.Message}"),
        _ when fault.Source?.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true => (Failed, $"Cannot listen: {fault.Message}"),
        _ => (Failed, $"The service failed to start: {fault}"),
    };
}
