using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Notation;
using Resamplings = Scenarios.V1.Assumption.Types.Resampling;

namespace Scenarios.Service.Api.Requests;

/// <summary>What values an assumption may take.</summary>
internal enum Support
{
    /// <summary>0 and above: counts.</summary>
    NotNegative,

    /// <summary>Above 0: times and factors.</summary>
    Positive,
}

/// <summary>What the model asks of one assumption.</summary>
/// <param name="Meaning">What it is, as the subject of a sentence: "A gap".</param>
/// <param name="Support">The values it may take.</param>
/// <param name="IsPerPathOnly">May it be drawn once per path only?</param>
internal sealed record AssumptionRule(string Meaning, Support Support, bool IsPerPathOnly);

/// <summary>Parses assumptions, and completes their messages with the defaults that were left out.</summary>
internal sealed class AssumptionParser(DistributionParser distributions)
{
    /// <summary>Probability of a draw beyond the engine's last one, in either tail: it draws with 32 bits.</summary>
    private const double Undrawn = 1.0 / (1L << 33);

    private const double LargestFactor = 1e6;

    private static readonly AssumptionRule Factor = new("A path factor", Support.Positive, IsPerPathOnly: true);

    /// <summary>The assumption of a message; null, and reported, where it breaks a rule.</summary>
    public Assumption? Parse(RequestField field, V1.Assumption? message, AssumptionRule rule)
    {
        if (message is null)
        {
            field.Report(ViolationReason.Required, "It is required.", "Give it a distribution.");
            return null;
        }

        var isResampled = Texts.CheckEnum(field.At("resampling"), message.Resampling);
        if (message.Resampling == Resamplings.PerBatch && rule.IsPerPathOnly)
        {
            field.At("resampling").Report(
                ViolationReason.Conflict,
                $"{rule.Meaning} is one number in each path; PER_BATCH is given.",
                "Leave resampling out, or give PER_PATH.");
            isResampled = false;
        }
        else if (message.Resampling == Resamplings.Unspecified)
        {
            message.Resampling = rule.IsPerPathOnly ? Resamplings.PerPath : Resamplings.PerBatch;
        }

        EvidenceParser.Check(field, "evidence", message.Evidence);
        var value = ParseSupported(field.At("distribution"), message.Distribution, rule, Bounds.Largest);
        var factor = message.PathFactor is null ? null : ParseSupported(field.At("path_factor"), message.PathFactor, Factor, LargestFactor);
        if (value is null || !isResampled || (factor is null && message.PathFactor is not null))
        {
            return null;
        }

        if (factor is not null && !CheckProduct(field.At("path_factor"), value, factor))
        {
            return null;
        }

        var resampling = message.Resampling == Resamplings.PerPath ? Resampling.PerPath : Resampling.PerBatch;
        return new(value, resampling, factor);
    }

    private Distribution? ParseSupported(RequestField field, V1.Distribution? message, AssumptionRule rule, double largest)
    {
        var distribution = distributions.Parse(field.WithMends(ViolationReason.NotAscending, InOrder(message, rule, largest)), message, out var written);
        return distribution is not null && CheckSupport(written, message!, distribution, rule) && CheckReach(written, distribution, largest)
            ? distribution
            : null;
    }

    /// <summary>The distribution with its ends in order, where they are not and nothing else is wrong.</summary>
    private static IReadOnlyList<MendingText> InOrder(V1.Distribution? message, AssumptionRule rule, double largest)
    {
        if (message is null || MisplacedEnds.Mended(message) is not { } mended)
        {
            return [];
        }

        // Parsing completes a message with all that goes without saying: the text is that of another copy.
        return new AssumptionParser(new()).ParseSupported(RequestField.Root(), mended.Meant.Clone(), rule, largest) is null
            ? []
            : [new(mended.Label, DistributionFormatter.Format(mended.Meant))];
    }

    /// <summary>No draw may break the rule of the assumption; truncation mends what can.</summary>
    private static bool CheckSupport(RequestField field, V1.Distribution message, Distribution distribution, AssumptionRule rule)
    {
        var isPositive = rule.Support == Support.Positive;
        var forbidden = isPositive ? distribution.Cdf(0) : distribution.CdfBelow(0);
        if (forbidden <= 0)
        {
            return true;
        }

        var allowed = isPositive ? "above 0" : "at least 0";
        if (message.FamilyCase == V1.Distribution.FamilyOneofCase.Constant && message.Truncation is null)
        {
            field.At("constant").Report(
                ViolationReason.BreaksRule,
                $"{rule.Meaning} is {allowed}; {Spoken.Number(message.Constant)} is given.",
                $"Give a number {allowed}.");
            return false;
        }

        var usable = isPositive ? distribution.UpperTail(0) : 1 - forbidden;
        var least = isPositive && usable > 0 ? LeastWorthKeeping(distribution, usable) : 0;
        var mend = usable <= 0
            ? $"All of it breaks the rule: give a distribution that lies {allowed}."
            : TruncationAt(Spoken.Number(least))
                + (message.Metalog is { HasLowerBound: false } ? " Or set lower_bound to 0: the metalog then bends to stay above." : "");
        field.Report(
            ViolationReason.BreaksRule,
            $"{rule.Meaning} is {allowed}, but this distribution is {(isPositive ? "0 or less" : "below 0")} with a probability of {Spoken.Probability(forbidden)}.",
            mend,
            usable <= 0 ? [] : Mended(message, least));
        return false;
    }

    /// <summary>The distribution without what breaks the rule, and a family that has nothing there.</summary>
    private static List<MendingText> Mended(V1.Distribution message, double least)
    {
        var truncated = message.Clone();
        truncated.Truncation ??= new();
        truncated.Truncation.Min = least;
        var interval = truncated.Normal?.Interval;
        if (interval is { Probability: ParametricFamilies.UsualProbability })
        {
            interval.ClearProbability(); // As a person writes it.
        }

        var mends = new List<MendingText> { new($"Leave out below {Spoken.Number(least)}", DistributionFormatter.Format(truncated)) };
        if (message.Truncation is null && interval is { Low: > 0 })
        {
            mends.Add(new("Use log-normal", DistributionFormatter.Format(new() { LogNormal = new() { Interval = interval } })));
        }

        return mends;
    }

    private static string TruncationAt(string least) =>
        $"Set truncation.min to {least}, or write \"truncated at least {least}\" in a text: it keeps what lies from there up, and scales it to a "
            + "probability of 1.";

    /// <summary>A power of ten well below the typical value above 0, and at most 1.</summary>
    private static double LeastWorthKeeping(Distribution distribution, double usable)
    {
        var typical = distribution.UpperQuantile(usable / 2);
        return Math.Pow(10, Math.Clamp(Math.Floor(Math.Log10(typical / 10)), Math.Ceiling(Math.Log10(Bounds.Smallest)), 0));
    }

    /// <summary>All draws must be numbers that the engine's arithmetic holds.</summary>
    private static bool CheckReach(RequestField field, Distribution distribution, double largest)
    {
        var top = distribution.UpperQuantile(Undrawn);
        if (top <= largest)
        {
            return true;
        }

        field.Report(
            ViolationReason.OutOfRange,
            $"Its largest draws reach {Spoken.Number(top)}; at most {Spoken.Number(largest)} is allowed.",
            $"Let it spread less, or set truncation.max to at most {Spoken.Number(largest)}.");
        return false;
    }

    private static bool CheckProduct(RequestField field, Distribution value, Distribution factor)
    {
        var top = value.UpperQuantile(Undrawn) * factor.UpperQuantile(Undrawn);
        if (top <= Bounds.Largest)
        {
            return true;
        }

        field.Report(
            ViolationReason.OutOfRange,
            $"With this factor the largest draws reach {Spoken.Number(top)}; at most {Spoken.Number(Bounds.Largest)} is allowed.",
            "Let distribution or path_factor spread less, or truncate one of them.");
        return false;
    }
}
