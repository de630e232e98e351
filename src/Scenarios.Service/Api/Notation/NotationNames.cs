namespace Scenarios.Service.Api.Notation;

/// <summary>Names as people type them: compared without case, underscores and hyphens; a wrong one is answered with the nearest.</summary>
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

    /// <summary>The known names that a slip or two away from <paramref name="name"/>, nearest first.</summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestCompared)
        {
            return [];
        }

        var wanted = Normalize(name);
        return
        [
            .. known.Select(candidate => (Candidate: candidate, Distance: Distance(wanted, Normalize(candidate))))
                .Where(pair => pair.Distance <= Math.Max(1, Math.Min(wanted.Length, pair.Candidate.Length) / 3))
                .OrderBy(pair => pair.Distance)
                .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
                .Select(pair => pair.Candidate),
        ];
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
