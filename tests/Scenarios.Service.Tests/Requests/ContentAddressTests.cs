using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Scenarios.Service.Runs;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed class ContentAddressTests
{
    /// <summary>Left out of the name: what changes no number, and what only storage knows of a scenario.</summary>
    private static readonly HashSet<string> NotNamed =
    [
        "scenarios.v1.ProjectRequest.update_interval", "scenarios.v1.ProjectRequest.final_only",
        "scenarios.v1.Scenario.name", "scenarios.v1.Scenario.etag", "scenarios.v1.Scenario.revision_id",
        "scenarios.v1.Scenario.create_time", "scenarios.v1.Scenario.update_time",
    ];

    [Fact]
    public void Name_OfAFixedForm_IsTheGoldenOne()
    {
        var request = new ProjectRequest
        {
            Scenario = new() { DisplayName = "Ä", HorizonDays = 10, StepDays = 1, Labels = { ["b"] = "2", ["a"] = "1" } },
            Seed = 1,
            Paths = 1_000,
            QuantileLevels = { 0.5 },
        };
        Assert.Equal("projections/wpfvdbjy3txccuwcdqenxqg75mcoxjql", ContentAddress.NameOf(request, "digest"));
    }

    [Fact]
    public void Name_OfAProjection_IsAsTheContractSays()
    {
        var name = Parsers.Parse(Parsers.Full()).Name;
        Assert.Matches("^projections/[a-z2-7]{32}$", name);
        Assert.True(ContentAddress.IsName(name));
        Assert.False(ContentAddress.IsName(name.ToUpperInvariant()));
        Assert.False(ContentAddress.IsName(name + "a"));
    }

    [Fact]
    public void Name_WithDefaultsSpelledOutOrLeftOut_IsTheSame()
    {
        var brief = new ProjectRequest { ScenarioName = "scenarios/dprk-rotation" };
        var full = new ProjectRequest
        {
            Scenario = Parsers.Parse(brief).Scenario.Clone(),
            Paths = 100_000,
            Seed = 1,
            QuantileLevels = { 0.05, 0.25, 0.5, 0.75, 0.95 },
            Thresholds = { 50_000 },
            ReportDays = { Enumerable.Range(0, 105).Reverse().Select(week => week * 7.0), 730 },
            HistogramBinCount = 80,
            TargetPrecision = new(),
            Sampling = ProjectRequest.Types.Sampling.PseudoRandom,
            UpdateInterval = new() { Seconds = 1 },
            FinalOnly = true,
        };
        full.Scenario.Name = "scenarios/another";
        full.Scenario.Etag = "x";
        full.Scenario.Assumptions.SkipProbability = -0.0;
        full.Scenario.Assumptions.Cap.Distribution.Truncation = new();
        full.Scenario.Assumptions.Cap.Evidence[0].Date = new();
        AssertSame(brief, full);
    }

    [Fact]
    public void Name_WithLabelsInAnyOrder_IsTheSame()
    {
        var (one, other) = (Parsers.Full(), Parsers.Full());
        other.Scenario.Labels.Clear();
        other.Scenario.Labels.Add("desk", "east");
        other.Scenario.Labels.Add("theatre", "kursk");
        AssertSame(one, other);
    }

    [Fact]
    public void Name_WithFieldsInAnyOrderOnTheWire_IsTheSame()
    {
        var request = Parsers.Full();
        var parts = new List<byte[]>();
        foreach (var field in ProjectRequest.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Name != "scenario"))
        {
            parts.Add(Only(request, field).ToByteArray());
        }

        foreach (var field in Scenario.Descriptor.Fields.InFieldNumberOrder())
        {
            parts.Add(new ProjectRequest { Scenario = (Scenario)Only(request.Scenario, field) }.ToByteArray());
        }

        parts.Reverse();
        AssertSame(request, ProjectRequest.Parser.ParseFrom([.. parts.SelectMany(part => part)]));
    }

    [Fact]
    public void Name_WithFieldsInAnyOrderInJson_AndTextsOrMessages_IsTheSame()
    {
        const string One = """
            {"scenario": {"horizon_days": 730, "step_days": 7, "start_date": {"year": 2024, "month": 11, "day": 17}, "assumptions": {
              "rotation_interval_days": {"distribution": {"log_normal": {"interval": {"low": 60, "high": 180}}}},
              "batch_size": {"distribution": {"triangular": {"min": 2000, "mode": 5000, "max": 15000}}}}}, "paths": 5000, "seed": 1}
            """;
        const string Other = """
            {"paths": "5000", "quantileLevels": [0.05, 0.25, 0.5, 0.75, 0.95], "scenario": {"assumptions": {
              "batchSize": {"resampling": "PER_BATCH", "distribution": {"text": "triangular(2000, 5000, 15000)"}},
              "rotationIntervalDays": {"distribution": {"text": "60 to 180 (90 %)"}}},
              "startDate": {"day": 17, "month": 11, "year": 2024}, "stepDays": 7.0, "horizonDays": 7.3e2}}
            """;
        AssertSame(JsonParser.Default.Parse<ProjectRequest>(One), JsonParser.Default.Parse<ProjectRequest>(Other));
    }

    [Fact]
    public void Name_WithHistogramDaysThatSnapToTheSamePoints_IsTheSame()
    {
        var (one, other) = (Parsers.Full(), Parsers.Full());
        other.HistogramDays[0] = 363;
        AssertSame(one, other);
    }

    [Fact]
    public void Name_WithAnyFieldChanged_IsAnother()
    {
        var places = new List<(IMessage Message, FieldDescriptor Field, bool IsNamed)>();
        Collect(Parsers.Full(), places);
        Assert.True(places.Count > 80);
        var name = Parsers.Parse(Parsers.Full()).Name;
        var names = new HashSet<string> { name };
        for (var i = 0; i < places.Count; i++)
        {
            var request = Parsers.Full();
            var copies = new List<(IMessage Message, FieldDescriptor Field, bool IsNamed)>();
            Collect(request, copies);
            Change(copies[i].Message, copies[i].Field);
            var field = copies[i].Field.FullName;
            if (!copies[i].IsNamed)
            {
                Assert.Equal(name, Parsers.Parse(request).Name);
            }
            else if (TryName(request) is { } changed)
            {
                Assert.True(names.Add(changed), $"{field}: a change does not change the name");
            }
        }

        // Changes that parsing refuses (an enum's, a truncation's) are few.
        Assert.True(names.Count > 60, $"{names.Count} names");
    }

    [Fact]
    public void InnerKey_WithOtherWordsOrOtherReports_IsTheSame()
    {
        var request = Parsers.Full();
        var spec = Parsers.Parse(request);
        request.Scenario.DisplayName = "Another";
        request.Scenario.StartDate.Year = 2025;
        request.Scenario.Labels.Clear();
        request.Scenario.Thresholds.RemoveAt(1);
        request.Scenario.Events.RemoveAt(2);
        request.Scenario.Assumptions.InitialCount.Evidence.Clear();
        request.Scenario.Assumptions.CapBasisEvidence.Clear();
        request.Paths = 90_000;
        request.QuantileLevels.Clear();
        request.ReportDays.Add(14);
        request.SamplePathCount = 0;
        request.HistogramDays.Clear();
        request.TargetPrecision = null;
        var other = Parsers.Parse(request);
        Assert.NotEqual(spec.Name, other.Name);
        Assert.Equal(spec.InnerKey, other.InnerKey);
    }

    public static TheoryData<string, Action<ProjectRequest>> TallyChanges() => new()
    {
        { "seed", r => r.Seed = 8 },
        { "sampling", r => r.Sampling = ProjectRequest.Types.Sampling.QuasiRandom },
        { "a report day off the grid", r => r.ReportDays.Add(14.5) },
        { "a threshold", r => r.Thresholds.Add(1_000) },
        { "the horizon", r => r.Scenario.HorizonDays = 729 },
        { "the step", r => r.Scenario.StepDays = 8 },
        { "a distribution", r => r.Scenario.Assumptions.BatchSize.Distribution.Triangular.Mode = 5_001 },
        { "the resampling", r => r.Scenario.Assumptions.TourLengthDays.Resampling = Assumption.Types.Resampling.PerPath },
        { "the mode", r => (r.Scenario.Assumptions.RotationMode, r.Scenario.Assumptions.TourLengthDays) = (Assumptions.Types.RotationMode.Relieve, null) },
        { "the tours", r => r.Scenario.Assumptions.TourLengthDays = null },
        { "an event's rate", r => r.Scenario.Events[0].Timing.HazardPerYear = 0.6 },
        { "an event's effect", r => r.Scenario.Events[0].Effects.Halt = false },
        { "an event in play", r => r.Scenario.Events[2].Disabled = false },
        { "an event out of play", r => r.Scenario.Events[3].Disabled = true },
        { "a correlation", r => r.Scenario.Correlations[1].RankCorrelation = 0.3 },
        { "the skips", r => r.Scenario.Assumptions.SkipProbability = 0.2 },
        { "a factor", r => r.Scenario.Assumptions.RotationIntervalDays.PathFactor = null },
    };

    [Theory]
    [MemberData(nameof(TallyChanges))]
    public void InnerKey_WithAnotherTally_IsAnother(string what, Action<ProjectRequest> change)
    {
        var request = Parsers.Full();
        var key = Parsers.Parse(request).InnerKey;
        change(request);
        Assert.True(key != Parsers.Parse(request).InnerKey, what);
    }

    [Fact]
    public void InnerKey_WithEventsInAnotherOrder_IsTheSame()
    {
        var request = Parsers.Full();
        var spec = Parsers.Parse(request);
        Event[] reversed = [.. request.Scenario.Events.Reverse()];
        request.Scenario.Events.Clear();
        request.Scenario.Events.AddRange(reversed);
        var other = Parsers.Parse(request);
        Assert.NotEqual(spec.Name, other.Name); // The answer lists them in the scenario's order.
        Assert.Equal(spec.InnerKey, other.InnerKey);
        Assert.Equal(["fourth", "second", "first"], other.Model.Events.Select(e => e.Id));
    }

    [Fact]
    public void InnerKey_WithADatedEventInPlay_HangsOnTheStart()
    {
        var request = Parsers.Full();
        request.Scenario.Events[2].Disabled = false;
        var key = Parsers.Parse(request).InnerKey;
        request.Scenario.StartDate.Day = 18;
        Assert.NotEqual(key, Parsers.Parse(request).InnerKey);
    }

    [Fact]
    public void Name_WithCorrelationsSaidTheOtherWayRound_IsTheSame()
    {
        var (one, other) = (Parsers.Full(), Parsers.Full());
        other.Scenario.Correlations.Clear();
        other.Scenario.Correlations.Add(new Correlation { A = "first_arrival_days", B = "cap", RankCorrelation = 0.2 });
        other.Scenario.Correlations.Add(new Correlation { A = "batch_size", B = "rotation_interval_days", RankCorrelation = -0.3 });
        AssertSame(one, other);
    }

    /// <summary>A message that has one field of another, or nothing where that has none.</summary>
    private static IMessage Only(IMessage message, FieldDescriptor kept)
    {
        var only = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.FieldNumber != kept.FieldNumber))
        {
            field.Accessor.Clear(only);
        }

        return only;
    }

    private static void AssertSame(ProjectRequest one, ProjectRequest other)
    {
        var (first, second) = (Parsers.Parse(one), Parsers.Parse(other));
        Assert.Equal(first.Scenario, second.Scenario);
        Assert.Equal(first.Name, second.Name);
        Assert.Equal(first.InnerKey, second.InnerKey);
    }

    private static string? TryName(ProjectRequest request)
    {
        try
        {
            return Parsers.Parse(request).Name;
        }
        catch (Grpc.Core.RpcException)
        {
            return null;
        }
    }

    /// <summary>All scalars of a message's tree that are given.</summary>
    private static void Collect(IMessage message, List<(IMessage, FieldDescriptor, bool)> places, bool isNamed = true)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            var isHereNamed = isNamed && !NotNamed.Contains(field.FullName);
            if (value is IList { Count: > 0 } list && list[0] is IMessage)
            {
                foreach (IMessage element in list)
                {
                    Collect(element, places, isHereNamed);
                }
            }
            else if (value is IMessage inner)
            {
                Collect(inner, places, isHereNamed);
            }
            else if (value is Enum && Convert.ToInt32(value) == 0)
            {
                continue; // Left out: the default may be what it would be changed to.
            }
            else if (field.IsRepeated ? ((ICollection)value).Count > 0 : !field.HasPresence || field.Accessor.HasValue(message))
            {
                places.Add((message, field, isHereNamed));
            }
        }
    }

    /// <summary>Changes a scalar a little, so that most requests stay valid.</summary>
    private static void Change(IMessage message, FieldDescriptor field)
    {
        var value = field.Accessor.GetValue(message);
        switch (value)
        {
            case IDictionary map:
                map["new"] = "label";
                break;
            case IList list:
                list[0] = field.Name == "histogram_days" ? 100.5 : Changed(list[0]!); // Others would snap back.
                break;
            default:
                field.Accessor.SetValue(message, Changed(value));
                break;
        }
    }

    private static object Changed(object value) => value switch
    {
        double number => number + (number >= 7 ? 0.01 : 1e-6),
        long number => number + 1,
        int number => number + 1,
        bool flag => !flag,
        string text => text + "x",
        Enum number => Enum.ToObject(number.GetType(), Convert.ToInt32(number) == 1 ? 2 : 1),
        _ => throw new NotSupportedException(value.GetType().Name),
    };
}
