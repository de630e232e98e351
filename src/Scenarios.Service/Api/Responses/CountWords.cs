using Scenarios.Engine.Statistics;

namespace Scenarios.Service.Api.Responses;

/// <summary>Counts as a sentence shows them: no digit that is not known.</summary>
internal static class CountWords
{
    /// <summary>A count in full, for instance "100,000".</summary>
    public static string Exact(double count) => Rounded(count, 1).ToString("#,0");

    /// <summary>How many futures of all, for instance "12 of 1,000,000 futures", "none of 1,000 futures".</summary>
    public static string Share(long some, long all)
    {
        var futures = all == 1 ? "1 future" : $"{all:#,0} futures";
        return some == 0 ? $"none of {futures}" : some == all ? $"all of {futures}" : $"{some:#,0} of {futures}";
    }

    /// <summary>For instance "1 path", "1,000 paths".</summary>
    public static string Paths(long paths) => paths == 1 ? "1 path" : $"{paths:#,0} paths";

    /// <summary>The step between numbers of two significant figures, at least one whole count.</summary>
    public static double TwoFigureStep(double count)
    {
        var step = 1.0;
        while (count >= step * 100)
        {
            step *= 10;
        }

        return step;
    }

    /// <summary>
    /// A computed count to the step given, or coarser where its error leaves less, in bold; "about" stands before it where its error
    /// exceeds half the step.
    /// </summary>
    public static string Computed(CountQuantile count, double step, string unit = "", bool alwaysAbout = false)
    {
        var error = Error(count);
        var about = alwaysAbout || error > step / 2;
        return (about ? "about " : "") + $"**{Exact(Rounded(count.Value, EarnedStep(count.Value, error, step)))}{unit}**";
    }

    public static double Rounded(double count, double step) => Math.Floor((count / step) + 0.5) * step;

    private static double Error(CountQuantile count) => StandardErrors.Z95 * count.StandardError;

    /// <summary>The step that an error leaves, but no coarser than the count's first figure.</summary>
    private static double EarnedStep(double count, double error, double step)
    {
        while (error > step * 5 && step * 10 <= count)
        {
            step *= 10;
        }

        return step;
    }
}
