using System.Collections.Immutable;
using Scenarios.Engine.Model;

namespace Scenarios.Engine.Simulation;

/// <summary>The points at which counts are tallied: the scenario's grid, and report days off it.</summary>
/// <remarks>An instant belongs to the first point at or after it; one past the horizon to a place of its own behind the last.</remarks>
internal sealed class TimeGrid
{
    private readonly TimeScale _scale;
    private readonly int[] _ticks;
    private readonly int _cellShift;
    private readonly int[] _firstPointOfCell;

    public TimeGrid(ArrivalModel model, TimeScale scale, ImmutableArray<double> extraDays)
    {
        _scale = scale;
        var days = new SortedSet<double>(extraDays);
        days.UnionWith(GridDays(model.HorizonDays, model.StepDays));

        // Three steps of a third of the horizon end on it: a point that the clock cannot tell from the horizon is the horizon.
        days.RemoveWhere(day => day < model.HorizonDays && IsAtHorizon(day));
        Days = [.. days];
        _ticks = [.. Days.Select(scale.Ticks)];
        _ticks[^1] = scale.HorizonTicks;
        UniformStep = StepOf(_ticks);
        if (UniformStep > 0)
        {
            // kernel.md: ceil(t / step) = MulHi(t + step - 1, M) >> s with M = ceil(2^(32 + s) / step), 2^s < step, so that M
            // has 32 bits.
            Shift = System.Numerics.BitOperations.Log2((uint)UniformStep - 1);
            Multiplier = (uint)(((1UL << (32 + Shift)) + (ulong)UniformStep - 1) / (ulong)UniformStep);
        }

        // Cells of at most half the shortest distance of points would be unbounded for points that nearly coincide: 2^14
        // cells and a short walk.
        _cellShift = 30 - 14;
        _firstPointOfCell = new int[(1 << 14) + 1];
        var point = 0;
        for (var cell = 0; cell < _firstPointOfCell.Length; cell++)
        {
            while (point < _ticks.Length - 1 && _ticks[point] < (long)cell << _cellShift)
            {
                point++;
            }

            _firstPointOfCell[cell] = point;
        }
    }

    /// <summary>The days of the points, ascending; the last is the horizon.</summary>
    public ImmutableArray<double> Days { get; }

    /// <summary>The same in ticks.</summary>
    public IReadOnlyList<int> Ticks => _ticks;

    public int PointCount => _ticks.Length;

    public int HorizonTicks => _scale.HorizonTicks;

    /// <summary>Ticks from point to point where all but the last are equally far apart and a multiply finds them; else 0.</summary>
    public int UniformStep { get; }

    public uint Multiplier { get; }

    public int Shift { get; }

    /// <summary>The scenario's own grid: 0, step, 2 step, ... below the horizon, and the horizon.</summary>
    public static IEnumerable<double> GridDays(double horizonDays, double stepDays)
    {
        var step = (decimal)stepDays;
        var horizon = (decimal)horizonDays;
        for (var day = 0m; day < horizon; day += step)
        {
            yield return (double)day;
        }

        yield return horizonDays;
    }

    /// <summary>The first point at or after an instant; <see cref="PointCount"/> past the horizon.</summary>
    public int PointAt(int ticks)
    {
        if (ticks > HorizonTicks)
        {
            return PointCount;
        }

        if (UniformStep > 0)
        {
            return (int)(((ulong)(uint)(ticks + UniformStep - 1) * Multiplier) >> (32 + Shift));
        }

        var point = _firstPointOfCell[ticks >> _cellShift];
        while (_ticks[point] < ticks)
        {
            point++;
        }

        return point;
    }

    /// <summary>Index of a day that is one of the points: of the horizon's, where the clock cannot tell it from the horizon.</summary>
    public int IndexOf(double day)
    {
        var index = Days.BinarySearch(day);
        return index >= 0 ? index
            : day < Days[^1] && IsAtHorizon(day) ? PointCount - 1
            : throw new ArgumentOutOfRangeException(nameof(day), day, "Not a point of this tally.");
    }

    private bool IsAtHorizon(double day) => _scale.Ticks(day) >= _scale.HorizonTicks;

    private static int StepOf(int[] ticks)
    {
        var step = ticks[1] - ticks[0];
        for (var i = 1; i < ticks.Length - 1; i++)
        {
            if (ticks[i] != (long)i * step)
            {
                return 0;
            }
        }

        var last = ticks[^1] - ticks[^2];
        return step > 1 && last > 0 && last <= step && ticks[0] == 0 ? step : 0;
    }
}
