using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Tests.Requests;

public sealed class UpdateMaskTests
{
    private const string Stored =
        """
        {"name": "scenarios/x", "etag": "e", "display_name": "Old", "horizon_days": 10, "thresholds": [1, 2], "labels": {"a": "1", "b": "2"},
         "assumptions": {"cap": {"distribution": {"constant": 5}, "resampling": "PER_PATH", "evidence": [{"source": "s"}]}}}
        """;

    [Theory]
    [InlineData("display_name", """{"display_name": "New"}""", """ "display_name": "New" """)]
    [InlineData("display_name", "{}", """ "display_name": "" """)]
    [InlineData("thresholds", """{"thresholds": [7]}""", """ "thresholds": [7] """)]
    [InlineData("labels", """{"labels": {"c": "3"}}""", """ "labels": {"c": "3"} """)]
    [InlineData("labels.a,labels.c", """{"labels": {"b": "9", "c": "3"}}""", """ "labels": {"b": "2", "c": "3"} """)]
    [InlineData("assumptions.cap.distribution", """{"assumptions": {"cap": {"distribution": {"text": "1 to 2"}}}}""",
        """ "assumptions": {"cap": {"distribution": {"text": "1 to 2"}, "resampling": "PER_PATH", "evidence": [{"source": "s"}]}} """)]
    [InlineData("assumptions.cap.distribution.uniform.max", """{"assumptions": {"cap": {"distribution": {"uniform": {"min": 1, "max": 2}}}}}""",
        """ "assumptions": {"cap": {"distribution": {"uniform": {"max": 2}}, "resampling": "PER_PATH", "evidence": [{"source": "s"}]}} """)]
    [InlineData("assumptions.cap", "{}", """ "assumptions": {} """)]
    [InlineData("assumptions.tour_length_days.distribution.text", "{}", """ "thresholds": [1, 2] """)]
    [InlineData("name,etag,revision_id,create_time,update_time", """{"name": "scenarios/y", "etag": "f"}""", """ "etag": "e" """)]
    [InlineData("", """{"name": "scenarios/x", "horizon_days": 20, "labels": {"c": "3"}}""", """ "horizon_days": 20, "labels": {"c": "3"} """)]
    public void Mask_ChangesTheFieldsItNames_AndNoOther(string mask, string given, string changes)
    {
        var expected = JsonParser.Default.Parse<V1.Scenario>(Stored);
        var changed = JsonParser.Default.Parse<V1.Scenario>($"{{{changes}}}");
        foreach (var field in V1.Scenario.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => changes.Contains($" \"{field.Name}\":", StringComparison.Ordinal)))
        {
            field.Accessor.Clear(expected);
        }

        expected.MergeFrom(changed);
        Assert.Equal(expected, Apply(mask, given));
    }

    [Fact]
    public void Star_ReplacesAllButWhatTheServiceSets()
    {
        var expected = new V1.Scenario { Name = "scenarios/x", Etag = "e", DisplayName = "New" };
        Assert.Equal(expected, Apply("*", """{"name": "scenarios/y", "etag": "f", "display_name": "New"}"""));
    }

    [Theory]
    [InlineData("displayname", "update_mask.paths[0]")]
    [InlineData("display_name,assumptions.nothing", "update_mask.paths[1]")]
    [InlineData("display_name.x", "update_mask.paths[0]")]
    [InlineData("events.first.disabled", "update_mask.paths[0]")]
    [InlineData("labels.", "update_mask.paths[0]")]
    [InlineData("labels.a.b", "update_mask.paths[0]")]
    [InlineData("assumptions..cap", "update_mask.paths[0]")]
    [InlineData("*,display_name", "update_mask.paths")]
    public void Mask_OfSomethingThatIsNoField_IsRefusedAtItsPath(string mask, string field)
    {
        var root = RequestField.Root();
        Assert.Null(UpdateMask.Parse(root.At("update_mask"), new() { Paths = { mask.Split(',') } }, new()));
        Assert.Equal(field, Assert.Single(root.Violations).Field);
    }

    private static V1.Scenario Apply(string mask, string given)
    {
        var root = RequestField.Root();
        var values = JsonParser.Default.Parse<V1.Scenario>(given);
        var parsed = UpdateMask.Parse(root.At("update_mask"), mask.Length == 0 ? null : new FieldMask { Paths = { mask.Split(',') } }, values);
        Assert.Empty(root.Violations);
        return parsed!.Apply(JsonParser.Default.Parse<V1.Scenario>(Stored), values);
    }
}
