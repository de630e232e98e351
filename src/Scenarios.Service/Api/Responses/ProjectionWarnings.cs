using Google.Protobuf.Collections;
using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Api.Responses;

/// <summary>What a reader should know before relying on the numbers, always in the same order.</summary>
internal static class ProjectionWarnings
{
    /// <summary>What happens in fewer than 1 in 20 futures does not reach the bands that a fan usually shows.</summary>
    private const double ShowsInTheFan = 0.05;

    public static IEnumerable<V1.Warning> Of(ProjectionSpec spec, ProjectionSummary summary)
    {
        if (SpreadIsChanceAlone(spec.Model, summary))
        {
            yield return NarrowFan(spec.Model);
        }

        foreach (var warning in EventsThatNeverHappen(spec.Scenario.Events))
        {
            yield return warning;
        }

        foreach (var warning in CorrelationsWithoutEffect(spec.Scenario, spec.Model))
        {
            yield return warning;
        }

        if (summary.FewPathLevels.Length > 0)
        {
            yield return FewPaths(summary);
        }

        var figures = summary.KeyFigures;
        if (figures.PathsAboveRange > 0)
        {
            yield return new()
            {
                Code = "RANGE_EXCEEDED",
                Message = $"{CountWords.Share(figures.PathsAboveRange, summary.Paths)} went above {CountWords.Exact(figures.RangeEnd)}, "
                    + "the range set by the first 1,000: quantiles up there are coarser, as their standard errors say.",
            };
        }
    }

    /// <summary>A binomial count of which at least 3.7 are expected is 0 in fewer than 2.5 % of samples: then the sample bounds a quantile.</summary>
    private static V1.Warning FewPaths(ProjectionSummary summary)
    {
        const double enough = 3.7;
        var levels = summary.FewPathLevels;
        var extreme = levels.Min(level => Math.Min(level, 1 - level));
        return new()
        {
            Code = "FEW_PATHS",
            Message = $"Of {CountWords.Paths(summary.Paths)} fewer than 4 are expected beyond the {(levels.Length == 1 ? "level" : "levels")} "
                + $"{string.Join(", ", levels.Select(level => level.ToString("R")))}: they do not bound the quantiles on both sides. The standard errors reach to "
                + "what is possible at all, and are infinite, or absent for days, if that has no bound. "
                + $"Ask for at least {Math.Ceiling(Math.Round(enough / extreme, 1)):#,0} paths, or for less extreme levels.",
            Field = "quantile_levels",
        };
    }

    /// <summary>
    /// A fan is too narrow where all that moves it averages out: what is drawn anew for every batch does, what is drawn once per path
    /// (a path factor, a PER_PATH value, whether and when an event happens) does not. The question is asked of the total, which
    /// gaps and batches make (and tours, where they free room below the cap), and of those present, which tours make too.
    /// </summary>
    /// <remarks>
    /// Correlations add no ignorance: those of a batch average out with it, those of a path link what is ignorance already. Initial count
    /// and cap, and events that only move the cap, shift the start and the end of the fan; how fast it grows between them stays a
    /// matter of chance.
    /// </remarks>
    private static bool SpreadIsChanceAlone(ArrivalModel model, ProjectionSummary summary)
    {
        if (model.Events.Any(happening => Spread.ActsOnBatches(happening) && Spread.Varies(happening, model)
            && summary.Events.Single(outcome => outcome.EventId == happening.Id).Chance.Probability >= ShowsInTheFan))
        {
            return false;
        }

        Assumption[] arrivals = [model.RotationIntervalDays, model.BatchSize];
        if (model.TourLengthDays is not { } tour)
        {
            return IsChanceAlone(arrivals, model);
        }

        Assumption[] presence = [.. arrivals, tour];
        return IsChanceAlone(presence, model) || (model.CapBasis == CapBasis.Cumulative && IsChanceAlone(arrivals, model));
    }

    private static bool IsChanceAlone(Assumption[] recurring, ArrivalModel model)
    {
        var chance = model.SkipProbability > 0
            || recurring.Any(assumption => assumption.Resampling == Resampling.PerBatch && Spread.Varies(assumption.Distribution));
        var ignorance = recurring.Any(assumption => (assumption.PathFactor is { } factor && Spread.Varies(factor))
            || (assumption.Resampling == Resampling.PerPath && Spread.Varies(assumption.Distribution)));
        return chance && !ignorance;
    }

    private static V1.Warning NarrowFan(ArrivalModel model)
    {
        var (every, give) = model.TourLengthDays is null
            ? ("Every gap and every batch is", "a gap or a batch size")
            : ("Gaps, batches or tours are", "a gap, a batch size or a tour");
        return new()
        {
            Code = "NARROW_FAN",
            Message = $"{every} drawn anew, so that their differences average out, and the fan is often far too "
                + $"narrow: give {give} a path_factor, or resampling PER_PATH, for what "
                + "is not known about its typical value.",
            Field = "scenario.assumptions",
        };
    }

    /// <summary>Enabled events whose clock is never started: the event before them is disabled, or waits for one that is.</summary>
    private static IEnumerable<V1.Warning> EventsThatNeverHappen(RepeatedField<V1.Event> events)
    {
        var byId = events.ToDictionary(happening => happening.EventId);
        for (var i = 0; i < events.Count; i++)
        {
            if (!events[i].Disabled && DisabledBefore(events[i], byId) is { } disabled)
            {
                var chain = disabled == events[i].After ? "" : $", which waits for {Quoted(disabled)}";
                yield return new()
                {
                    Code = "EVENT_NEVER_HAPPENS",
                    Message = $"{Quoted(events[i].EventId)} never happens: it comes after {Quoted(events[i].After)}{chain}, "
                        + $"which is disabled. Enable {Quoted(disabled)}, or leave after empty.",
                    Field = $"scenario.events[{i}].after",
                };
            }
        }
    }

    private static string? DisabledBefore(V1.Event happening, Dictionary<string, V1.Event> byId)
    {
        for (var after = happening.After; after.Length > 0; after = byId[after].After)
        {
            if (byId[after].Disabled)
            {
                return after;
            }
        }

        return null;
    }

    private static IEnumerable<V1.Warning> CorrelationsWithoutEffect(V1.Scenario scenario, ArrivalModel model)
    {
        for (var i = 0; i < scenario.Correlations.Count; i++)
        {
            var pair = scenario.Correlations[i];
            string[] constants = [.. new[] { pair.A, pair.B }.Where(name => IsConstant(name, model))];
            if (constants.Length > 0)
            {
                var which = constants.Length == 1 ? $"{constants[0]} is a constant" : "both are constants";
                yield return new()
                {
                    Code = "CORRELATION_WITHOUT_EFFECT",
                    Message = $"The correlation of {pair.A} and {pair.B} has no effect: {which}. "
                        + "Give it a distribution that varies (a path_factor is drawn apart), or leave the correlation out.",
                    Field = $"scenario.correlations[{i}]",
                };
            }
        }
    }

    private static bool IsConstant(string assumption, ArrivalModel model)
    {
        var correlated = assumption switch
        {
            "initial_count" => model.InitialCount,
            "rotation_interval_days" => model.RotationIntervalDays,
            "batch_size" => model.BatchSize,
            "cap" => model.Cap,
            "first_arrival_days" => model.FirstArrivalDays,
            "tour_length_days" => model.TourLengthDays,
            _ => throw new System.Diagnostics.UnreachableException($"{assumption} cannot be correlated."),
        };
        return correlated is null || !Spread.Varies(correlated.Distribution);
    }

    private static string Quoted(string id) => $"\"{id}\"";
}
