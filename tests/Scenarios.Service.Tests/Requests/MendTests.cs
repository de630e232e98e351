using Grpc.Core;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed class MendTests
{
    [Theory]
    [InlineData("normal(10 to 150)", "normal(10 to 150) truncated at least 1", "10 to 150")]
    [InlineData("normal(60, 50)", "normal(60, 50) truncated at least 1")]
    [InlineData("uniform(-5, 100)", "uniform(-5, 100) truncated at least 1")]
    [InlineData("normal(-10 to 150)", "normal(-10 to 150) truncated at least 1")]
    [InlineData("normal(10 to 150) truncated at most 200", "normal(10 to 150) truncated 1 to 200")]
    public void Gap_ThatMayNotBeAbove0_IsRefusedWithTextsThatPass(string text, string leavingOut, string? other = null)
    {
        ProjectRequest Asked(string gap) => new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["rotation_interval_days"] = gap } };
        var mends = Mends(Asked(text));
        Assert.All(mends, mend => Assert.Equal("overrides[\"rotation_interval_days\"]", mend.Field));
        Assert.Equal("Leave out below 1", mends[0].Label);
        Assert.Equal(leavingOut, mends[0].Text);
        Assert.Equal(other, mends.Skip(1).SingleOrDefault()?.Text);
        Assert.All(mends, mend => Parsers.Parse(Asked(mend.Text)));
    }

    [Theory]
    [InlineData("normal(10 to 150)", " of 3 %. ")]
    [InlineData("normal(100, 25)", " of 0.0032 %. ")]
    [InlineData("uniform(-5, 100)", " of 4.8 %. ")]
    public void Gap_ThatMayNotBeAbove0_IsRefusedWithItsProbabilityInTwoFigures(string text, string probability) => Assert.Contains(
        probability,
        Parsers.Violations(() => Parsers.Parse(new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["rotation_interval_days"] = text } }))[0].Description,
        StringComparison.Ordinal);

    [Fact]
    public void BatchSize_NormalByAnInterval_MayBeLogNormalInstead()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.BatchSize.Distribution = new() { Normal = new() { Interval = new() { Low = 100, High = 15_000 } } };
        var mends = Mends(request);
        Assert.Equal(
            [
                ("scenario.assumptions.batch_size.distribution", "Leave out below 0", "normal(100 to 15000) truncated at least 0"),
                ("scenario.assumptions.batch_size.distribution", "Use log-normal", "100 to 15000"),
            ],
            mends.Select(mend => (mend.Field, mend.Label, mend.Text)));
    }

    [Theory]
    [InlineData("150 to 60", "Swap 150 and 60", "60 to 150")]
    [InlineData("gamma(150 to 60 (80 %))", "Swap 150 and 60", "gamma(60 to 150 (80 %))")]
    [InlineData("uniform(90, 30) truncated at most 80", "Swap 90 and 30", "uniform(30, 90) truncated at most 80")]
    [InlineData("triangular(90, 60, 30)", "Swap 90 and 30", "triangular(30, 60, 90)")]
    [InlineData("pert(90, 60, 30)", "Swap 90 and 30", "pert(30, 60, 90)")]
    [InlineData("60 to 60", "Take 60 as known", "60")]
    public void Gap_WhoseEndsAreNotInOrder_IsRefusedWithATextThatPasses(string text, string label, string mended)
    {
        ProjectRequest Asked(string gap) => new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["rotation_interval_days"] = gap } };
        Assert.Equal([("overrides[\"rotation_interval_days\"]", label, mended)], Mends(Asked(text)).Select(mend => (mend.Field, mend.Label, mend.Text)));
        Parsers.Parse(Asked(mended));
    }

    [Fact]
    public void BatchSize_WhoseEndsAreNotInOrder_IsMendedAsATextAndNotAtItsOwnFields()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.BatchSize.Distribution = new() { Text = "uniform(5, 3)" };
        var mend = Assert.Single(Mends(request));
        Assert.Equal(("scenario.assumptions.batch_size.distribution.text", "uniform(3, 5)"), (mend.Field, mend.Text));
        request.Scenario.Assumptions.BatchSize.Distribution = new() { Uniform = new() { Min = 5, Max = 3 } };
        Assert.Empty(Mends(request));
    }

    [Theory]
    [InlineData("normal(150 to 10)")]
    [InlineData("uniform(5, -5)")]
    [InlineData("pert(90, 100, 30)")]
    [InlineData("mixture(0.5: 90 to 30, 0.5: 60)")]
    [InlineData("0")]
    [InlineData("uniform(-5, -1)")]
    [InlineData("60 too 90")]
    public void Gap_ThatNothingCanMend_IsRefusedWithoutTexts(string text) => Assert.Empty(Mends(
        new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["rotation_interval_days"] = text } }));

    private static Google.Protobuf.Collections.RepeatedField<Mend> Mends(ProjectRequest request)
    {
        var error = Assert.Throws<RpcException>(() => Parsers.Parse(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return error.GetRpcStatus()?.GetDetail<Mends>()?.Mends_ ?? [];
    }
}
