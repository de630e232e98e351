using System.Runtime.InteropServices;

namespace Scenarios.Service.Runs.Compute;

/// <summary>Priorities of threads where the runtime has none to offer.</summary>
internal static class ThreadPriorities
{
    private const int ProcessOrThread = 0;
    private const uint Caller = 0;

    /// <summary>A third of the normal weight: streams go first, and a busy neighbour does not starve the runs.</summary>
    private const int Nice = 5;

    /// <summary>Lets streams, probes and health checks go before the calling thread; without effect where the system forbids it.</summary>
    /// <remarks>
    /// <see cref="Thread.Priority"/> does nothing on Linux, where a nice value belongs to the thread and 0 means the caller
    /// (setpriority(2), "C library/kernel differences").
    /// </remarks>
    public static void LowerCaller()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }

        try
        {
            _ = SetPriority(ProcessOrThread, Caller, Nice);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: computing goes on at normal priority.
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
