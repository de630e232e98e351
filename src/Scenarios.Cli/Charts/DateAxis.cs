namespace Scenarios.Cli.Charts;

/// <summary>A mark on the axis of dates.</summary>
/// <param name="Day">Days after the start.</param>
/// <param name="Label">What stands below it.</param>
/// <param name="IsYear">The first mark of a year.</param>
internal sealed record DateTick(double Day, string Label, bool IsYear);

/// <summary>Marks at round dates, as many as there is room for.</summary>
internal static class DateAxis
{
    private const int Gap = 2;

    private static readonly int[] MonthSteps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

    private static readonly int[] DaySteps = [1, 2, 7, 14];

    /// <summary>The densest round marks whose labels fit in that many columns.</summary>
    public static IReadOnlyList<DateTick> Ticks(DateOnly start, double horizonDays, int columns) =>
        DaySteps.Select(step => EveryDays(start, horizonDays, step))
            .Concat(MonthSteps.Select(step => EveryMonths(start, horizonDays, step)))
            .FirstOrDefault(ticks => Fit(ticks, horizonDays, columns)) ?? [];

    private static List<DateTick> EveryDays(DateOnly start, double horizonDays, int step)
    {
        var ticks = new List<DateTick>();
        for (var day = 0; day <= horizonDays && ticks.Count <= 100; day += step)
        {
            ticks.Add(new(day, start.AddDays(day).ToString("d MMM"), IsYear: day == 0));
        }

        return ticks;
    }

    private static List<DateTick> EveryMonths(DateOnly start, double horizonDays, int step)
    {
        var ticks = new List<DateTick>();
        var date = new DateOnly(start.Year, 1, 1);
        if (step > 12)
        {
            date = new DateOnly(Math.Max(1, start.Year / (step / 12) * (step / 12)), 1, 1);
        }

        for (; date.DayNumber - start.DayNumber <= horizonDays && ticks.Count <= 100; date = date.AddMonths(step))
        {
            if (date >= start)
            {
                var isYear = date.Month == 1;
                var format = step >= 12 ? "yyyy" : isYear ? "MMM yyyy" : "MMM";
                ticks.Add(new(date.DayNumber - start.DayNumber, date.ToString(format), isYear));
            }

            if (date.Year + (step / 12) >= 9999)
            {
                break;
            }
        }

        return ticks;
    }

    /// <summary>Labels stand centred below their marks; marks that are too close to one another do not fit.</summary>
    private static bool Fit(List<DateTick> ticks, double horizonDays, int columns) =>
        ticks.Count > 0 && ticks.Zip(ticks.Skip(1)).All(pair =>
            (pair.Second.Day - pair.First.Day) / horizonDays * (columns - 1) >= Gap + HalfWidth(pair.First) + HalfWidth(pair.Second));

    private static double HalfWidth(DateTick tick) => tick.Label.Length / 2.0;
}
