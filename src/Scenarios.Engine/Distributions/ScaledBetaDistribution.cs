namespace Scenarios.Engine.Distributions;

/// <summary>The beta distribution, scaled to an interval; PERT is one of them.</summary>
public sealed record ScaledBetaDistribution : Distribution
{
    /// <summary>Smallest value of either shape.</summary>
    public const double MinShape = 0.05;

    /// <summary>Largest value of either shape.</summary>
    public const double MaxShape = 1e6;

    /// <summary>The beta distribution with two shapes on [min, max].</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A shape is not in <see cref="MinShape"/>..<see cref="MaxShape"/>, a bound not finite, or max not above min.
    /// </exception>
    public ScaledBetaDistribution(double alpha, double beta, double min, double max)
    {
        Alpha = Within(alpha, MinShape, MaxShape);
        Beta = Within(beta, MinShape, MaxShape);
        Min = Finite(min);
        Max = Above(max, min);
    }

    /// <summary>First shape: the larger, the further from min.</summary>
    public double Alpha { get; }

    /// <summary>Second shape: the larger, the further from max.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override double Min { get; }

    /// <inheritdoc/>
    public override double Max { get; }

    /// <inheritdoc/>
    public override double Mean => Min + (Range * (Alpha / (Alpha + Beta)));

    /// <inheritdoc/>
    public override double Variance =>
        Range * (Alpha / (Alpha + Beta)) * (Range * (Beta / (Alpha + Beta))) / (Alpha + Beta + 1);

    private double Range => Max - Min;

    /// <summary>The PERT distribution: its mean is (min + shape * mode + max) / (shape + 2).</summary>
    /// <param name="min">Smallest value.</param>
    /// <param name="mode">Most likely value, in [min, max].</param>
    /// <param name="max">Largest value, above min.</param>
    /// <param name="shape">Weight of the mode, in [0.01, 1000]; classically 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite, not in range or not in order.</exception>
    public static ScaledBetaDistribution Pert(double min, double mode, double max, double shape = 4)
    {
        Above(max, Finite(min));
        Within(mode, min, max);
        Within(shape, 0.01, 1000);
        return new(1 + (shape * ((mode - min) / (max - min))), 1 + (shape * ((max - mode) / (max - min))), min, max);
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => IncompleteBeta.Regularized(Alpha, Beta, (x - Min) / Range, (Max - x) / Range).Lower;

    /// <inheritdoc/>
    public override double UpperTail(double x) => IncompleteBeta.Regularized(Alpha, Beta, (x - Min) / Range, (Max - x) / Range).Upper;

    /// <inheritdoc/>
    public override double Quantile(double p) => Value(IncompleteBeta.Inverse(Alpha, Beta, p));

    /// <inheritdoc/>
    public override double UpperQuantile(double q)
    {
        var (y, x) = IncompleteBeta.Inverse(Beta, Alpha, q);
        return Value((x, y));
    }

    private double Value((double X, double Y) at) => at.X <= at.Y ? Min + (Range * at.X) : Max - (Range * at.Y);
}
