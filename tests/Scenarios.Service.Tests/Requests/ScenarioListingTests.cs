using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Tests.Requests;

public sealed class ScenarioListingTests
{
    [Theory]
    [InlineData("rotation", "At character 8")]
    [InlineData("headline = 1", "At character 0")]
    [InlineData("name = one", "At character 7")]
    [InlineData("display_name < a", "At character 13")]
    [InlineData("display_name = \"a", "At character 15")]
    [InlineData("create_time : \"2025-01-01T00:00:00Z\"", "At character 12")]
    [InlineData("create_time > \"2025-01-01\"", "At character 14")]
    [InlineData("create_time > \"2025-01-01T00:00:00\"", "At character 14")]
    [InlineData("labels = x", "At character 7")]
    [InlineData("AND labels:x", "At character 0")]
    [InlineData("labels:x AND", "At character 12")]
    [InlineData("labels:x OR OR labels:y", "At character 12")]
    [InlineData("(labels:x", "At character 9")]
    [InlineData("labels:x)", "At character 8")]
    [InlineData("labels:(x)", "At character 7")]
    [InlineData("labels.x ! y", "At character 9")]
    [InlineData("display_name = \0", "At character 15")]
    [InlineData("NOT NOT labels:x", "At character 4")]
    public void Filter_ThatCannotBeRead_IsRefusedWithItsPlace(string filter, string place)
    {
        var violation = Assert.Single(Parsers.Violations(() => ScenarioRequestParser.Parse(new V1.ListScenariosRequest { Filter = filter })));
        Assert.Equal("filter", violation.Field);
        Assert.StartsWith(place, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_OfAnySize_IsRefusedOrReadWithoutHarm()
    {
        foreach (var filter in new[]
        {
            new string('(', 2_000), string.Concat(Enumerable.Repeat("labels:x ", 200)), new string('-', 2_000), new string('x', 1_000_000),
        })
        {
            Assert.Equal("filter", Assert.Single(Parsers.Violations(() => ScenarioRequestParser.Parse(new V1.ListScenariosRequest { Filter = filter }))).Field);
        }
    }

    [Theory]
    [InlineData("headline")]
    [InlineData("name,")]
    [InlineData("name down")]
    [InlineData("name, name desc")]
    [InlineData("name desc desc")]
    public void Order_ByWhatIsNoField_IsRefused(string order) => Assert.Equal(
        "order_by",
        Assert.Single(Parsers.Violations(() => ScenarioRequestParser.Parse(new V1.ListScenariosRequest { OrderBy = order }))).Field);

    [Theory]
    [InlineData("x")]
    [InlineData("!!!!")]
    [InlineData("bnVsbA")] // null
    [InlineData("WyJhIiwiYiJd")] // ["a","b"]
    public void Token_OfNoList_IsRefused(string token)
    {
        foreach (var parse in new Action[]
        {
            () => ScenarioRequestParser.Parse(new V1.ListScenariosRequest { PageToken = token }),
            () => ScenarioRequestParser.Parse(new V1.ListScenarioRevisionsRequest { Name = "scenarios/x", PageToken = token }),
        })
        {
            Assert.Equal("page_token", Assert.Single(Parsers.Violations(parse)).Field);
        }
    }

    [Fact]
    public void PageSize_BelowZero_IsRefused() => Assert.Equal(
        "page_size",
        Assert.Single(Parsers.Violations(() => ScenarioRequestParser.Parse(new V1.ListScenariosRequest { PageSize = -1 }))).Field);
}
