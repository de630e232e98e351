using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Notation;

/// <summary>What an override of one key does.</summary>
/// <typeparam name="T">The message that the key belongs to.</typeparam>
/// <param name="Set">Writes the value into the scenario, which is the override's own copy.</param>
/// <param name="Clear">Takes away what the scenario says; null where it must say something.</param>
/// <param name="WithoutNone">How to say the same where there is no <paramref name="Clear"/>.</param>
internal sealed record OverrideTarget<T>(Action<T, OverrideValue> Set, Action<T>? Clear, string WithoutNone = "It is required.");

/// <summary>The keys that an override can have, with what each does.</summary>
internal static class OverrideKeys
{
    public const string EventPrefix = "events.";
    public const string CorrelationPrefix = "correlations.";
    public const string TimingPrefix = "timing.";
    public const string PathFactorSuffix = ".path_factor";
    public const string ResamplingSuffix = ".resampling";

    /// <summary>The assumptions, by the name of their field.</summary>
    public static IReadOnlyDictionary<string, FieldDescriptor> Assumptions { get; } = V1.Assumptions.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType == FieldType.Message && !field.IsRepeated && field.MessageType == V1.Assumption.Descriptor)
        .ToDictionary(field => field.Name);

    /// <summary>Keys of the scenario itself and of its assumptions.</summary>
    public static IReadOnlyDictionary<string, OverrideTarget<V1.Scenario>> OfScenario { get; } = ScenarioTargets();

    /// <summary>What follows "events.id." in the keys of an event.</summary>
    public static IReadOnlyDictionary<string, OverrideTarget<V1.Event>> OfEvent { get; } = new Dictionary<string, OverrideTarget<V1.Event>>
    {
        ["disabled"] = new((target, value) => target.Disabled = value.Flag(), null, "Write true or false."),
        ["probability"] = new((target, value) => target.Probability = value.Probability(), target => target.ClearProbability()),
        ["duration_days"] = new(
            (target, value) => SetDistribution(target.DurationDays, value, NotationUnit.Days, made => target.DurationDays = made),
            target => target.DurationDays = null),
        ["timing.date"] = new((target, value) => Timing(target).Date = value.Date(), null, OtherTiming),
        ["timing.days"] = new(
            (target, value) => SetDistribution(Timing(target).Days, value, NotationUnit.Days, made => Timing(target).Days = made), null, OtherTiming),
        ["timing.hazard_per_year"] = new((target, value) => Timing(target).HazardPerYear = value.Number(), null, OtherTiming),
        ["timing.probability_within_horizon"] =
            new((target, value) => Timing(target).ProbabilityWithinHorizon = value.Probability(), null, OtherTiming),
        ["effects.halt"] = new((target, value) => Effects(target).Halt = value.Flag(), null, "Write true or false."),
        ["effects.interval_factor"] =
            new((target, value) => Effects(target).IntervalFactor = value.Number(), target => Effects(target).ClearIntervalFactor()),
        ["effects.batch_size_factor"] =
            new((target, value) => Effects(target).BatchSizeFactor = value.Number(), target => Effects(target).ClearBatchSizeFactor()),
        ["effects.cap_change"] = new((target, value) => Effects(target).CapChange = value.Number(), null, "Write 0."),
    };

    /// <summary>The one key of an event whose value is checked against the scenario.</summary>
    public const string After = "after";

    private const string OtherTiming = "An event has a time: override it with another key of timing.";

    private static Dictionary<string, OverrideTarget<V1.Scenario>> ScenarioTargets()
    {
        var targets = new Dictionary<string, OverrideTarget<V1.Scenario>>
        {
            ["start_date"] = new((scenario, value) => scenario.StartDate = value.Date(), null),
            ["horizon_days"] = new((scenario, value) => scenario.HorizonDays = value.Number(), null),
            ["step_days"] = new((scenario, value) => scenario.StepDays = value.Number(), null),
            ["thresholds"] = new(
                (scenario, value) =>
                {
                    var counts = value.Counts();
                    scenario.Thresholds.Clear();
                    scenario.Thresholds.Add(counts);
                },
                scenario => scenario.Thresholds.Clear()),
            ["rotation_mode"] = new(
                (scenario, value) => AssumptionsOf(scenario).RotationMode =
                    (V1.Assumptions.Types.RotationMode)value.Choice(Enum<V1.Assumptions>("RotationMode")),
                scenario => AssumptionsOf(scenario).RotationMode = V1.Assumptions.Types.RotationMode.Unspecified),
            ["cap_basis"] = new(
                (scenario, value) => AssumptionsOf(scenario).CapBasis =
                    (V1.Assumptions.Types.CapBasis)value.Choice(Enum<V1.Assumptions>("CapBasis")),
                scenario => AssumptionsOf(scenario).CapBasis = V1.Assumptions.Types.CapBasis.Unspecified),
            ["skip_probability"] =
                new((scenario, value) => AssumptionsOf(scenario).SkipProbability = value.Probability(), null, "Write 0."),
        };
        foreach (var (name, field) in Assumptions)
        {
            var required = name is "rotation_interval_days" or "batch_size";
            var unit = name.EndsWith("_days", StringComparison.Ordinal) ? NotationUnit.Days : NotationUnit.None;
            targets[name] = new(
                (scenario, value) => SetDistribution(
                    AssumptionOf(scenario, field), value, unit, made => field.Accessor.SetValue(AssumptionsOf(scenario), made)),
                required ? null : scenario => field.Accessor.Clear(AssumptionsOf(scenario)));
            targets[name + PathFactorSuffix] = new(
                (scenario, value) => AssumptionOf(scenario, field)!.PathFactor = value.Distribution(NotationUnit.None),
                scenario => AssumptionOf(scenario, field)!.PathFactor = null);
            targets[name + ResamplingSuffix] = new(
                (scenario, value) => AssumptionOf(scenario, field)!.Resampling =
                    (V1.Assumption.Types.Resampling)value.Choice(Enum<V1.Assumption>("Resampling")),
                scenario => AssumptionOf(scenario, field)!.Resampling = V1.Assumption.Types.Resampling.Unspecified);
        }

        return targets;
    }

    private static EnumDescriptor Enum<TMessage>(string name)
        where TMessage : Google.Protobuf.IMessage, new() => new TMessage().Descriptor.EnumTypes.Single(candidate => candidate.Name == name);

    private static V1.Assumptions AssumptionsOf(V1.Scenario scenario) => scenario.Assumptions ??= new V1.Assumptions();

    /// <summary>The assumption as the scenario has it; null where it has none.</summary>
    public static V1.Assumption? AssumptionOf(V1.Scenario scenario, FieldDescriptor field) =>
        (V1.Assumption?)field.Accessor.GetValue(AssumptionsOf(scenario));

    /// <summary>Gives an assumption another distribution: how often it is drawn, its path factor and its evidence stay.</summary>
    private static void SetDistribution(V1.Assumption? assumption, OverrideValue value, NotationUnit unit, Action<V1.Assumption> set)
    {
        // Made before the value is read: if that fails, keys that go with the assumption still show their own errors only.
        assumption ??= new V1.Assumption();
        set(assumption);
        assumption.Distribution = value.Distribution(unit);
    }

    private static V1.EventTiming Timing(V1.Event target) => target.Timing ??= new V1.EventTiming();

    private static V1.EventEffects Effects(V1.Event target) => target.Effects ??= new V1.EventEffects();
}
