using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Benchmarks.Scaling;

/// <summary>One scenario of a series.</summary>
/// <param name="Label">As in table and plot.</param>
/// <param name="Model">The scenario.</param>
/// <param name="Work">How much there is to do, in the series' unit; NaN where it is not a number.</param>
internal sealed record ScalingPoint(string Label, ArrivalModel Model, double Work)
{
    public IReadOnlyList<long> Thresholds { get; init; } = [50_000];

    public IReadOnlyList<double> Levels { get; init; } = [0.05, 0.25, 0.5, 0.75, 0.95];

    public int Threads { get; init; } = 1;
}

/// <summary>Scenarios that differ in one thing, from the one that the others are compared to.</summary>
/// <param name="Title">What differs.</param>
/// <param name="WorkUnit">What <see cref="ScalingPoint.Work"/> counts; null where points are just different.</param>
/// <param name="Points">The first is the base.</param>
internal sealed record ScalingSeries(string Title, string? WorkUnit, IReadOnlyList<ScalingPoint> Points)
{
    private static ArrivalModel Weekly => KnownScenarios.Weekly.Model;

    /// <summary>B1 with a gap and a batch that are <paramref name="factor"/> times as large.</summary>
    private static ArrivalModel Paced(double factor) => Weekly with
    {
        RotationIntervalDays = Given.EachBatch(LogNormalDistribution.FromInterval(60 * factor, 180 * factor, 0.9)!),
        BatchSize = Given.EachBatch(new TriangularDistribution(2000 * factor, 5000 * factor, 15_000 * factor)),
    };

    public static IReadOnlyList<ScalingSeries> All { get; } =
    [
        new("threads", "threads", [.. Enumerable.Range(1, Environment.ProcessorCount)
            .Select(threads => new ScalingPoint($"{threads}", Weekly, threads) { Threads = threads })]),
        new("horizon, days (cap out of reach)", "days", [.. new[] { 364, 182, 728, 1456, 2912 }
            .Select(days => new ScalingPoint($"{days}", Weekly with { HorizonDays = days, Cap = Given.Always(1_000_000) }, days))]),
        new("grid step, days", null, [.. new[] { 28, 7, 1, 0.25 }
            .Select(step => new ScalingPoint($"{step}", Weekly with { StepDays = step }, double.NaN))]),
        new("jumps a path", "jumps", [.. new[] { 1, 2, 4, 8, 16, 32 }
            .Select(times => new ScalingPoint($"x {times}", Paced(1.0 / times), times))]),
        new("cap", null,
        [
            new("100,000", Weekly, double.NaN),
            new("30,000", Weekly with { Cap = Given.Always(30_000) }, double.NaN),
            new("1,000,000", Weekly with { Cap = Given.Always(1_000_000) }, double.NaN),
            new("none", Weekly with { Cap = null }, double.NaN),
            new("drawn", Weekly with { Cap = Given.EachPath(new TriangularDistribution(80_000, 100_000, 120_000)) }, double.NaN),
        ]),
        new("thresholds", "thresholds", [.. new[] { 1, 2, 4, 16, 64 }
            .Select(count => new ScalingPoint($"{count}", Weekly, count) { Thresholds = [.. Enumerable.Range(1, count).Select(i => 15_000 + (80_000L * i / count))] })]),
        new("quantiles", "quantiles", [.. new[] { 5, 1, 25, 100, 400 }
            .Select(count => new ScalingPoint($"{count}", Weekly, count) { Levels = [.. Enumerable.Range(1, count).Select(i => i / (count + 1.0))] })]),
        new("what a scenario uses", null,
        [
            new("plain", Weekly, double.NaN),
            new("interval with a path factor", Weekly with
            {
                RotationIntervalDays = Weekly.RotationIntervalDays with { PathFactor = LogNormalDistribution.FromInterval(0.8, 1.25, 0.9) },
            }, double.NaN),
            new("both with path factors", Weekly with
            {
                RotationIntervalDays = Weekly.RotationIntervalDays with { PathFactor = LogNormalDistribution.FromInterval(0.8, 1.25, 0.9) },
                BatchSize = Weekly.BatchSize with { PathFactor = LogNormalDistribution.FromInterval(0.8, 1.25, 0.9) },
            }, double.NaN),
            new("interval once per path", Weekly with { RotationIntervalDays = Weekly.RotationIntervalDays with { Resampling = Resampling.PerPath } }, double.NaN),
            new("first arrival", Weekly with { FirstArrivalDays = Given.EachPath(new UniformDistribution(1, 60)) }, double.NaN),
            new("drawn start", Weekly with { InitialCount = Given.EachPath(new TriangularDistribution(10_000, 15_000, 20_000)) }, double.NaN),
            new("skips", Weekly with { SkipProbability = 0.2 }, double.NaN),
            new("RELIEVE", Weekly with { RotationMode = RotationMode.Relieve }, double.NaN),
            new("REINFORCE", Weekly with { RotationMode = RotationMode.Reinforce }, double.NaN),
            new("correlation of interval and batch", Weekly with
            {
                Correlations = [new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.3)],
            }, double.NaN),
            new("an event that halts", Weekly with
            {
                Events = [new() { Id = "halt", Timing = new EventTiming.Hazard(0.25), DurationDays = Given.Always(120), Halt = true }],
            }, double.NaN),
            new("two events with factors", Weekly with
            {
                Events =
                [
                    new() { Id = "halt", Timing = new EventTiming.Hazard(0.25), DurationDays = Given.Always(120), Halt = true },
                    new() { Id = "more", Timing = new EventTiming.WithinHorizon(0.3), IntervalFactor = 0.8, BatchSizeFactor = 1.25 },
                ],
            }, double.NaN),
            new("an event that moves the cap", Weekly with
            {
                Events = [new() { Id = "room", Timing = new EventTiming.WithinHorizon(0.5), CapChange = -20_000 }],
            }, double.NaN),
            new("tours", Weekly with { RotationMode = RotationMode.Reinforce, TourLengthDays = Given.EachBatch(new LogNormalDistribution(5, 0.5)) }, double.NaN),
        ]),
    ];
}
