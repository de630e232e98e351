namespace Scenarios.Benchmarks.Peers;

/// <summary>Who takes part, and what it takes to start it.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Command">Without the case, which comes last.</param>
/// <param name="Remark">What the reader must know to compare it.</param>
/// <param name="Prepare">Brings what it needs; throws <see cref="PeerException"/> with what to do where it cannot.</param>
internal sealed record Contestant(string Name, IReadOnlyList<string> Command, string Remark, Action Prepare)
{
    /// <summary>The folder of the contestants in other languages.</summary>
    public static string Folder { get; } = FindFolder();

    public static IReadOnlyList<Contestant> All { get; } =
    [
        OfUs("engine, 1 thread", "engine", 1, "in its own process, without the service"),
        OfUs("engine, 2 threads", "engine", 2, "the same"),
        OfUs("service, 1 thread", "service", 1, "gRPC on loopback, client and service in one process; another seed, so another compilation, each run"),
        OfUs("service, 2 threads", "service", 2, "the same"),
        new("C++ by hand", [Path.Combine(Path.GetTempPath(), "scenarios-bench-simd")],
            "AVX-512, float, xoshiro256++, lock-step, the engine's kind of histogram: simd.cpp", Tools.BuildCpp),
        new("Numba", ["/usr/bin/python3", "numba_loop.py"], "compiled loop, the same histogram", Tools.NeedNumba),
        new("NumPy, histogram", ["/usr/bin/python3", "numpy_histogram.py"], "vectorised over paths, the same histogram", Tools.NeedNumPy),
        new("NumPy, matrix", ["/usr/bin/python3", "numpy_matrix.py"], "vectorised over paths, every path at every grid point, np.quantile", Tools.NeedNumPy),
        OfUs("C#, MathNet samplers", "mathnet", 1, "plain loop, the same histogram"),
        new("JavaScript", ["node", "loop.mjs"], "plain loop, the same histogram, Math.random", Tools.NeedNode),
        new("Squiggle", ["node", "squiggle.mjs"],
            "fixed number of draws a path, every path at every grid point, figures of its sample sets", Tools.NeedSquiggle),
    ];

    private static Contestant OfUs(string name, string kind, int threads, string remark) =>
        new(name, ["dotnet", typeof(Contestant).Assembly.Location, "contestant", kind, $"{threads}"], remark, () => { });

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var peers = Path.Combine(folder.FullName, "tests", "Scenarios.Benchmarks", "peers");
            if (Directory.Exists(peers))
            {
                return peers;
            }
        }

        throw new DirectoryNotFoundException("The bench runs from within the repository: tests/Scenarios.Benchmarks/peers is not above it.");
    }
}
