namespace Scenarios.Engine.Distributions;

/// <summary>The number of independent rare happenings.</summary>
public sealed record PoissonDistribution : CountDistribution
{
    /// <summary>Largest mean.</summary>
    public const double MaxMean = 1e6;

    /// <summary>The Poisson distribution.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is not in (0, <see cref="MaxMean"/>].</exception>
    public PoissonDistribution(double mean) => Mean = Within(mean, double.Epsilon, MaxMean);

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance => Mean;

    /// <inheritdoc/>
    public bool Equals(PoissonDistribution? other) => other is not null && Mean.Equals(other.Mean);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(PoissonDistribution), Mean);

    /// <summary>P(X &lt;= k) = Q(k + 1, m) (DLMF 8.4.10).</summary>
    private protected override (double UpTo, double Above) At(double k)
    {
        var (p, q) = IncompleteGamma.Regularized(k + 1, Mean);
        return (q, p);
    }

    private protected override double Mass(double k) => Math.Exp(IncompleteGamma.LogDensity(k + 1, Mean)) / Mean;

    /// <summary>The first terms of the expansion of Cornish and Fisher.</summary>
    private protected override double Guess(double p, bool upper)
    {
        var z = upper ? -NormalDistribution.StandardQuantile(p) : NormalDistribution.StandardQuantile(p);
        return Mean + (Math.Sqrt(Mean) * z) + (((z * z) - 1) / 6);
    }
}
