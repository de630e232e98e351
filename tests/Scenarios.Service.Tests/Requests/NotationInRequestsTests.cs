using Google.Protobuf;
using Scenarios.Service.Runs;
using Scenarios.V1;
using Distribution = Scenarios.V1.Distribution;

namespace Scenarios.Service.Tests.Requests;

/// <summary>Texts and overrides in requests: the same projection as the messages they stand for, and errors where they were written.</summary>
public sealed class NotationInRequestsTests
{
    private const string Founding = "scenarios/dprk-rotation";

    [Fact]
    public void Texts_StandForTheirMessages_ToTheName()
    {
        var (message, text) = (Parsers.Full(), Parsers.Full());
        var assumptions = text.Scenario.Assumptions;
        assumptions.InitialCount.Distribution = Text("15k");
        assumptions.RotationIntervalDays.Distribution = Text("60 to 180 (90 %) truncated 10 to 500");
        assumptions.RotationIntervalDays.PathFactor = Text("0.8 to 1.25");
        assumptions.BatchSize.Distribution = Text("triangular(2000, 5000, 15000)");
        assumptions.Cap.Distribution = Text(" uniform( 90_000 , max=110k ) ");
        assumptions.FirstArrivalDays.Distribution = Text("exponential(30)");
        assumptions.TourLengthDays.Distribution = Text("weibull(mean=200, sd=50)");
        text.Scenario.Events[0].DurationDays.Distribution = Text("90");
        text.Scenario.Events[1].Timing.Days.Distribution = Text("gamma(2, 10)");
        AssertSame(message, text);
        Assert.DoesNotContain("\"text\"", JsonFormatter.Default.Format(Parsers.Parse(text).Scenario), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_InsideAMixture_AreExpanded()
    {
        var (message, text) = (Parsers.Full(), Parsers.Full());
        var first = new Distribution { LogNormal = new() { Interval = new() { Low = 1_000, High = 2_000 } }, Truncation = new() { Max = 9_000 } };
        var second = new Distribution { Constant = 0 };
        message.Scenario.Assumptions.BatchSize.Distribution = Mixture(first, second);
        text.Scenario.Assumptions.BatchSize.Distribution = Mixture(Text("1000 to 2000 truncated at most 9k"), Text("-0"));
        AssertSame(message, text);
        text.Scenario.Assumptions.BatchSize.Distribution = Text("mixture(0.5: 1000 to 2000 truncated at most 9000, 50 %: 0)");
        AssertSame(message, text);
    }

    [Fact]
    public void MetalogInText_IsTheMetalogOfItsMessage()
    {
        var (message, text) = (Parsers.Full(), Parsers.Full());
        var metalog = new Metalog { LowerBound = 0 };
        metalog.Quantiles.Add(new Metalog.Types.Quantile { Probability = 0.1, Value = 4_000 });
        metalog.Quantiles.Add(new Metalog.Types.Quantile { Probability = 0.5, Value = 9_000 });
        metalog.Quantiles.Add(new Metalog.Types.Quantile { Probability = 0.9, Value = 15_000 });
        message.Scenario.Assumptions.BatchSize.Distribution = new() { Metalog = metalog };
        text.Scenario.Assumptions.BatchSize.Distribution = Text("metalog(10 %: 4k, 50 %: 9k, 90 %: 15k, lower=0)");
        AssertSame(message, text);
        Assert.Equal(9_000, Parsers.Parse(text).Model.BatchSize.Distribution.Quantile(0.5), 1e-6);
    }

    [Theory]
    [InlineData("metalog(0.1: 5, 0.5: 5.1, 0.9: 9, lower=0)", "metalog.quantiles of \"metalog(0.1: 5, 0.5: 5.1, 0.9: 9, lower=0)\": No metalog passes through these quantiles: ")]
    [InlineData("metalog(0.1: 5, 0.5: 6, 0.9: 9)", "A batch is at least 0, but this distribution is below 0 with a probability of ")]
    public void MetalogThatCannotBe_IsRefusedWithAReason(string text, string expected)
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.BatchSize.Distribution = Text(text);
        Assert.StartsWith(expected, Assert.Single(Parsers.Violations(() => Parsers.Parse(request))).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void TruncationBesideAText_TruncatesIt()
    {
        var (message, text) = (Parsers.Full(), Parsers.Full());
        message.Scenario.Assumptions.BatchSize.Distribution = new()
        {
            Normal = new() { Mean = 5_000, StandardDeviation = 4_000 },
            Truncation = new() { Min = 0 },
        };
        text.Scenario.Assumptions.BatchSize.Distribution = new() { Text = "normal(5000, 4000)", Truncation = new() { Min = 0 } };
        AssertSame(message, text);
        text.Scenario.Assumptions.BatchSize.Distribution = new() { Text = "normal(5000, 4000) truncated at least 0", Truncation = new() };
        AssertSame(message, text);
    }

    [Fact]
    public void Name_OfAScenarioInTexts_IsTheGoldenOne()
    {
        var scenario = JsonParser.Default.Parse<Scenario>(
            """
            {"start_date": {"year": 2024, "month": 11, "day": 17}, "horizon_days": 100, "step_days": 10,
             "assumptions": {"rotation_interval_days": {"distribution": {"text": "5 to 9"}}, "batch_size": {"distribution": {"text": "poisson(7)"}},
               "cap": {"distribution": {"text": "900"}}, "rotation_mode": "REINFORCE", "tour_length_days": {"distribution": {"text": "30"}}},
             "correlations": [{"a": "batch_size", "b": "rotation_interval_days", "rank_correlation": 0.5}],
             "events": [{"event_id": "e", "timing": {"days": {"distribution": {"text": "uniform(0, 200)"}}}, "effects": {"cap_change": 50}}]}
            """);
        var projected = Parsers.Parse(new() { Scenario = scenario }).Scenario;
        Assert.Equal("projections/zrnrfohbpvw2jm5bu3g3cgv3dyxphhes", ContentAddress.NameOf(new() { Scenario = projected, Seed = 1, Paths = 1_000 }, "digest"));
    }

    [Theory]
    [InlineData("uniform(5, 3)", "min of \"uniform(5, 3)\": min 5 is above max 3; it must be below. Swap min and max, or move one of them.")]
    [InlineData("-1", "constant of \"-1\": A batch is at least 0; -1 is given. Give a number at least 0.")]
    [InlineData("triangular(2000, 5 500)", "\"triangular(2000, 5 500)\" cannot be read at character 19, counted from 0: Found \"500\"")]
    public void ViolationOfAText_SaysWhereInIt(string text, string expected)
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.BatchSize.Distribution = Text(text);
        var violation = Assert.Single(Parsers.Violations(() => Parsers.Parse(request)));
        Assert.Equal("scenario.assumptions.batch_size.distribution.text", violation.Field);
        Assert.Contains(expected, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void TruncationProposedForAText_MendsIt()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.RotationIntervalDays.Distribution = Text("normal(90, 40)");
        Assert.Contains("\"truncated at least 1\"", Assert.Single(Parsers.Violations(() => Parsers.Parse(request))).Description, StringComparison.Ordinal);
        request.Scenario.Assumptions.RotationIntervalDays.Distribution = Text("normal(90, 40) truncated at least 1");
        Assert.Equal(1, Parsers.Parse(request).Model.RotationIntervalDays.Distribution.Min);
    }

    [Fact]
    public void Overrides_OfANamedScenario_AreTheScenarioChanged()
    {
        var changed = Parsers.BuiltIn.Find(Founding)!.Clone();
        changed.HorizonDays = 365;
        changed.Assumptions.Cap.Distribution = new() { Constant = 60_000 };
        changed.Assumptions.RotationIntervalDays.Distribution = new() { LogNormal = new() { Interval = new() { Low = 45, High = 90 } } };
        changed.Events[0].Disabled = false;
        changed.Events[1].Disabled = false;
        var overridden = Overridden(
            ("cap", "60000"),
            ("rotation_interval_days", "45 to 90"),
            ("events.beijing-leverage.disabled", "false"),
            ("events.seoul-arms.disabled", "false"),
            ("horizon_days", "365"));
        AssertSame(new() { Scenario = changed }, overridden);
        Assert.Equal(["beijing-leverage", "seoul-arms"], Parsers.Parse(overridden).Model.Events.Select(e => e.Id));
        Assert.True(Parsers.BuiltIn.Find(Founding)!.Events[0].Disabled);
    }

    [Fact]
    public void Overrides_OfAnInlineScenario_LeaveTheRequestAsItIs()
    {
        var request = Parsers.Full();
        request.Overrides.Add("tour_length_days", "none");
        request.Overrides.Add("correlations.first_arrival_days.cap", "none");
        var copy = request.Clone();
        var spec = Parsers.Parse(request);
        Assert.Null(spec.Model.TourLengthDays);
        Assert.Single(spec.Model.Correlations);
        Assert.Equal(copy, request);
    }

    [Fact]
    public void Overrides_ThatSayWhatIsSaidAlready_ChangeNoName() => AssertSame(
        new() { ScenarioName = Founding }, Overridden(("cap", "100k"), ("rotation_mode", "relieve"), ("events.seoul-arms.disabled", "true")));

    [Theory]
    [InlineData("cap", "10000", "assumptions.initial_count.distribution of the scenario: The initial count 15,000 is above the cap 10,000.")]
    [InlineData("batch_size", "uniform(5, 3)", "assumptions.batch_size.distribution.uniform.min of the scenario: min 5 is above max 3; it must be below.")]
    [InlineData("batch_size", "5,000", "\"5,000\" cannot be read at character 1, counted from 0: Found a comma after the distribution.")]
    [InlineData("tour_length_days", "90", "assumptions.tour_length_days of the scenario: With rotation_mode RELIEVE those present leave when others")]
    [InlineData("horizon_days", "3", "step_days of the scenario: 7 is not a number above 0 to 3.")]
    [InlineData("events.seoul-arms.after", "seoul-arms", "events[1].after of the scenario: The event waits, by way of \"seoul-arms\", for itself.")]
    [InlineData("events.nobody.disabled", "true", "This override cannot be applied: There is no event \"nobody\".")]
    public void ViolationOfAnOverride_IsReportedAtItAndSaysWhereInTheScenario(string key, string value, string expected)
    {
        var violation = Assert.Single(Parsers.Violations(() => Parsers.Parse(Overridden((key, value)))));
        Assert.Equal($"overrides[\"{key}\"]", violation.Field);
        Assert.StartsWith(expected, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ViolationBesideAnOverride_StaysAtItsField()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.Cap.PathFactor = new() { Constant = 0 };
        request.Scenario.Events[0].Probability = 2;
        request.Overrides.Add("cap", "60000");
        request.Overrides.Add("events.first.disabled", "true");
        Assert.Equal(
            ["scenario.assumptions.cap.path_factor.constant", "scenario.events[0].probability"],
            Parsers.Violations(() => Parsers.Parse(request)).Select(v => v.Field));
    }

    [Fact]
    public void OverridesThatCannotBeApplied_AreReportedWithWhatElseIsWrong()
    {
        var request = Parsers.Full();
        request.Scenario.StepDays = 0;
        request.Paths = -1;
        request.Overrides.Add("cap", "many");
        request.Overrides.Add("caps", "5");
        request.Overrides.Add("batch_size", "uniform(5, 3)");
        Assert.Equal(
            ["overrides[\"cap\"]", "overrides[\"caps\"]", "scenario.step_days", "overrides[\"batch_size\"]", "paths"],
            Parsers.Violations(() => Parsers.Parse(request)).Select(v => v.Field));
    }

    [Fact]
    public void OverrideOfAnEventThatIsNot_OffersIdentifiersOnly()
    {
        var request = Parsers.Full();
        request.Scenario.Events[0].EventId = new('x', 20_000);
        request.Overrides.Add("events.secnd.disabled", "true");
        Assert.Equal(
            "This override cannot be applied: There is no event \"secnd\". Did you mean second? The events are: second, third or fourth.",
            Parsers.Violations(() => Parsers.Parse(request))[0].Description);
    }

    private static ProjectRequest Overridden(params (string Key, string Value)[] overrides) => new()
    {
        ScenarioName = Founding,
        Overrides = { overrides.ToDictionary(o => o.Key, o => o.Value) },
    };

    private static void AssertSame(ProjectRequest one, ProjectRequest other)
    {
        var (first, second) = (Parsers.Parse(one), Parsers.Parse(other));
        Assert.Equal(first.Scenario, second.Scenario);
        Assert.Equal((first.Name, first.InnerKey), (second.Name, second.InnerKey));
    }

    private static Distribution Text(string text) => new() { Text = text };

    private static Distribution Mixture(params Distribution[] components) => new()
    {
        Mixture = new() { Components = { components.Select(component => new Mixture.Types.Component { Weight = 0.5, Distribution = component }) } },
    };
}
