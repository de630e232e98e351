using System.Collections.Immutable;

namespace Scenarios.Engine.Distributions;

/// <summary>A distribution function through given points, linear between them. Points of equal value make an atom.</summary>
public sealed record PiecewiseLinearDistribution : Distribution
{
    private readonly double[] _values;
    private readonly double[] _upTo; // Ascending from 0 to 1.
    private readonly double[] _above; // 1 minus it.

    /// <summary>The distribution function through the points, from min at probability 0 to max at probability 1.</summary>
    /// <param name="min">The value at probability 0.</param>
    /// <param name="points">Cumulative probabilities, ascending in (0, 1), and values that do not descend.</param>
    /// <param name="max">The value at probability 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Probabilities are not ascending in (0, 1), values descend, or one is not finite.
    /// </exception>
    public PiecewiseLinearDistribution(double min, IEnumerable<(double Probability, double Value)> points, double max)
    {
        Points = [.. points];
        Min = Finite(min);
        Max = Within(max, Min, double.MaxValue);
        var (probability, value) = (0.0, Min);
        foreach (var point in Points)
        {
            probability = Within(point.Probability, Math.BitIncrement(probability), Math.BitDecrement(1), nameof(points));
            value = Within(point.Value, value, Max, nameof(points));
        }

        _values = [Min, .. Points.Select(p => p.Value), Max];
        _upTo = [0, .. Points.Select(p => p.Probability), 1];
        _above = [.. _upTo.Select(p => 1 - p)];
        for (var i = 1; i < _values.Length; i++)
        {
            Mean += (_upTo[i] - _upTo[i - 1]) * ((_values[i] / 2) + (_values[i - 1] / 2));
        }

        for (var i = 1; i < _values.Length; i++)
        {
            var (width, off) = (_values[i] - _values[i - 1], (_values[i] / 2) + (_values[i - 1] / 2) - Mean);
            Variance += (_upTo[i] - _upTo[i - 1]) * ((off * off) + (width * width / 12));
        }
    }

    /// <summary>The points between the ends, ascending.</summary>
    public ImmutableArray<(double Probability, double Value)> Points { get; }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance { get; }

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    internal override IReadOnlyList<double> Knots => [.. _values.Distinct()];

    /// <inheritdoc/>
    public override double Cdf(double x) => x < Min ? 0 : x >= Max ? 1 : Between(_values, x, LastAtMost(x), _upTo);

    /// <inheritdoc/>
    public override double CdfBelow(double x) => x <= Min ? 0 : x > Max ? 1 : Between(_values, x, LastBelow(x), _upTo);

    /// <inheritdoc/>
    public override double UpperTail(double x) => x < Min ? 1 : x >= Max ? 0 : Between(_values, x, LastAtMost(x), _above);

    /// <inheritdoc/>
    public override double UpperTailFrom(double x) => x <= Min ? 1 : x > Max ? 0 : Between(_values, x, LastBelow(x), _above);

    /// <inheritdoc/>
    public override double Quantile(double p) =>
        Between(_upTo, p, MonotoneSearch.First(_upTo.Length - 2, i => _upTo[i + 1] >= p), _values);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) =>
        Between(_above, q, MonotoneSearch.First(_above.Length - 2, i => _above[i + 1] <= q), _values);

    /// <inheritdoc/>
    public bool Equals(PiecewiseLinearDistribution? other) =>
        other is not null && Min.Equals(other.Min) && Max.Equals(other.Max) && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Points.Length, Min, Max, Mean, Variance);

    /// <summary>Linear interpolation between index i and the next, exact at both.</summary>
    private static double Between(double[] from, double x, int i, double[] to)
    {
        var (width, rise) = (from[i + 1] - from[i], to[i + 1] - to[i]);
        var part = (x - from[i]) / width;
        return part < 0.5 ? to[i] + (part * rise) : to[i + 1] - ((from[i + 1] - x) / width * rise);
    }

    private int LastAtMost(double x) => MonotoneSearch.First(_values.Length, i => _values[i] > x) - 1;

    private int LastBelow(double x) => MonotoneSearch.First(_values.Length, i => _values[i] >= x) - 1;
}
