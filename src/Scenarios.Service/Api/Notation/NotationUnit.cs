namespace Scenarios.Service.Api.Notation;

/// <summary>What the numbers of a text are in.</summary>
public enum NotationUnit
{
    /// <summary>Counts and factors, which have no unit.</summary>
    None,

    /// <summary>Days: "day" or "days" may stand behind a number, and means nothing.</summary>
    Days,
}

/// <summary>Words for units.</summary>
internal static class NotationUnits
{
    private static readonly string[] Words = ["second", "minute", "hour", "day", "week", "fortnight", "month", "quarter", "year"];

    /// <summary>Is a word a unit of time?</summary>
    public static bool IsUnit(string word) => Words.Any(unit =>
        word.Equals(unit, StringComparison.OrdinalIgnoreCase) || word.Equals(unit + "s", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to write in place of another unit.</summary>
    public static string Mend(NotationUnit unit) => unit == NotationUnit.Days
        ? "Times are in days: a week has 7, a month 30.44 and a year 365.25 of them"
        : "This is not a time, and has no unit";
}
