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
/// <param name="Unit">What its numbers are in.</param>
internal sealed record AssumptionRule(string Meaning, Support Support, bool IsPerPathOnly, NotationUnit Unit = NotationUnit.None);

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
        var distribution = distributions.Parse(field.WithMends(ViolationReason.NotAscending, InOrder(message, rule, largest)), message, rule.Unit, out var written);
        return distribution is not null && CheckSupport(written, message!, distribution, rule, largest)
                && CheckReach(written, message!, distribution, rule, largest)
            ? distribution
            : null;
    }

    /// <summary>The distribution with its ends in order, where they are not and nothing else is wrong.</summary>
    private static IReadOnlyList<MendingText> InOrder(V1.Distribution? message, AssumptionRule rule, double largest)
    {
        if (message is null || MisplacedEnds.Mended(message, rule.Unit) is not { } mended)
        {
            return [];
        }

        return IsAllowed(mended.Meant, rule, largest) ? [new(mended.Label, DistributionFormatter.Format(mended.Meant))] : [];
    }

    /// <summary>Would a distribution be allowed in place of the one given? A mend is offered only then.</summary>
    private static bool IsAllowed(V1.Distribution message, AssumptionRule rule, double largest) =>
        // Parsing completes a message with all that goes without saying, and a text is made of it: of another copy.
        new AssumptionParser(new()).ParseSupported(RequestField.Root(), message.Clone(), rule, largest) is not null;

    /// <summary>No draw may break the rule of the assumption; truncation mends what can.</summary>
    private static bool CheckSupport(RequestField field, V1.Distribution message, Distribution distribution, AssumptionRule rule, double largest)
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
        var mends = usable > 0 ? Mended(message, isPositive ? LeastWorthKeeping(distribution, usable) : 0, rule, largest) : [];
        field.Report(
            ViolationReason.BreaksRule,
            $"{rule.Meaning} is {allowed}, but this distribution is {(isPositive ? "0 or less" : "below 0")} with a probability of {Spoken.Probability(forbidden)}.",
            mends.Count > 0 ? string.Join(" Or ", mends.Select(mend => mend.Words)) : $"Give a distribution that lies {(isPositive ? "above 0" : "at 0 or above")}.",
            [.. mends.Select(mend => mend.Mend).OfType<MendingText>()]);
        return false;
    }

    /// <summary>
    /// What mends a distribution that breaks the rule, in words and, where a text can say it, as one: without what breaks it; of a
    /// family that has nothing there; bent to stay above.
    /// </summary>
    private static List<(string Words, MendingText? Mend)> Mended(V1.Distribution message, double least, AssumptionRule rule, double largest)
    {
        var mends = new List<(string, MendingText?)>();
        var truncated = message.Clone();
        truncated.Truncation ??= new();
        truncated.Truncation.Min = least;
        var interval = truncated.Normal?.Interval;
        if (interval is { Probability: ParametricFamilies.UsualProbability })
        {
            interval.ClearProbability(); // As a person writes it.
        }

        if (IsAllowed(truncated, rule, largest))
        {
            mends.Add((TruncationAt(Spoken.Number(least)), new($"Leave out below {Spoken.Number(least)}", DistributionFormatter.Format(truncated))));
        }

        if (message.Truncation is null && interval is { Low: > 0 }
            && new V1.Distribution { LogNormal = new() { Interval = interval } } is var logNormal && IsAllowed(logNormal, rule, largest))
        {
            var text = DistributionFormatter.Format(logNormal);
            mends.Add(($"use log_normal: \"{text}\".", new("Use log-normal", text)));
        }

        if (message.Metalog is { HasLowerBound: false })
        {
            var bent = message.Clone();
            bent.Metalog.LowerBound = 0;
            if (IsAllowed(bent, rule, largest))
            {
                mends.Add(("set lower_bound to 0: the metalog then bends to stay above.", null));
            }
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
    private static bool CheckReach(RequestField field, V1.Distribution message, Distribution distribution, AssumptionRule rule, double largest)
    {
        var top = distribution.UpperQuantile(Undrawn);
        if (top <= largest)
        {
            return true;
        }

        var truncated = message.Clone();
        truncated.Truncation ??= new();
        truncated.Truncation.Max = largest;
        var orTruncate = IsAllowed(truncated, rule, largest) ? $", or set truncation.max to at most {Spoken.Number(largest)}" : "";
        field.Report(
            ViolationReason.OutOfRange,
            $"Its largest draws reach {Spoken.Rounded(top)}; at most {Spoken.Number(largest)} is allowed.",
            $"Let it spread less, or about smaller numbers{orTruncate}.");
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
            $"With this factor the largest draws reach {Spoken.Rounded(top)}; at most {Spoken.Number(Bounds.Largest)} is allowed.",
            "Let distribution or path_factor spread less, or truncate one of them.");
        return false;
    }
}
