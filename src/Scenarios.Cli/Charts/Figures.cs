namespace Scenarios.Cli.Charts;

/// <summary>Counts, chances and dates as a reader shall see them: no digit that is not known.</summary>
internal static class Figures
{
    /// <summary>Times this, a standard error is the 95 % half-width of a single look.</summary>
    public const double SingleLook = 1.96;

    /// <summary>A whole count in full, for instance "100,000".</summary>
    public static string Count(double count) => Math.Floor(count + 0.5).ToString("#,0");

    /// <summary>
    /// A computed count and its half-width: the half-width rounded up to one significant figure (two where the first is 1),
    /// the count to the same place. Both are whole; no half-width at all means exact.
    /// </summary>
    public static (string Count, string HalfWidth) Computed(double count, double halfWidth)
    {
        if (halfWidth <= 0)
        {
            return (Count(count), "");
        }

        // 19.3 rounds up to 20, whose first figure is no 1.
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(halfWidth)));
        var step = Math.Max(1, Math.Ceiling((halfWidth / magnitude * 10) - 1e-9) < 20 ? magnitude / 10 : magnitude);
        return (Count(Math.Floor((count / step) + 0.5) * step), Count(Math.Ceiling((halfWidth / step) - 1e-9) * step));
    }

    /// <summary>A chance for a narrow place: whole per cent, one decimal near 0 and 1.</summary>
    public static string Chance(double probability) => (probability * 100) switch
    {
        > 0 and < 0.1 => "under 0.1 %",
        > 99.9 and < 100 => "over 99.9 %",
        (> 0 and < 1) or (> 99 and < 100) => $"{probability * 100:0.0} %",
        var percent => $"{percent:0} %",
    };

    /// <summary>A date for a narrow place, for instance "19 Dec 2025"; empty where there is none.</summary>
    public static string Date(Google.Type.Date? date) => date is null ? "" : AsDate(date).ToString("d MMM yyyy");

    /// <summary>The date of a message.</summary>
    public static DateOnly AsDate(Google.Type.Date date) => new(date.Year, date.Month, date.Day);

    /// <summary>What a quantile level says of the count beside it, for instance "1 in 20 below", "1 in 4 above".</summary>
    public static string LevelInWords(double level) => level switch
    {
        0.5 => "half below",
        < 0.5 => Share(level) + " below",
        _ => Share(1 - level) + " above",
    };

    private static string Share(double share)
    {
        var oneIn = 1 / share;
        return Math.Abs(oneIn - Math.Round(oneIn)) < 1e-6 ? $"1 in {oneIn:#,0}" : $"{share * 100:0.##} %";
    }
}
