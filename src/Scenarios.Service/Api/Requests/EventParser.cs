using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Scenarios.Engine.Model;
using Scenarios.Service.Api.Notation;
using Timing = Scenarios.V1.EventTiming.TimingOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// Parses the events of a scenario, and completes their messages with the defaults that were left out. Disabled ones are
/// checked like any others, so that what is kept can be put in play.
/// </summary>
internal sealed class EventParser(AssumptionParser assumptions)
{
    private const int MostEvents = 64;
    private const double MostPerYear = 1e6;

    private static readonly Bounds IntervalFactors = new(Bounds.Smallest, 1e6);
    private static readonly Bounds BatchSizeFactors = new(0, 1e6);

    private static readonly AssumptionRule Days = new("The time of an event", Support.NotNegative, IsPerPathOnly: true, NotationUnit.Days);
    private static readonly AssumptionRule Duration = new("The duration of an event", Support.Positive, IsPerPathOnly: true, NotationUnit.Days);

    /// <summary>The events in play, in the order of the scenario; without those that break a rule, which are reported.</summary>
    /// <param name="field">The scenario's field.</param>
    /// <param name="scenario">The scenario.</param>
    public ImmutableArray<ArrivalEvent> Parse(RequestField field, V1.Scenario scenario)
    {
        var events = scenario.Events;
        if (!Texts.CheckCount(field.At("events"), events.Count, MostEvents))
        {
            return [];
        }

        var inPlay = ImmutableArray.CreateBuilder<ArrivalEvent>();
        var ids = new Dictionary<string, int>();
        for (var i = 0; i < events.Count; i++)
        {
            var (at, happening) = (field.At("events", i), events[i]);
            Texts.CheckId(at.At("event_id"), happening.EventId);
            if (!ids.TryAdd(happening.EventId, i) && happening.EventId.Length > 0)
            {
                at.At("event_id").Report(
                    ViolationReason.Duplicate,
                    $"{Spoken.Quote(happening.EventId)} is the event_id of events[{ids[happening.EventId]}] too.",
                    "Give every event an identifier of its own.");
            }

            if (ParseOne(field, at, happening, scenario) is { } parsed && !happening.Disabled)
            {
                inPlay.Add(parsed);
            }
        }

        for (var i = 0; i < events.Count; i++)
        {
            CheckAfter(field.At("events", i), events, i, ids);
        }

        CheckTogether(field, events, inPlay);
        return inPlay.ToImmutable();
    }

    private ArrivalEvent? ParseOne(RequestField owner, RequestField field, V1.Event happening, V1.Scenario scenario)
    {
        Texts.CheckShown(field.At("display_name"), happening.DisplayName, 200);
        EvidenceParser.Check(field, "evidence", happening.Evidence);
        var timing = ParseTiming(field.At("timing"), happening.Timing, scenario.StartDate);
        happening.Probability = happening.HasProbability ? happening.Probability : 1;
        Bounds.Unit.Allow(field.At("probability"), happening.Probability);
        var duration = happening.DurationDays is null ? null : assumptions.Parse(field.At("duration_days"), happening.DurationDays, Duration);
        happening.Effects ??= new();
        var isEffective = CheckEffects(field.At("effects"), happening.Effects, owner.At("assumptions").At("cap"), scenario.Assumptions?.Cap is not null);
        return timing is null || !isEffective
            ? null
            : new()
            {
                Id = happening.EventId,
                Timing = timing,
                Probability = happening.Probability,
                After = happening.After.Length == 0 ? null : happening.After,
                DurationDays = duration,
                Halt = happening.Effects.Halt,
                IntervalFactor = happening.Effects.IntervalFactor,
                BatchSizeFactor = happening.Effects.BatchSizeFactor,
                CapChange = (long)happening.Effects.CapChange,
            };
    }

    private EventTiming? ParseTiming(RequestField field, V1.EventTiming? timing, Google.Type.Date? start)
    {
        switch (timing?.TimingCase ?? Timing.None)
        {
            case Timing.Date:
                return Dates.Require(field.At("date"), timing!.Date) is { } date ? new EventTiming.OnDay(Dates.DaysBetween(start, date)) : null;
            case Timing.Days:
                return assumptions.Parse(field.At("days"), timing!.Days, Days) is { } days ? new EventTiming.AfterDays(days) : null;
            case Timing.HazardPerYear:
                new Bounds(Bounds.Smallest, MostPerYear).Allow(field.At("hazard_per_year"), timing!.HazardPerYear);
                return new EventTiming.Hazard(timing.HazardPerYear);
            case Timing.ProbabilityWithinHorizon:
                Bounds.Unit.Allow(field.At("probability_within_horizon"), timing!.ProbabilityWithinHorizon);
                return new EventTiming.WithinHorizon(timing.ProbabilityWithinHorizon);
            case Timing.None:
                field.Report(
                    ViolationReason.Required,
                    "It is not said when the event happens.",
                    "Give exactly one of date, days, hazard_per_year and probability_within_horizon.");
                return null;
            default:
                throw new System.Diagnostics.UnreachableException($"The timing {timing!.TimingCase} has no rule.");
        }
    }

    private static bool CheckEffects(RequestField field, V1.EventEffects effects, RequestField cap, bool hasCap)
    {
        effects.IntervalFactor = effects.HasIntervalFactor ? effects.IntervalFactor : 1;
        effects.BatchSizeFactor = effects.HasBatchSizeFactor ? effects.BatchSizeFactor : 1;
        var isAllowed = IntervalFactors.Allow(field.At("interval_factor"), effects.IntervalFactor);
        isAllowed &= BatchSizeFactors.Allow(field.At("batch_size_factor"), effects.BatchSizeFactor);
        if (!Bounds.Any.Allow(field.At("cap_change"), effects.CapChange))
        {
            return false;
        }

        if (effects.CapChange != Math.Floor(effects.CapChange))
        {
            field.At("cap_change").Report(
                ViolationReason.OutOfRange,
                $"{Spoken.Number(effects.CapChange)} is not a whole number.",
                $"Give {Spoken.Number(Math.Floor(effects.CapChange))} or {Spoken.Number(Math.Ceiling(effects.CapChange))}.");
        }

        if (effects.CapChange != 0 && !hasCap)
        {
            field.At("cap_change").DueTo(cap).Report(
                ViolationReason.Conflict,
                $"The cap would change by {Spoken.Number(effects.CapChange)}, but the scenario has none.",
                "Give the scenario a cap, or leave cap_change out.");
        }

        return isAllowed;
    }

    /// <summary>What all events in play multiply by at most, in force at once, is bounded as each of them is.</summary>
    private static void CheckTogether(RequestField field, RepeatedField<V1.Event> events, IReadOnlyList<ArrivalEvent> inPlay)
    {
        Check("interval_factor", IntervalFactors.Least, inPlay.Aggregate(1.0, (product, e) => product * Math.Min(1, e.IntervalFactor)));
        Check("interval_factor", IntervalFactors.Most, inPlay.Aggregate(1.0, (product, e) => product * Math.Max(1, e.IntervalFactor)));
        Check("batch_size_factor", BatchSizeFactors.Most, inPlay.Aggregate(1.0, (product, e) => product * Math.Max(1, e.BatchSizeFactor)));

        void Check(string name, double bound, double product)
        {
            var isBelow = bound < 1;
            if (isBelow ? product >= bound : !(product > bound))
            {
                return;
            }

            bool Counts(V1.Event e)
            {
                var factor = name == "interval_factor" ? e.Effects.IntervalFactor : e.Effects.BatchSizeFactor;
                return !e.Disabled && (isBelow ? factor < 1 : factor > 1);
            }

            var last = events.Select((e, index) => (Event: e, Index: index)).Last(pair => Counts(pair.Event)).Index;
            field.At("events", last).At("effects").At(name).Report(
                ViolationReason.OutOfRange,
                $"All events in play together multiply by {Spoken.Rounded(product)}; {(isBelow ? "at least" : "at most")} {Spoken.Number(bound)} is allowed.",
                "Bring the factors of some of them nearer to 1, or disable some.");
        }
    }

    private static void CheckAfter(RequestField owner, RepeatedField<V1.Event> events, int index, Dictionary<string, int> ids)
    {
        var happening = events[index];
        if (happening.After.Length == 0)
        {
            return;
        }

        var field = owner.At("after");
        if (!ids.ContainsKey(happening.After))
        {
            field.Report(
                ViolationReason.UnknownReference,
                $"No event of the scenario has the event_id {Spoken.Quote(happening.After)}.",
                "Give the event_id of another event, or leave after out.");
            return;
        }

        if (happening.Timing?.TimingCase == Timing.Date)
        {
            field.DueTo(owner.At("timing").At("date")).Report(
                ViolationReason.Conflict,
                $"The event has a date, and comes after {Spoken.Quote(happening.After)}.",
                "Give the time as days, hazard_per_year or probability_within_horizon, or leave after out.");
        }

        var at = happening.After;
        for (var step = 0; step < events.Count && ids.TryGetValue(at, out var next); step++)
        {
            if (next == index)
            {
                field.Report(
                    ViolationReason.Conflict,
                    $"The event waits, by way of {Spoken.Quote(happening.After)}, for itself.",
                    "Let one of the events in the circle come after nothing.");
                return;
            }

            at = events[next].After;
        }
    }
}
