using Scenarios.Service.Runs;

namespace Scenarios.Service.Tests.Runs;

public sealed class PrefixLadderTests
{
    [Fact]
    public void Rungs_OfAMillionPaths_AreThoseOfTheModel() => Assert.Equal(
        (long[])[
            1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 125_000, 156_250, 195_312, 244_140, 305_175, 381_468, 476_835,
            596_043, 745_053, 931_316, 1_000_000,
        ],
        new PrefixLadder(1_000_000).Rungs);

    [Theory]
    [InlineData(1, new long[] { 1 })]
    [InlineData(999, new long[] { 999 })]
    [InlineData(1_000, new long[] { 1_000 })]
    [InlineData(1_001, new long[] { 1_000, 1_001 })]
    [InlineData(7_000, new long[] { 1_000, 2_000, 5_000, 7_000 })]
    [InlineData(100_000, new long[] { 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000 })]
    [InlineData(125_000, new long[] { 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 125_000 })]
    public void Rungs_EndWithTheNumberAskedFor(long paths, long[] rungs) => Assert.Equal(rungs, new PrefixLadder(paths).Rungs);

    [Fact]
    public void Contains_HoldsForRungsAlone()
    {
        var ladder = new PrefixLadder(7_000);

        Assert.True(ladder.Contains(5_000));
        Assert.True(ladder.Contains(7_000));
        Assert.False(ladder.Contains(6_999));
        Assert.False(ladder.Contains(10_000));
    }

    [Theory]
    [InlineData(0, 0, 1_000)]
    [InlineData(0, 999, 1_000)]
    [InlineData(0, 4_999, 2_000)]
    [InlineData(1_000, 1_000, 2_000)]
    [InlineData(1_500, 0, 2_000)]
    [InlineData(1_500, 60_000, 50_000)]
    [InlineData(5_000, 1_000_000, 70_000)]
    public void Next_GoesAsFarAsIsReachable_AndOneRungAtLeast(long paths, long reachable, long next) =>
        Assert.Equal(next, new PrefixLadder(70_000).Next(paths, reachable));

    [Fact]
    public void Ladder_WithoutPaths_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new PrefixLadder(0));
}
