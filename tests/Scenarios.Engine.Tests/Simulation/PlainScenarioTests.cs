using Scenarios.Benchmarks;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>What scenarios without tours, events and correlations give stays what it was, to the bit, on every machine.</summary>
public sealed class PlainScenarioTests
{
    private static readonly Assumption Rotation = Given.EachBatch(
        LogNormalDistribution.FromInterval(60, 150, 0.9)!, LogNormalDistribution.FromInterval(0.8, 1.25, 0.9)!);

    [Theory]
    [InlineData("founding", "281f9bd250423e47b2dbf747c2e6c44743689d79")]
    [InlineData("wide", "02cbb0487077dfa17caa1a5562687e5440c46682")]
    [InlineData("unbounded", "34a23ed05a92e4ba95da5fd9dfb2fdf39c5e2087")]
    public void Tally_OfAPlainScenario_HasTheBitsItAlwaysHad(string name, string expected)
    {
        var model = new ArrivalModel
        {
            HorizonDays = 730,
            StepDays = 7,
            InitialCount = Given.Always(15_000),
            RotationIntervalDays = Rotation,
            BatchSize = Given.EachBatch(ScaledBetaDistribution.Pert(4000, 10_000, 15_000, 4)),
            Cap = Given.Always(100_000),
            RotationMode = RotationMode.Relieve,
        };
        model = name switch
        {
            "wide" => model with { Cap = null, BatchSize = Given.EachBatch(LogNormalDistribution.FromInterval(5_000_000, 60_000_000, 0.9)!) },
            "unbounded" => model with { Cap = null, RotationIntervalDays = Given.EachPath(new UniformDistribution(5, 50)) },
            _ => model,
        };
        var projector = Projector.Compile(model, 1, [50_000], []);
        var tally = projector.CreateTally();
        projector.Simulate(0, 20_000, tally);
        Assert.Equal(expected, TallyBits.Of(tally)[..40]);
    }
}
