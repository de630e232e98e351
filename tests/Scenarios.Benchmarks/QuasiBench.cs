using System.Diagnostics;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Benchmarks;

/// <summary>
/// Quasi-random sampling against plain sampling on B1: how far each is off what is known exactly, and how long each takes to a
/// standard error.
/// </summary>
internal static class QuasiBench
{
    private const int Seeds = 100;
    private const int TimedRuns = 15;
    private const double Median = 0.5, Upper = 0.95;

    private static readonly int[] Rungs = [1000, 10_000, 100_000, 1_000_000];

    /// <summary>Figures on day 728, as model.md has them, and standard errors to get them to.</summary>
    private static readonly Figure[] Figures =
    [
        new("mean", 60_350.77, s => (Horizon(s).Mean, Horizon(s).MeanStandardError), [100, 30, 10]),
        new("standard deviation", 9676.15, s => (Horizon(s).StandardDeviation, Horizon(s).StandardDeviationStandardError), [30]),
        new("median", 59_986, s => (Horizon(s).Quantiles[0], Horizon(s).QuantileStandardErrors[0]), [100, 30]),
        new("95 % quantile", 76_877, s => (Horizon(s).Quantiles[1], Horizon(s).QuantileStandardErrors[1]), [100]),
        new("chance to pass 50,000", 0.858338, s => (s.Thresholds[0].Reached.Probability, s.Thresholds[0].Reached.StandardError), [0.003, 0.001]),
    ];

    public static void Run(TextWriter output)
    {
        var plain = Rungs.Select(paths => Project(Sampling.PseudoRandom, paths)).ToArray();
        var quasi = Rungs.Select(paths => Project(Sampling.QuasiRandom, paths)).ToArray();
        output.WriteLine($"Times as many paths plain sampling needs to be as near to the exact figure (mean squares over {Seeds} seeds):");
        output.WriteLine();
        output.WriteLine($"| paths | {string.Join(" | ", Figures.Select(figure => figure.Name))} |");
        output.WriteLine($"|---|{string.Concat(Figures.Select(_ => "---|"))}");
        for (var i = 0; i < Rungs.Length; i++)
        {
            var gains = Figures.Select(figure => $"{figure.MeanSquare(plain[i]) / figure.MeanSquare(quasi[i]):F1}");
            output.WriteLine($"| {Rungs[i]:N0} | {string.Join(" | ", gains)} |");
        }

        var (plainTime, quasiTime) = NanosecondsPerPath();
        output.WriteLine();
        output.WriteLine($"Paths and time to a standard error as reported, one thread, {plainTime:F1} and {quasiTime:F1} ns a path:");
        output.WriteLine();
        output.WriteLine("| figure | standard error | plain | | quasi-random | | paths | time |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var figure in Figures)
        {
            foreach (var target in figure.Targets)
            {
                var (ofPlain, ofQuasi) = (figure.PathsTo(target, plain), figure.PathsTo(target, quasi));
                output.WriteLine(
                    $"| {figure.Name} | {target} | {ofPlain:N0} | {ofPlain * plainTime / 1e6:F2} ms | {ofQuasi:N0} | {ofQuasi * quasiTime / 1e6:F2} ms "
                    + $"| 1/{ofPlain / ofQuasi:F1} | 1/{ofPlain * plainTime / (ofQuasi * quasiTime):F1} |");
            }
        }
    }

    private static CountSummary Horizon(ProjectionSummary summary) => summary.Points[^1].Cumulative;

    private static ProjectionSummary[] Project(Sampling sampling, int paths)
    {
        // A grid of two steps has the law of the weekly one on its days.
        var model = KnownScenarios.Weekly.Model with { StepDays = 364 };
        var summaries = new ProjectionSummary[Seeds];
        Parallel.For(0, Seeds, seed =>
        {
            var projector = Projector.Compile(model, seed, [50_000], [], sampling);
            var tally = projector.CreateTally();
            projector.Simulate(0, paths, tally);
            summaries[seed] = projector.Summarize(tally, new() { QuantileLevels = [Median, Upper], Thresholds = [50_000] });
        });
        return summaries;
    }

    /// <summary>Of a million paths on the weekly grid, in turns, the best of each.</summary>
    private static (double Plain, double Quasi) NanosecondsPerPath()
    {
        const int Paths = 1_000_000;
        Sampling[] samplings = [Sampling.PseudoRandom, Sampling.QuasiRandom];
        var best = samplings.Select(_ => double.MaxValue).ToArray();
        var projectors = samplings.Select(sampling => Projector.Compile(KnownScenarios.Weekly.Model, 1, [50_000], [], sampling)).ToArray();
        var tallies = projectors.Select(projector => projector.CreateTally()).ToArray();
        for (var run = 0; run < TimedRuns; run++)
        {
            for (var i = 0; i < samplings.Length; i++)
            {
                tallies[i].Clear();
                var start = Stopwatch.GetTimestamp();
                projectors[i].Simulate(0, Paths, tallies[i]);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds / Paths);
            }
        }

        return (best[0], best[1]);
    }

    private sealed record Figure(string Name, double Exact, Func<ProjectionSummary, (double Value, double Error)> Read, double[] Targets)
    {
        public double MeanSquare(ProjectionSummary[] summaries) => summaries.Average(summary => Math.Pow(Read(summary).Value - Exact, 2));

        /// <summary>Between the rungs errors fall by a power of the number of paths.</summary>
        public double PathsTo(double target, ProjectionSummary[][] byRung)
        {
            var errors = byRung.Select(summaries => Math.Sqrt(summaries.Average(summary => Math.Pow(Read(summary).Error, 2)))).ToArray();
            var next = Math.Clamp(Array.FindIndex(errors, error => error <= target), 1, Rungs.Length - 1);
            var part = Math.Log(errors[next - 1] / target) / Math.Log(errors[next - 1] / errors[next]);
            return Rungs[next - 1] * Math.Pow(Rungs[next] / (double)Rungs[next - 1], part);
        }
    }
}
