using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Scenarios.Service.Api.Notation;

namespace Scenarios.Service.Tests.Notation;

public class ScenarioOverridesTests
{
    private const string ScenarioJson =
        """
        {
          "start_date": {"year": 2024, "month": 11, "day": 17}, "horizon_days": 730, "step_days": 7, "thresholds": [50000],
          "assumptions": {
            "initial_count": {"distribution": {"constant": 15000}},
            "rotation_interval_days": {
              "distribution": {"log_normal": {"interval": {"low": 60, "high": 150}}}, "resampling": "PER_BATCH",
              "path_factor": {"log_normal": {"interval": {"low": 0.8, "high": 1.25}}}, "evidence": [{"source": "An ambassador"}]
            },
            "batch_size": {"distribution": {"constant": 10000}},
            "cap": {"distribution": {"constant": 100000}},
            "rotation_mode": "RELIEVE", "skip_probability": 0.1
          },
          "correlations": [{"a": "rotation_interval_days", "b": "batch_size", "rank_correlation": -0.3}],
          "events": [
            {
              "event_id": "beijing-leverage", "disabled": true, "timing": {"hazard_per_year": 0.25}, "probability": 0.9,
              "duration_days": {"distribution": {"constant": 90}, "evidence": [{"source": "An analyst"}]}, "effects": {"halt": true}
            },
            {
              "event_id": "seoul-arms", "timing": {"probability_within_horizon": 0.3}, "after": "beijing-leverage",
              "effects": {"interval_factor": 0.8, "batch_size_factor": 1.25}
            }
          ]
        }
        """;

    // The key, the value, and what the scenario then says there, as JSON.
    public static TheoryData<string, string, string> GoodOverrides => new()
    {
        { "cap", "60000", """{"assumptions": {"cap": {"distribution": {"constant": 60000}}}}""" },
        {
            "first_arrival_days", "uniform(1, 10)",
            """{"assumptions": {"first_arrival_days": {"distribution": {"uniform": {"min": 1, "max": 10}}}}}"""
        },
        { "tour_length_days", "90k", """{"assumptions": {"tour_length_days": {"distribution": {"constant": 90000}}}}""" },
        {
            "batch_size", "pert(4k, 10k, 15k)",
            """{"assumptions": {"batch_size": {"distribution": {"pert": {"min": 4000, "mode": 10000, "max": 15000}}}}}"""
        },
        {
            "batch_size.path_factor", "0.5 to 2",
            """{"assumptions": {"batch_size": {"path_factor": {"log_normal": {"interval": {"low": 0.5, "high": 2}}}}}}"""
        },
        { "batch_size.resampling", "per_path", """{"assumptions": {"batch_size": {"resampling": "PER_PATH"}}}""" },
        { "rotation_mode", "REINFORCE", """{"assumptions": {"rotation_mode": "REINFORCE"}}""" },
        { "cap_basis", "Present", """{"assumptions": {"cap_basis": "PRESENT"}}""" },
        { "skip_probability", "5 %", """{"assumptions": {"skip_probability": 0.05}}""" },
        { "start_date", "2025-02-28", """{"start_date": {"year": 2025, "month": 2, "day": 28}}""" },
        { "horizon_days", "365", """{"horizon_days": 365}""" },
        { "step_days", "0.5", """{"step_days": 0.5}""" },
        { "events.beijing-leverage.disabled", "false", """{"events": [{"disabled": false}]}""" },
        { "events.beijing-leverage.probability", "30 %", """{"events": [{"probability": 0.3}]}""" },
        { "events.beijing-leverage.timing.hazard_per_year", "2", """{"events": [{"timing": {"hazard_per_year": 2}}]}""" },
        {
            "events.beijing-leverage.timing.probability_within_horizon", "0.4",
            """{"events": [{"timing": {"probability_within_horizon": 0.4}}]}"""
        },
        {
            "events.beijing-leverage.timing.days", "100 to 200",
            """{"events": [{"timing": {"days": {"distribution": {"log_normal": {"interval": {"low": 100, "high": 200}}}}}}]}"""
        },
        {
            "events.beijing-leverage.timing.date", "2025-01-20",
            """{"events": [{"timing": {"date": {"year": 2025, "month": 1, "day": 20}}}]}"""
        },
        { "events.beijing-leverage.duration_days", "30", """{"events": [{"duration_days": {"distribution": {"constant": 30}}}]}""" },
        { "events.beijing-leverage.after", "seoul-arms", """{"events": [{"after": "seoul-arms"}]}""" },
        { "events.beijing-leverage.effects.halt", "FALSE", """{"events": [{"effects": {"halt": false}}]}""" },
        { "events.beijing-leverage.effects.interval_factor", "1.5", """{"events": [{"effects": {"interval_factor": 1.5}}]}""" },
        { "events.beijing-leverage.effects.batch_size_factor", "0", """{"events": [{"effects": {"batch_size_factor": 0}}]}""" },
        { "events.beijing-leverage.effects.cap_change", "-20k", """{"events": [{"effects": {"cap_change": -20000}}]}""" },
    };

    // The key, the value, the position (-1: the key is wrong), and a part of the message.
    public static TheoryData<string, string, int, string> BadOverrides => new()
    {
        { "kap", "1", -1, "Did you mean cap?" },
        { "batchsize.path_facter", "1", -1, "Did you mean batch_size.path_factor?" },
        { "xyzzy", "1", -1, "The keys are start_date, horizon_days" },
        { "", "1", -1, "The keys are start_date, horizon_days" },
        { "Cap", "1", -1, "Did you mean cap?" },
        { "cap.distribution", "1", -1, "can't be overridden" },
        { "cap", "60,000", 2, "write 60000" },
        { "cap", "", 0, "expected a distribution" },
        { "cap", "nromal(1, 2)", 0, "Did you mean normal?" },
        { "rotation_interval_days", "45 to", 5, "upper end" },
        { "rotation_interval_days", "none", 0, "It is required" },
        { "batch_size", " none", 1, "It is required" },
        { "horizon_days", "60 to 180", 3, "not a distribution" },
        { "horizon_days", "365 days", 4, "has no unit" },
        { "horizon_days", "none", 0, "It is required" },
        { "start_date", "17.11.2024", 0, "a date that exists, such as 2024-11-17" },
        { "start_date", "2025-02-29", 0, "a date that exists" },
        { "thresholds", "50000; 100000", 5, "not part of the notation" },
        { "thresholds", "50000, 1.5", 7, "not a whole number" },
        { "thresholds", "50000,", 6, "whole numbers" },
        { "thresholds", "1e17", 0, "at most 2^53" },
        { "rotation_mode", "rotate", 0, "RELIEVE, REINFORCE or none" },
        { "cap.resampling", "often", 0, "PER_BATCH, PER_PATH or none" },
        { "skip_probability", "none", 0, "Write 0" },
        { "skip_probability", "5 % a year", 4, "alone" },
        { "tour_length_days.path_factor", "0.5 to 2", -1, "The scenario has no tour_length_days to go with it" },
        { "events.bejing-leverage.disabled", "true", -1, "Did you mean beijing-leverage? The events are: beijing-leverage or seoul-arms" },
        { "events", "true", -1, "can't be overridden" },
        { "events.seoul-arms", "true", -1, "events.seoul-arms.disabled" },
        { "events.seoul-arms.timing.hazard", "true", -1, "Did you mean events.seoul-arms.timing.hazard_per_year" },
        { "events.seoul-arms.disbaled", "true", -1, "Did you mean events.seoul-arms.disabled?" },
        { "events.seoul-arms.disabled", "yes", 0, "expected true or false" },
        { "events.seoul-arms.disabled", "none", 0, "Write true or false" },
        { "events.seoul-arms.after", "tokyo", 0, "beijing-leverage or seoul-arms" },
        { "events.seoul-arms.timing.date", "soon", 0, "2024-11-17" },
        { "events.seoul-arms.timing.date", "none", 0, "another key of timing" },
        { "correlations.cap", "0.5", -1, "named by two assumptions" },
        { "correlations.cap.cap", "0.5", -1, "with itself" },
        { "correlations.cap.batchsize", "0.5", -1, "Did you mean batch_size?" },
        { "correlations.cap.batch_size", "strong", 0, "expected a number" },
    };

    [Theory]
    [MemberData(nameof(GoodOverrides))]
    public void Override_OfAKnownKey_ChangesThatAlone(string key, string value, string expected)
    {
        var before = Scenario();

        var after = Apply(before, (key, value));

        Assert.Equal(Scenario(), before);
        var wanted = Scenario();
        Merge(wanted, JsonParser.Default.Parse<V1.Scenario>(expected), key);
        // Generated Equals takes an unset optional number for 0; the bytes tell them apart.
        Assert.Equal(wanted.ToByteArray(), after.ToByteArray());
        Assert.NotEqual(before.ToByteArray(), after.ToByteArray());
    }

    [Theory]
    [MemberData(nameof(BadOverrides))]
    public void Override_ThatIsWrong_IsRefusedAtItsCharacterWithAMend(string key, string value, int position, string message)
    {
        var error = Assert.Single(Refused((key, value)));

        Assert.Equal(key, error.Key);
        Assert.Equal(position < 0 ? null : position, error.Position);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("initial_count")]
    [InlineData("cap")]
    public void Override_ByNoneOfAnOptionalAssumption_TakesItAway(string name)
    {
        var field = V1.Assumptions.Descriptor.FindFieldByName(name);
        Assert.NotNull(field.Accessor.GetValue(Scenario().Assumptions));

        Assert.Null(field.Accessor.GetValue(Apply(Scenario(), (name, "none")).Assumptions));
    }

    [Fact]
    public void Override_ByNoneOfOptionalParts_TakesThemAway()
    {
        var after = Apply(
            Scenario(),
            ("rotation_interval_days.path_factor", "none"),
            ("rotation_interval_days.resampling", "None"),
            ("rotation_mode", "none"),
            ("cap_basis", "none"),
            ("thresholds", "none"),
            ("events.beijing-leverage.probability", "none"),
            ("events.beijing-leverage.duration_days", "none"),
            ("events.seoul-arms.after", "none"),
            ("events.seoul-arms.effects.interval_factor", "none"),
            ("events.seoul-arms.effects.batch_size_factor", "none"),
            ("correlations.batch_size.rotation_interval_days", "none"));

        Assert.Null(after.Assumptions.RotationIntervalDays.PathFactor);
        Assert.Equal(V1.Assumption.Types.Resampling.Unspecified, after.Assumptions.RotationIntervalDays.Resampling);
        Assert.Equal(V1.Assumptions.Types.RotationMode.Unspecified, after.Assumptions.RotationMode);
        Assert.Empty(after.Thresholds);
        Assert.Empty(after.Correlations);
        Assert.False(after.Events[0].HasProbability);
        Assert.Null(after.Events[0].DurationDays);
        Assert.Equal("", after.Events[1].After);
        Assert.False(after.Events[1].Effects.HasIntervalFactor || after.Events[1].Effects.HasBatchSizeFactor);
    }

    [Fact]
    public void Override_OfAnAssumption_KeepsResamplingPathFactorAndEvidence()
    {
        var after = Apply(Scenario(), ("rotation_interval_days", "45 to 90"));

        var wanted = Scenario().Assumptions.RotationIntervalDays;
        wanted.Distribution.LogNormal.Interval = new V1.Interval { Low = 45, High = 90 };
        Assert.Equal(wanted, after.Assumptions.RotationIntervalDays);
    }

    [Fact]
    public void Override_OfThresholds_ReplacesTheList() =>
        Assert.Equal([20_000, 100_000], Apply(Scenario(), ("thresholds", "20000, 100k")).Thresholds);

    [Theory]
    [InlineData("correlations.rotation_interval_days.batch_size", 1)]
    [InlineData("correlations.batch_size.rotation_interval_days", 1)]
    [InlineData("correlations.initial_count.cap", 2)]
    public void Override_OfACorrelation_SetsThePairInEitherOrder(string key, int count)
    {
        var after = Apply(Scenario(), (key, "0.5"));

        Assert.Equal(count, after.Correlations.Count);
        Assert.Equal(0.5, after.Correlations[^1].RankCorrelation);
    }

    [Fact]
    public void Overrides_OfAnUnsetAssumptionAndItsParts_ApplyTogetherInWhateverOrderTheyCome()
    {
        (string, string)[] overrides =
        [
            ("tour_length_days.resampling", "PER_PATH"), ("tour_length_days.path_factor", "0.5 to 2"), ("tour_length_days", "90"),
        ];

        var tour = Apply(Scenario(), overrides).Assumptions.TourLengthDays;

        Assert.Equal(90, tour.Distribution.Constant);
        Assert.Equal(V1.Assumption.Types.Resampling.PerPath, tour.Resampling);
        Assert.Equal(0.5, tour.PathFactor.LogNormal.Interval.Low);
        Assert.Equal(Apply(Scenario(), overrides), Apply(Scenario(), [.. overrides.Reverse()]));
    }

    [Fact]
    public void Overrides_OfScenarioWithoutAssumptionsOrEffects_MakeThem()
    {
        var bare = new V1.Scenario { Events = { new V1.Event { EventId = "e" } } };

        var after = Apply(
            bare,
            ("cap", "5"),
            ("rotation_mode", "RELIEVE"),
            ("events.e.effects.halt", "true"),
            ("events.e.timing.hazard_per_year", "1"));

        Assert.Equal(5, after.Assumptions.Cap.Distribution.Constant);
        Assert.True(after.Events[0].Effects.Halt);
        Assert.Equal(1, after.Events[0].Timing.HazardPerYear);
        Assert.Null(bare.Assumptions);
    }

    [Fact]
    public void Overrides_WithSeveralErrors_ReportThemAllInOrderOfTheirKeys() =>
        Assert.Equal(
            ["cap", "events.x.disabled", "horizon_days", "kap", "tour_length_days", "tour_length_days.path_factor"],
            Refused(
                ("tour_length_days.path_factor", "?"),
                ("kap", "1"),
                ("horizon_days", "x"),
                ("cap", "1,5"),
                ("events.x.disabled", "true"),
                ("tour_length_days", "?"))
                .Select(error => error.Key));

    [Fact]
    public void Overrides_WhoseAssumptionIsWrong_DoNotBlameItsParts() =>
        Assert.Equal(
            "tour_length_days",
            Assert.Single(Refused(("tour_length_days", "?"), ("tour_length_days.path_factor", "0.5 to 2"))).Key);

    [Theory]
    [InlineData("events.seoul-arms.timing.days", "5", "events.seoul-arms.timing.hazard_per_year", "1")]
    [InlineData("correlations.cap.initial_count", "0.5", "correlations.initial_count.cap", "0.5")]
    public void Overrides_OfTheSameThing_AreBothRefused(string key, string value, string otherKey, string otherValue) =>
        Assert.Equal([key, otherKey], Refused((key, value), (otherKey, otherValue)).Select(error => error.Key));

    [Fact]
    public void Overrides_OfAnAssumptionTakenAway_AreRefused()
    {
        var error = Assert.Single(Refused(("cap", "none"), ("cap.path_factor", "0.5 to 2")));

        Assert.Equal("cap.path_factor", error.Key);
        Assert.Contains("The override of cap takes it away", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_TooMany_AreRefusedAsAWhole()
    {
        var error = Assert.Single(Refused([.. Enumerable.Range(0, ScenarioOverrides.MaxCount + 1).Select(i => ($"key{i}", "1"))]));

        Assert.Equal("", error.Key);
        Assert.Contains("257 overrides, at most 256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_Random_NeverThrow()
    {
        string[] keys =
        [
            .. GoodOverrides.Select(row => (string)row[0]),
            "correlations.cap.batch_size", "thresholds", "events.", "correlations.", ".", "cap.",
        ];
        string[] words = ["none", "true", "1", "2024-11-17", "PER_PATH", ",", "-", "60 to 180", "%", "?", " ", "seoul-arms", "normal("];
        var random = new Random(11);
        for (var i = 0; i < 5_000; i++)
        {
            var overrides = Enumerable.Range(0, 4)
                .Select(_ => keys[random.Next(keys.Length)] + (random.Next(5) == 0 ? words[random.Next(words.Length)] : ""))
                .Distinct()
                .ToDictionary(
                    key => key, _ => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => words[random.Next(words.Length)])));

            var applied = ScenarioOverrides.TryApply(Scenario(), overrides, out _, out var errors);

            Assert.Equal(applied, errors.IsEmpty);
        }
    }

    private static V1.Scenario Scenario() => JsonParser.Default.Parse<V1.Scenario>(ScenarioJson);

    private static V1.Scenario Apply(V1.Scenario scenario, params (string Key, string Value)[] overrides)
    {
        Assert.True(
            ScenarioOverrides.TryApply(scenario, Map(overrides), out var overridden, out var errors), string.Join("; ", errors));
        return overridden;
    }

    private static ImmutableArray<OverrideError> Refused(params (string Key, string Value)[] overrides)
    {
        Assert.False(ScenarioOverrides.TryApply(Scenario(), Map(overrides), out var overridden, out var errors));
        Assert.Null(overridden);
        return errors;
    }

    private static MapField<string, string> Map((string Key, string Value)[] overrides)
    {
        var map = new MapField<string, string>();
        foreach (var (key, value) in overrides)
        {
            map.Add(key, value);
        }

        return map;
    }

    /// <summary>Puts what the override should have written where its key points, by the proto's own field names.</summary>
    private static void Merge(IMessage target, IMessage source, string key)
    {
        string[] path = key.Split('.') switch
        {
            ["events", _, .. var rest] => rest,
            [var name, .. var rest] when V1.Scenario.Descriptor.FindFieldByName(name) is null => ["assumptions", name, .. rest],
            var whole => whole,
        };
        if (key.StartsWith("events.", StringComparison.Ordinal))
        {
            target = ((V1.Scenario)target).Events[0];
            source = ((V1.Scenario)source).Events[0];
        }

        while (true)
        {
            var field = target.Descriptor.FindFieldByName(path[0]);
            var (was, written) = (field.Accessor.GetValue(target), field.Accessor.GetValue(source));
            if (was is V1.Assumption kept && path.Length == 1)
            {
                kept.Distribution = ((V1.Assumption)written).Distribution;
                return;
            }

            if (path.Length == 1 || was is not IMessage inner)
            {
                field.Accessor.SetValue(target, written);
                return;
            }

            (target, source, path) = (inner, (IMessage)written, path[1..]);
        }
    }
}
