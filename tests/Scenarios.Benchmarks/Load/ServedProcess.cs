using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grpc.Net.Client;

namespace Scenarios.Benchmarks.Load;

/// <summary>A <see cref="ServedHost"/> as the bench sees it: where it listens, what it says, what it takes.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private ServedProcess(Process process, string folder, string[] addresses)
    {
        _process = process;
        _folder = folder;
        GrpcAddress = new(addresses[0]);
        HttpAddress = new(addresses[1]);
    }

    public Uri GrpcAddress { get; }

    public Uri HttpAddress { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory, in MB.</summary>
    public double Megabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static async Task<ServedProcess> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("scenarios-bench-").FullName;
        var start = new ProcessStartInfo("dotnet", [typeof(ServedProcess).Assembly.Location, "serve", $"--Storage:Path={Path.Combine(folder, "bench.db")}", .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The service ended before it listened.");
        return new(process, folder, line.Split(' '));
    }

    /// <summary>A channel to it with as many connections as its streams need.</summary>
    public GrpcChannel Open() => GrpcChannel.ForAddress(GrpcAddress, new()
    {
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ActivityHeadersPropagator = null },
        DisposeHttpClient = true,
    });

    public async Task<ServedFigures> FiguresAsync()
    {
        await _process.StandardInput.WriteLineAsync("figures");
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<ServedFigures>((await _process.StandardOutput.ReadLineAsync())!)!;
    }

    /// <summary>Processor time so far, in seconds: of the threads that compute, and of all others.</summary>
    public (double Engine, double Others) ProcessorSeconds()
    {
        var engine = 0d;
        var others = 0d;
        foreach (var task in Directory.GetDirectories($"/proc/{_process.Id}/task"))
        {
            try
            {
                // proc(5): the name stands in parentheses; utime and stime are the 14th and 15th fields, in hundredths of a second.
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var seconds = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
                _ = stat.Contains("(engine ", StringComparison.Ordinal) ? engine += seconds : others += seconds;
            }
            catch (IOException)
            {
                // A thread that has ended meanwhile.
            }
        }

        return (engine, others);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
