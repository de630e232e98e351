using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Scenarios.Service.Api.Json;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Json;

public sealed class ScenarioFileTests
{
    private const string Whole = """
        {
          // How a person writes it.
          "start_date": "1863-01-01", "horizonDays": "365", "step_days": 7.0,
          "thresholds": [1e3, "2000",],
          "assumptions": {
            "rotation_interval_days": "60 to 150", /* the gap */
            "batch_size": 12,
            "cap": {"distribution": 100000, "path_factor": "0.9 to 1.1", "evidence": [{"source": "A", "kind": "reported", "date": "1862-11"}]},
            "rotation_mode": "Relieve",
          },
          "events": [{"event_id": "a", "timing": {"date": "1863-05-01"}, "duration_days": 30, "disabled": null}],
          "labels": {"year": 1863, "draft": true},
        }
        """;

    private static readonly string[] Pieces =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e4", "\\ud800", "0", "01", "-", "1e", ".5", "true", "nul", "NaN", "//", "\n", " ", "'", "\u00e4", "\ud83d\ude00"];

    [Fact]
    public void I1_SpellingsOfAPerson_AreReadInAFile()
    {
        var expected = JsonParser.Default.Parse<Scenario>("""
            {"start_date": {"year": 1863, "month": 1, "day": 1}, "horizon_days": 365, "step_days": 7, "thresholds": [1000, 2000],
             "assumptions": {
               "rotation_interval_days": {"distribution": {"text": "60 to 150"}}, "batch_size": {"distribution": {"constant": 12}},
               "cap": {"distribution": {"constant": 100000}, "path_factor": {"text": "0.9 to 1.1"},
                 "evidence": [{"source": "A", "kind": "REPORTED", "date": {"year": 1862, "month": 11}}]},
               "rotation_mode": "RELIEVE"},
             "events": [{"event_id": "a", "timing": {"date": {"year": 1863, "month": 5, "day": 1}}, "duration_days": {"distribution": {"constant": 30}}}],
             "labels": {"year": "1863", "draft": "true"}}
            """);
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
        {
            foreach (var text in new[] { Whole, Whole.Replace("\n", "\r\n", StringComparison.Ordinal) })
            {
                byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
                var scenario = ScenarioFile.Parse(bytes, out var faults);
                Assert.Empty(faults);
                Assert.Equal(expected, scenario);
            }
        }
    }

    [Theory]
    [InlineData("{\n  \"start_date\": \"1863-13-01\"}", "start_date", 2, 17, "\"2024-11-17\"")]
    [InlineData("{\"start_date\": 1863}", "start_date", 1, 16, "\"2024-11-17\"")]
    [InlineData("{\"horizn_days\": 5}", "horizn_days", 1, 2, "horizon_days")]
    [InlineData("{\"cap\": 5}", "cap", 1, 2, "{\"assumptions\": {\"cap\": ...}}")]
    [InlineData("{\"assumptions\": {\"cap\": [5]}}", "assumptions.cap", 1, 25, "\"60 to 180\"")]
    [InlineData("{\"assumptions\": {\"cap\": {\"constant\": 5}}}", "assumptions.cap.constant", 1, 26, "distribution")]
    [InlineData("{\"thresholds\": 5}", "thresholds", 1, 16, "[5]")]
    [InlineData("{\"thresholds\": [50,000]}", "thresholds[1]", 1, 20, "without commas")]
    [InlineData("{\"horizon_days\": 15,000}", "", 1, 21, "15000")]
    [InlineData("{\"horizon_days\": 1_000}", "horizon_days", 1, 18, "1000")]
    [InlineData("{\"horizon_days\": 0365}", "horizon_days", 1, 18, "Write 365")]
    [InlineData("{\"horizon_days\": .5}", "horizon_days", 1, 18, "Write 0.5")]
    [InlineData("{\"horizon_days\": True}", "horizon_days", 1, 18, "true")]
    [InlineData("{'horizon_days': 5}", "", 1, 2, "double quotes")]
    [InlineData("{horizon_days: 5}", "", 1, 2, "\"horizon_days\"")]
    [InlineData("{\"noun\": troops}", "noun", 1, 10, "\"troops\"")]
    [InlineData("{\"noun\": \"a\" \"verb\": \"b\"}", "", 1, 14, "comma")]
    [InlineData("{\"noun\" = \"a\"}", "noun", 1, 9, "colon")]
    [InlineData("{\"noun\": \"a\"", "", 1, 13, "}")]
    [InlineData("{\"noun\": \"a}", "noun", 1, 10, "closing double quote")]
    [InlineData("{\"noun\": \"a\"} x", "", 1, 15, "after the end")]
    [InlineData("{\"noun\": \"\ud83d\ude00\ud83d\ude00\", \"verb\": 5}", "verb", 1, 24, "\"5\"")]
    [InlineData("start_date: 1863-01-01\nhorizon_days: 30\n", "", 1, 1, "YAML")]
    [InlineData("---\n- a\n", "", 1, 1, "YAML")]
    [InlineData("", "", 1, 1, "object")]
    [InlineData("[]", "", 1, 1, "{")]
    [InlineData("{\"events\": [{\"timing\": {\"date\": \"2020-01-01\", \"hazard_per_year\": 1}}]}", "events[0].timing.hazard_per_year", 1, 47, "date is given too")]
    public void I1_EveryFault_HasItsFieldItsPlaceAndWhatIsWanted(string json, string field, int line, int column, string mend)
    {
        Assert.Null(ScenarioFile.Parse(Encoding.UTF8.GetBytes(json), out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal((field, new JsonPlace(line, column)), (fault.Field, fault.Place));
        Assert.Contains(mend, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void I1_AllFaultsOfAFile_AreFoundAtOnce()
    {
        ScenarioFile.Parse("{\"a\": 1, \"noun\": 5,\n \"start_date\": [], \"thresholds\": [1.5, true]}"u8, out var faults);
        Assert.Equal(["a", "noun", "start_date", "thresholds[0]", "thresholds[1]"], faults.Select(fault => fault.Field));
    }

    [Fact]
    public void I2_JsonIsWhatTheLibraryTakesForIt_AndNoTextOfTheLibraryIsSeen()
    {
        var random = new Random(1);
        var original = JsonFormatter.Default.Format(JsonParser.Default.Parse<Scenario>("""{"noun": "\u00e4", "horizon_days": 1.5e3, "thresholds": [1, 2], "labels": {"a": "b"}}"""));
        for (var i = 0; i < 20_000; i++)
        {
            var json = original;
            for (var mutation = random.Next(1, 4); mutation > 0; mutation--)
            {
                var at = random.Next(json.Length + 1);
                json = json[..at] + Pieces[random.Next(Pieces.Length)] + json[Math.Min(json.Length, at + random.Next(3))..];
            }

            var bytes = Encoding.UTF8.GetBytes(json);
            var source = JsonSource.Decode(bytes, JsonDialect.Protobuf, out _)!;
            var read = JsonReader.Read(source, JsonDialect.Protobuf, "", out var fault);
            Assert.True(IsJson(source.Text) == read is not null, $"{json}: {fault?.Description}");
            if (fault is not null)
            {
                Assert.DoesNotMatch("LineNumber|BytePosition|reader|Reader|exception|Exception|option", fault.Description.Replace(json, "", StringComparison.Ordinal));
                Assert.EndsWith(".", fault.Message.TrimEnd('"', '}'), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("{\"noun\": \"a\u00e4", new byte[] { 0xFF, 0xFE }, 1, 13, "FF FE")]
    [InlineData("{\n\n  \"noun\": \"\ud83d\ude00", new byte[] { 0xC3 }, 3, 13, "C3")]
    public void I10_BytesThatAreNotUtf8_AreNamedWithTheirPlace(string before, byte[] wrong, int line, int column, string shown)
    {
        Assert.Null(ScenarioFile.Parse([.. Encoding.UTF8.GetBytes(before), .. wrong, .. "\"}"u8], out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal(new JsonPlace(line, column), fault.Place);
        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"noun\": \"a\", \"noun\": \"a\"}", "noun")]
    [InlineData("{\"start_date\": null, \"startDate\": \"2020-01-01\"}", "start_date")]
    [InlineData("{\"labels\": {\"a\": \"1\", \"a\": \"1\"}}", "labels[\"a\"]")]
    [InlineData("{\"assumptions\": {\"cap\": 5, \"cap\": 6}}", "assumptions.cap")]
    [InlineData("{\"events\": [{\"eventId\": \"a\", \"event_id\": \"a\"}]}", "events[0].event_id")]
    public void L5_AKeyGivenTwice_IsRefusedAtItsField(string json, string field)
    {
        Assert.Null(ScenarioFile.Parse(Encoding.UTF8.GetBytes(json), out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal((field, ViolationReason.Duplicate), (fault.Field, fault.Reason));
    }

    /// <summary>The cases of protobuf's conformance suite (conformance/json_integer_test.cc and its neighbours).</summary>
    [Theory]
    [InlineData("paths", "1000.0", "1000")]
    [InlineData("paths", "1e3", "1000")]
    [InlineData("paths", "\"1e3\"", "1000")]
    [InlineData("paths", "\"1000.00\"", "1000")]
    [InlineData("paths", "1.5E1", "15")]
    [InlineData("paths", "-0", "0")]
    [InlineData("paths", "9223372036854775807", "9223372036854775807")]
    [InlineData("paths", "\"9223372036854775808\"", null)]
    [InlineData("paths", "\"-9223372036854775809\"", null)]
    [InlineData("paths", "\"1e536870000\"", null)]
    [InlineData("paths", "0.5", null)]
    [InlineData("paths", "\"0.5\"", null)]
    [InlineData("paths", "\"0100\"", null)]
    [InlineData("paths", "\" 1\"", null)]
    [InlineData("paths", "\"1 \"", null)]
    [InlineData("paths", "\"+1\"", null)]
    [InlineData("paths", "\"\"", null)]
    [InlineData("paths", "\"NaN\"", null)]
    [InlineData("paths", "true", null)]
    [InlineData("paths", "[1]", null)]
    [InlineData("paths", "null", "")]
    [InlineData("sample_path_count", "\"7\"", "7")]
    [InlineData("sample_path_count", "2.147483647e9", "2147483647")]
    [InlineData("sample_path_count", "2147483648", null)]
    [InlineData("quantile_levels", "[\"0.5\", 1e-1]", "[0.5,0.1]")]
    [InlineData("quantile_levels", "[\"NaN\", \"-Infinity\"]", "[\"NaN\",\"-Infinity\"]")]
    [InlineData("quantile_levels", "[\"nan\"]", null)]
    [InlineData("quantile_levels", "[1e999]", null)]
    [InlineData("quantile_levels", "[null]", null)]
    [InlineData("quantile_levels", "null", "")]
    [InlineData("sampling", "\"quasi_random\"", "\"QUASI_RANDOM\"")]
    [InlineData("sampling", "\"Quasi-Random\"", "\"QUASI_RANDOM\"")]
    [InlineData("sampling", "2", "2")]
    [InlineData("sampling", "\"2\"", null)]
    [InlineData("sampling", "\"SOBOL\"", null)]
    [InlineData("final_only", "true", "true")]
    [InlineData("final_only", "\"true\"", null)]
    [InlineData("final_only", "1", null)]
    [InlineData("scenario_name", "7", null)]
    [InlineData("overrides", "{\"cap\": 60000, \"events.a.disabled\": true, \"step_days\": \"7\"}", "{\"cap\":\"60000\",\"events.a.disabled\":\"true\",\"step_days\":\"7\"}")]
    [InlineData("overrides", "{\"cap\": null}", null)]
    [InlineData("update_interval", "\"0.5s\"", "\"0.5s\"")]
    [InlineData("update_interval", "\"0.5\"", null)]
    public void I5_AndI6_AndI11_EverySpellingOfProtobufsJson_IsReadOrRefusedAsTheConformanceCasesDo(string field, string json, string? read)
    {
        var faults = new List<JsonFault>();
        var written = JsonMessage.Read(Encoding.UTF8.GetBytes($"{{\"{field}\": {json}}}"), ProjectRequest.Descriptor, "", JsonDialect.Protobuf, faults);
        if (read is null)
        {
            Assert.Equal(field, faults[0].Field.Split('[')[0]);
            return;
        }

        Assert.Empty(faults);
        var name = ProjectRequest.Descriptor.FindFieldByName(field).JsonName;
        Assert.Equal(read.Length == 0 ? "{}" : $"{{\"{name}\":{read}}}", Encoding.UTF8.GetString(written!.Value.Span));
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return HasWholeTexts(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The library finds half of a surrogate pair only if the text is asked for.</summary>
    private static bool HasWholeTexts(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.Object => json.EnumerateObject().All(member => member.Name.Length >= 0 && HasWholeTexts(member.Value)),
                JsonValueKind.Array => json.EnumerateArray().All(HasWholeTexts),
                JsonValueKind.String => json.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
