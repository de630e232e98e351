namespace Scenarios.Service.Api.Notation;

/// <summary>Where in a scenario overrides wrote: proto field paths from the scenario, each with its key.</summary>
internal static class OverriddenPaths
{
    /// <summary>The paths of overrides that could be applied.</summary>
    /// <param name="before">The scenario as it was.</param>
    /// <param name="after">The scenario as overridden.</param>
    /// <param name="keys">Keys of the overrides.</param>
    public static IReadOnlyDictionary<string, string> Of(V1.Scenario before, V1.Scenario after, IEnumerable<string> keys)
    {
        var paths = new Dictionary<string, string>();
        foreach (var key in keys)
        {
            paths[PathOf(before, after, key)] = key;
        }

        return paths;
    }

    private static string PathOf(V1.Scenario before, V1.Scenario after, string key)
    {
        var parts = key.Split('.', 3);
        if (key.StartsWith(OverrideKeys.EventPrefix, StringComparison.Ordinal))
        {
            return $"events[{IndexOf(after.Events, candidate => candidate.EventId == parts[1])}].{parts[2]}";
        }

        if (key.StartsWith(OverrideKeys.CorrelationPrefix, StringComparison.Ordinal))
        {
            return $"correlations[{IndexOf(after.Correlations, pair => (pair.A == parts[1] && pair.B == parts[2]) || (pair.A == parts[2] && pair.B == parts[1]))}]";
        }

        if (parts.Length == 1 && OverrideKeys.Assumptions.TryGetValue(key, out var assumption))
        {
            // One that was not there, or is not any more, is the override's as a whole.
            var isChanged = OverrideKeys.AssumptionOf(before, assumption) is not null && OverrideKeys.AssumptionOf(after, assumption) is not null;
            return $"assumptions.{key}{(isChanged ? ".distribution" : "")}";
        }

        return V1.Assumptions.Descriptor.FindFieldByName(parts[0]) is null ? key : $"assumptions.{key}";
    }

    private static int IndexOf<T>(IReadOnlyList<T> list, Predicate<T> isIt)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (isIt(list[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
