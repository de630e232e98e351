using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>What a projection will cost, before anything is simulated.</summary>
/// <param name="ArrivalsPerPath">
/// Scheduled batches of a path: an upper bound of their expected number, tails included as far as draws reach. Single paths
/// may have more, but never more than 2^30, the ticks of the clock.
/// </param>
/// <param name="GapTicks">Mean gap in ticks of the engine's clock: below <see cref="ShortestGapTicks"/> the clock is too coarse.</param>
/// <param name="MostTallyBytes">The most that one tally can take.</param>
public readonly record struct WorkEstimate(double ArrivalsPerPath, double GapTicks, long MostTallyBytes)
{
    /// <summary>Shortest mean gap: rounding to ticks then moves the mean by less than a millionth.</summary>
    public const double ShortestGapTicks = 500;

    /// <summary>Estimates the cost of a scenario. Fast once its distributions are compiled.</summary>
    public static WorkEstimate Of(ArrivalModel model, int thresholdCount, int extraDayCount)
    {
        var scale = TimeScale.For(model);
        var gap = model.RotationIntervalDays;
        var byTime = ExpectedTerms(gap, model.HorizonDays, TimeScale.Limit) + 1;
        var arrivals = byTime;
        if (model.Cap is { } cap && !(model.CapBasis == CapBasis.Present && model.RotationMode == RotationMode.Relieve))
        {
            // Skips thin the batches that fill the cap; none is scheduled once it is full.
            arrivals = Math.Min(arrivals, (ExpectedTerms(model.BatchSize, RoomOf(model, cap), byTime) / (1 - model.SkipProbability)) + 1);
        }

        var points = (long)Math.Ceiling(model.HorizonDays / model.StepDays) + 1 + extraDayCount;
        var canBeLattice = model.BatchSize is { Distribution: ConstantDistribution, PathFactor: null };
        var tables = model.RotationMode == RotationMode.Relieve ? 2 : 1;
        return new(
            arrivals,
            scale.TicksPerDay * model.HorizonDays / byTime,
            (CountBins.MostBytes(points, canBeLattice) * tables) + ((thresholdCount + 1L) * PassageTally.BytesOf((int)Math.Min(points, int.MaxValue))));
    }

    /// <summary>The most that is missing to the cap on average, were every factor on its own.</summary>
    private static double RoomOf(ArrivalModel model, Assumption cap)
    {
        var least = model.InitialCount is { } initial ? initial.Distribution.Min * (initial.PathFactor?.Min ?? 1) : 0;
        return cap.PathFactor is { } factor
            ? Mean(cap.Distribution, x => x) * Mean(factor, x => x)
            : Mean(cap.Distribution, x => Math.Max(0, x - Math.Max(0, least)));
    }

    /// <summary>
    /// Upper bound of the expected number of terms until their sum passes a limit: Lorden's inequality (1970) for terms of one
    /// law, cut at the limit, which changes no number; the limit over the term where it is one number in a path.
    /// </summary>
    private static double ExpectedTerms(Assumption term, double limit, double most)
    {
        var factor = term.PathFactor ?? new ConstantDistribution(1);
        if (term.Resampling == Resampling.PerPath)
        {
            return Mean(factor, f => Mean(term.Distribution, x => Math.Min(most, (limit / (f * x)) + 1)));
        }

        return Mean(factor, f =>
        {
            var room = limit / f;
            var mean = Mean(term.Distribution, x => Math.Min(x, room));
            var square = Mean(term.Distribution, x => Math.Min(x, room) * Math.Min(x, room));
            return mean > 0 ? Math.Min(most, (room + (square / mean)) / mean) : most;
        });
    }

    /// <summary>Mean of a function of a draw, by octaves of both tails, so that the rarest draws count.</summary>
    private static double Mean(Distribution distribution, Func<double, double> f)
    {
        const int Parts = 8;
        const int Octaves = 31;
        var quantile = QuantileCompiler.Compile(distribution);
        if (quantile.IsConstant)
        {
            return f(quantile.Least);
        }

        var sum = 0.0;
        for (var octave = 1; octave <= Octaves; octave++)
        {
            var width = Math.ScaleB(1, 31 - octave) / Parts;
            for (var part = 0; part < Parts; part++)
            {
                var bits = (uint)(Math.ScaleB(1, 31 - octave) + ((part + 0.5) * width));
                sum += width * (f(quantile.Evaluate((int)bits)) + f(quantile.Evaluate((int)~bits)));
            }
        }

        return (sum + f(quantile.Evaluate(0)) + f(quantile.Evaluate(-1))) / Math.ScaleB(1, 32);
    }
}
