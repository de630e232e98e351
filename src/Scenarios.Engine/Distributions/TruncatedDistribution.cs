namespace Scenarios.Engine.Distributions;

/// <summary>A distribution on condition that min &lt;= X &lt;= max. It does not clamp.</summary>
public sealed record TruncatedDistribution : Distribution
{
    /// <summary>The least probability that an interval must have to be a condition.</summary>
    public const double MinMass = 1e-9;

    // Derived, so equality leaves them out.
    private readonly double _below; // P(X < min) of the inner distribution.
    private readonly double _above; // P(X > max) of it.
    private readonly Lazy<(double Mean, double Variance)> _moments;

    /// <summary>A distribution on a condition.</summary>
    /// <param name="inner">The distribution.</param>
    /// <param name="min">Smallest value kept; negative infinity for no bound.</param>
    /// <param name="max">Largest value kept, at least min; infinity for no bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The bounds are not in order, or the inner distribution is between them less often than <see cref="MinMass"/>.
    /// </exception>
    public TruncatedDistribution(Distribution inner, double min, double max)
    {
        Inner = inner;
        KeptFrom = min;
        KeptTo = Within(max, min, double.PositiveInfinity);
        MassWithin = Within(MassOf(inner, min, max), MinMass, 1);
        _below = inner.CdfBelow(min);
        _above = inner.UpperTail(max);

        // A bound may lie where the inner distribution has nothing: the ends are the values that are really there.
        var knots = Knots;
        Min = inner.Min >= min ? inner.Min : knots.Count > 0 && inner.CdfBelow(knots[0]) <= _below ? knots[0] : min;
        Max = inner.Max <= max ? inner.Max : knots.Count > 0 && inner.UpperTail(knots[^1]) <= _above ? knots[^1] : max;
        _moments = new(() => QuantileMoments.Of(this));
    }

    /// <summary>The distribution without the condition.</summary>
    public Distribution Inner { get; }

    /// <summary>Smallest value kept.</summary>
    public double KeptFrom { get; }

    /// <summary>Largest value kept.</summary>
    public double KeptTo { get; }

    /// <summary>How often the inner distribution meets the condition.</summary>
    public double MassWithin { get; }

    /// <inheritdoc/>
    public override double Mean => _moments.Value.Mean;

    /// <inheritdoc/>
    public override double Variance => _moments.Value.Variance;

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    internal override IReadOnlyList<double> Knots => [.. Inner.Knots.Where(k => k >= KeptFrom && k <= KeptTo)];

    /// <summary>P(min &lt;= X &lt;= max), accurate wherever it lies; 0 where max is below min.</summary>
    public static double MassOf(Distribution inner, double min, double max)
    {
        if (!(min <= max))
        {
            return 0;
        }

        var (below, above) = (inner.CdfBelow(min), inner.UpperTail(max));
        return below > 0.5 ? inner.UpperTailFrom(min) - above : above > 0.5 ? inner.Cdf(max) - below : 1 - below - above;
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => x < Min ? 0 : x >= Max ? 1 : Share(MassOf(Inner, KeptFrom, x));

    /// <inheritdoc/>
    public override double CdfBelow(double x) => x <= Min ? 0 : x > Max ? 1
        : Share(_below > 0.5 ? Inner.UpperTailFrom(KeptFrom) - Inner.UpperTailFrom(x) : Inner.CdfBelow(x) - _below);

    /// <inheritdoc/>
    public override double UpperTail(double x) => x < Min ? 1 : x >= Max ? 0
        : Share(_above > 0.5 ? Inner.Cdf(KeptTo) - Inner.Cdf(x) : Inner.UpperTail(x) - _above);

    /// <inheritdoc/>
    public override double UpperTailFrom(double x) => x <= Min ? 1 : x > Max ? 0 : Share(MassOf(Inner, x, KeptTo));

    /// <inheritdoc/>
    public override double Quantile(double p) => At(p, 1 - p);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => At(1 - q, q);

    /// <inheritdoc/>
    public bool Equals(TruncatedDistribution? other) =>
        other is not null && KeptFrom.Equals(other.KeptFrom) && KeptTo.Equals(other.KeptTo) && Inner.Equals(other.Inner);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Inner, KeptFrom, KeptTo);

    private double Share(double mass) => Math.Clamp(mass / MassWithin, 0, 1);

    /// <summary>The quantile at p = 1 - q. Rounding at the ends must not reach an atom outside.</summary>
    private double At(double p, double q)
    {
        var below = Math.Max(_below + (p * MassWithin), Math.BitIncrement(_below));
        if (below <= 0.5)
        {
            return Math.Clamp(Inner.Quantile(below), Min, Max);
        }

        var above = Math.Clamp(_above + (q * MassWithin), Math.BitIncrement(_above), Math.BitDecrement(Inner.UpperTailFrom(KeptFrom)));
        return Math.Clamp(Inner.UpperQuantile(above), Min, Max);
    }
}
