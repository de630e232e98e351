using Grpc.Core;
using Scenarios.Client;

namespace Scenarios.Cli.Commands;

/// <summary>Exit codes of every command.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Something failed that is nobody's mistake.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the request breaks a rule, or asks for more than the service allows.</summary>
    public const int Invalid = 2;

    /// <summary>No such scenario or projection.</summary>
    public const int NotFound = 3;

    /// <summary>The service is not there or busy: the same again may work later.</summary>
    public const int Unavailable = 4;

    /// <summary>The service needs a token, or one that is good for more.</summary>
    public const int Denied = 5;

    /// <summary>
    /// The reader of the pipe has gone, as after <c>| head -1</c>, and nothing is said: 128 and the number of SIGPIPE, as shells have it.
    /// </summary>
    public const int ClosedPipe = 141;

    /// <summary>Ended by Ctrl-C: 128 and the number of the signal, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>For the help text.</summary>
    public const string Legend = """
        Exit codes: 0 done; 2 the command line or the request breaks a rule; 3 no such scenario or projection;
        4 the service is not there or busy; 5 it needs a token, or one that is good for more; 130 ended by Ctrl-C;
        141 nobody reads the pipe any more; 1 anything else, such as a full disk.
        """;

    /// <summary>The exit code of an error of the service.</summary>
    public static int Of(ScenariosException error) => error switch
    {
        { StatusCode: StatusCode.NotFound } => NotFound,
        { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } => Denied,
        { IsWrongAddress: true } => Invalid,
        { IsTransient: true } => Unavailable,
        { StatusCode: StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.ResourceExhausted } => Invalid,
        _ => Failed,
    };
}
