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
    public static WorkEstimate Of(ArrivalModel model, int thresholdCount, int extraDayCount, Sampling sampling = Sampling.PseudoRandom)
    {
        var scale = TimeScale.For(model);
        var gap = model.RotationIntervalDays;
        var shortening = model.Events.Aggregate(1.0, (product, e) => product * Math.Min(1, e.IntervalFactor));
        var byTime = ExpectedTerms(gap, model.HorizonDays / shortening, TimeScale.Limit) + 1;
        var arrivals = byTime;
        if (model.Cap is { } cap && StaysFull(model))
        {
            // Skips thin the batches that fill the cap; none is scheduled once it is full.
            arrivals = Math.Min(arrivals, (ExpectedTerms(model.BatchSize, RoomOf(model, cap), byTime) / (1 - model.SkipProbability)) + 1);
        }

        var points = (long)Math.Ceiling(model.HorizonDays / model.StepDays) + 1 + extraDayCount;
        var canBeLattice = model.BatchSize is { Distribution: ConstantDistribution, PathFactor: null };
        var tables = model.RotationMode == RotationMode.Relieve || model.TourLengthDays is not null ? 2 : 1;
        var isReplicated = sampling == Sampling.QuasiRandom;
        var table = CountBins.MostBytes(points, canBeLattice) + (isReplicated ? ReplicateCounts.MostBytes(points) : 0);
        var passages = PassageTally.BytesOf((int)Math.Min(points, int.MaxValue), isReplicated);
        return new(arrivals, scale.TicksPerDay * model.HorizonDays / byTime, (table * tables) + ((thresholdCount + 1L) * passages));
    }

    /// <summary>Does every path end when it reaches its cap, and nothing keep it from filling up at the pace of its batches?</summary>
    private static bool StaysFull(ArrivalModel model) =>
        (model.CapBasis == CapBasis.Cumulative || (model.RotationMode == RotationMode.Reinforce && model.TourLengthDays is null))
        && !model.Events.Any(e => e.CapChange != 0 || e.Halt || e.BatchSizeFactor < 1);

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
        if (limit <= 0)
        {
            return 1;
        }

        var draws = Draws.Of(term.Distribution);
        return Draws.Of(term.PathFactor ?? new ConstantDistribution(1)).Mean(factor =>
        {
            var room = limit / factor;
            if (term.Resampling == Resampling.PerPath)
            {
                return draws.MeanQuotient(room, most - 1) + 1;
            }

            var (mean, square) = draws.MomentsCutAt(room);
            return mean > 0 ? Math.Min(most, (room + (square / mean)) / mean) : most;
        });
    }

    private static double Mean(Distribution distribution, Func<double, double> f) => Draws.Of(distribution).Mean(f);

    /// <summary>
    /// A distribution as a few hundred weighted draws, by octaves of both tails, so that the rarest draws count; ascending, with
    /// sums up to each, so that a mean of what is cut takes a search.
    /// </summary>
    private sealed class Draws
    {
        private const int Parts = 8;
        private const int Octaves = 31;

        private readonly double[] _values;
        private readonly double[] _weights;
        private readonly Sums[] _below; // Sums over all values before each.

        private Draws(double[] values, double[] weights)
        {
            Array.Sort(values, weights);
            (_values, _weights) = (values, weights);
            _below = new Sums[values.Length + 1];
            for (var i = 0; i < values.Length; i++)
            {
                var (w, x) = (weights[i], values[i]);
                _below[i + 1] = new(
                    _below[i].Weight + w,
                    _below[i].First + (w * x),
                    _below[i].Second + (w * x * x),
                    _below[i].Inverse + (x > 0 ? w / x : 0));
            }
        }

        public static Draws Of(Distribution distribution)
        {
            var quantile = QuantileCompiler.Compile(distribution);
            if (quantile.IsConstant)
            {
                return new([quantile.Least], [1]);
            }

            var values = new List<double> { quantile.Evaluate(0), quantile.Evaluate(-1) };
            var weights = new List<double> { Math.ScaleB(1, -32), Math.ScaleB(1, -32) };
            for (var octave = 1; octave <= Octaves; octave++)
            {
                var width = Math.ScaleB(1, 31 - octave) / Parts;
                for (var part = 0; part < Parts; part++)
                {
                    var bits = (uint)(Math.ScaleB(1, 31 - octave) + ((part + 0.5) * width));
                    values.AddRange([quantile.Evaluate((int)bits), quantile.Evaluate((int)~bits)]);
                    weights.AddRange([Math.ScaleB(width, -32), Math.ScaleB(width, -32)]);
                }
            }

            return new([.. values], [.. weights]);
        }

        public double Mean(Func<double, double> f)
        {
            var sum = 0.0;
            for (var i = 0; i < _values.Length; i++)
            {
                sum += _weights[i] * f(_values[i]);
            }

            return sum;
        }

        /// <summary>Mean and mean square of min(X, limit).</summary>
        public (double Mean, double Square) MomentsCutAt(double limit)
        {
            var below = _below[CountBelow(limit)];
            var above = _below[^1].Weight - below.Weight;
            return above > 0
                ? (below.First + (above * limit), below.Second + (above * limit * limit))
                : (below.First, below.Second);
        }

        /// <summary>Mean of min(dividend / X, most).</summary>
        public double MeanQuotient(double dividend, double most)
        {
            var below = _below[CountBelow(dividend / most)];
            return (most * below.Weight) + (dividend * (_below[^1].Inverse - below.Inverse));
        }

        private int CountBelow(double limit)
        {
            var index = Array.BinarySearch(_values, limit);
            return index >= 0 ? index : ~index;
        }

        private readonly record struct Sums(double Weight, double First, double Second, double Inverse);
    }
}
