using System.Runtime.InteropServices;

namespace Scenarios.Service.Start;

/// <summary>
/// The signals that ask this process to stop, SIGTERM and SIGINT. The host listens for them from the middle of its start on; until then each
/// would kill the process.
/// </summary>
public static class StopSignals
{
    private static readonly Lazy<CancellationTokenSource> Asked = new(Listen);

    // They must not be collected.
    private static PosixSignalRegistration[] _registrations = [];

    /// <summary>Listens from now on, until the process ends.</summary>
    /// <returns>Cancelled by the first signal.</returns>
    public static CancellationToken Watch() => Asked.Value.Token;

    private static CancellationTokenSource Listen()
    {
        var asked = new CancellationTokenSource();
        void Take(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.Cancel();
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take), PosixSignalRegistration.Create(PosixSignal.SIGINT, Take)];
        return asked;
    }
}
