using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// The exact law of scenarios that forget how long anything has lasted: gaps, tours and durations of events exponential, times
/// of events by hazard or on known days, counts constant. Whatever they combine (tours, both modes, both bases of the cap, skips,
/// events after one another and all their effects) is a Markov chain. Nothing is drawn, and nothing shared with the engine.
/// </summary>
/// <remarks>
/// The state counts no further than <see cref="MostCounted"/> in total where nothing depends on it: with a cap on those present, or none.
/// </remarks>
internal sealed class MemorylessOracle
{
    private readonly ArrivalModel _model;
    private readonly long _initial;
    private readonly long _size;
    private readonly long _cap;
    private readonly double _gapMean;
    private readonly double? _tourMean;

    /// <summary>Known instants within the horizon, and what happens to an event then.</summary>
    private readonly (double Day, int Event, Phase Phase)[] _instants;

    public MemorylessOracle(ArrivalModel model)
    {
        _model = model;
        _initial = model.InitialCount is { } initial ? Constant(initial) : 0;
        _size = Constant(model.BatchSize);
        _cap = model.Cap is { } cap ? Constant(cap) : long.MaxValue;
        _gapMean = ((ExponentialDistribution)model.RotationIntervalDays.Distribution).Mean;
        _tourMean = model.TourLengthDays is { } tour ? ((ExponentialDistribution)tour.Distribution).Mean : null;
        _instants = [.. model.Events.SelectMany(Instants).OrderBy(instant => instant.Day)];
    }

    /// <summary>Totals are counted up to here, all larger ones as this.</summary>
    public int MostCounted { get; init; } = 20;

    private enum Phase
    {
        Before,
        InForce,
        Over,
        Never,
    }

    /// <summary>Where a path is.</summary>
    /// <param name="Total">Everyone who has ever arrived.</param>
    /// <param name="Groups">With tours: how many groups of each size from 1 to 8 are there, a byte each.</param>
    /// <param name="Relieved">With RELIEVE: those present.</param>
    /// <param name="Phases">Two bits an event.</param>
    /// <param name="PhasesAtGap">As they were when the gap under way began.</param>
    /// <param name="CapReached">Has the count that the cap limits ever been as large as the cap in force?</param>
    public readonly record struct State(long Total, ulong Groups, long Relieved, int Phases, int PhasesAtGap, bool CapReached);

    /// <summary>The law of the state on each of some ascending days.</summary>
    public IEnumerable<IReadOnlyDictionary<State, double>> On(IEnumerable<double> days)
    {
        var law = Start();
        var now = 0.0;
        var passed = 0;
        foreach (var day in days)
        {
            for (; passed < _instants.Length && _instants[passed].Day <= day; passed++)
            {
                var (at, which, phase) = _instants[passed];
                law = law.After(at - now, Moves).At(state => PhaseOf(state, which) == Phase.Never ? state : Changed(state, which, phase));
                now = at;
            }

            law = law.After(day - now, Moves);
            now = day;
            yield return law;
        }
    }

    /// <summary>Those present.</summary>
    public long PresentOf(State state) => _model.RotationMode switch
    {
        RotationMode.Relieve => state.Relieved,
        _ when _tourMean is null => state.Total,
        _ => Enumerable.Range(1, 8).Sum(size => size * GroupsOf(state, size)),
    };

    /// <summary>Has an event happened?</summary>
    public bool HasHappened(State state, string id) => PhaseOf(state, Index(id)) is Phase.InForce or Phase.Over;

    private Dictionary<State, double> Start()
    {
        var there = Math.Min(_initial, _cap);
        var law = new Dictionary<State, double> { [new(there, Group(there), there, 0, 0, false)] = 1 };
        for (var i = 0; i < _model.Events.Length; i++)
        {
            var (which, happens) = (i, _model.Events[i].Probability);
            var phase = _model.Events[i].Timing is EventTiming.OnDay { Day: <= 0 } ? Phase.InForce : Phase.Before;
            law = new[] { (phase, happens), (Phase.Never, 1 - happens) }.Where(branch => branch.Item2 > 0)
                .SelectMany(branch => law.Select(entry => (WithPhase(entry.Key, which, branch.Item1), entry.Value * branch.Item2)))
                .ToDictionary(entry => entry.Item1, entry => entry.Item2);
        }

        return law.At(state => Seen(state with { PhasesAtGap = state.Phases }));
    }

    private IEnumerable<(State To, double Rate)> Moves(State state)
    {
        yield return (Arrived(state), (1 - _model.SkipProbability) / GapMean(state));
        if (_model.SkipProbability > 0)
        {
            yield return (state with { PhasesAtGap = state.Phases }, _model.SkipProbability / GapMean(state));
        }

        for (var size = 1; size <= 8 && _tourMean is not null; size++)
        {
            if (GroupsOf(state, size) is > 0 and var groups)
            {
                yield return (Seen(state with { Groups = state.Groups - Group(size) }), groups / _tourMean.Value);
            }
        }

        for (var i = 0; i < _model.Events.Length; i++)
        {
            var e = _model.Events[i];
            var clockRuns = e.After is null || HasHappened(state, e.After);
            if (PhaseOf(state, i) == Phase.Before && clockRuns && e.Timing is EventTiming.Hazard hazard)
            {
                yield return (Changed(state, i, Phase.InForce), hazard.PerYear / 365.25);
            }
            else if (PhaseOf(state, i) == Phase.InForce && e.DurationDays?.Distribution is ExponentialDistribution duration)
            {
                yield return (Changed(state, i, Phase.Over), 1 / duration.Mean);
            }
        }
    }

    private State Arrived(State state)
    {
        var running = InForce(state.Phases).ToArray();
        var next = state with { PhasesAtGap = state.Phases };
        if (running.Any(e => e.Halt))
        {
            return next;
        }

        var size = (long)Math.Floor((_size * running.Aggregate(1.0, (product, e) => product * e.BatchSizeFactor)) + 0.5);
        var cap = CapInForce(state);
        var room = (_model.CapBasis, _model.RotationMode) switch
        {
            (CapBasis.Cumulative, _) => cap - state.Total,
            (_, RotationMode.Relieve) => cap,
            _ => cap - PresentOf(state),
        };
        var arrived = Math.Min(size, Math.Max(room, 0));
        return Seen(next with
        {
            Total = state.Total + arrived,
            Groups = state.Groups + (_tourMean is null ? 0 : Group(arrived)),
            Relieved = state.Relieved + arrived - Math.Min(state.Relieved, arrived),
        });
    }

    private State Changed(State state, int which, Phase phase) => Seen(WithPhase(state, which, phase));

    /// <summary>With the cap looked at, and totals that nothing depends on counted up to the end.</summary>
    private State Seen(State state)
    {
        var quantity = _model.CapBasis == CapBasis.Present ? PresentOf(state) : state.Total;
        var isFree = _cap == long.MaxValue || _model.CapBasis == CapBasis.Present;
        return state with
        {
            CapReached = state.CapReached || quantity >= CapInForce(state),
            Total = isFree ? Math.Min(state.Total, MostCounted) : state.Total,
        };
    }

    private long CapInForce(State state) => _cap == long.MaxValue ? _cap : _cap + InForce(state.Phases).Sum(e => e.CapChange);

    private double GapMean(State state) => InForce(state.PhasesAtGap).Aggregate(_gapMean, (product, e) => product * e.IntervalFactor);

    private IEnumerable<ArrivalEvent> InForce(int phases) =>
        _model.Events.Where((_, i) => (Phase)((phases >> (2 * i)) & 3) == Phase.InForce);

    private IEnumerable<(double Day, int Event, Phase Phase)> Instants(ArrivalEvent source, int index)
    {
        if (source.Timing is EventTiming.OnDay(var day))
        {
            if (day > 0)
            {
                yield return (day, index, Phase.InForce);
            }

            if (source.DurationDays?.Distribution is ConstantDistribution duration)
            {
                yield return (day + duration.Value, index, Phase.Over);
            }
        }
    }

    private int Index(string id) => _model.Events.Select(e => e.Id).ToList().IndexOf(id);

    private static Phase PhaseOf(State state, int which) => (Phase)((state.Phases >> (2 * which)) & 3);

    private static State WithPhase(State state, int which, Phase phase) =>
        state with { Phases = (state.Phases & ~(3 << (2 * which))) | ((int)phase << (2 * which)) };

    private static ulong Group(long size) => size == 0 ? 0 : 1UL << (int)(8 * (size - 1));

    private static long GroupsOf(State state, int size) => (long)((state.Groups >> (8 * (size - 1))) & 255);

    private static long Constant(Assumption assumption) => (long)((ConstantDistribution)assumption.Distribution).Value;
}
