using System.ComponentModel;
using System.Diagnostics;

namespace Scenarios.Benchmarks.Peers;

/// <summary>Brings what contestants need: Debian packages where it may install them (as root), npm packages as locked.</summary>
internal static class Tools
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void NeedNumPy() => Need("python3-numpy", "/usr/bin/python3", "-c", "import numpy");

    public static void NeedNumba() => Need("python3-numba", "/usr/bin/python3", "-c", "import numba");

    public static void NeedNode() => Need("nodejs", "node", "-e", "process.exit(Number(process.versions.node.split('.')[0]) >= 18 ? 0 : 1)");

    public static void NeedSquiggle()
    {
        NeedNode();
        Need("npm", "npm", "--version");
        if (!Runs("npm", "ci", "--no-progress"))
        {
            throw new PeerException($"npm ci fails in {Contestant.Folder}");
        }
    }

    public static void BuildCpp()
    {
        Need("g++", "g++", "--version");
        var program = Path.Combine(Path.GetTempPath(), "scenarios-bench-simd");
        if (!Runs("g++", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-std=c++20", "simd.cpp", "-o", program))
        {
            throw new PeerException("simd.cpp does not compile for this machine: it needs AVX-512");
        }
    }

    private static void Need(string package, params string[] test)
    {
        if (Runs(test))
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess
            || !Runs("apt-get", "update", "-qq")
            || !Runs("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
            || !Runs(test))
        {
            throw new PeerException($"needs {package}: sudo apt-get install {package}");
        }
    }

    private static bool Runs(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = Contestant.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
            })!;
            _ = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return false;
            }

            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // No such program.
        }
    }
}
