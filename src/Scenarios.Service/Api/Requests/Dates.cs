using Date = Google.Type.Date;

namespace Scenarios.Service.Api.Requests;

/// <summary>Rules for calendar dates.</summary>
internal static class Dates
{
    /// <summary>A whole date of the calendar; null, and reported, if it is missing or none.</summary>
    public static DateOnly? Require(RequestField field, Date? date)
    {
        if (date is null)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give year, month and day.");
            return null;
        }

        if (!IsWhole(date))
        {
            field.Report(
                ViolationReason.OutOfRange,
                $"{InWords(date)} is not a date of the calendar.",
                "Give a year from 1 to 9999, a month from 1 to 12 and a day of that month.");
            return null;
        }

        return new(date.Year, date.Month, date.Day);
    }

    /// <summary>Days from one date to another, negative where that is earlier; 0 where the first is no date.</summary>
    public static double DaysBetween(Date? from, DateOnly to) => from is not null && IsWhole(from)
        ? to.DayNumber - new DateOnly(from.Year, from.Month, from.Day).DayNumber
        : 0;

    /// <summary>Checks a date whose parts may be 0 for unknown, from the day up (google.type.Date).</summary>
    public static void CheckPartial(RequestField field, Date date)
    {
        var daysInMonth = date.Month is >= 1 and <= 12 ? DateTime.DaysInMonth(date.Year is >= 1 and <= 9999 ? date.Year : 4, date.Month) : 0;
        if (date.Year is < 0 or > 9999 || date.Month is < 0 or > 12 || date.Day < 0 || date.Day > daysInMonth || (date.Year == 0 && date.Day == 0))
        {
            field.Report(
                ViolationReason.OutOfRange,
                $"{InWords(date)} is not a date of the calendar, nor part of one.",
                "Give year, month and day, or year and month, or the year alone, with 0 for what is not known.");
        }
    }

    private static bool IsWhole(Date date) => date.Year is >= 1 and <= 9999 && date.Month is >= 1 and <= 12
        && date.Day >= 1 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month);

    private static string InWords(Date date) => $"year {date.Year}, month {date.Month}, day {date.Day}";
}
