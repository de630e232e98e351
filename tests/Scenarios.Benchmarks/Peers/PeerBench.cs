using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Scenarios.Benchmarks.Peers;

/// <summary>A contestant's figures in one case. What it cannot do says why in <paramref name="Fault"/>.</summary>
/// <param name="Name">The contestant.</param>
/// <param name="PathsPerSecond">Median of all rounds, all outputs.</param>
/// <param name="ToEngine">Speed relative to the engine on one thread: median of the rounds' ratios.</param>
/// <param name="NanosecondsPerJump">Of scheduled arrivals.</param>
/// <param name="PeakMegabytes">Largest resident memory of the process, after a run of the case's <see cref="PeerCase.MemoryPaths"/>.</param>
/// <param name="MemoryPaths">Paths of its largest run: fewer where that would take too long.</param>
/// <param name="FirstAnswerSeconds">Warm: the first snapshot of a run of a million paths, or a finished run of 1,000.</param>
/// <param name="ColdSeconds">From the start of the process to its first answer.</param>
/// <param name="PrecisionSeconds">Until 1.96 standard errors of the mean are 0.1 % of it.</param>
/// <param name="PathsARun">Paths of a timed run.</param>
/// <param name="Fault">Why it is not compared, or what was wrong with its answers.</param>
internal sealed record PeerFigures(
    string Name,
    double? PathsPerSecond = null,
    double? ToEngine = null,
    double? NanosecondsPerJump = null,
    double? PeakMegabytes = null,
    long MemoryPaths = 0,
    double? FirstAnswerSeconds = null,
    double? ColdSeconds = null,
    double? PrecisionSeconds = null,
    long PathsARun = 0,
    string? Fault = null);

/// <summary>
/// B1 and B2 side by side: every contestant is a process, they take turns, every answer is held to the exact figures, and ratios
/// are taken within a round. Machines and their other work differ: only the ratios carry over.
/// </summary>
internal static class PeerBench
{
    private const int Rounds = 5;

    /// <summary>A timed run takes about so long, but has no more paths than this many million.</summary>
    private const double SecondsARun = 0.5;

    private const long MostPaths = 8_000_000;

    public static async Task RunAsync(TextWriter output, TextWriter progress, string? jsonFile)
    {
        var faults = new Dictionary<string, string>();
        foreach (var contestant in Contestant.All)
        {
            try
            {
                contestant.Prepare();
            }
            catch (PeerException exception)
            {
                faults[contestant.Name] = exception.Message;
            }
        }

        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        output.WriteLine(
            $"{Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}, vectors of "
            + $"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits), "
            + $"{RuntimeInformation.FrameworkDescription}, load {load} at the start, median of {Rounds} rounds");
        var results = new Dictionary<string, IReadOnlyList<PeerFigures>>();
        foreach (var peerCase in PeerCase.All)
        {
            results[peerCase.Id] = await CompareAsync(peerCase, faults, progress);
            WriteTable(output, peerCase, results[peerCase.Id]);
        }

        output.WriteLine();
        foreach (var contestant in Contestant.All)
        {
            output.WriteLine($"* {contestant.Name}: {contestant.Remark}.");
        }

        if (jsonFile is not null)
        {
            var document = new { started = DateTime.UtcNow, load, rounds = Rounds, cores = Environment.ProcessorCount, results };
            await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(document, Answer.Json) + "\n");
        }
    }

    private static async Task<IReadOnlyList<PeerFigures>> CompareAsync(
        PeerCase peerCase, Dictionary<string, string> unprepared, TextWriter progress)
    {
        var faults = new Dictionary<string, string>(unprepared);
        var peers = new List<Entry>();
        try
        {
            foreach (var contestant in Contestant.All.Where(c => !faults.ContainsKey(c.Name)))
            {
                progress.WriteLine($"{peerCase.Id}: {contestant.Name}");
                await GuardAsync(contestant.Name, faults, async () => peers.Add(await EnterAsync(contestant, peerCase)));
            }

            for (var round = 0; round < Rounds; round++)
            {
                progress.WriteLine($"{peerCase.Id}: round {round + 1} of {Rounds}");
                foreach (var peer in peers.Where(p => !faults.ContainsKey(p.Name)))
                {
                    await GuardAsync(peer.Name, faults, () => TakeTurnAsync(peer, peerCase, round));
                }
            }

            foreach (var peer in peers.Where(p => !faults.ContainsKey(p.Name)))
            {
                progress.WriteLine($"{peerCase.Id}: memory of {peer.Name}");
                await GuardAsync(peer.Name, faults, () => FillAsync(peer, peerCase));
            }

            var engine = peers.Single(p => p.Name == Contestant.All[0].Name);
            var jumps = Scenarios.Engine.Simulation.Projector.Compile(peerCase.Known.Model, 1, [], []).ArrivalsPerPath;
            return [.. Contestant.All.Select(c => faults.TryGetValue(c.Name, out var fault)
                ? new PeerFigures(c.Name, Fault: fault)
                : Figures(peers.Single(p => p.Name == c.Name), engine, jumps))];
        }
        finally
        {
            foreach (var peer in peers)
            {
                await peer.Process.DisposeAsync();
            }
        }
    }

    private static async Task GuardAsync(string name, Dictionary<string, string> faults, Func<Task> turn)
    {
        try
        {
            await turn();
        }
        catch (Exception exception) when (exception is PeerException or TimeoutException or IOException)
        {
            faults[name] = exception.Message;
        }
    }

    /// <summary>Starts, warms up, and finds how many paths make a run.</summary>
    private static async Task<Entry> EnterAsync(Contestant contestant, PeerCase peerCase)
    {
        var process = await PeerProcess.StartAsync(Contestant.Folder, [.. contestant.Command, peerCase.Id]);
        try
        {
            await process.AskAsync("first", 1000, 1);
            var entry = new Entry(contestant.Name, process) { Cold = process.Age, Paths = 1000 };
            var speed = 0.0;
            for (var warming = 0; warming < 12 || entry.Paths < MostPaths; warming++)
            {
                var (answer, seconds) = await process.AskAsync("run", entry.Paths, 2 + warming);
                Check(peerCase, answer);
                speed = entry.Paths / seconds;
                if (warming >= 3 && seconds > SecondsARun / 2)
                {
                    break;
                }

                entry.Paths = (long)Math.Clamp(speed * SecondsARun, 100, Math.Min(MostPaths, entry.Paths * 10));
            }

            entry.Speed = speed;
            return entry;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task TakeTurnAsync(Entry peer, PeerCase peerCase, int round)
    {
        var seed = 1000 + (round * 3);
        var (answer, seconds) = await peer.Process.AskAsync("run", peer.Paths, seed);
        Check(peerCase, answer);
        peer.Seconds.Add(seconds);
        peer.First.Add((await peer.Process.AskAsync("first", 1000, seed + 1)).Seconds);

        // Who would take longer is not asked: its time follows from its speed.
        if (peerCase.PathsToPrecision / peer.Speed < 20 * SecondsARun)
        {
            peer.Precision.Add((await peer.Process.AskAsync("run", peerCase.PathsToPrecision, seed + 2)).Seconds);
        }
    }

    private static async Task FillAsync(Entry peer, PeerCase peerCase)
    {
        if (peerCase.MemoryPaths / peer.Speed < 40 * SecondsARun)
        {
            Check(peerCase, (await peer.Process.AskAsync("run", peerCase.MemoryPaths, 999)).Answer);
            peer.MemoryPaths = Math.Max(peer.Paths, peerCase.MemoryPaths);
        }
        else
        {
            peer.MemoryPaths = peer.Paths;
        }
    }

    private static void Check(PeerCase peerCase, Answer answer)
    {
        if (peerCase.Fault(answer) is { } fault)
        {
            throw new PeerException($"wrong at {answer.Paths} paths: {fault}");
        }
    }

    private static PeerFigures Figures(Entry peer, Entry engine, double jumps)
    {
        var speed = Median(peer.Seconds.Select(s => peer.Paths / s));
        return new(
            peer.Name,
            speed,
            Median(peer.Seconds.Zip(engine.Seconds, (own, theirs) => peer.Paths / own / (engine.Paths / theirs))),
            1e9 / speed / jumps,
            peer.Process.PeakMegabytes,
            peer.MemoryPaths,
            Median(peer.First),
            peer.Cold,
            peer.Precision.Count > 0 ? Median(peer.Precision) : null,
            peer.Paths);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void WriteTable(TextWriter output, PeerCase peerCase, IReadOnlyList<PeerFigures> figures)
    {
        output.WriteLine();
        output.WriteLine($"| {peerCase.Known.Name} | paths/s | to the engine, 1 thread | ns/jump | peak memory, {peerCase.MemoryPaths:N0} paths | first answer | cold | mean to 0.1 % ({peerCase.PathsToPrecision:N0} paths) |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var f in figures)
        {
            output.WriteLine(f.PathsPerSecond is not { } speed
                ? $"| {f.Name} | not compared: {f.Fault} | | | | | | |"
                : $"| {f.Name} | {Speed(speed)} | {Ratio(f.ToEngine!.Value)} | {f.NanosecondsPerJump:F1} | {f.PeakMegabytes:F0} MB{(f.MemoryPaths < peerCase.MemoryPaths ? $" ({f.MemoryPaths:N0} paths)" : "")} "
                + $"| {Time(f.FirstAnswerSeconds!.Value)} | {Time(f.ColdSeconds!.Value)} "
                + $"| {(f.PrecisionSeconds is { } s ? Time(s) : "about " + Time(peerCase.PathsToPrecision / speed))} |");
        }
    }

    private static string Speed(double pathsPerSecond) =>
        pathsPerSecond >= 1e5 ? $"{pathsPerSecond / 1e6:G3} M" : $"{pathsPerSecond / 1e3:G3} k";

    private static string Ratio(double ratio) => ratio >= 0.1 ? $"{ratio:F2}" : $"1/{1 / ratio:F0}";

    private static string Time(double seconds) => seconds >= 1 ? $"{seconds:F1} s" : $"{seconds * 1e3:G3} ms";

    private sealed class Entry(string name, PeerProcess process)
    {
        public string Name { get; } = name;

        public PeerProcess Process { get; } = process;

        public double Cold { get; init; }

        public long Paths { get; set; }

        public double Speed { get; set; }

        public long MemoryPaths { get; set; }

        public List<double> Seconds { get; } = [];

        public List<double> First { get; } = [];

        public List<double> Precision { get; } = [];
    }
}
