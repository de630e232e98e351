using Microsoft.Win32.SafeHandles;

namespace Scenarios.Cli.Output;

/// <summary>This process's standard output and error, which say so when they cannot be written.</summary>
internal static class StandardStreams
{
    /// <summary>Opens standard output.</summary>
    public static Stream Output() => Pipe(1) ?? Console.OpenStandardOutput();

    /// <summary>Opens standard error.</summary>
    public static Stream Error() => Pipe(2) ?? Console.OpenStandardError();

    /// <summary>
    /// Opens a pipe, or null if it is something else. The console's own stream ignores a pipe that was closed, so that a command
    /// whose reader has gone computes on for nobody (https://github.com/dotnet/runtime/blob/main/src/libraries/System.Console/src/System/ConsolePal.Unix.cs,
    /// Write). A file stays with the console's stream: a FileStream has a position of its own, and would write over what other
    /// processes append.
    /// </summary>
    private static FileStream? Pipe(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? null : stream;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
