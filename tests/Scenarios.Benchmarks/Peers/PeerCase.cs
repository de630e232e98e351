using MathNet.Numerics.Distributions;

namespace Scenarios.Benchmarks.Peers;

/// <summary>A scenario that contestants compute, and the exact figures that their answers are held to.</summary>
internal sealed record PeerCase
{
    public static double[] Levels { get; } = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>
    /// B1 of the design, at its horizon. Exact: renewal convolution of the gap, FFT of the rounded batch (RenewalOracle of the
    /// engine's tests).
    /// </summary>
    public static PeerCase Weekly { get; } = new()
    {
        Id = "b1",
        MemoryPaths = 1_000_000,
        Known = KnownScenarios.Weekly,
        Points = 105,
        CheckedPoint = 104,
        Mean = 60_350.77,
        Sd = 9676.15,
        Quantiles = [45_070, 53_601, 59_986, 66_704, 76_877],
        Cap = 1.0667e-4,
        Reached = 0.858338,
        MedianDay = 578.390,
    };

    /// <summary>
    /// B2, at day 730. Exact: P(k arrivals) from the Erlang distribution, powers of the rounded batch's distribution by FFT.
    /// </summary>
    public static PeerCase Daily { get; } = new()
    {
        Id = "b2",
        MemoryPaths = 100_000,
        Known = KnownScenarios.Daily,
        Points = 1826,
        CheckedPoint = 730,
        Mean = 50_283.93,
        Sd = 4034.69,
        Quantiles = [43_758, 47_528, 50_220, 52_970, 57_028],
        Cap = 0.99998839,
        Reached = 1,
        MedianDay = 726.8085,
    };

    public static IReadOnlyList<PeerCase> All { get; } = [Weekly, Daily];

    public required string Id { get; init; }

    /// <summary>Paths of the run after which memory is read.</summary>
    public required long MemoryPaths { get; init; }

    public required KnownScenario Known { get; init; }

    public required int Points { get; init; }

    public required int CheckedPoint { get; init; }

    public required double Mean { get; init; }

    public required double Sd { get; init; }

    public required double[] Quantiles { get; init; }

    public required double Cap { get; init; }

    public required double Reached { get; init; }

    public required double MedianDay { get; init; }

    /// <summary>Paths after which 1.96 standard errors of the mean at the checked day are 0.1 % of it.</summary>
    public long PathsToPrecision => (long)Math.Ceiling(Math.Pow(1.96 * Sd / (0.001 * Mean), 2));

    /// <summary>The figures of each grid point, and cap and passage.</summary>
    public int Values => Points * (2 + Levels.Length);

    /// <summary>
    /// What is wrong with an answer; null if nothing. Five standard errors are allowed, those of quantiles by a normal density,
    /// and what bins of 0.1 % of the cap, of the horizon, add.
    /// </summary>
    public string? Fault(Answer answer)
    {
        var n = Math.Sqrt(answer.Paths);
        var faults = new List<string>();

        void Check(string name, double value, double exact, double allowed)
        {
            if (!(Math.Abs(value - exact) <= allowed))
            {
                faults.Add($"{name} {value:G7}, exactly {exact:G7}");
            }
        }

        double QuantileError(double level) => Math.Sqrt(level * (1 - level)) / n / Normal.PDF(0, 1, Normal.InvCDF(0, 1, level));

        double ChanceError(double chance) => (5 * Math.Sqrt(chance * (1 - chance)) / n) + (25 / n / n);

        Check("mean", answer.Mean, Mean, 5 * Sd / n);
        Check("sd", answer.Sd, Sd, 5 * Sd / n);
        for (var i = 0; i < Levels.Length; i++)
        {
            Check($"quantile {Levels[i]}", answer.Quantiles[i], Quantiles[i], (5 * Sd * QuantileError(Levels[i])) + 100);
        }

        Check("P(cap)", answer.Cap, Cap, ChanceError(Cap));
        Check("P(50,000)", answer.Reached, Reached, ChanceError(Reached));
        var slope = Mean / (CheckedPoint * Known.Model.StepDays);
        Check("median passage", answer.MedianDay ?? double.NaN, MedianDay, (5 * Sd / slope * QuantileError(0.5)) + 2);
        if (answer.Values < Values)
        {
            faults.Add($"{answer.Values} figures of {Values}");
        }

        return faults.Count == 0 ? null : string.Join("; ", faults);
    }
}
