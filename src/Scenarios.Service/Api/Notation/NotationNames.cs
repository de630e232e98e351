namespace Scenarios.Service.Api.Notation;

/// <summary>Names as people type them: compared without case, "_" and "-"; a wrong one is answered with the nearest.</summary>
internal static class NotationNames
{
    // Longer names are no slip of the pen; the bound keeps the comparison cheap.
    private const int LongestCompared = 100;

    /// <summary>The form in which names are compared.</summary>
    public static string Normalize(string name) =>
        string.Create(name.Length - name.AsSpan().Count('_') - name.AsSpan().Count('-'), name, static (target, source) =>
        {
            var length = 0;
            foreach (var letter in source)
            {
                if (letter is not ('_' or '-'))
                {
                    target[length++] = char.ToLowerInvariant(letter);
                }
            }
        });

    public static bool AreSame(string a, string b) => Normalize(a) == Normalize(b);

    /// <summary>Whether the name is a word for NaN or infinity.</summary>
    public static bool IsNotFinite(string name) => Normalize(name) is "nan" or "inf" or "infinity";

    /// <summary>"Did you mean x? " where a name is near enough to <paramref name="name"/>, else nothing.</summary>
    public static string Suggestion(string name, IEnumerable<string> known) =>
        Nearest(name, known) is { Count: > 0 } nearest ? $"Did you mean {Alternatives([.. nearest.Take(3)])}? " : "";

    /// <summary>
    /// The known names a slip or two away from <paramref name="name"/>, nearest first; failing these, those that begin like it.
    /// </summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestCompared)
        {
            return [];
        }

        var wanted = Normalize(name);
        var byDistance = known.Select(candidate => (Name: candidate, Normal: Normalize(candidate)))
            .Select(candidate => (candidate.Name, candidate.Normal, Distance: Distance(wanted, candidate.Normal)))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .ToArray();
        string[] slips = [.. byDistance.Where(pair => pair.Distance <= ShorterLength(pair.Normal) / 3).Select(pair => pair.Name)];
        return slips.Length > 0
            ? slips
            : [.. byDistance.Where(pair => BeginsLike(pair.Normal)).Select(pair => pair.Name)];

        int ShorterLength(string candidate) => Math.Min(wanted.Length, candidate.Length);

        // "exp" for exponential, "triangle" for triangular.
        bool BeginsLike(string candidate) =>
            wanted.AsSpan().CommonPrefixLength(candidate) is >= 3 and var length && 3 * length >= 2 * ShorterLength(candidate);
    }

    /// <summary>"a, b or c".</summary>
    public static string Alternatives(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} or {names[^1]}";

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964) count 1 each.
    private static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(substitution, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }
}
