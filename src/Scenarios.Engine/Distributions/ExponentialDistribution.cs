namespace Scenarios.Engine.Distributions;

/// <summary>The waiting time of a process without memory.</summary>
public sealed record ExponentialDistribution : Distribution
{
    /// <summary>The exponential distribution by its mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is not above 0 and finite.</exception>
    public ExponentialDistribution(double mean) => Mean = Positive(mean);

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance => Mean * Mean;

    /// <inheritdoc/>
    public override double Min => 0;

    /// <inheritdoc/>
    public override double Max => double.PositiveInfinity;

    /// <inheritdoc/>
    public override double Cdf(double x) => x <= 0 ? 0 : -Elementary.ExpM1(-x / Mean);

    /// <inheritdoc/>
    public override double UpperTail(double x) => x <= 0 ? 1 : Math.Exp(-x / Mean);

    /// <inheritdoc/>
    public override double Quantile(double p) => -Mean * Elementary.Log1P(-p);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => -Mean * Math.Log(q);
}
