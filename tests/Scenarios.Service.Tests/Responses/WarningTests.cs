using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Tests.Responses;

public sealed class WarningTests
{
    private static readonly ArrivalModel Founding = new Told().Model;
    private static readonly Assumption Known = new(new ConstantDistribution(75), Resampling.PerBatch);

    [Fact]
    public void Fan_WhoseGapsAndBatchesVaryByChanceAlone_IsCalledNarrow()
    {
        var warning = Assert.Single(new Told().Message.Warnings);
        Assert.Equal("NARROW_FAN", warning.Code);
        Assert.Equal("scenario.assumptions", warning.Field);
    }

    [Fact]
    public void Fan_OfSkippedBatchesAlone_IsCalledNarrow() => Assert.Equal(
        "NARROW_FAN",
        Assert.Single(Warnings(Founding with { RotationIntervalDays = Known, BatchSize = Known, SkipProbability = 0.1 })).Code);

    [Fact]
    public void Fan_WithAFactorOfThePath_IsNot() => Assert.Empty(
        Warnings(Founding with { RotationIntervalDays = Founding.RotationIntervalDays with { PathFactor = Told.Varied } }));

    [Fact]
    public void Fan_WithABatchSizeOfThePath_IsNot() => Assert.Empty(
        Warnings(Founding with { BatchSize = Founding.BatchSize with { Resampling = Resampling.PerPath } }));

    [Fact]
    public void Fan_OfACertainScenario_IsNot() =>
        Assert.Empty(Warnings(Founding with { RotationIntervalDays = Known, BatchSize = Known }));

    [Fact]
    public void Paths_AboveTheRange_AreCounted()
    {
        var told = new Told();
        var figures = told.Figures with { PathsAboveRange = 3, RangeEnd = 250_000 };
        var warning = Assert.Single((told with { Figures = figures }).Message.Warnings, warning => warning.Code == "RANGE_EXCEEDED");
        Assert.StartsWith("3 of 1,000,000 futures went above 250,000", warning.Message, StringComparison.Ordinal);
    }

    private static Google.Protobuf.Collections.RepeatedField<V1.Warning> Warnings(ArrivalModel model) =>
        new Told { Model = model }.Message.Warnings;
}
