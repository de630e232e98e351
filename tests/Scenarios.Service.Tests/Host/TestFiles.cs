using System.Runtime.CompilerServices;

namespace Scenarios.Service.Tests.Host;

/// <summary>Files of the tests, in a folder that goes when they end: none is written into the user's own.</summary>
internal static class TestFiles
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("scenarios-tests-").FullName;

    private static int _count;

    /// <summary>A file for a database that nobody else uses.</summary>
    public static string NewDatabase() => Path.Combine(Folder, $"{Interlocked.Increment(ref _count)}.db");

    /// <summary>Commands that host the service, and services that are processes, have it from here.</summary>
    [ModuleInitializer]
    internal static void KeepOutOfTheUsersFolder()
    {
        Environment.SetEnvironmentVariable("Storage__Path", NewDatabase());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
