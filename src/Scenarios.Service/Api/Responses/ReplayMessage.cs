using System.Diagnostics;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Api.Responses;

/// <summary>Makes the message of a replayed path.</summary>
internal static class ReplayMessage
{
    /// <summary>One path: every draw, batch, tour's end and event in order, each also as a sentence.</summary>
    public static V1.ReplayPathResponse From(V1.Scenario scenario, ArrivalModel model, long seed, long pathIndex, PathReplay replay)
    {
        var calendar = new Calendar(scenario.StartDate);
        var sentences = new ReplaySentences(scenario.Events, model.RotationMode == RotationMode.Relieve);
        double? initialPresent = model.RotationMode == RotationMode.Unspecified ? null : replay.InitialCumulative;
        var (cumulative, present) = End(replay.Entries.Reverse(), (replay.InitialCumulative, initialPresent));
        var begun = replay.Entries.TakeWhile(entry => entry.Day < 0);
        return new()
        {
            Seed = seed,
            PathIndex = pathIndex,
            Scenario = scenario,
            Entries =
            {
                begun.Select(Entry),
                replay.Draws.Select(draw => new V1.ReplayEntry
                {
                    Date = calendar.DateOf(0),
                    Sentence = ReplaySentences.Of(draw),
                    PathDraw = new() { Field = draw.Field, Value = draw.Value },
                }),
                new V1.ReplayEntry
                {
                    Date = calendar.DateOf(0),
                    Sentence = ReplaySentences.OfStart(replay.InitialCumulative, initialPresent),
                    PathStart = Start(replay.InitialCumulative, initialPresent),
                },
                replay.Entries.Skip(begun.Count()).Select(Entry),
                new V1.ReplayEntry
                {
                    Day = model.HorizonDays,
                    Date = calendar.DateOf(model.HorizonDays),
                    Sentence = ReplaySentences.OfHorizon(model.HorizonDays, cumulative, present),
                    HorizonReached = Horizon(cumulative, present),
                },
            },
        };

        V1.ReplayEntry Entry(ReplayEntry entry)
        {
            var message = What(entry);
            message.Day = entry.Day;
            message.Date = calendar.DateOf(entry.Day);
            message.Sentence = sentences.Of(entry);
            return message;
        }
    }

    /// <summary>The counts that the last batch or tour's end left behind; those of the start where there was none.</summary>
    private static (double Cumulative, double? Present) End(
        IEnumerable<ReplayEntry> latestFirst, (double Cumulative, double? Present) start)
    {
        foreach (var entry in latestFirst)
        {
            switch (entry)
            {
                case BatchReplay batch:
                    return (batch.Cumulative, batch.Present);
                case TourEndReplay tour:
                    return (tour.Cumulative, tour.Present);
            }
        }

        return start;
    }

    private static V1.ReplayEntry What(ReplayEntry entry) => entry switch
    {
        BatchReplay batch => new() { BatchArrival = Arrival(batch) },
        TourEndReplay tour => new()
        {
            TourEnd = new()
            {
                Batch = tour.Batch,
                ReturnedCount = tour.ReturnedCount,
                Cumulative = tour.Cumulative,
                Present = tour.Present,
            },
        },
        EventStartReplay start => new() { EventStart = EventStart(start) },
        EventEndReplay end => new() { EventEnd = new() { EventId = end.EventId } },
        _ => throw new UnreachableException($"No message for {entry.GetType().Name}."),
    };

    private static V1.PathStart Start(double cumulative, double? present)
    {
        var message = new V1.PathStart { Cumulative = cumulative };
        if (present is { } there)
        {
            message.Present = there;
        }

        return message;
    }

    private static V1.HorizonReached Horizon(double cumulative, double? present)
    {
        var message = new V1.HorizonReached { Cumulative = cumulative };
        if (present is { } there)
        {
            message.Present = there;
        }

        return message;
    }

    private static V1.BatchArrival Arrival(BatchReplay batch)
    {
        var message = new V1.BatchArrival
        {
            Batch = batch.Batch,
            DrawnCount = batch.DrawnCount,
            Skipped = batch.Skipped,
            Halted = batch.Halted,
            ArrivedCount = batch.ArrivedCount,
            ReturnedCount = batch.ReturnedCount,
            Cumulative = batch.Cumulative,
        };
        if (batch.GapDays is { } gap)
        {
            message.GapDays = gap;
        }

        if (batch.TourLengthDays is { } tour)
        {
            message.TourLengthDays = tour;
        }

        if (batch.Present is { } present)
        {
            message.Present = present;
        }

        return message;
    }

    private static V1.EventStart EventStart(EventStartReplay start)
    {
        var message = new V1.EventStart { EventId = start.EventId };
        if (start.DurationDays is { } days)
        {
            message.DurationDays = days;
        }

        return message;
    }
}
