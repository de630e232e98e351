using MathNet.Numerics.Distributions;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Benchmarks;

/// <summary>A scenario twice: for the engine, and for a plain loop.</summary>
internal sealed record KnownScenario(string Name, ArrivalModel Model, PlainScenario Plain, long Threshold);

/// <summary>The scenarios that quality.md measures by, and the founding one of model.md.</summary>
internal static class KnownScenarios
{
    /// <summary>The 95 % quantile of the standard normal distribution: half of an interval of 90 %.</summary>
    private static readonly double Z90 = Normal.InvCDF(0, 1, 0.95);

    public static KnownScenario Weekly { get; } = new(
        "B1 weekly",
        new()
        {
            HorizonDays = 728,
            StepDays = 7,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Given.EachBatch(LogNormalDistribution.FromInterval(60, 180, 0.9)!),
            BatchSize = Given.EachBatch(new TriangularDistribution(2000, 5000, 15_000)),
            Cap = Given.Always(100_000),
        },
        new()
        {
            HorizonDays = 728,
            StepDays = 7,
            Initial = _ => 15_000,
            Gap = LogNormalWithin(60, 180),
            Size = random => Triangular.Sample(random, 2000, 15_000, 5000),
            Cap = _ => 100_000,
            Threshold = 50_000,
        },
        50_000);

    public static KnownScenario Daily { get; } = new(
        "B2 daily",
        new()
        {
            HorizonDays = 1825,
            StepDays = 1,
            RotationIntervalDays = Given.EachBatch(new GammaDistribution(2, 3.5)),
            BatchSize = Given.EachBatch(ScaledBetaDistribution.Pert(100, 400, 1200)),
            Cap = Given.Always(100_000),
        },
        new()
        {
            HorizonDays = 1825,
            StepDays = 1,
            Gap = random => Gamma.Sample(random, 2, 1 / 3.5),
            Size = Pert(100, 400, 1200),
            Cap = _ => 100_000,
            Threshold = 50_000,
        },
        50_000);

    public static KnownScenario Founding { get; } = new(
        "founding",
        new()
        {
            HorizonDays = 730,
            StepDays = 7,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Given.EachBatch(
                LogNormalDistribution.FromInterval(60, 150, 0.9)!, LogNormalDistribution.FromInterval(0.8, 1.25, 0.9)),
            BatchSize = Given.EachBatch(ScaledBetaDistribution.Pert(4000, 10_000, 15_000)),
            Cap = Given.Always(100_000),
            RotationMode = RotationMode.Relieve,
        },
        new()
        {
            HorizonDays = 730,
            StepDays = 7,
            Initial = _ => 15_000,
            Gap = LogNormalWithin(60, 150),
            GapFactor = LogNormalWithin(0.8, 1.25),
            Size = Pert(4000, 10_000, 15_000),
            Cap = _ => 100_000,
            Relieves = true,
            Threshold = 50_000,
        },
        50_000);

    /// <summary>Log-normal with 90 % between two values.</summary>
    public static Sampler LogNormalWithin(double low, double high)
    {
        var mean = (Math.Log(low) + Math.Log(high)) / 2;
        var deviation = (Math.Log(high) - Math.Log(low)) / 2 / Z90;
        return random => LogNormal.Sample(random, mean, deviation);
    }

    public static Sampler Pert(double min, double mode, double max)
    {
        var alpha = 1 + (4 * (mode - min) / (max - min));
        var beta = 1 + (4 * (max - mode) / (max - min));
        return random => min + ((max - min) * Beta.Sample(random, alpha, beta));
    }
}
