using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Api.Responses;

/// <summary>Is something a matter of chance, or one number?</summary>
internal static class Spread
{
    public static bool Varies(Distribution distribution) => distribution.Min < distribution.Max;

    public static bool Varies(Assumption? assumption) => assumption is not null
        && (Varies(assumption.Distribution) || (assumption.PathFactor is { } factor && Varies(factor)));

    /// <summary>Is it open whether the event happens, when, or for how long?</summary>
    /// <param name="happening">One of the model's events.</param>
    /// <param name="model">Events without cycles; one that comes after an event not among them never happens.</param>
    public static bool Varies(ArrivalEvent happening, ArrivalModel model) =>
        CanHappen(happening, model)
        && (happening.Probability < 1
            || Varies(happening.DurationDays)
            || TimeVaries(happening.Timing)
            || (Parent(happening, model) is { } parent && Varies(parent, model)));

    /// <summary>Does the event change which batches come, when and how large? What it does to the cap is another matter.</summary>
    public static bool ActsOnBatches(ArrivalEvent happening) =>
        happening.Halt || happening.IntervalFactor != 1 || happening.BatchSizeFactor != 1;

    private static bool CanHappen(ArrivalEvent happening, ArrivalModel model) =>
        happening.Probability > 0
        && happening.Timing is not (EventTiming.Hazard(0) or EventTiming.WithinHorizon(0))
        && (happening.After is null || (Parent(happening, model) is { } parent && CanHappen(parent, model)));

    private static bool TimeVaries(EventTiming timing) => timing switch
    {
        EventTiming.OnDay => false,
        EventTiming.AfterDays(var days) => Varies(days),
        _ => true,
    };

    private static ArrivalEvent? Parent(ArrivalEvent happening, ArrivalModel model) =>
        happening.After is { } after ? model.Events.FirstOrDefault(candidate => candidate.Id == after) : null;
}
