using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Api.Responses;

/// <summary>Makes the message of a replayed path.</summary>
internal static class ReplayMessage
{
    /// <summary>One path, every draw, arrival and skip in order, each also as a sentence.</summary>
    public static V1.ReplayPathResponse From(V1.Scenario scenario, ArrivalModel model, long seed, long pathIndex, PathReplay replay)
    {
        var calendar = new Calendar(scenario.StartDate);
        var sentences = new ReplaySentences(model.RotationMode == RotationMode.Relieve);
        double? initialPresent = model.RotationMode == RotationMode.Unspecified ? null : replay.InitialCumulative;
        var (cumulative, present) = replay.Batches is [.., var last]
            ? (last.Cumulative, last.Present)
            : (replay.InitialCumulative, initialPresent);
        return new()
        {
            Seed = seed,
            PathIndex = pathIndex,
            Scenario = scenario,
            Entries =
            {
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
                replay.Batches.Select(batch => new V1.ReplayEntry
                {
                    Day = batch.Day,
                    Date = calendar.DateOf(batch.Day),
                    Sentence = sentences.Of(batch),
                    BatchArrival = Arrival(batch),
                }),
                new V1.ReplayEntry
                {
                    Day = model.HorizonDays,
                    Date = calendar.DateOf(model.HorizonDays),
                    Sentence = ReplaySentences.OfHorizon(model.HorizonDays, cumulative, present),
                    HorizonReached = Horizon(cumulative, present),
                },
            },
        };
    }

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
            ArrivedCount = batch.ArrivedCount,
            ReturnedCount = batch.ReturnedCount,
            Cumulative = batch.Cumulative,
        };
        if (batch.GapDays is { } gap)
        {
            message.GapDays = gap;
        }

        if (batch.Present is { } present)
        {
            message.Present = present;
        }

        return message;
    }
}
