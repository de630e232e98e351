namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// How the probabilities of the states of a Markov chain in continuous time change: by uniformization (Jensen 1953), a Poisson
/// number of steps of a chain in discrete time. All terms are positive, and what is cut off is below 1e-13.
/// </summary>
internal static class MarkovLaw
{
    private const double CutOff = 1e-13;

    /// <summary>Probabilities after some days, given the states that each state moves to and the rates per day.</summary>
    public static Dictionary<TState, double> After<TState>(
        this IReadOnlyDictionary<TState, double> law, double days, Func<TState, IEnumerable<(TState To, double Rate)>> moves)
        where TState : notnull
    {
        var states = new List<TState>(law.Keys);
        var numbers = states.Select((state, i) => (state, i)).ToDictionary(entry => entry.state, entry => entry.i);
        var rates = new List<(int From, int To, double Rate)>();
        for (var from = 0; from < states.Count; from++)
        {
            foreach (var (to, rate) in moves(states[from]))
            {
                if (!numbers.TryGetValue(to, out var number))
                {
                    numbers.Add(to, number = states.Count);
                    states.Add(to);
                }

                rates.Add((from, number, rate));
            }
        }

        var leaving = new double[states.Count];
        foreach (var (from, _, rate) in rates)
        {
            leaving[from] += rate;
        }

        var steps = leaving.Max() * days;
        var now = states.Select(state => law.GetValueOrDefault(state)).ToArray();
        var after = new double[states.Count];
        var (weight, left) = (Math.Exp(-steps), 1.0);
        for (var k = 1; ; k++)
        {
            for (var i = 0; i < now.Length; i++)
            {
                after[i] += weight * now[i];
            }

            left -= weight;
            if (left < CutOff)
            {
                return states.Select((state, i) => (state, after[i])).ToDictionary(entry => entry.state, entry => entry.Item2);
            }

            weight *= steps / k;
            var next = now.Select((p, i) => p * (1 - (leaving[i] * days / steps))).ToArray();
            foreach (var (from, to, rate) in rates)
            {
                next[to] += now[from] * rate * days / steps;
            }

            now = next;
        }
    }

    /// <summary>Probabilities after something that happens at a known instant.</summary>
    public static Dictionary<TState, double> At<TState>(this IReadOnlyDictionary<TState, double> law, Func<TState, TState> change)
        where TState : notnull =>
        law.GroupBy(entry => change(entry.Key)).ToDictionary(group => group.Key, group => group.Sum(entry => entry.Value));

    /// <summary>The law of a number that a state has.</summary>
    public static IEnumerable<(long Value, double Probability)> Of<TState>(
        this IReadOnlyDictionary<TState, double> law, Func<TState, long> read)
        where TState : notnull => law.GroupBy(entry => read(entry.Key)).Select(group => (group.Key, group.Sum(entry => entry.Value)));

    /// <summary>The probability of what is true of a state.</summary>
    public static double Probability<TState>(this IReadOnlyDictionary<TState, double> law, Func<TState, bool> isTrue)
        where TState : notnull => law.Where(entry => isTrue(entry.Key)).Sum(entry => entry.Value);
}
