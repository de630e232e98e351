using System.Diagnostics;
using System.Globalization;

namespace Scenarios.Benchmarks.Peers;

/// <summary>A contestant as the bench sees it: a process that is asked one run at a time.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    /// <summary>No answer takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _complaints;
    private readonly long _started;

    private PeerProcess(Process process, long started)
    {
        _process = process;
        _started = started;
        _complaints = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Largest resident memory so far, in MB.</summary>
    public double PeakMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Since the start of the process.</summary>
    public double Age => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    public static async Task<PeerProcess> StartAsync(string folder, IEnumerable<string> command)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var peer = new PeerProcess(process, started);
        try
        {
            if (await peer.LineAsync() != "ready")
            {
                throw new PeerException($"{string.Join(' ', command)} is not ready: {await peer.ComplaintAsync()}");
            }

            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for a run and waits for the answer.</summary>
    public async Task<(Answer Answer, double Seconds)> AskAsync(string verb, long paths, int seed)
    {
        var start = Stopwatch.GetTimestamp();
        await _process.StandardInput.WriteLineAsync($"{verb} {paths} {seed}");
        await _process.StandardInput.FlushAsync();
        var line = await LineAsync();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return line is null ? throw new PeerException(await ComplaintAsync()) : (Answer.Read(line), seconds);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string?> LineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    private async Task<string> ComplaintAsync()
    {
        var text = await _complaints.WaitAsync(Patience);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "it said nothing";
    }
}
