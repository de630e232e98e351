using Scenarios.Cli.Commands;

namespace Scenarios.Service.Tests.Cli;

public sealed class OverrideOptionTests
{
    private static readonly Dictionary<string, string> Overrides = new() { ["cap"] = "60 too 90", ["events.a.after"] = "" };

    [Theory]
    [InlineData("cap", 3, "cap=60 too 90", "       ^")]
    [InlineData("cap", 0, "cap=60 too 90", "    ^")]
    [InlineData("events.a.after", 0, "events.a.after=", "               ^")]
    public void Violation_OfAnOverride_PointsAtItsCharacter(string key, int character, string given, string mark) => Assert.Equal(
        (given, mark),
        OverrideOption.Shown(
            $"overrides[\"{key}\"]",
            $"\"{Overrides[key]}\" cannot be read at character {character:#,0}, counted from 0: Found a word.",
            Overrides));

    [Fact]
    public void I7_TheMark_StandsUnderTheCharacter_HoweverWideAndHoweverEncoded() => Assert.Equal(
        ("cap=\ud83d\ude00\u5317x", "        ^"),
        OverrideOption.Shown(
            "overrides[\"cap\"]",
            "\"...\" cannot be read at character 2, counted from 0: Found a word.",
            new Dictionary<string, string> { ["cap"] = "\ud83d\ude00\u5317x" })); // Two characters of two cells each.

    [Fact]
    public void Violation_OfAnOverrideThatCanBeRead_PointsAtNoCharacter() => Assert.Equal(
        ("cap=60 too 90", ""), OverrideOption.Shown("overrides[\"cap\"]", "The scenario has no character 3.", Overrides));

    [Theory]
    [InlineData("scenario.assumptions.cap")]
    [InlineData("overrides[\"batch_size\"]")]
    [InlineData("overrides")]
    public void Violation_OfSomethingElse_IsNotShownAsAnOverride(string field) =>
        Assert.Null(OverrideOption.Shown(field, "\"60\" cannot be read at character 3, counted from 0: Found a word.", Overrides));

    [Theory]
    [InlineData("--set cap: give KEY=VALUE", "--set", "cap")]
    [InlineData("--set =5: give KEY=VALUE", "--set", "=5")]
    [InlineData("cap is set twice", "--set", "cap=1", "--set", "cap=2")]
    public async Task Option_ThatIsNoKeyAndValue_IsRefusedBeforeAnybodyIsAsked(string named, params string[] set)
    {
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", "http://127.0.0.1:1", .. set]);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Answers));
        Assert.Contains(named, ran.Errors);
    }
}
