namespace Scenarios.Engine.Distributions;

/// <summary>A count more spread than Poisson: a Poisson count whose mean is itself gamma distributed.</summary>
public sealed record NegativeBinomialDistribution : CountDistribution
{
    /// <summary>Largest mean.</summary>
    public const double MaxMean = 1e6;

    /// <summary>Smallest dispersion.</summary>
    public const double MinDispersion = 0.01;

    /// <summary>Largest dispersion.</summary>
    public const double MaxDispersion = 1e6;

    /// <summary>The negative binomial distribution by mean m and dispersion r: its variance is m + m^2 / r.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not in (0, <see cref="MaxMean"/>], or the dispersion not in
    /// <see cref="MinDispersion"/>..<see cref="MaxDispersion"/>.
    /// </exception>
    public NegativeBinomialDistribution(double mean, double dispersion)
    {
        Mean = Within(mean, double.Epsilon, MaxMean);
        Dispersion = Within(dispersion, MinDispersion, MaxDispersion);
    }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <summary>Dispersion: the larger, the closer to Poisson.</summary>
    public double Dispersion { get; }

    /// <inheritdoc/>
    public override double Variance => Mean + (Mean * Mean / Dispersion);

    /// <inheritdoc/>
    public bool Equals(NegativeBinomialDistribution? other) =>
        other is not null && Mean.Equals(other.Mean) && Dispersion.Equals(other.Dispersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(NegativeBinomialDistribution), Mean, Dispersion);

    /// <summary>P(X &lt;= k) = I_x(r, k + 1) with x = r / (r + m) (DLMF 8.17.24).</summary>
    private protected override (double UpTo, double Above) At(double k) =>
        IncompleteBeta.Regularized(Dispersion, k + 1, Dispersion / (Dispersion + Mean), Mean / (Dispersion + Mean));

    private protected override double Mass(double k)
    {
        var (x, y) = (Dispersion / (Dispersion + Mean), Mean / (Dispersion + Mean));
        return Math.Exp(IncompleteBeta.LogDensity(Dispersion, k + 1, x, y)) / (y * (Dispersion + k));
    }

    /// <summary>The gamma distribution of equal mean and variance.</summary>
    private protected override double Guess(double p, bool upper)
    {
        var shape = Mean / (1 + (Mean / Dispersion));
        return Mean / shape * (upper ? IncompleteGamma.InverseQ(shape, p) : IncompleteGamma.InverseP(shape, p));
    }
}
