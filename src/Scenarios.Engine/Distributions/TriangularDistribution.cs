namespace Scenarios.Engine.Distributions;

/// <summary>Density in straight lines up from a minimum to a mode and down to a maximum.</summary>
public sealed record TriangularDistribution : Distribution
{
    /// <summary>The triangular distribution.</summary>
    /// <param name="min">Smallest value.</param>
    /// <param name="mode">Most likely value, in [min, max].</param>
    /// <param name="max">Largest value, above min.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite or not in order.</exception>
    public TriangularDistribution(double min, double mode, double max)
    {
        Min = Finite(min);
        Max = Above(max, min);
        Mode = Within(mode, min, max);
    }

    /// <summary>Most likely value.</summary>
    public double Mode { get; }

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    /// <inheritdoc/>
    public override double Mean => Min + ((Mode - Min + (Max - Min)) / 3);

    /// <inheritdoc/>
    public override double Variance
    {
        get
        {
            var (b, c) = (Max - Min, Mode - Min);
            return ((b * b) + (c * c) - (b * c)) / 18;
        }
    }

    internal override IReadOnlyList<double> Knots => Mode > Min && Mode < Max ? [Mode] : [];

    private double BelowMode => (Mode - Min) / (Max - Min);

    /// <inheritdoc/>
    public override double Cdf(double x) =>
        x <= Min ? 0 : x >= Max ? 1 : x <= Mode ? (x - Min) / (Max - Min) * ((x - Min) / (Mode - Min)) : 1 - UpperTail(x);

    /// <inheritdoc/>
    public override double UpperTail(double x) =>
        x <= Min ? 1 : x >= Max ? 0 : x > Mode ? (Max - x) / (Max - Min) * ((Max - x) / (Max - Mode)) : 1 - Cdf(x);

    /// <inheritdoc/>
    public override double Quantile(double p) => p <= BelowMode ? FromBelow(p) : FromAbove(1 - p);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => q <= (Max - Mode) / (Max - Min) ? FromAbove(q) : FromBelow(1 - q);

    private double FromBelow(double p) => Min + (Math.Sqrt(p * (Mode - Min)) * Math.Sqrt(Max - Min));

    private double FromAbove(double q) => Max - (Math.Sqrt(q * (Max - Mode)) * Math.Sqrt(Max - Min));
}
