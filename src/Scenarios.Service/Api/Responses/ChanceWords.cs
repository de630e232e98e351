using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Api.Responses;

/// <summary>
/// Chances in the words of ICD 203 (Office of the Director of National Intelligence, "Analytic Standards"), always with the figure in
/// brackets, which shows no more digits than are known. Word and figure never contradict each other: the word is that of the figure
/// as shown, and a boundary takes the more modest word.
/// </summary>
internal static class ChanceWords
{
    public const string AlmostNoChance = "almost no chance";

    /// <summary>Above this error, in points, one decimal would be false precision.</summary>
    private const double DecimalIsKnown = 0.2;

    /// <summary>A chance known no better than this many points is "about" its figure.</summary>
    private const double WholePointIsKnown = 1;

    /// <summary>What was seen in none of n futures has a chance below 3 / n (with 95 % confidence: the rule of three).</summary>
    private const double NeverSeen = 3;

    /// <summary>For instance "very likely (87 %)".</summary>
    public static string InWords(Chance chance, long paths) => $"{Word(chance, paths)} ({Figure(chance, paths)})";

    /// <summary>The word alone.</summary>
    public static string Word(Chance chance, long paths) => ShownPoints(chance, paths) switch
    {
        < 5 => AlmostNoChance,
        < 20 => "very unlikely",
        < 45 => "unlikely",
        <= 55 => "roughly even",
        <= 80 => "likely",
        <= 95 => "very likely",
        _ => "almost certain",
    };

    /// <summary>The figure alone, for instance "13 %", "about 12 %", "over 99 %", "none of 1,000,000 futures".</summary>
    public static string Figure(Chance chance, long paths)
    {
        if (chance.Probability is 0 or 1)
        {
            return CountWords.Share(chance.Probability == 0 ? 0 : paths, paths);
        }

        var points = chance.Probability * 100;
        var error = ErrorInPoints(chance);
        return points switch
        {
            < 1 when error > DecimalIsKnown => Percent("under 1"),
            > 99 when error > DecimalIsKnown => Percent("over 99"),
            < 0.1 => Percent("under 0.1"),
            > 99.9 => Percent("over 99.9"),
            < 1 or > 99 => Percent(Rounded(points, 10).ToString("0.0")),
            _ when error >= WholePointIsKnown => Percent($"about {Rounded(points, 1)}"),
            _ => Percent($"{Rounded(points, 1)}"),
        };
    }

    /// <summary>A no-break space stands before the sign.</summary>
    public static string Percent(string figure) => figure + "\u00a0%";

    private static double ErrorInPoints(Chance chance) => StandardErrors.Z95 * chance.StandardError * 100;

    private static double ShownPoints(Chance chance, long paths) => chance.Probability switch
    {
        0 => Math.Min(50, 100 * NeverSeen / paths),
        1 => Math.Max(50, 100 - (100 * NeverSeen / paths)),
        < 0.01 or > 0.99 => chance.Probability * 100,
        var p => Rounded(p * 100, 1),
    };

    private static double Rounded(double points, double parts) => Math.Floor((points * parts) + 0.5) / parts;
}
