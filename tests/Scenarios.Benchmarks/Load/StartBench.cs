using System.Diagnostics;
using System.Globalization;

namespace Scenarios.Benchmarks.Load;

/// <summary>How long the service takes to start: from its process's start until it serves, on an empty database of its own.</summary>
internal static class StartBench
{
    private const int Rounds = 7;
    private const string Serving = "Application started";

    /// <summary>Runs the bench.</summary>
    /// <param name="output">Where its table goes.</param>
    /// <param name="published">A folder that the command line was published into, to be measured beside the build; null for the build alone.</param>
    public static async Task RunAsync(TextWriter output, string? published)
    {
        // Assemblies lie beside this one as they were built.
        var programs = new List<(string Name, string[] Command)> { ("as built", [Path.Combine(AppContext.BaseDirectory, "Scenarios.Service.dll")]) };
        if (published is not null)
        {
            programs.Add(("as published", [Path.Combine(Path.GetFullPath(published), "scenarios.dll"), "serve"]));
        }

        var seconds = programs.ConvertAll(_ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            for (var program = 0; program < programs.Count; program++)
            {
                seconds[program].Add(await StartAsync(programs[program].Command));
            }
        }

        foreach (var ((name, _), took) in programs.Zip(seconds))
        {
            took.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: median {took[Rounds / 2]:0.00} s, {took[0]:0.00} to {took[^1]:0.00} s ({Rounds} starts)"));
        }
    }

    private static async Task<double> StartAsync(string[] command)
    {
        var folder = Directory.CreateTempSubdirectory("scenarios-bench-");
        try
        {
            var since = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo("dotnet",
            [
                .. command,
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                $"--Storage:Path={Path.Combine(folder.FullName, "start.db")}",
            ])
            {
                RedirectStandardOutput = true,
            })!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Contains(Serving, StringComparison.Ordinal))
                {
                    var took = Stopwatch.GetElapsedTime(since).TotalSeconds;
                    process.Kill();
                    await process.WaitForExitAsync();
                    return took;
                }
            }

            throw new InvalidOperationException($"{string.Join(' ', command)} ended before it served.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
