using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>What a projection will cost, before anything is simulated.</summary>
/// <param name="ArrivalsPerPath">Scheduled batches of a path, on average.</param>
/// <param name="GapTicks">Mean gap in ticks of the engine's clock: below <see cref="ShortestGapTicks"/> the clock is too coarse.</param>
/// <param name="MostTallyBytes">The most that one tally can take.</param>
public readonly record struct WorkEstimate(double ArrivalsPerPath, double GapTicks, long MostTallyBytes)
{
    /// <summary>Shortest mean gap: rounding to ticks then moves the mean by less than a millionth.</summary>
    public const double ShortestGapTicks = 500;

    private const int Midpoints = 256;

    /// <summary>Estimates the cost of a scenario.</summary>
    public static WorkEstimate Of(ArrivalModel model, int thresholdCount, int extraDayCount)
    {
        var scale = TimeScale.For(model);
        var gap = model.RotationIntervalDays;
        var inverseFactor = gap.PathFactor is { } factor ? MeanOf(factor, x => 1 / x) : 1;
        var rate = inverseFactor * (gap.Resampling == Resampling.PerPath ? MeanOf(gap.Distribution, x => 1 / x) : 1 / gap.Distribution.Mean);
        var arrivals = (model.HorizonDays * rate) + 1;
        if (model.Cap is { } cap && !(model.CapBasis == CapBasis.Present && model.RotationMode == RotationMode.Relieve))
        {
            arrivals = Math.Min(arrivals, ArrivalsToFill(model, cap));
        }

        var points = (long)Math.Ceiling(model.HorizonDays / model.StepDays) + 1 + extraDayCount;
        return new(arrivals, scale.TicksPerDay / rate, CountBins.MostBytes(points) * (model.RotationMode == RotationMode.Relieve ? 2 : 1)
            + ((thresholdCount + 1) * PassageTally.BytesOf((int)points)));
    }

    /// <summary>Batches until a cap is reached: no gap is drawn after that.</summary>
    private static double ArrivalsToFill(ArrivalModel model, Assumption cap)
    {
        var size = model.BatchSize;
        var meanSize = size.Distribution.Mean * (1 - model.SkipProbability) * (size.PathFactor?.Mean ?? 1);
        var inverse = size.Resampling == Resampling.PerPath || size.PathFactor is not null
            ? MeanOf(size.Distribution, x => 1 / Math.Max(x, 1)) * (size.PathFactor is { } factor ? MeanOf(factor, x => 1 / x) : 1)
            : 1 / meanSize;
        var room = Math.Max(0, (cap.Distribution.Mean * (cap.PathFactor?.Mean ?? 1)) - (model.InitialCount?.Distribution.Mean ?? 0));
        return (room * inverse) + 2;
    }

    private static double MeanOf(Distribution distribution, Func<double, double> f)
    {
        var sum = 0.0;
        for (var i = 0; i < Midpoints; i++)
        {
            sum += f(distribution.Quantile((i + 0.5) / Midpoints));
        }

        return sum / Midpoints;
    }
}
