using System.Collections.Immutable;

namespace Scenarios.Engine.Distributions;

/// <summary>Listed values with probabilities.</summary>
public sealed record DiscreteDistribution : Distribution
{
    private readonly double[] _values;
    private readonly double[] _upTo; // P(X <= value), after a leading 0.
    private readonly double[] _from; // P(X >= value), before a closing 0.

    private DiscreteDistribution(double[] values, double[] weights)
    {
        _values = values;
        _upTo = new double[values.Length + 1];
        _from = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            _upTo[i + 1] = _upTo[i] + weights[i];
        }

        for (var i = values.Length - 1; i >= 0; i--)
        {
            _from[i] = _from[i + 1] + weights[i];
        }

        var (upTo, from) = (_upTo[^1], _from[0]);
        for (var i = 0; i <= values.Length; i++)
        {
            _upTo[i] /= upTo;
            _from[i] /= from;
        }

        Outcomes = [.. values.Zip(weights, (value, weight) => (value, weight / upTo))];
        Mean = Outcomes.Sum(o => o.Value * o.Probability);
        Variance = Outcomes.Sum(o => (o.Value - Mean) * (o.Value - Mean) * o.Probability);
    }

    /// <summary>The distinct values, ascending, and their probabilities.</summary>
    public ImmutableArray<(double Value, double Probability)> Outcomes { get; }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance { get; }

    /// <inheritdoc/>
    public override double Min => _values[0];

    /// <inheritdoc/>
    public override double Max => _values[^1];

    internal override IReadOnlyList<double> Knots => _values;

    /// <summary>Values with weights; a value may come twice, weights are normalised.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, a value is not finite, or a weight not above 0 and finite.</exception>
    public static DiscreteDistribution From(IEnumerable<(double Value, double Weight)> outcomes)
    {
        var merged = new SortedDictionary<double, double>();
        foreach (var (value, weight) in outcomes)
        {
            merged[Finite(value) + 0.0] = merged.GetValueOrDefault(value) + Positive(weight); // + 0.0 makes -0 into 0.
        }

        ArgumentOutOfRangeException.ThrowIfZero(merged.Count, nameof(outcomes));
        return new([.. merged.Keys], [.. merged.Values]);
    }

    /// <summary>Equally likely samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or one is not finite.</exception>
    public static DiscreteDistribution FromSamples(IEnumerable<double> samples) => From(samples.Select(sample => (sample, 1.0)));

    /// <inheritdoc/>
    public override double Cdf(double x) => _upTo[CountUpTo(x)];

    /// <inheritdoc/>
    public override double CdfBelow(double x) => _upTo[CountBelow(x)];

    /// <inheritdoc/>
    public override double UpperTail(double x) => _from[CountUpTo(x)];

    /// <inheritdoc/>
    public override double UpperTailFrom(double x) => _from[CountBelow(x)];

    /// <inheritdoc/>
    public override double Quantile(double p) => _values[MonotoneSearch.First(_values.Length - 1, i => _upTo[i + 1] >= p)];

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => _values[MonotoneSearch.First(_values.Length - 1, i => _from[i + 1] <= q)];

    /// <inheritdoc/>
    public bool Equals(DiscreteDistribution? other) => other is not null && Outcomes.AsSpan().SequenceEqual(other.Outcomes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Outcomes.Length, Min, Max, Mean, Variance);

    private int CountUpTo(double x)
    {
        var at = Array.BinarySearch(_values, x);
        return at >= 0 ? at + 1 : ~at;
    }

    private int CountBelow(double x)
    {
        var at = Array.BinarySearch(_values, x);
        return at >= 0 ? at : ~at;
    }
}
