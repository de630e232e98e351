using Scenarios.Engine.Statistics;
using Scenarios.Service.Api.Responses;

namespace Scenarios.Service.Tests.Responses;

public sealed class ChanceWordsTests
{
    [Theory]
    [InlineData(0.0004, "almost no chance (under 0.1 %)")]
    [InlineData(0.0031, "almost no chance (0.3 %)")]
    [InlineData(0.03, "almost no chance (3 %)")]
    [InlineData(0.0449, "almost no chance (4 %)")]
    [InlineData(0.05, "very unlikely (5 %)")]
    [InlineData(0.128, "very unlikely (13 %)")]
    [InlineData(0.2, "unlikely (20 %)")]
    [InlineData(0.449, "roughly even (45 %)")]
    [InlineData(0.45, "roughly even (45 %)")]
    [InlineData(0.5, "roughly even (50 %)")]
    [InlineData(0.55, "roughly even (55 %)")]
    [InlineData(0.56, "likely (56 %)")]
    [InlineData(0.73, "likely (73 %)")]
    [InlineData(0.8, "likely (80 %)")]
    [InlineData(0.81, "very likely (81 %)")]
    [InlineData(0.95, "very likely (95 %)")]
    [InlineData(0.954, "very likely (95 %)")]
    [InlineData(0.96, "almost certain (96 %)")]
    [InlineData(0.997, "almost certain (99.7 %)")]
    [InlineData(0.9996, "almost certain (over 99.9 %)")]
    public void Chance_OfAMillionFutures_HasTheWordOfItsFigureAndTheMoreModestOneAtABoundary(double probability, string words) =>
        Assert.Equal(words, Words((long)Math.Round(probability * 1_000_000), 1_000_000));

    [Theory]
    [InlineData(120, 1_000, "very unlikely (about 12 %)")]
    [InlineData(997, 1_000, "almost certain (over 99 %)")]
    [InlineData(1, 1_000, "almost no chance (under 1 %)")]
    [InlineData(2_560, 20_000, "very unlikely (13 %)")]
    [InlineData(19_920, 20_000, "almost certain (99.6 %)")]
    [InlineData(0, 1_000, "almost no chance (none of 1,000 futures)")]
    [InlineData(1_000, 1_000, "almost certain (all of 1,000 futures)")]
    [InlineData(0, 10, "unlikely (none of 10 futures)")]
    [InlineData(0, 1, "roughly even (none of 1 future)")]
    [InlineData(1, 1, "roughly even (all of 1 future)")]
    public void Chance_OfFewFutures_ShowsNoMoreThanIsKnown(long hits, long paths, string words) => Assert.Equal(words, Words(hits, paths));

    [Fact]
    public void Figure_BeforeItsSign_HasANoBreakSpace() =>
        Assert.Equal("likely (73\u00a0%)", ChanceWords.InWords(StandardErrors.Chance(730_000, 1_000_000), 1_000_000));

    private static string Words(long hits, long paths) =>
        ChanceWords.InWords(StandardErrors.Chance(hits, paths), paths).Replace('\u00a0', ' ');
}
