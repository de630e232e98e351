using System.Globalization;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Responses;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Tests.Runs;

/// <summary>Projections to ask for, as the parser would make them.</summary>
internal static class Specs
{
    /// <summary>A scenario of the founding kind: about seven arrivals a path, weekly.</summary>
    public static ProjectionSpec Weekly(long paths, long seed = 1) =>
        Of(paths, seed, horizonDays: 728, stepDays: 7, gapDays: (60, 180), batch: (2_000, 15_000), cap: 100_000);

    /// <summary>About 1,600 arrivals a path: a hundred million paths would take minutes.</summary>
    public static ProjectionSpec Long(long paths, long seed = 1) =>
        Of(paths, seed, horizonDays: 3_650, stepDays: 7, gapDays: (1.5, 3), batch: (1, 100), cap: 1_000_000);

    private static ProjectionSpec Of(
        long paths,
        long seed,
        double horizonDays,
        double stepDays,
        (double Low, double High) gapDays,
        (double Low, double High) batch,
        double cap)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{horizonDays}/{stepDays}/{gapDays}/{batch}/{cap}/{seed}");
        return new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"projections/{key}/{paths}"),
            InnerKey = key,
            Scenario = new()
            {
                DisplayName = "Weekly",
                Noun = "troops",
                Verb = "sent",
                StartDate = new() { Year = 2024, Month = 11, Day = 17 },
                HorizonDays = horizonDays,
                StepDays = stepDays,
                Assumptions = new(),
            },
            Model = new()
            {
                HorizonDays = horizonDays,
                StepDays = stepDays,
                InitialCount = new(new ConstantDistribution(15_000), Resampling.PerPath),
                RotationIntervalDays = new(new UniformDistribution(gapDays.Low, gapDays.High), Resampling.PerBatch),
                BatchSize = new(new UniformDistribution(batch.Low, batch.High), Resampling.PerBatch),
                Cap = new(new ConstantDistribution(cap), Resampling.PerPath),
                RotationMode = RotationMode.Relieve,
            },
            Seed = seed,
            Paths = paths,
            Query = new() { QuantileLevels = [0.05, 0.5, 0.95], Thresholds = [50_000], HeadlineThreshold = 50_000 },
            TallyThresholds = [50_000],
            ExtraDays = [],
            SamplePathCount = 2,
        };
    }

    /// <summary>The same projection by another name, as one whose texts differ.</summary>
    public static ProjectionSpec Named(this ProjectionSpec spec, string suffix) => spec with { Name = $"{spec.Name}/{suffix}" };

    /// <summary>What the engine says of the first paths when it is asked in one go, without any run.</summary>
    public static V1.Projection Directly(this ProjectionSpec spec, long paths)
    {
        var projector = Projector.Compile(spec.Model, spec.Seed, spec.TallyThresholds, spec.ExtraDays, spec.Sampling);
        var tally = projector.CreateTally();
        projector.Simulate(0, paths, tally);
        var samples = Enumerable.Range(0, spec.SamplePathCount).Select(path => projector.SamplePath(path));
        return ProjectionMessage.From(spec, projector.Summarize(tally, spec.Query), [.. samples]);
    }
}

internal sealed record UniformDistribution(double Low, double High) : Distribution
{
    public override double Mean => (Low + High) / 2;

    public override double Variance => (High - Low) * (High - Low) / 12;

    public override double Min => Low;

    public override double Max => High;

    public override double Cdf(double x) => Math.Clamp((x - Low) / (High - Low), 0, 1);

    public override double UpperTail(double x) => Math.Clamp((High - x) / (High - Low), 0, 1);

    public override double Quantile(double p) => Low + (p * (High - Low));

    public override double UpperQuantile(double q) => High - (q * (High - Low));
}
