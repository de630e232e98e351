using Scenarios.Engine.Distributions;
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
    private const double Whole = 1e-5;

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
        return new(fallback, (int)Math.Floor((model.HorizonDays * fallback) + 0.5));
    }

    /// <summary>The nearest tick to a day.</summary>
    public int Ticks(double days) => (int)Math.Min(Math.Floor((days * TicksPerDay) + 0.5), Limit);

    public double Days(int ticks) => ticks / TicksPerDay;

    private static void AddConstant(List<double> constants, Assumption? assumption)
    {
        if (assumption is { Distribution: ConstantDistribution constant, PathFactor: null })
        {
            constants.Add(constant.Value);
        }
    }

    private static double LargestScale(double horizonDays, double five) =>
        Math.ScaleB(five, Math.ILogB((Limit - 1) / (horizonDays * five)));

    private static bool IsWhole(double x) => Math.Abs(x - Math.Round(x)) <= Whole;
}
