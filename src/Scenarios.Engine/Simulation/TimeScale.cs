using Scenarios.Engine.Model;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Time as whole ticks, so that sums of gaps are exact and a grid point sees exactly the arrivals at or before it.
/// </summary>
/// <remarks>
/// A day has 5^b 2^k ticks: as many as leave the horizon below 2^30, with the smallest b that makes the scenario's own
/// constants (step, horizon, a constant gap, first arrival or tour) whole; events have no say, so that without one every time stays. So ten gaps of 75.3 days end on day 753, not a rounding
/// error after it. Two years have a resolution of at worst 0.3 s. A function of the scenario alone.
/// </remarks>
internal readonly record struct TimeScale(double TicksPerDay, int HorizonTicks)
{
    /// <summary>Every tick count that matters is below this; a gap is cut here, past any horizon.</summary>
    public const int Limit = 1 << 30;

    private const int LargestPowerOfFive = 9;

    /// <summary>Days within a hundred-thousandth of a tick count as whole: decimals are not exact in binary.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>What rounding of double precision can make of a sum of gaps that ends half way between two ticks.</summary>
    public const double Half = 0.5 + 1e-6;

    public static TimeScale For(ArrivalModel model)
    {
        var constants = new List<double> { model.HorizonDays, model.StepDays };
        AddConstant(constants, model.RotationIntervalDays);
        AddConstant(constants, model.FirstArrivalDays);
        AddConstant(constants, model.TourLengthDays);
        var five = 1.0;
        for (var b = 0; b <= LargestPowerOfFive; b++, five *= 5)
        {
            var ticks = LargestScale(model.HorizonDays, five);
            if (constants.TrueForAll(days => IsWhole(days * ticks)))
            {
                return new(ticks, (int)Math.Round(model.HorizonDays * ticks));
            }
        }

        var fallback = LargestScale(model.HorizonDays, 1);
        return new(fallback, Whole(model.HorizonDays * fallback));
    }

    /// <summary>The nearest tick to a day.</summary>
    public int Ticks(double days) => Whole(days * TicksPerDay);

    /// <summary>The nearest whole tick, cut past any horizon.</summary>
    public static int Whole(double ticks) => (int)Math.Min(Math.Floor(ticks + Half), Limit);

    /// <summary>
    /// Whole ticks between two instants, at least one. An instant that is reached by several ways, such as three times a third of a
    /// day, is the same whole tick by each.
    /// </summary>
    public static int Between(double from, double to) => (int)Math.Clamp(Math.Floor(to + Half) - Math.Floor(from + Half), 1, Limit);

    public double Days(int ticks) => ticks / TicksPerDay;

    private static void AddConstant(List<double> constants, Assumption? assumption)
    {
        if (assumption is null || assumption.Distribution.Min < assumption.Distribution.Max)
        {
            return;
        }

        if (assumption.PathFactor is not { } factor)
        {
            constants.Add(assumption.Distribution.Min);
        }
        else if (factor.Min == factor.Max)
        {
            constants.Add(assumption.Distribution.Min * factor.Min);
        }
    }

    private static double LargestScale(double horizonDays, double five) =>
        Math.ScaleB(five, Math.ILogB((Limit - 1) / (horizonDays * five)));

    private static bool IsWhole(double x) => Math.Abs(x - Math.Round(x)) <= Tolerance;
}
