namespace Scenarios.Engine.Distributions;

/// <summary>Every number between two bounds equally likely.</summary>
public sealed record UniformDistribution : Distribution
{
    /// <summary>The uniform distribution on [min, max].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or max is not above min.</exception>
    public UniformDistribution(double min, double max)
    {
        Min = Finite(min);
        Max = Above(max, min);
    }

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    /// <inheritdoc/>
    public override double Mean => (Min / 2) + (Max / 2);

    /// <inheritdoc/>
    public override double Variance => (Max - Min) * (Max - Min) / 12;

    /// <inheritdoc/>
    public override double Cdf(double x) => Math.Clamp((x - Min) / (Max - Min), 0, 1);

    /// <inheritdoc/>
    public override double UpperTail(double x) => Math.Clamp((Max - x) / (Max - Min), 0, 1);

    /// <inheritdoc/>
    public override double Quantile(double p) => Min + (p * (Max - Min));

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Max - (q * (Max - Min));
}
