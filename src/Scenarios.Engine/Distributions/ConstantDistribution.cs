namespace Scenarios.Engine.Distributions;

/// <summary>Always the same number.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantDistribution(double Value) : Distribution
{
    /// <inheritdoc/>
    public override double Mean => Value;

    /// <inheritdoc/>
    public override double Variance => 0;

    /// <inheritdoc/>
    public override double Min => Value;

    /// <inheritdoc/>
    public override double Max => Value;

    internal override IReadOnlyList<double> Knots => [Value];

    /// <inheritdoc/>
    public override double Cdf(double x) => x >= Value ? 1 : 0;

    /// <inheritdoc/>
    public override double UpperTail(double x) => x >= Value ? 0 : 1;

    /// <inheritdoc/>
    public override double CdfBelow(double x) => x > Value ? 1 : 0;

    /// <inheritdoc/>
    public override double UpperTailFrom(double x) => x > Value ? 0 : 1;

    /// <inheritdoc/>
    public override double Quantile(double p) => Value;

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Value;
}
