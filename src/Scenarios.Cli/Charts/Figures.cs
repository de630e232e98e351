using System.Globalization;

namespace Scenarios.Cli.Charts;

/// <summary>A figure in the digits that are known.</summary>
/// <param name="Value">The value.</param>
/// <param name="HalfWidth">Its 95 % error; empty where it is exact.</param>
internal readonly record struct Figure(string Value, string HalfWidth);

/// <summary>Counts, chances and dates as a reader shall see them: no digit that is not known.</summary>
internal static class Figures
{
    /// <summary>Times this, a standard error is the 95 % half-width of a single look.</summary>
    public const double SingleLook = 1.96;

    /// <summary>What stands for an error that the paths cannot tell.</summary>
    public const string Unknown = "unknown";

    /// <summary>What the letters of short figures stand for.</summary>
    public const string ShortLegend = "k, M, B and T stand for a thousand, a million, 10^9 and 10^12.";

    /// <summary>Errors smaller than this are shown as this.</summary>
    private const double SmallestStep = 1e-6;

    /// <summary>Significant digits of a short figure.</summary>
    private const int ShortDigits = 3;

    /// <summary>Most decimals of a short figure that stands beside its error.</summary>
    private const int MostShortDecimals = 3;

    /// <summary>From here on a figure has a short form.</summary>
    private const double ShortFrom = 10_000;

    private static readonly (double Unit, string Letter)[] Units = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];

    /// <summary>A whole count in full, for instance "100,000".</summary>
    public static string Count(double count) => Math.Floor(count + 0.5).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>
    /// A computed count and its half-width: the half-width rounded up to one significant figure (two where the first is 1),
    /// the count to the same place, at least to a whole one. No half-width at all means exact.
    /// </summary>
    public static Figure Computed(double count, double halfWidth) => Known(count, halfWidth, leastStep: 1);

    /// <summary>The same for a figure that need not be whole, such as a mean: decimals down to the error.</summary>
    public static Figure ComputedMean(double mean, double halfWidth) => Known(mean, halfWidth, SmallestStep);

    /// <summary>A computed chance and its half-width in per cent, for instance "39.3 %" and "0.1 %".</summary>
    public static Figure ComputedChance(double probability, double halfWidth)
    {
        var figure = Known(probability * 100, halfWidth * 100, SmallestStep);
        return new(figure.Value + " %", figure.HalfWidth is "" or Unknown ? figure.HalfWidth : figure.HalfWidth + " %");
    }

    /// <summary>A count in few characters, for instance "1.22M"; no more digits than its half-width leaves.</summary>
    public static string Short(double count, double halfWidth)
    {
        if (!(Math.Abs(count) >= ShortFrom))
        {
            return Computed(count, halfWidth).Value;
        }

        var step = halfWidth > 0 && double.IsFinite(halfWidth) ? Math.Max(1, Step(halfWidth)) : 1;
        var place = Math.Max(step, Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(count)) + 1e-12) - (ShortDigits - 1)));
        var rounded = Math.Floor((count / place) + 0.5) * place;
        var (unit, letter) = UnitOf(rounded);
        return InUnit(rounded, unit, Decimals(place / unit)) + letter;
    }

    /// <summary>A mean and its half-width in few characters and one unit, for instance "1.217M" and "0.003M".</summary>
    public static Figure ShortMean(double mean, double halfWidth)
    {
        if (!(Math.Abs(mean) >= ShortFrom) || !double.IsFinite(halfWidth))
        {
            return ComputedMean(mean, halfWidth);
        }

        var (unit, letter) = UnitOf(mean);
        if (halfWidth <= 0)
        {
            return new(InUnit(mean, unit, MostShortDecimals) + letter, "");
        }

        var step = Step(halfWidth) / unit;
        var decimals = Math.Min(MostShortDecimals, Decimals(step));
        var least = Math.Pow(10, -decimals);
        var half = halfWidth / unit < least ? "<" + InUnit(least, 1, decimals) : InUnit(RoundedUp(halfWidth, Math.Max(step, least) * unit), unit, decimals);
        return new(InUnit(mean, unit, decimals) + letter, half + letter);
    }

    /// <summary>An exact count in the fewest characters that lose nothing: "50k", "1.25M", "1,234,567".</summary>
    public static string ShortExact(double count)
    {
        if (Math.Abs(count) >= ShortFrom)
        {
            var (unit, letter) = UnitOf(count);
            var text = (count / unit).ToString("#,0.###", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) * unit == count)
            {
                return text + letter;
            }
        }

        return Count(count);
    }

    /// <summary>A level as a share, for instance "5 %".</summary>
    public static string Level(double level) => (level * 100).ToString("0.########", CultureInfo.InvariantCulture) + " %";

    /// <summary>A chance for a narrow place: whole per cent, one decimal near 0 and 1.</summary>
    public static string Chance(double probability) => (probability * 100) switch
    {
        > 0 and < 0.1 => "under 0.1 %",
        > 99.9 and < 100 => "over 99.9 %",
        (> 0 and < 1) or (> 99 and < 100) => $"{probability * 100:0.0} %",
        var percent => $"{percent:0} %",
    };

    /// <summary>A date for a narrow place, for instance "19 Dec 2025"; empty where there is none.</summary>
    public static string Date(Google.Type.Date? date) => date is null ? "" : AsDate(date).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

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
        return Math.Abs(oneIn - Math.Round(oneIn)) < 1e-6 ? $"1 in {oneIn:#,0}" : $"{share * 100:0.######} %";
    }

    private static Figure Known(double value, double halfWidth, double leastStep)
    {
        if (!double.IsFinite(halfWidth))
        {
            return new(Count(value), Unknown);
        }

        if (halfWidth <= 0)
        {
            return new(leastStep >= 1 ? Count(value) : value.ToString("#,0.######", CultureInfo.InvariantCulture), "");
        }

        var step = Math.Max(leastStep, Step(halfWidth));
        return new(Places(Math.Floor((value / step) + 0.5) * step, step), Places(RoundedUp(halfWidth, step), step));
    }

    private static double RoundedUp(double halfWidth, double step) => Math.Ceiling((halfWidth / step) - 1e-9) * step;

    /// <summary>The place of the last digit that is known: 19.3 rounds up to 20, whose first figure is not a 1.</summary>
    private static double Step(double halfWidth)
    {
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(halfWidth)));
        return Math.Ceiling((halfWidth / magnitude * 10) - 1e-9) < 20 ? magnitude / 10 : magnitude;
    }

    private static string Places(double value, double step) => value.ToString("#,0" + Zeros(Decimals(step)), CultureInfo.InvariantCulture);

    private static int Decimals(double step) => Math.Max(0, (int)Math.Round(-Math.Log10(step)));

    private static string InUnit(double value, double unit, int decimals) =>
        (value / unit).ToString("#,0" + Zeros(decimals), CultureInfo.InvariantCulture);

    private static string Zeros(int decimals) => decimals == 0 ? "" : "." + new string('0', decimals);

    private static (double Unit, string Letter) UnitOf(double value) => Units.First(unit => Math.Abs(value) >= unit.Unit * 0.9999999);
}
