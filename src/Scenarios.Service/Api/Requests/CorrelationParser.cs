using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Api.Requests;

/// <summary>Parses rank correlations, and brings their messages into one order: what means the same is echoed alike.</summary>
internal static class CorrelationParser
{
    /// <summary>The assumptions that can be correlated, in the order of their fields.</summary>
    private static readonly ImmutableArray<(string Name, AssumptionKind Kind)> Known =
    [
        ("initial_count", AssumptionKind.InitialCount),
        ("rotation_interval_days", AssumptionKind.RotationIntervalDays),
        ("batch_size", AssumptionKind.BatchSize),
        ("cap", AssumptionKind.Cap),
        ("first_arrival_days", AssumptionKind.FirstArrivalDays),
        ("tour_length_days", AssumptionKind.TourLengthDays),
    ];

    private static readonly Bounds Coefficients = new(-1, 1);

    /// <summary>
    /// The correlations that change a path: not those of 0 or with a constant, which are kept in the message alone. Reports those that
    /// break a rule.
    /// </summary>
    /// <param name="field">The scenario's field.</param>
    /// <param name="correlations">The correlations.</param>
    /// <param name="given">The assumptions that the scenario gives: null where what is given breaks a rule.</param>
    public static ImmutableArray<RankCorrelation> Parse(
        RequestField field, RepeatedField<V1.Correlation> correlations, IReadOnlyDictionary<AssumptionKind, Assumption?> given)
    {
        // As many as there are pairs.
        if (!Texts.CheckCount(field.At("correlations"), correlations.Count, Known.Length * (Known.Length - 1) / 2))
        {
            return [];
        }

        var before = field.Violations.Count;
        var pairs = new Dictionary<(int First, int Second), int>();
        var inForce = ImmutableArray.CreateBuilder<RankCorrelation>();
        for (var i = 0; i < correlations.Count; i++)
        {
            if (ParseOne(field, i, correlations[i], pairs, given) is { } parsed && parsed.Coefficient != 0 && Vary(parsed, given))
            {
                inForce.Add(parsed);
            }
        }

        if (field.Violations.Count > before)
        {
            return [];
        }

        var together = field.At("correlations").DueTo(Enumerable.Range(0, correlations.Count).Select(i => field.At("correlations", i)));
        CheckTogether(together, inForce.Where(c => !IsPerPath(c.A, given)));
        CheckTogether(together, inForce.Where(c => IsPerPath(c.A, given)));
        V1.Correlation[] ordered = [.. correlations.OrderBy(c => IndexOf(c.A)).ThenBy(c => IndexOf(c.B))];
        correlations.Clear();
        correlations.AddRange(ordered);
        return inForce.ToImmutable();
    }

    private static RankCorrelation? ParseOne(
        RequestField scenario,
        int index,
        V1.Correlation message,
        Dictionary<(int First, int Second), int> pairs,
        IReadOnlyDictionary<AssumptionKind, Assumption?> given)
    {
        var field = scenario.At("correlations", index);
        var isAllowed = Coefficients.Allow(field.At("rank_correlation"), message.RankCorrelation);
        var assumptions = scenario.At("assumptions");
        var isNamed = CheckName(field.At("a").DueTo(assumptions.At(message.A)), message.A, given);
        isNamed &= CheckName(field.At("b").DueTo(assumptions.At(message.B)), message.B, given);
        if (!isNamed)
        {
            return null;
        }

        if (message.A == message.B)
        {
            field.At("b").Report(
                ViolationReason.Conflict,
                $"{message.A} is correlated with itself.",
                "Give another assumption, or leave the correlation out.");
            return null;
        }

        var (first, second) = (IndexOf(message.A), IndexOf(message.B));
        if (first > second)
        {
            (first, second) = (second, first);
            (message.A, message.B) = (message.B, message.A);
        }

        if (!pairs.TryAdd((first, second), index))
        {
            field.Report(
                ViolationReason.Duplicate,
                $"{message.A} and {message.B} are the pair of correlations[{pairs[(first, second)]}] too.",
                "Give one correlation for each pair.");
            return null;
        }

        var (a, b) = (Known[first].Kind, Known[second].Kind);
        var alike = field.DueTo(assumptions.At(message.A).At("resampling"), assumptions.At(message.B).At("resampling"));
        return CheckAlike(alike, message, a, b, given) && isAllowed ? new(a, b, message.RankCorrelation) : null;
    }

    private static bool CheckName(RequestField field, string name, IReadOnlyDictionary<AssumptionKind, Assumption?> given)
    {
        var index = IndexOf(name);
        if (index >= 0 && given.ContainsKey(Known[index].Kind))
        {
            return true;
        }

        var usable = Known.Where(known => given.ContainsKey(known.Kind)).Select(known => known.Name).ToArray();
        var mend = usable.Length > 1 ? $"Give {Spoken.Row(usable, "or")}." : "Leave the correlation out.";
        if (name.Length == 0)
        {
            field.Report(ViolationReason.Required, "It is required.", mend);
        }
        else if (index < 0)
        {
            field.Report(
                ViolationReason.UnknownReference,
                $"{Spoken.Quote(name)} is not an assumption that can be correlated: those are {Spoken.Row([.. Known.Select(known => known.Name)])}.",
                mend);
        }
        else
        {
            field.Report(
                ViolationReason.UnknownReference,
                $"The scenario gives no {name}, so nothing can be correlated with it.",
                $"Give the scenario {name}, or leave the correlation out.");
        }

        return false;
    }

    /// <summary>Numbers of a path go with numbers of a path, numbers of a batch with numbers of the same batch.</summary>
    private static bool CheckAlike(
        RequestField field, V1.Correlation message, AssumptionKind a, AssumptionKind b, IReadOnlyDictionary<AssumptionKind, Assumption?> given)
    {
        if (given[a] is null || given[b] is null || IsPerPath(a, given) == IsPerPath(b, given))
        {
            return true;
        }

        var (ofPath, ofBatch) = IsPerPath(a, given) ? (message.A, message.B) : (message.B, message.A);
        field.Report(
            ViolationReason.Conflict,
            $"{ofPath} is drawn once per path and {ofBatch} for every batch: no one number of the path goes with so many.",
            $"Give {ofBatch} resampling PER_PATH, or leave the correlation out.");
        return false;
    }

    private static void CheckTogether(RequestField field, IEnumerable<RankCorrelation> alike)
    {
        ImmutableArray<RankCorrelation> correlations = [.. alike];
        if (correlations.IsEmpty
            || RankCorrelation.IsPositiveSemiDefinite(RankCorrelation.NormalMatrix(correlations, RankCorrelation.Kinds(correlations))))
        {
            return;
        }

        var stated = correlations.Select(c => (c.A, c.B)).ToHashSet();
        var nearest = RankCorrelation.NearestValid(correlations)
            .Where(c => c.Coefficient != 0 || stated.Contains((c.A, c.B)) || stated.Contains((c.B, c.A)))
            .Select(c => $"{NameOf(c.A)} and {NameOf(c.B)} {Spoken.Number(c.Coefficient)}");
        field.Report(
            ViolationReason.Conflict,
            $"These correlations contradict one another: {Spoken.Row([.. correlations.Select(c => $"{NameOf(c.A)} and {NameOf(c.B)} {Spoken.Number(c.Coefficient)}")])} "
                + "cannot hold together (their matrix is not positive semi-definite).",
            $"Give the nearest that can: {Spoken.Row([.. nearest])}.");
    }

    /// <summary>A constant has no ranks.</summary>
    private static bool Vary(RankCorrelation correlation, IReadOnlyDictionary<AssumptionKind, Assumption?> given) =>
        new[] { given[correlation.A], given[correlation.B] }.All(assumption => assumption?.Distribution is { } drawn && drawn.Min < drawn.Max);

    private static bool IsPerPath(AssumptionKind kind, IReadOnlyDictionary<AssumptionKind, Assumption?> given) =>
        given[kind]?.Resampling == Resampling.PerPath;

    private static int IndexOf(string name)
    {
        for (var i = 0; i < Known.Length; i++)
        {
            if (Known[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static string NameOf(AssumptionKind kind) => Known.Single(known => known.Kind == kind).Name;
}
