using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

public sealed class BatchDrawsTests
{
    public static TheoryData<string, Sampling> Models
    {
        get
        {
            var models = new TheoryData<string, Sampling>();
            foreach (var model in (string[])["smooth", "atoms", "correlated", "fixed"])
            {
                models.Add(model, Sampling.PseudoRandom);
                models.Add(model, Sampling.QuasiRandom);
            }

            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Draws_OfSixteenPathsAhead_AreToTheBitThoseOfEachPathAlone(string name, Sampling sampling)
    {
        var law = new PathLaw(Model(name), seed: 42, sampling);
        var alone = new BatchDraws(law, ahead: false);
        var ahead = new BatchDraws(law, ahead: true);
        foreach (var path in (ReadOnlySpan<long>)[0, 5, 6, 15, 16, 3, (1L << 31) + 9])
        {
            for (var batch = 0; batch < 140; batch++)
            {
                Assert.Equal(alone.Of(path, batch), ahead.Of(path, batch));
            }
        }
    }

    private static ArrivalModel Model(string name)
    {
        var smooth = new ArrivalModel
        {
            HorizonDays = 365,
            StepDays = 7,
            RotationMode = RotationMode.Reinforce,
            RotationIntervalDays = Given.EachBatch(new GammaDistribution(2, 10)),
            BatchSize = Given.EachBatch(new LogNormalDistribution(5, 1)),
            TourLengthDays = Given.EachBatch(new WeibullDistribution(1.5, 90)),
            SkipProbability = 0.3,
        };
        return name switch
        {
            "atoms" => smooth with
            {
                BatchSize = Given.EachBatch(new PoissonDistribution(3)),
                TourLengthDays = Given.EachBatch(DiscreteDistribution.From([(30, 1), (123_456_789.3, 2)])),
            },
            "correlated" => smooth with
            {
                Correlations =
                [
                    new(AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, -0.4),
                    new(AssumptionKind.BatchSize, AssumptionKind.TourLengthDays, 0.7),
                ],
            },
            "fixed" => smooth with
            {
                RotationIntervalDays = Given.EachPath(new GammaDistribution(2, 10)),
                BatchSize = Given.Always(12),
                TourLengthDays = Given.EachPath(new UniformDistribution(10, 20)),
            },
            _ => smooth,
        };
    }
}
