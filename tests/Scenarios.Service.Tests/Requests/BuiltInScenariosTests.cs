using Scenarios.Engine.Distributions;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed class BuiltInScenariosTests
{
    [Fact]
    public void EveryBuiltInScenario_IsValid() => Assert.All(
        Parsers.BuiltIn.All,
        scenario => Assert.NotNull(Parsers.Parse(new ProjectRequest { ScenarioName = scenario.Name }).Model));

    [Fact]
    public void FoundingScenario_IsWhatTheModelSays()
    {
        var spec = Parsers.Parse(new ProjectRequest { ScenarioName = "scenarios/dprk-rotation" });
        var model = spec.Model;
        Assert.Equal(new ConstantDistribution(15_000), model.InitialCount!.Distribution);
        Assert.Equal(LogNormalDistribution.FromInterval(60, 150, 0.9), model.RotationIntervalDays.Distribution);
        Assert.Equal(LogNormalDistribution.FromInterval(0.8, 1.25, 0.9), model.RotationIntervalDays.PathFactor);
        Assert.Equal(ScaledBetaDistribution.Pert(4_000, 10_000, 15_000), model.BatchSize.Distribution);
        Assert.Equal(new ConstantDistribution(100_000), model.Cap!.Distribution);
        Assert.Equal(Engine.Model.RotationMode.Relieve, model.RotationMode);
        Assert.Equal((730, 7), (model.HorizonDays, model.StepDays));
        Assert.Equal(50_000, spec.Query.HeadlineThreshold);
        Assert.Equal(50_000, Assert.Single(spec.TallyThresholds));
        Assert.Equal(["beijing-leverage", "seoul-arms"], spec.Scenario.Events.Select(e => e.EventId));
        Assert.All(spec.Scenario.Events, e => Assert.True(e.Disabled));
    }

    [Fact]
    public void Scenario_AsProjected_HasDefaultsAndNothingOfItsStorage()
    {
        var scenario = Parsers.Parse(Parsers.Full()).Scenario;
        Assert.Equal(("", "", ""), (scenario.Name, scenario.Etag, scenario.RevisionId));
        Assert.Null(scenario.CreateTime);
        Assert.Null(scenario.UpdateTime);
        Assert.Equal(0.9, scenario.Assumptions.RotationIntervalDays.PathFactor.LogNormal.Interval.Probability);
        Assert.Equal(Assumption.Types.Resampling.PerBatch, scenario.Assumptions.BatchSize.Resampling);
        Assert.Equal(Assumption.Types.Resampling.PerPath, scenario.Assumptions.FirstArrivalDays.Resampling);
        Assert.Equal(1, scenario.Events[1].Probability);
        Assert.Equal(1, scenario.Events[1].Effects.IntervalFactor);
    }

    [Fact]
    public void Parse_LeavesTheRequestAsItIs()
    {
        var request = Parsers.Full();
        Parsers.Parse(request);
        Assert.Equal(Parsers.Full(), request);
    }
}
