using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Api.Responses;

/// <summary>What happens in a path, told day by day: "day 74: 9,310 arrive, as many go home; 24,310 in total, 15,000 present".</summary>
/// <param name="relieves">Those who arrive send home as many of those present.</param>
internal sealed class ReplaySentences(bool relieves)
{
    private const string FactorSuffix = ".path_factor";

    public static string Of(PathDraw draw) => $"day 0: drawn for the whole path: {Name(draw.Field)} {Value(draw)}";

    public static string OfStart(double cumulative, double? present) => $"day 0: the start; {State(cumulative, present)}";

    public string Of(BatchReplay batch) => $"{Day(batch.Day)}: {What(batch)}; {State(batch.Cumulative, batch.Present)}";

    public static string OfHorizon(double day, double cumulative, double? present) =>
        $"{Day(day)}: the horizon; {State(cumulative, present)}";

    private string What(BatchReplay batch)
    {
        var drawn = CountWords.Exact(batch.DrawnCount);
        if (batch.Skipped)
        {
            return $"a batch of {drawn} does not come";
        }

        if (batch.DrawnCount == 0)
        {
            return "a batch of nobody arrives";
        }

        if (batch.ArrivedCount == 0)
        {
            return $"none of {drawn} arrive, the ceiling leaves no room";
        }

        var arrived = CountWords.Exact(batch.ArrivedCount);
        var arrival = batch.ArrivedCount < batch.DrawnCount
            ? $"{arrived} of {drawn} arrive, the ceiling leaves no more room"
            : $"{arrived} arrive";
        return arrival + Returned(batch);
    }

    private string Returned(BatchReplay batch) => !relieves ? ""
        : batch.ReturnedCount == batch.ArrivedCount ? ", as many go home"
        : batch.ReturnedCount == 0 ? ", nobody is there to go home"
        : $", the {CountWords.Exact(batch.ReturnedCount)} there go home";

    private static string State(double cumulative, double? present) =>
        $"{CountWords.Exact(cumulative)} in total" + (present is { } there ? $", {CountWords.Exact(there)} present" : "");

    /// <summary>The whole day, as the date has it.</summary>
    private static string Day(double day) => $"day {Math.Floor(day):#,0}";

    private static string Name(string field) => field switch
    {
        "initial_count" => "initial count",
        "cap" => "ceiling",
        "first_arrival_days" => "first arrival on day",
        "rotation_interval_days" => "gap",
        "batch_size" => "batch size",
        _ when field.EndsWith(FactorSuffix, StringComparison.Ordinal) => $"factor on the {Name(field[..^FactorSuffix.Length])}",
        _ => field,
    };

    private static string Value(PathDraw draw) => draw.Field switch
    {
        "initial_count" or "cap" or "batch_size" => CountWords.Exact(draw.Value),
        "first_arrival_days" => draw.Value.ToString("#,0.0"),
        "rotation_interval_days" => draw.Value.ToString("#,0.0") + " days",
        _ => draw.Value.ToString("0.000"),
    };
}
