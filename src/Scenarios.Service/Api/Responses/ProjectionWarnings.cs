using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Api.Responses;

/// <summary>What a reader should know before relying on the numbers.</summary>
internal static class ProjectionWarnings
{
    public static IEnumerable<V1.Warning> Of(ArrivalModel model, ProjectionSummary summary)
    {
        if (GrowthVariesByChanceAlone(model))
        {
            yield return new()
            {
                Code = "NARROW_FAN",
                Message = "Every gap and every batch is drawn anew, so that their differences average out, and the fan is often far too "
                    + "narrow: give a gap or a batch size a path_factor, or resampling PER_PATH, for what "
                    + "is not known about its typical value.",
                Field = "scenario.assumptions",
            };
        }

        var figures = summary.KeyFigures;
        if (figures.PathsAboveRange > 0)
        {
            yield return new()
            {
                Code = "RANGE_EXCEEDED",
                Message = $"{CountWords.Share(figures.PathsAboveRange, summary.Paths)} went above {CountWords.Exact(figures.RangeEnd)}, "
                    + "twice the largest count among the first 1,000: quantiles up there are coarser, as their standard errors say.",
            };
        }
    }

    private static bool GrowthVariesByChanceAlone(ArrivalModel model)
    {
        Assumption[] recurring = [model.RotationIntervalDays, model.BatchSize];
        var chance = model.SkipProbability > 0
            || recurring.Any(assumption => assumption.Resampling == Resampling.PerBatch && Spread.Varies(assumption.Distribution));
        var ignorance = recurring.Any(assumption => (assumption.PathFactor is { } factor && Spread.Varies(factor))
            || (assumption.Resampling == Resampling.PerPath && Spread.Varies(assumption.Distribution)));
        return chance && !ignorance;
    }
}
