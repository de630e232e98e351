using System.Diagnostics;
using System.Text.Json;
using Scenarios.Benchmarks.Peers;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Benchmarks.Scaling;

/// <summary>What one scenario of a series costs.</summary>
/// <param name="Label">Of the scenario.</param>
/// <param name="Work">In the series' unit; null where points are just different.</param>
/// <param name="JumpsPerPath">Scheduled arrivals.</param>
/// <param name="NanosecondsPerPath">Simulation alone.</param>
/// <param name="SummaryMilliseconds">Reading the tally once.</param>
/// <param name="TallyMegabytes">Memory of a thread's tally.</param>
/// <param name="Cost">Of a million paths with one summary, relative to the base of the series.</param>
internal sealed record ScalingCost(
    string Label, double? Work, double JumpsPerPath, double NanosecondsPerPath, double SummaryMilliseconds, double TallyMegabytes, double Cost)
{
    /// <summary>Milliseconds of a million paths and one summary.</summary>
    public double Milliseconds => NanosecondsPerPath + SummaryMilliseconds;
}

/// <summary>
/// How cost grows with each thing that a scenario can have more of. The scenarios of a series take turns; the best of many
/// short runs counts, because other work on the machine only ever adds.
/// </summary>
internal static class ScalingBench
{
    private const int Rounds = 15;

    private const double SecondsARun = 0.04;

    public static void Run(TextWriter output, TextWriter progress, string? folder)
    {
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        var text = new StringWriter();
        text.WriteLine($"B1 with one thing changed; {Environment.ProcessorCount} cores, load {load} at the start, best of {Rounds} runs in turns. Cost: a million paths");
        text.WriteLine("and one summary, relative to the first line of each table; work likewise.");
        var all = new List<(ScalingSeries Series, IReadOnlyList<ScalingCost> Costs)>();
        foreach (var series in ScalingSeries.All)
        {
            progress.WriteLine(series.Title);
            var costs = Measure(series);
            all.Add((series, costs));
            WriteTable(text, series, costs);
        }

        output.Write(text);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "scaling.md"), "# Scaling\n\n`dotnet run -c Release --project tests/Scenarios.Benchmarks -- scaling FOLDER`\n\n![plot](scaling.svg)\n\n" + text);
            File.WriteAllText(Path.Combine(folder, "scaling.svg"), ScalingPlot.Draw(all));
            File.WriteAllText(
                Path.Combine(folder, "scaling.json"),
                JsonSerializer.Serialize(new { load, cores = Environment.ProcessorCount, series = all.Select(s => new { s.Series.Title, s.Series.WorkUnit, s.Costs }) }, Answer.Json) + "\n");
        }
    }

    private static IReadOnlyList<ScalingCost> Measure(ScalingSeries series)
    {
        var entries = series.Points.Select(point => new Entry(point)).ToArray();
        foreach (var entry in entries)
        {
            entry.WarmUp();
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var entry in entries)
            {
                entry.TakeTurn();
            }
        }

        var costs = entries.Select(entry => entry.Cost).ToArray();
        return [.. costs.Select(cost => cost with { Cost = cost.Milliseconds / costs[0].Milliseconds })];
    }

    private static void WriteTable(TextWriter output, ScalingSeries series, IReadOnlyList<ScalingCost> costs)
    {
        output.WriteLine();
        output.WriteLine($"| {series.Title} | jumps a path | ns a path | summary, ms | tally, MB | cost |{(series.WorkUnit is null ? "" : " work |")}");
        output.WriteLine($"|---|---|---|---|---|---|{(series.WorkUnit is null ? "" : "---|")}");
        foreach (var cost in costs)
        {
            output.WriteLine(
                $"| {cost.Label} | {cost.JumpsPerPath:F1} | {cost.NanosecondsPerPath:F1} | {cost.SummaryMilliseconds:F2} | {cost.TallyMegabytes:F1} "
                + $"| {cost.Cost:F2} |{(series.WorkUnit is null ? "" : $" {cost.Work / costs[0].Work:F2} |")}");
        }
    }

    private sealed class Entry
    {
        private readonly ScalingPoint _point;
        private readonly Projector _projector;
        private readonly Tally[] _tallies;
        private readonly SummaryQuery _query;
        private int _paths = 2048;
        private double _perPath = double.PositiveInfinity;
        private double _summary = double.PositiveInfinity;

        public Entry(ScalingPoint point)
        {
            _point = point;
            _projector = Projector.Compile(point.Model, seed: 1, [.. point.Thresholds], []);
            _tallies = [.. Enumerable.Range(0, point.Threads).Select(_ => _projector.CreateTally())];
            _query = new() { QuantileLevels = [.. point.Levels], Thresholds = [.. point.Thresholds] };
        }

        public ScalingCost Cost => new(
            _point.Label,
            double.IsNaN(_point.Work) ? null : _point.Work,
            _projector.ArrivalsPerPath,
            _perPath * 1e9,
            _summary * 1e3,
            _projector.TallyBytes / 1048576.0,
            Cost: 1);

        /// <summary>Until the compiler is done with it; and finds how many paths make a run.</summary>
        public void WarmUp()
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 1)
            {
                _paths = (int)Math.Clamp(SecondsARun / Simulate(), 2048, 50_000_000) / 2048 * 2048;
                Summarize();
            }
        }

        public void TakeTurn()
        {
            _perPath = Math.Min(_perPath, Simulate());
            _summary = Math.Min(_summary, Summarize());
        }

        private double Simulate()
        {
            foreach (var tally in _tallies)
            {
                tally.Clear();
            }

            var start = Stopwatch.GetTimestamp();
            Parallel.Invoke([.. _tallies.Select<Tally, Action>((tally, thread) => () => _projector.Simulate((long)thread * _paths, _paths, tally))]);
            return Stopwatch.GetElapsedTime(start).TotalSeconds / ((long)_paths * _tallies.Length);
        }

        private double Summarize()
        {
            var start = Stopwatch.GetTimestamp();
            _projector.Summarize(_tallies[0], _query);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
