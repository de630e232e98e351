namespace Scenarios.Cli.Output;

/// <summary>What a command has to say could not be written.</summary>
/// <param name="message">Where to and why.</param>
/// <param name="cause">What the system said.</param>
internal sealed class OutputException(string message, Exception cause) : Exception(message, cause)
{
    private const int BrokenPipe = 32;

    /// <summary>The reader of the pipe has gone: it has all that it wants, and nobody is to be told.</summary>
    public bool IsClosedPipe => InnerException is IOException { HResult: var code } && (code & 0xffff) == BrokenPipe;
}
