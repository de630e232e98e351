using Scenarios.Cli.Commands;

namespace Scenarios.Service.Tests.Cli;

public sealed class OverrideOptionTests
{
    private static readonly Dictionary<string, string> Overrides = new() { ["cap"] = "60 too 90", ["events.a.after"] = "" };

    [Theory]
    [InlineData("overrides[cap]", "At character 3: found a word.", "cap=60 too 90", "       ^")]
    [InlineData("overrides[cap]", "At character 0: found a word.", "cap=60 too 90", "    ^")]
    [InlineData("overrides[events.a.after]", "At character 0: found nothing.", "events.a.after=", "               ^")]
    [InlineData("overrides[cap]", "There is no such key.", "cap=60 too 90", "")]
    public void Violation_OfAnOverride_PointsAtItsCharacter(string field, string description, string given, string mark) =>
        Assert.Equal((given, mark), OverrideOption.Shown(field, description, Overrides));

    [Theory]
    [InlineData("scenario.assumptions.cap")]
    [InlineData("overrides[batch_size]")]
    [InlineData("overrides")]
    public void Violation_OfSomethingElse_IsNotShownAsAnOverride(string field) =>
        Assert.Null(OverrideOption.Shown(field, "At character 3: found a word.", Overrides));

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
