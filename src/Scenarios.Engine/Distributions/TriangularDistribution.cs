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

    private double Width => Max - Min;

    private double BelowMode => (Mode - Min) / Width;

    private double AboveMode => (Max - Mode) / Width;

    /// <inheritdoc/>
    public override double Cdf(double x) => x <= Min ? 0 : x >= Max ? 1
        : x <= Mode ? (x - Min) / Width * ((x - Min) / (Mode - Min))
        : BelowMode + ((x - Mode) / Width * (1 + ((Max - x) / (Max - Mode))));

    /// <inheritdoc/>
    public override double UpperTail(double x) => x <= Min ? 1 : x >= Max ? 0
        : x > Mode ? (Max - x) / Width * ((Max - x) / (Max - Mode))
        : AboveMode + ((Mode - x) / Width * (1 + ((x - Min) / (Mode - Min))));

    /// <inheritdoc/>
    public override double Quantile(double p) => p <= BelowMode
        ? Min + (Math.Sqrt(p * (Mode - Min)) * Math.Sqrt(Width))
        : Mode + (((p * Width) - (Mode - Min)) / (1 + Math.Sqrt((1 - p) / AboveMode)));

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => q <= AboveMode
        ? Max - (Math.Sqrt(q * (Max - Mode)) * Math.Sqrt(Width))
        : Mode - (((q * Width) - (Max - Mode)) / (1 + Math.Sqrt((1 - q) / BelowMode)));
}
