using Google.Type;

namespace Scenarios.Service.Api.Responses;

/// <summary>The dates of a scenario's days: day d falls on the start date plus floor(d).</summary>
internal sealed class Calendar(Date start)
{
    private readonly DateOnly _start = new(start.Year, start.Month, start.Day);

    public Date DateOf(double day)
    {
        var date = On(day);
        return new() { Year = date.Year, Month = date.Month, Day = date.Day };
    }

    /// <summary>For instance "17 November 2026".</summary>
    public string InWords(double day) => On(day).ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);

    private DateOnly On(double day) => _start.AddDays((int)Math.Floor(day));
}
