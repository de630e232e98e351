using System.Collections.Immutable;

namespace Scenarios.Engine.Distributions;

/// <summary>A weighted mixture: how sources that disagree are pooled.</summary>
public sealed record MixtureDistribution : Distribution
{
    // Derived from the components, so equality leaves them out: where the mixture jumps, bends or pauses, and the
    // probabilities up to, below, above and from there.
    private readonly (double Weight, Distribution Distribution)[] _leaves; // Components of components in their place.
    private readonly double[] _knots;
    private readonly double[] _upTo;
    private readonly double[] _below;
    private readonly double[] _above;
    private readonly double[] _from;

    /// <summary>A mixture; weights are normalised.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no component, or a weight is not above 0 and finite.</exception>
    public MixtureDistribution(IEnumerable<(double Weight, Distribution Distribution)> components)
    {
        ImmutableArray<(double Weight, Distribution Distribution)> given = [.. components];
        ArgumentOutOfRangeException.ThrowIfZero(given.Length, nameof(components));
        var most = given.Max(c => Positive(c.Weight, nameof(components)));
        var total = given.Sum(c => c.Weight / most);
        Components = [.. given.Select(c => (c.Weight / most / total, c.Distribution))];
        _leaves = [.. Components.SelectMany(c => c.Distribution is MixtureDistribution inner
            ? inner._leaves.Select(leaf => (c.Weight * leaf.Weight, leaf.Distribution))
            : [(c.Weight, c.Distribution)])];
        Mean = Sum(d => d.Mean);
        Variance = Sum(d => d.Variance + ((d.Mean - Mean) * (d.Mean - Mean)));
        if (double.IsNaN(Variance))
        {
            Variance = double.PositiveInfinity; // The means overflow.
        }

        Min = Components.Min(c => c.Distribution.Min);
        Max = Components.Max(c => c.Distribution.Max);
        var ends = _leaves.SelectMany(c => (double[])[c.Distribution.Min, c.Distribution.Max]).Where(double.IsFinite);
        _knots = [.. _leaves.SelectMany(c => c.Distribution.Knots).Concat(ends).Distinct().Order()];
        _upTo = Array.ConvertAll(_knots, Cdf);
        _below = Array.ConvertAll(_knots, CdfBelow);
        _above = Array.ConvertAll(_knots, UpperTail);
        _from = Array.ConvertAll(_knots, UpperTailFrom);
    }

    /// <summary>The components and their normalised weights.</summary>
    public ImmutableArray<(double Weight, Distribution Distribution)> Components { get; }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance { get; }

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    internal override IReadOnlyList<double> Knots => _knots;

    /// <inheritdoc/>
    public override double Cdf(double x) => x >= Max ? 1 : Math.Min(Sum(d => d.Cdf(x)), 1);

    /// <inheritdoc/>
    public override double CdfBelow(double x) => x > Max ? 1 : Math.Min(Sum(d => d.CdfBelow(x)), 1);

    /// <inheritdoc/>
    public override double UpperTail(double x) => x < Min ? 1 : Math.Min(Sum(d => d.UpperTail(x)), 1);

    /// <inheritdoc/>
    public override double UpperTailFrom(double x) => x <= Min ? 1 : Math.Min(Sum(d => d.UpperTailFrom(x)), 1);

    /// <inheritdoc/>
    public override double Quantile(double p)
    {
        var next = MonotoneSearch.First(_knots.Length, i => _upTo[i] >= p);
        if (next < _knots.Length && _below[next] < p)
        {
            return _knots[next]; // An atom.
        }

        var (low, high) = Bracket(next, d => d.Quantile(p));
        return MonotoneSearch.Root(x => Math.Log(Cdf(x) / p), low, high);
    }

    /// <inheritdoc/>
    public override double UpperQuantile(double q)
    {
        var next = MonotoneSearch.First(_knots.Length, i => _above[i] <= q);
        if (next < _knots.Length && _from[next] > q)
        {
            return _knots[next];
        }

        var (low, high) = Bracket(next, d => d.UpperQuantile(q));
        return MonotoneSearch.Root(x => Math.Log(q / UpperTail(x)), low, high);
    }

    /// <inheritdoc/>
    public bool Equals(MixtureDistribution? other) => other is not null && Components.AsSpan().SequenceEqual(other.Components.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var component in Components)
        {
            hash.Add(component);
        }

        return hash.ToHashCode();
    }

    private protected override (double Below, double UpTo) AtKnot(int i, double knot) => (_below[i], _upTo[i]);

    private double Sum(Func<Distribution, double> term)
    {
        double sum = 0;
        foreach (var (weight, distribution) in _leaves)
        {
            sum += weight * term(distribution);
        }

        return sum;
    }

    /// <summary>The quantile lies between those of the components, and between two knots.</summary>
    private (double Low, double High) Bracket(int next, Func<Distribution, double> quantile)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var (_, distribution) in _leaves)
        {
            var at = quantile(distribution);
            low = Math.Min(low, at);
            high = Math.Max(high, at);
        }

        return (next > 0 ? Math.Max(low, _knots[next - 1]) : low, next < _knots.Length ? Math.Min(high, _knots[next]) : high);
    }
}
