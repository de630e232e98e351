using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text.Json;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Benchmarks;

/// <summary>Hashes of finished projections. Any difference between two machines, or vector widths, is a fault.</summary>
internal static class BitPrint
{
    private static void Main() => Write(Console.Out, Console.Error);

    /// <param name="output">Takes the hashes.</param>
    /// <param name="remarks">Takes the widest vectors that this process has, in bits.</param>
    public static void Write(TextWriter output, TextWriter remarks)
    {
        remarks.WriteLine(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);
        foreach (var (name, model, paths) in Cases())
        {
            Write(output, name, model, paths, Sampling.PseudoRandom);
            if (name is "weekly" or "everything" or "events")
            {
                Write(output, $"{name}, quasi", model, paths, Sampling.QuasiRandom);
            }
        }
    }

    private static void Write(TextWriter output, string name, ArrivalModel model, int paths, Sampling sampling)
    {
        var projector = Projector.Compile(model, seed: 17, [0, 20_000, 50_000], [0.25, 33.3], sampling);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        var summary = projector.Summarize(tally, new()
        {
            QuantileLevels = [0.01, 0.05, 0.5, 0.95, 0.999],
            Thresholds = [0, 20_000, 50_000],
            HeadlineThreshold = 50_000,
            HistogramDays = [100, 300],
        });
        var samples = Enumerable.Range(0, 5).Select(path => projector.SamplePath(path));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new { summary, samples });
        output.WriteLine($"{name,-18} {Convert.ToHexStringLower(SHA256.HashData(bytes))}");
    }

    private static IEnumerable<(string Name, ArrivalModel Model, int Paths)> Cases()
    {
        var weekly = KnownScenarios.Weekly.Model;
        yield return ("weekly", weekly, 20_000);
        yield return ("daily", KnownScenarios.Daily.Model, 1500);
        yield return ("founding", KnownScenarios.Founding.Model, 20_000);
        yield return ("lattice", weekly with { BatchSize = Given.Always(7000) }, 20_000);
        yield return ("wide", weekly with { BatchSize = Given.EachBatch(new LogNormalDistribution(15, 2)), Cap = null }, 5000);
        yield return ("present", weekly with { RotationMode = RotationMode.Relieve, InitialCount = Given.Always(6000) }, 20_000);
        yield return ("everything", weekly with
        {
            StepDays = 0.7,
            RotationMode = RotationMode.Reinforce,
            CapBasis = CapBasis.Present,
            InitialCount = Given.EachPath(new UniformDistribution(0, 30_000)),
            Cap = Given.EachPath(new TriangularDistribution(20_000, 60_000, 90_000)),
            FirstArrivalDays = Given.EachPath(new ExponentialDistribution(50)),
            RotationIntervalDays = Given.EachPath(new GammaDistribution(0.5, 60), new UniformDistribution(0.5, 2)),
            BatchSize = Given.EachBatch(new WeibullDistribution(1.5, 6000), new LogNormalDistribution(0, 0.3)),
            SkipProbability = 0.2,
        }, 5000);
        yield return ("events", weekly with
        {
            RotationMode = RotationMode.Reinforce,
            TourLengthDays = Given.EachBatch(new LogNormalDistribution(5, 0.5), new UniformDistribution(0.5, 2)),
            Events =
            [
                new() { Id = "halt", Timing = new EventTiming.Hazard(0.5), DurationDays = Given.EachPath(new ExponentialDistribution(90)), Halt = true },
                new() { Id = "more", After = "halt", Timing = new EventTiming.WithinHorizon(0.7), IntervalFactor = 0.8, BatchSizeFactor = 1.25 },
                new() { Id = "room", Timing = new EventTiming.OnDay(200), Probability = 0.6, CapChange = -20_000 },
            ],
            Correlations =
            [
                new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.3),
                new(AssumptionKind.BatchSize, AssumptionKind.TourLengthDays, 0.6),
            ],
        }, 5000);
    }
}
