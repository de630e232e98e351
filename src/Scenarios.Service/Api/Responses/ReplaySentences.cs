using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Api.Responses;

/// <summary>
/// What happens in a path, told day by day: "day 74: 9,310 arrive, as many leave; 24,310 in total, 15,000 present". Entries are told
/// in order: which events are in force is remembered from one to the next.
/// </summary>
/// <param name="events">The scenario's events, for their names and effects.</param>
/// <param name="relieves">Those who arrive send home as many of those present.</param>
internal sealed class ReplaySentences(IEnumerable<V1.Event> events, bool relieves)
{
    private const string FactorSuffix = ".path_factor";

    private readonly Dictionary<string, V1.Event> _events = events.ToDictionary(happening => happening.EventId);

    /// <summary>Events in force that keep batches from coming, the longest in force first.</summary>
    private readonly List<V1.Event> _halting = [];

    public static string Of(PathDraw draw) => $"day 0: drawn for the whole path: {Name(draw.Field)} {Value(draw)}";

    public static string OfStart(double cumulative, double? present) => $"day 0: the start; {State(cumulative, present)}";

    public static string OfHorizon(double day, double cumulative, double? present) =>
        $"{Day(day)}: the horizon; {State(cumulative, present)}";

    public string Of(ReplayEntry entry) => Day(entry.Day) + (entry.Day < 0 ? ", before the start: " : ": ") + entry switch
    {
        BatchReplay batch => $"{What(batch)}; {State(batch.Cumulative, batch.Present)}",
        TourEndReplay tour => $"{Home(tour)}; {State(tour.Cumulative, tour.Present)}",
        EventStartReplay start => Start(start),
        EventEndReplay end => End(end),
        _ => throw new System.Diagnostics.UnreachableException($"No words for {entry.GetType().Name}."),
    };

    private string What(BatchReplay batch)
    {
        var drawn = CountWords.Exact(batch.DrawnCount);
        if (batch.Halted)
        {
            return $"a batch of {drawn} does not come: {string.Join(" and ", _halting.Select(Name))}";
        }

        if (batch.Skipped)
        {
            return $"a batch of {drawn} does not come";
        }

        if (batch.DrawnCount == 0)
        {
            return "an empty batch arrives";
        }

        if (batch.ArrivedCount == 0)
        {
            return $"none of {drawn} arrive, the ceiling leaves no room";
        }

        var arrived = CountWords.Exact(batch.ArrivedCount);
        var tour = batch.TourLengthDays is { } days ? $" for {Days(days)}" : "";
        var arrival = batch.ArrivedCount < batch.DrawnCount
            ? $"{arrived} of {drawn} {Arrive(batch.ArrivedCount)}{tour}, the ceiling leaves no more room"
            : $"{arrived} {Arrive(batch.ArrivedCount)}{tour}";
        return arrival + Returned(batch);
    }

    private string Returned(BatchReplay batch) => !relieves ? ""
        : batch.ReturnedCount == batch.ArrivedCount ? ", as many leave"
        : batch.ReturnedCount == 0 ? ", none are there to leave"
        : $", the {CountWords.Exact(batch.ReturnedCount)} there {Leave(batch.ReturnedCount)}";

    private static string Arrive(double count) => count == 1 ? "arrives" : "arrive";

    private static string Leave(double count) => count == 1 ? "leaves" : "leave";

    private static string Home(TourEndReplay tour)
    {
        var returned = CountWords.Exact(tour.ReturnedCount);
        return tour.Batch == 0
            ? $"the initial {returned} {Leave(tour.ReturnedCount)} after the tour"
            : $"the {returned} of batch {tour.Batch:#,0} {Leave(tour.ReturnedCount)} after the tour";
    }

    private string Start(EventStartReplay start)
    {
        var happening = _events[start.EventId];
        if (happening.Effects.Halt)
        {
            _halting.Add(happening);
        }

        var duration = start.DurationDays is { } days ? $"for {Days(days)}" : "for good";
        return $"{Name(happening)}, {duration}; {EffectsOf(happening.Effects)}";
    }

    private string End(EventEndReplay end)
    {
        var happening = _events[end.EventId];
        var arrivals = !_halting.Remove(happening) ? ""
            : _halting.Count == 0 ? "; arrivals go on"
            : $"; arrivals stay stopped: {string.Join(" and ", _halting.Select(Name))}";
        return $"the effects of \"{Name(happening)}\" end{arrivals}";
    }

    private static string EffectsOf(V1.EventEffects effects)
    {
        var words = new List<string>();
        if (effects.Halt)
        {
            words.Add("arrivals stop");
        }

        if (effects is { HasIntervalFactor: true, IntervalFactor: not 1 })
        {
            words.Add($"gaps × {Factor(effects.IntervalFactor)}");
        }

        if (effects is { HasBatchSizeFactor: true, BatchSizeFactor: not 1 })
        {
            words.Add($"batches × {Factor(effects.BatchSizeFactor)}");
        }

        if (effects.CapChange != 0)
        {
            words.Add($"ceiling {(effects.CapChange > 0 ? "+" : "\u2212")}{CountWords.Exact(Math.Abs(effects.CapChange))}");
        }

        return words.Count == 0 ? "nothing else changes" : string.Join(", ", words);
    }

    private static string Name(V1.Event happening) => happening.DisplayName.Length > 0 ? happening.DisplayName : happening.EventId;

    private static string State(double cumulative, double? present) =>
        $"{CountWords.Exact(cumulative)} in total" + (present is { } there ? $", {CountWords.Exact(there)} present" : "");

    /// <summary>The whole day, as the date has it.</summary>
    private static string Day(double day) => $"day {(day < 0 ? "\u2212" : "")}{Math.Abs(Math.Floor(day)):#,0}";

    private static string Days(double days) => days.ToString("#,0.#") switch
    {
        "0" => "less than 0.1 days",
        "1" => "1 day",
        var figure => $"{figure} days",
    };

    private static string Factor(double factor) => factor.ToString("#,0.##########");

    private static string Name(string field) => field switch
    {
        "initial_count" => "initial count",
        "cap" => "ceiling",
        "first_arrival_days" => "first arrival on day",
        "rotation_interval_days" => "gap",
        "batch_size" => "batch size",
        "tour_length_days" => "tour",
        _ when field.EndsWith(FactorSuffix, StringComparison.Ordinal) => $"factor on the {Name(field[..^FactorSuffix.Length])}",
        _ => field,
    };

    private static string Value(PathDraw draw) => draw.Field switch
    {
        "initial_count" or "cap" or "batch_size" => CountWords.Exact(draw.Value),
        "first_arrival_days" => draw.Value.ToString("#,0.0"),
        "rotation_interval_days" or "tour_length_days" => draw.Value.ToString("#,0.0") + " days",
        _ => draw.Value.ToString("0.000"),
    };
}
