using Scenarios.Service.Api.Notation;
using Family = Scenarios.V1.Distribution.FamilyOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>A distribution given by two ends, the lower of which is not below the upper: most often they were only swapped.</summary>
internal static class MisplacedEnds
{
    /// <summary>What was meant, and what saying it instead does; null where the ends are in order, or there are none.</summary>
    public static (V1.Distribution Meant, string Label)? Mended(V1.Distribution message, NotationUnit unit)
    {
        var meant = Expanded(message, unit);
        if (meant is null || Ends(meant) is not { } ends)
        {
            return null;
        }

        if (ends.Low == ends.High)
        {
            return (new() { Constant = ends.Low, Truncation = meant.Truncation }, $"Take {Spoken.Number(ends.Low)} as known");
        }

        // Of NaN neither holds: it has no place in any order.
        if (ends.Low > ends.High)
        {
            Swap(meant);
            return (meant, $"Swap {Spoken.Number(ends.Low)} and {Spoken.Number(ends.High)}");
        }

        return null;
    }

    private static V1.Distribution? Expanded(V1.Distribution message, NotationUnit unit) =>
        message.FamilyCase != Family.Text ? message.Clone()
        : DistributionNotation.TryParse(message.Text, out var expanded, out _, unit) ? expanded
        : null;

    private static (double Low, double High)? Ends(V1.Distribution message) => message.FamilyCase switch
    {
        Family.Uniform => (message.Uniform.Min, message.Uniform.Max),
        Family.Triangular => (message.Triangular.Min, message.Triangular.Max),
        Family.Pert => (message.Pert.Min, message.Pert.Max),
        _ => Interval(message) is { } interval ? (interval.Low, interval.High) : null,
    };

    private static V1.Interval? Interval(V1.Distribution message) => message.FamilyCase switch
    {
        Family.Normal => message.Normal.Interval,
        Family.LogNormal => message.LogNormal.Interval,
        Family.Gamma => message.Gamma.Interval,
        Family.Weibull => message.Weibull.Interval,
        _ => null,
    };

    private static void Swap(V1.Distribution message)
    {
        switch (message.FamilyCase)
        {
            case Family.Uniform:
                (message.Uniform.Min, message.Uniform.Max) = (message.Uniform.Max, message.Uniform.Min);
                break;
            case Family.Triangular:
                (message.Triangular.Min, message.Triangular.Max) = (message.Triangular.Max, message.Triangular.Min);
                break;
            case Family.Pert:
                (message.Pert.Min, message.Pert.Max) = (message.Pert.Max, message.Pert.Min);
                break;
            default:
                var interval = Interval(message)!;
                (interval.Low, interval.High) = (interval.High, interval.Low);
                break;
        }
    }
}
