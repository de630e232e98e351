using Scenarios.Engine.Model;
using Scenarios.Service.Api.Notation;

namespace Scenarios.Service.Api.Requests;

/// <summary>A scenario that breaks no rule.</summary>
/// <param name="AsProjected">With its defaults filled in, and without what only its storage knows.</param>
/// <param name="Model">The same for the engine.</param>
internal sealed record ParsedScenario(V1.Scenario AsProjected, ArrivalModel Model);

/// <summary>Parses scenarios: finds everything that breaks a rule, at its field.</summary>
internal static class ScenarioParser
{
    /// <summary>Shortest horizon in days, a minute and a half: its clock still has ticks to spare in double precision.</summary>
    public const double ShortestHorizon = 0.001;

    private const int MostThresholds = 64;
    private const string DefaultVerb = "counted";

    private static readonly AssumptionRule InitialCount = new("The initial count", Support.NotNegative, IsPerPathOnly: true);
    private static readonly AssumptionRule Gap = new("A gap between arrivals", Support.Positive, IsPerPathOnly: false, NotationUnit.Days);
    private static readonly AssumptionRule BatchSize = new("A batch", Support.NotNegative, IsPerPathOnly: false);
    private static readonly AssumptionRule Cap = new("The cap", Support.NotNegative, IsPerPathOnly: true);
    private static readonly AssumptionRule Tour = new("A tour", Support.Positive, IsPerPathOnly: false, NotationUnit.Days);
    private static readonly AssumptionRule FirstArrival = new("The day of the first arrival", Support.Positive, IsPerPathOnly: true, NotationUnit.Days);

    /// <summary>The scenario of a message; null, and reported, where it breaks a rule.</summary>
    /// <param name="field">Where the scenario stands in the request.</param>
    /// <param name="message">The scenario as given; it stays as it is.</param>
    /// <param name="mostGridPoints">Most points of its grid.</param>
    public static ParsedScenario? Parse(RequestField field, V1.Scenario message, int mostGridPoints)
    {
        var before = field.Violations.Count;
        var scenario = message.Clone();
        ClearOutputOnly(scenario);
        MessageTree.ClearSignsOfZero(scenario);

        CheckTexts(field, scenario);
        CheckTime(field, scenario, mostGridPoints);
        CheckThresholds(field, "thresholds", scenario.Thresholds);
        if (scenario.Observations.Count > 0)
        {
            field.At("observations").ReportNotAvailableYet("Observations are");
        }

        var assumptions = new AssumptionParser(new DistributionParser());
        var model = ParseAssumptions(field, scenario, assumptions);
        var events = new EventParser(assumptions).Parse(field, scenario);
        return model is not null && field.Violations.Count == before ? new(scenario, model with { Events = events }) : null;
    }

    /// <summary>Clears what only the storage of a scenario knows.</summary>
    public static void ClearOutputOnly(V1.Scenario scenario)
    {
        (scenario.Name, scenario.Etag, scenario.RevisionId) = ("", "", "");
        (scenario.CreateTime, scenario.UpdateTime) = (null, null);
    }

    /// <summary>Checks counts whose first passage is asked for.</summary>
    public static void CheckThresholds(RequestField owner, string name, IReadOnlyList<long> thresholds)
    {
        if (!Texts.CheckCount(owner.At(name), thresholds.Count, MostThresholds))
        {
            return;
        }

        var seen = new HashSet<long>();
        for (var i = 0; i < thresholds.Count; i++)
        {
            if (Bounds.NotNegative.Allow(owner.At(name, i), thresholds[i]) && !seen.Add(thresholds[i]))
            {
                owner.At(name, i).Report(
                    ViolationReason.Duplicate,
                    $"{Spoken.Number(thresholds[i])} is given twice.",
                    "Give every count once.");
            }
        }
    }

    private static void CheckTexts(RequestField field, V1.Scenario scenario)
    {
        Texts.CheckShown(field.At("display_name"), scenario.DisplayName, 200);
        Texts.CheckShown(field.At("description"), scenario.Description, 10_000, isMultiline: true);
        Texts.CheckShown(field.At("noun"), scenario.Noun, 40);
        Texts.CheckShown(field.At("verb"), scenario.Verb, 40);
        Texts.CheckLabels(field, "labels", scenario.Labels);
        scenario.Verb = scenario.Verb.Length > 0 ? scenario.Verb : DefaultVerb;
    }

    private static void CheckTime(RequestField field, V1.Scenario scenario, int mostGridPoints)
    {
        var start = Dates.Require(field.At("start_date"), scenario.StartDate);
        var longest = DateOnly.MaxValue.DayNumber - (start?.DayNumber ?? 0);
        var isHorizon = new Bounds(ShortestHorizon, longest).Allow(field.At("horizon_days"), scenario.HorizonDays);
        if (!isHorizon)
        {
            Bounds.Positive.Allow(field.At("step_days"), scenario.StepDays);
            return;
        }

        var step = field.At("step_days").DueTo(field.At("horizon_days"));
        if (new Bounds(0, scenario.HorizonDays, IsOpenBelow: true).Allow(step, scenario.StepDays) && scenario.HorizonDays / scenario.StepDays > mostGridPoints - 1)
        {
            var least = scenario.HorizonDays / (mostGridPoints - 1);
            step.Report(
                ViolationReason.TooMany,
                $"A grid of every {Spoken.Number(scenario.StepDays)} days up to {Spoken.Number(scenario.HorizonDays)} has more than "
                    + $"{Spoken.Number(mostGridPoints)} points, the most allowed (Limits:MaxGridPoints).",
                $"Give a step of at least {Spoken.Number(Spoken.RoundedUp(least * (1 + 1e-12)))} days.");
        }
    }

    private static ArrivalModel? ParseAssumptions(RequestField owner, V1.Scenario scenario, AssumptionParser parser)
    {
        var field = owner.At("assumptions");
        if (scenario.Assumptions is not { } given)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give at least rotation_interval_days and batch_size.");
            return null;
        }

        var parsed = new Dictionary<AssumptionKind, Assumption?>();
        Assumption? Required(AssumptionKind kind, string name, V1.Assumption? message, AssumptionRule rule) =>
            parsed[kind] = parser.Parse(field.At(name), message, rule);
        Assumption? Optional(AssumptionKind kind, string name, V1.Assumption? message, AssumptionRule rule) =>
            message is null ? null : Required(kind, name, message, rule);

        var initial = Optional(AssumptionKind.InitialCount, "initial_count", given.InitialCount, InitialCount);
        if (given.InitialCount is null)
        {
            given.InitialCount = new() { Distribution = new() { Constant = 0 } };
            initial = parser.Parse(field.At("initial_count"), given.InitialCount, InitialCount);
        }

        var gap = Required(AssumptionKind.RotationIntervalDays, "rotation_interval_days", given.RotationIntervalDays, Gap);
        var size = Required(AssumptionKind.BatchSize, "batch_size", given.BatchSize, BatchSize);
        var cap = Optional(AssumptionKind.Cap, "cap", given.Cap, Cap);
        var first = Optional(AssumptionKind.FirstArrivalDays, "first_arrival_days", given.FirstArrivalDays, FirstArrival);
        var tour = Optional(AssumptionKind.TourLengthDays, "tour_length_days", given.TourLengthDays, Tour);
        new Bounds(0, 1, IsOpenAbove: true).Allow(field.At("skip_probability"), given.SkipProbability);
        CheckRules(field, given);
        EvidenceParser.Check(field, "cap_basis_evidence", given.CapBasisEvidence);
        EvidenceParser.Check(field, "rotation_mode_evidence", given.RotationModeEvidence);
        CheckRoom(field, initial, cap);
        var correlations = CorrelationParser.Parse(owner, scenario.Correlations, parsed);
        return initial is null || gap is null || size is null
            ? null
            : new()
            {
                HorizonDays = scenario.HorizonDays,
                StepDays = scenario.StepDays,
                InitialCount = initial,
                RotationIntervalDays = gap,
                BatchSize = size,
                Cap = cap,
                CapBasis = given.CapBasis == V1.Assumptions.Types.CapBasis.Present ? CapBasis.Present : CapBasis.Cumulative,
                RotationMode = given.RotationMode switch
                {
                    V1.Assumptions.Types.RotationMode.Relieve => RotationMode.Relieve,
                    V1.Assumptions.Types.RotationMode.Reinforce => RotationMode.Reinforce,
                    _ => RotationMode.Unspecified,
                },
                FirstArrivalDays = first,
                TourLengthDays = tour,
                SkipProbability = given.SkipProbability,
                Correlations = correlations,
            };
    }

    private static void CheckRules(RequestField field, V1.Assumptions given)
    {
        Texts.CheckEnum(field.At("cap_basis"), given.CapBasis);
        Texts.CheckEnum(field.At("rotation_mode"), given.RotationMode);
        CheckTours(field, given);
        if (given.CapBasis == V1.Assumptions.Types.CapBasis.Unspecified)
        {
            given.CapBasis = V1.Assumptions.Types.CapBasis.Cumulative;
        }

        if (given.CapBasis == V1.Assumptions.Types.CapBasis.Present && given.RotationMode == V1.Assumptions.Types.RotationMode.Unspecified)
        {
            field.At("cap_basis").DueTo(field.At("rotation_mode")).Report(
                ViolationReason.Conflict,
                "The cap limits those present, but it is not said how many are: rotation_mode is not given.",
                "Give rotation_mode RELIEVE or REINFORCE, or cap_basis CUMULATIVE.");
        }
    }

    private static void CheckTours(RequestField field, V1.Assumptions given)
    {
        if (given.TourLengthDays is null || given.RotationMode == V1.Assumptions.Types.RotationMode.Reinforce)
        {
            return;
        }

        field.At("tour_length_days").DueTo(field.At("rotation_mode")).Report(
            ViolationReason.Conflict,
            given.RotationMode == V1.Assumptions.Types.RotationMode.Relieve
                ? "With rotation_mode RELIEVE those present leave when others relieve them; a tour says that they leave by themselves."
                : "A tour says how long those who arrive stay; without a rotation_mode none are known to stay.",
            "Give rotation_mode REINFORCE, or leave tour_length_days out.");
    }

    private static void CheckRoom(RequestField field, Assumption? initial, Assumption? cap)
    {
        if (initial is { PathFactor: null, Distribution: var start } && cap is { PathFactor: null, Distribution: var most }
            && start.Min == start.Max && most.Min == most.Max && start.Min > most.Min)
        {
            field.At("initial_count").At("distribution").DueTo(field.At("cap").At("distribution")).Report(
                ViolationReason.Conflict,
                $"The initial count {Spoken.Number(start.Min)} is above the cap {Spoken.Number(most.Min)}.",
                $"Give an initial count of at most {Spoken.Number(most.Min)}, or raise the cap to {Spoken.Number(start.Min)}.");
        }
    }
}
