using Google.Protobuf.Collections;
using Scenarios.Service.Api.Errors;
using Timing = Scenarios.V1.EventTiming.TimingOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// Checks the events of a scenario, and completes their messages with the defaults that were left out. Disabled ones are
/// checked like any others, so that what is kept can be put in play.
/// </summary>
internal sealed class EventParser(AssumptionParser assumptions)
{
    private const int MostEvents = 64;
    private const double MostPerYear = 1e6;
    private const double LargestFactor = 1e6;

    private static readonly AssumptionRule Days = new("The time of an event", Support.NotNegative, IsPerPathOnly: true);
    private static readonly AssumptionRule Duration = new("The duration of an event", Support.Positive, IsPerPathOnly: true);

    /// <summary>Checks all events of a scenario.</summary>
    /// <param name="scenario">The scenario's field.</param>
    /// <param name="events">Its events.</param>
    /// <param name="hasCap">Has the scenario a cap?</param>
    public void Check(RequestField scenario, RepeatedField<V1.Event> events, bool hasCap)
    {
        if (!Texts.CheckCount(scenario.At("events"), events.Count, MostEvents))
        {
            return;
        }

        var ids = new Dictionary<string, int>();
        for (var i = 0; i < events.Count; i++)
        {
            var (field, happening) = (scenario.At("events", i), events[i]);
            Texts.CheckId(field.At("event_id"), happening.EventId);
            if (!ids.TryAdd(happening.EventId, i) && happening.EventId.Length > 0)
            {
                field.At("event_id").Report(
                    ViolationReason.Duplicate,
                    $"{Spoken.Quote(happening.EventId)} is the event_id of events[{ids[happening.EventId]}] too.",
                    "Give every event an identifier of its own.");
            }

            CheckOne(field, happening, hasCap);
        }

        for (var i = 0; i < events.Count; i++)
        {
            CheckAfter(scenario.At("events", i), events, i, ids);
        }
    }

    private void CheckOne(RequestField field, V1.Event happening, bool hasCap)
    {
        if (!happening.Disabled)
        {
            field.At("disabled").Report(
                ViolationReason.NotAvailableYet,
                "Events in play are not available yet.",
                "Set disabled to true: the event is then kept and echoed.");
        }

        Texts.CheckLength(field.At("display_name"), happening.DisplayName, 200);
        EvidenceParser.Check(field, "evidence", happening.Evidence);
        CheckTiming(field.At("timing"), happening.Timing);
        happening.Probability = happening.HasProbability ? happening.Probability : 1;
        Bounds.Unit.Allow(field.At("probability"), happening.Probability);
        if (happening.DurationDays is not null)
        {
            assumptions.Parse(field.At("duration_days"), happening.DurationDays, Duration);
        }

        happening.Effects ??= new();
        CheckEffects(field.At("effects"), happening.Effects, hasCap);
    }

    private void CheckTiming(RequestField field, V1.EventTiming? timing)
    {
        switch (timing?.TimingCase ?? Timing.None)
        {
            case Timing.Date:
                Dates.Require(field.At("date"), timing!.Date);
                break;
            case Timing.Days:
                assumptions.Parse(field.At("days"), timing!.Days, Days);
                break;
            case Timing.HazardPerYear:
                new Bounds(Bounds.Smallest, MostPerYear).Allow(field.At("hazard_per_year"), timing!.HazardPerYear);
                break;
            case Timing.ProbabilityWithinHorizon:
                Bounds.Unit.Allow(field.At("probability_within_horizon"), timing!.ProbabilityWithinHorizon);
                break;
            case Timing.None:
                field.Report(
                    ViolationReason.Required,
                    "It is not said when the event happens.",
                    "Give exactly one of date, days, hazard_per_year and probability_within_horizon.");
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"The timing {timing!.TimingCase} has no rule.");
        }
    }

    private static void CheckEffects(RequestField field, V1.EventEffects effects, bool hasCap)
    {
        effects.IntervalFactor = effects.HasIntervalFactor ? effects.IntervalFactor : 1;
        effects.BatchSizeFactor = effects.HasBatchSizeFactor ? effects.BatchSizeFactor : 1;
        new Bounds(Bounds.Smallest, LargestFactor).Allow(field.At("interval_factor"), effects.IntervalFactor);
        new Bounds(0, LargestFactor).Allow(field.At("batch_size_factor"), effects.BatchSizeFactor);
        if (Bounds.Any.Allow(field.At("cap_change"), effects.CapChange) && effects.CapChange != 0 && !hasCap)
        {
            field.At("cap_change").Report(
                ViolationReason.Conflict,
                $"The cap would change by {Spoken.Number(effects.CapChange)}, but the scenario has none.",
                "Give the scenario a cap, or leave cap_change out.");
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
            field.Report(
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
