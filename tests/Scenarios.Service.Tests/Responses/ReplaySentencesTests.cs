using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Responses;

namespace Scenarios.Service.Tests.Responses;

public sealed class ReplaySentencesTests
{
    private static readonly BatchReplay Batch = new(1, 74.9, 74.9, 9_310, false, 9_310, 9_310, 24_310, 15_000);

    private static readonly ReplaySentences Relieving = new(relieves: true);

    [Fact]
    public void Arrival_ThatRelieves_IsToldAsTheModelTellsIt() =>
        Assert.Equal("day 74: 9,310 arrive, as many go home; 24,310 in total, 15,000 present", Relieving.Of(Batch));

    [Fact]
    public void Arrival_OfMoreThanArePresent_SendsAllOfThemHome() => Assert.Equal(
        "day 74: 9,310 arrive, the 5,000 there go home; 14,310 in total, 9,310 present",
        Relieving.Of(Batch with { ReturnedCount = 5_000, Cumulative = 14_310, Present = 9_310 }));

    [Fact]
    public void Arrival_WhereNobodyIsPresent_SendsNobodyHome() => Assert.Equal(
        "day 74: 9,310 arrive, nobody is there to go home; 9,310 in total, 9,310 present",
        Relieving.Of(Batch with { ReturnedCount = 0, Cumulative = 9_310, Present = 9_310 }));

    [Fact]
    public void Arrival_WithLittleRoom_IsPartial() => Assert.Equal(
        "day 360: 10,000 of 15,000 arrive, the ceiling leaves no more room, as many go home; 100,000 in total, 15,000 present",
        Relieving.Of(Batch with { Day = 360, DrawnCount = 15_000, ArrivedCount = 10_000, ReturnedCount = 10_000, Cumulative = 100_000 }));

    [Fact]
    public void Arrival_WithoutRoom_DoesNotCome() => Assert.Equal(
        "day 74: none of 9,310 arrive, the ceiling leaves no room; 20,000 in total, 20,000 present",
        new ReplaySentences(relieves: false).Of(Batch with { ArrivedCount = 0, ReturnedCount = 0, Cumulative = 20_000, Present = 20_000 }));

    [Fact]
    public void Batch_ThatIsSkipped_SendsNobodyHomeEither() => Assert.Equal(
        "day 74: a batch of 9,310 does not come; 15,000 in total, 15,000 present",
        Relieving.Of(Batch with { Skipped = true, ArrivedCount = 0, ReturnedCount = 0, Cumulative = 15_000 }));

    [Fact]
    public void Arrival_WithoutRotationMode_SaysNothingOfThosePresent() => Assert.Equal(
        "day 74: 9,310 arrive; 24,310 in total",
        new ReplaySentences(relieves: false).Of(Batch with { ReturnedCount = 0, Present = null }));

    [Theory]
    [InlineData("cap", 98_340.4, "day 0: drawn for the whole path: ceiling 98,340")]
    [InlineData("first_arrival_days", 63.24, "day 0: drawn for the whole path: first arrival on day 63.2")]
    [InlineData("rotation_interval_days.path_factor", 1.0717, "day 0: drawn for the whole path: factor on the gap 1.072")]
    [InlineData("batch_size.path_factor", 0.9, "day 0: drawn for the whole path: factor on the batch size 0.900")]
    public void Draw_OfThePath_IsNamedAndRounded(string field, double value, string sentence) =>
        Assert.Equal(sentence, ReplaySentences.Of(new PathDraw(field, value)));

    [Fact]
    public void End_OfThePath_GivesItsState() =>
        Assert.Equal("day 730: the horizon; 83,240 in total, 15,000 present", ReplaySentences.OfHorizon(730.5, 83_240, 15_000));
}
