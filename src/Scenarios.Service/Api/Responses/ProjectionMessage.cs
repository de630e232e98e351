using System.Collections.Immutable;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Api.Responses;

/// <summary>Makes the message of a projection from its figures: a function of its arguments alone, bit for bit.</summary>
public static class ProjectionMessage
{
    /// <summary>The projection of the paths in a summary.</summary>
    /// <param name="spec">What was asked.</param>
    /// <param name="summary">The figures of the paths so far.</param>
    /// <param name="samplePaths">The first paths, as many as asked for and computed.</param>
    public static V1.Projection From(ProjectionSpec spec, ProjectionSummary summary, ImmutableArray<SamplePath> samplePaths)
    {
        var calendar = new Calendar(spec.Scenario.StartDate);
        var answer = new Answer(spec, summary, calendar);
        return new()
        {
            Name = spec.Name,
            Headline = answer.Headline,
            Consequence = answer.Consequence,
            Scenario = spec.Scenario,
            Seed = spec.Seed,
            Paths = summary.Paths,
            QuantileLevels = { spec.Query.QuantileLevels },
            EffectiveSampleSize = summary.Paths,
            LiveErrorFactor = summary.LiveErrorFactor,
            Points = { summary.Points.Select(point => Point(point, calendar)) },
            Thresholds =
            {
                spec.Query.Thresholds.Zip(summary.Thresholds, (count, passage) => Threshold(count, passage, summary.Paths, calendar)),
            },
            Cap = summary.Cap is { } cap ? Cap(cap, summary.Paths, calendar) : null,
            // A run is shared with scenarios that list the same events in another order.
            Events = { spec.Model.Events.Select(happening => Event(summary.Events.Single(outcome => outcome.EventId == happening.Id))) },
            SamplePaths = { samplePaths.Select(Path) },
            Histograms = { summary.Histograms.Select(Histogram) },
            Warnings = { ProjectionWarnings.Of(spec, summary) },
        };
    }

    private static V1.ProjectionPoint Point(PointSummary point, Calendar calendar) => new()
    {
        Day = point.Day,
        Date = calendar.DateOf(point.Day),
        Cumulative = Summary(point.Cumulative),
        Present = point.Present is { } present ? Summary(present) : null,
    };

    private static V1.Summary Summary(CountSummary summary) => new()
    {
        Mean = summary.Mean,
        StandardDeviation = summary.StandardDeviation,
        MeanStandardError = summary.MeanStandardError,
        StandardDeviationStandardError = summary.StandardDeviationStandardError,
        Quantiles = { summary.Quantiles },
        QuantileStandardErrors = { summary.QuantileStandardErrors },
        Min = summary.Min,
        Max = summary.Max,
    };

    private static V1.ThresholdPassage Threshold(long count, PassageSummary passage, long paths, Calendar calendar)
    {
        var message = new V1.ThresholdPassage
        {
            Count = count,
            ReachedProbability = passage.Reached.Probability,
            ReachedProbabilityStandardError = passage.Reached.StandardError,
            ReachedInWords = ChanceWords.InWords(passage.Reached, paths),
            ReachedProbabilityByPoint = { passage.ReachedByPoint },
            FirstPassage = { passage.Quantiles.Select(quantile => Quantile(quantile, calendar)) },
        };
        if (passage.EarliestDay is { } day)
        {
            message.EarliestDay = day;
        }

        return message;
    }

    private static V1.CapPassage Cap(PassageSummary passage, long paths, Calendar calendar)
    {
        var message = new V1.CapPassage
        {
            ReachedProbability = passage.Reached.Probability,
            ReachedProbabilityStandardError = passage.Reached.StandardError,
            ReachedInWords = ChanceWords.InWords(passage.Reached, paths),
            ReachedProbabilityByPoint = { passage.ReachedByPoint },
            FirstPassage = { passage.Quantiles.Select(quantile => Quantile(quantile, calendar)) },
        };
        if (passage.EarliestDay is { } day)
        {
            message.EarliestDay = day;
        }

        return message;
    }

    private static V1.PassageQuantile Quantile(PassageQuantile quantile, Calendar calendar)
    {
        var message = new V1.PassageQuantile { Level = quantile.Level };
        if (quantile.Day is { } day)
        {
            message.Day = day;
            message.Date = calendar.DateOf(day);
        }

        if (quantile.DayStandardError is { } error)
        {
            message.DayStandardError = error;
        }

        return message;
    }

    private static V1.EventOutcome Event(EventChance outcome) => new()
    {
        EventId = outcome.EventId,
        Probability = outcome.Chance.Probability,
        ProbabilityStandardError = outcome.Chance.StandardError,
    };

    private static V1.SamplePath Path(SamplePath path) => new()
    {
        Days = { path.Days },
        Cumulative = { path.Cumulative },
        Present = { path.Present },
    };

    private static V1.Histogram Histogram(HistogramSummary histogram) => new()
    {
        Day = histogram.Day,
        Edges = { histogram.Edges },
        Counts = { histogram.Counts.Select(count => (double)count) },
    };
}
