using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Scenarios.Service.Api.Notation;

/// <summary>Changes to a scenario for one request: field path to value, in the text notation.</summary>
/// <remarks>
/// The keys, each with its value; "distribution" is text of <see cref="DistributionNotation"/>, a probability may be "30 %":
/// <code>
/// initial_count, rotation_interval_days, batch_size, cap,
/// first_arrival_days, tour_length_days           distribution; what else the assumption says stays
/// (any of these).path_factor                     distribution
/// (any of these).resampling                      PER_BATCH or PER_PATH
/// rotation_mode, cap_basis                       RELIEVE or REINFORCE, CUMULATIVE or PRESENT
/// skip_probability                               probability
/// start_date                                     2024-11-17
/// horizon_days, step_days                        number
/// thresholds                                     50000, 100k
/// events.ID.disabled, .effects.halt              true or false
/// events.ID.probability                          probability
/// events.ID.timing.date, .days, .hazard_per_year,
///          .probability_within_horizon           date, distribution, number, probability: one of the four
/// events.ID.duration_days                        distribution
/// events.ID.after                                the id of another event
/// events.ID.effects.interval_factor,
///          .batch_size_factor, .cap_change       number
/// correlations.A.B                               rank correlation of the assumptions A and B, in either order
/// </code>
/// "none" takes away what is optional: an assumption other than rotation_interval_days and batch_size, path_factor, resampling,
/// rotation_mode, cap_basis, thresholds, an event's probability, duration_days, after and factors, a correlation.
/// Overrides are applied in ordinal order of their keys, and no two may speak of the same thing.
/// </remarks>
public static class ScenarioOverrides
{
    /// <summary>The most overrides of one request.</summary>
    public const int MaxCount = 256;

    /// <summary>Applies overrides to a copy of a scenario.</summary>
    /// <param name="scenario">The scenario; it stays as it is.</param>
    /// <param name="overrides">Keys, each once, with their values.</param>
    /// <param name="overridden">The changed copy. Whether it makes sense is for the reader of the message to say.</param>
    /// <param name="errors">All errors of all overrides, in ordinal order of the keys; empty on success.</param>
    /// <returns>Whether all overrides could be applied.</returns>
    public static bool TryApply(
        V1.Scenario scenario,
        IReadOnlyDictionary<string, string> overrides,
        [NotNullWhen(true)] out V1.Scenario? overridden,
        out ImmutableArray<OverrideError> errors)
    {
        if (overrides.Count > MaxCount)
        {
            overridden = null;
            var message = $"There are {overrides.Count} overrides, at most {MaxCount} are read: give the scenario inline instead.";
            errors = [new OverrideError("", null, ViolationReason.TooMany, message)];
            return false;
        }

        var application = new Application(scenario.Clone(), overrides);
        errors = application.Run();
        overridden = errors.IsEmpty ? application.Scenario : null;
        return errors.IsEmpty;
    }

    private sealed class Application(V1.Scenario scenario, IReadOnlyDictionary<string, string> overrides)
    {
        private readonly ImmutableArray<OverrideError>.Builder _errors = ImmutableArray.CreateBuilder<OverrideError>();

        public V1.Scenario Scenario => scenario;

        public ImmutableArray<OverrideError> Run()
        {
            // Ordinal order puts an assumption before its own path_factor and resampling.
            foreach (var (key, text) in overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                try
                {
                    Apply(key, new OverrideValue(text));
                }
                catch (NotationException exception)
                {
                    var error = exception.In(text);
                    _errors.Add(new OverrideError(key, error.Position, ViolationReason.BadFormat, error.Message));
                }
            }

            return _errors.ToImmutable();
        }

        private void Apply(string key, OverrideValue value)
        {
            if (OverrideKeys.OfScenario.TryGetValue(key, out var target))
            {
                if (HasItsAssumption(key))
                {
                    Apply(target, scenario, value);
                }
            }
            else if (key.StartsWith(OverrideKeys.EventPrefix, StringComparison.Ordinal))
            {
                ApplyToEvent(key, key[OverrideKeys.EventPrefix.Length..], value);
            }
            else if (key.StartsWith(OverrideKeys.CorrelationPrefix, StringComparison.Ordinal))
            {
                ApplyToCorrelation(key, key[OverrideKeys.CorrelationPrefix.Length..], value);
            }
            else
            {
                Report(key, ViolationReason.UnknownReference, UnknownKey(key, OverrideKeys.OfScenario.Keys, "", "events.ID and correlations.A.B"));
            }
        }

        private static void Apply<T>(OverrideTarget<T> target, T owner, OverrideValue value)
        {
            if (!value.IsNone)
            {
                target.Set(owner, value);
            }
            else if (target.Clear is { } clear)
            {
                clear(owner);
            }
            else
            {
                throw value.Wrong($"a value: it can't be taken away. {target.WithoutNone.TrimEnd('.')}");
            }
        }

        /// <summary>Whether the assumption that a key goes with (cap, for cap.path_factor) is there to be changed.</summary>
        private bool HasItsAssumption(string key)
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                return true;
            }

            var assumption = key[..dot];
            if (overrides.TryGetValue(assumption, out var text) && new OverrideValue(text).IsNone)
            {
                Report(key, ViolationReason.Conflict, $"The override of {assumption} takes it away, so nothing is left to change: leave one of the two out.");
                return false;
            }

            if (OverrideKeys.AssumptionOf(scenario, OverrideKeys.Assumptions[assumption]) is null)
            {
                Report(key, ViolationReason.UnknownReference, $"The scenario has no {assumption} to go with it: override {assumption} too, or leave this one out.");
                return false;
            }

            return true;
        }

        private void ApplyToEvent(string key, string path, OverrideValue value)
        {
            var end = path.IndexOf('.', StringComparison.Ordinal);
            var id = end < 0 ? path : path[..end];
            if (scenario.Events.FirstOrDefault(candidate => candidate.EventId == id) is not { } target)
            {
                var suggestion = NotationNames.Suggestion(id, OverrideValue.OfferedIds(scenario));
                Report(key, ViolationReason.UnknownReference, $"There is no event {Token.Quote(id)}. {suggestion}The events are: {OverrideValue.EventIds(scenario)}.");
                return;
            }

            var property = end < 0 ? "" : path[(end + 1)..];
            if (property == OverrideKeys.After)
            {
                target.After = value.IsNone ? "" : value.EventId(scenario);
            }
            else if (!OverrideKeys.OfEvent.TryGetValue(property, out var setter))
            {
                Report(key, ViolationReason.UnknownReference, UnknownKey(
                    property, OverrideKeys.OfEvent.Keys.Append(OverrideKeys.After), $"{OverrideKeys.EventPrefix}{id}.", null));
            }
            else if (OtherTimings(id, property) is [var other, ..])
            {
                Report(key, ViolationReason.Conflict, $"{other} gives the event another time: an event has one. Leave all but one out.");
            }
            else
            {
                Apply(setter, target, value);
            }
        }

        private IReadOnlyList<string> OtherTimings(string id, string property) => IsTiming(property)
            ?
            [
                .. OverrideKeys.OfEvent.Keys
                    .Where(other => other != property && IsTiming(other))
                    .Select(other => $"{OverrideKeys.EventPrefix}{id}.{other}")
                    .Where(overrides.ContainsKey),
            ]
            : [];

        private static bool IsTiming(string property) => property.StartsWith(OverrideKeys.TimingPrefix, StringComparison.Ordinal);

        private void ApplyToCorrelation(string key, string path, OverrideValue value)
        {
            var names = path.Split('.');
            if (names.Length != 2)
            {
                Report(key, ViolationReason.BadFormat, "A correlation is named by two assumptions: correlations.rotation_interval_days.batch_size.");
                return;
            }

            if (names.FirstOrDefault(name => !OverrideKeys.Assumptions.ContainsKey(name)) is { } unknown)
            {
                Report(key, ViolationReason.UnknownReference, UnknownKey(unknown, OverrideKeys.Assumptions.Keys, "", null));
                return;
            }

            var (a, b) = (names[0], names[1]);
            if (a == b)
            {
                Report(key, ViolationReason.Conflict, $"{a} can't be correlated with itself: name two assumptions.");
                return;
            }

            if (overrides.ContainsKey($"{OverrideKeys.CorrelationPrefix}{b}.{a}"))
            {
                Report(key, ViolationReason.Conflict, $"{OverrideKeys.CorrelationPrefix}{b}.{a} speaks of the same two assumptions: leave one of the two out.");
                return;
            }

            SetCorrelation(a, b, value.IsNone ? null : value.Number());
        }

        private void SetCorrelation(string a, string b, double? rankCorrelation)
        {
            var existing = scenario.Correlations.Where(known => (known.A == a && known.B == b) || (known.A == b && known.B == a)).ToArray();
            if (rankCorrelation is not { } value)
            {
                foreach (var correlation in existing)
                {
                    scenario.Correlations.Remove(correlation);
                }
            }
            else if (existing is [var first, ..])
            {
                first.RankCorrelation = value;
            }
            else
            {
                scenario.Correlations.Add(new V1.Correlation { A = a, B = b, RankCorrelation = value });
            }
        }

        private static string UnknownKey(string name, IEnumerable<string> known, string prefix, string? more)
        {
            string[] nearest = [.. NotationNames.Nearest(name, known).Take(5).Select(candidate => prefix + candidate)];
            if (nearest.Length > 0)
            {
                return $"{Token.Quote(prefix + name)} can't be overridden. Did you mean {NotationNames.Alternatives(nearest)}?";
            }

            // Without the sub-keys of assumptions, which would make the list three times as long.
            var listed = known.Where(candidate => more is null || !candidate.Contains('.', StringComparison.Ordinal))
                .Select(candidate => prefix + candidate);
            return $"{Token.Quote(prefix + name)} can't be overridden. The keys are {string.Join(", ", listed)}"
                + (more is null ? "." : $", those of {more}, and .path_factor and .resampling of an assumption.");
        }

        private void Report(string key, ViolationReason reason, string message) => _errors.Add(new OverrideError(key, null, reason, message));
    }
}
