namespace Scenarios.Engine.Distributions;

/// <summary>
/// A probability distribution of one real number, exactly: moments, distribution function and quantile function in
/// double precision, accurate far into both tails.
/// </summary>
/// <remarks>
/// Distributions are values: equal parameters, equal distributions. They hold valid parameters only; the constructors
/// throw <see cref="ArgumentOutOfRangeException"/> otherwise. Draws are made by the quantile function that is compiled
/// from a distribution, never by the distribution itself.
/// </remarks>
public abstract record Distribution
{
    /// <summary>Expected value.</summary>
    public abstract double Mean { get; }

    /// <summary>Variance.</summary>
    public abstract double Variance { get; }

    /// <summary>Infimum of the possible values; may be negative infinity.</summary>
    public abstract double Min { get; }

    /// <summary>Supremum of the possible values; may be positive infinity.</summary>
    public abstract double Max { get; }

    /// <summary>P(X &lt;= x), with full relative accuracy where it is small.</summary>
    public abstract double Cdf(double x);

    /// <summary>P(X &gt; x), with full relative accuracy where it is small.</summary>
    public abstract double UpperTail(double x);

    /// <summary>P(X &lt; x): below <see cref="Cdf"/> exactly where x is an atom.</summary>
    public virtual double CdfBelow(double x) => Cdf(x);

    /// <summary>The smallest x with P(X &lt;= x) &gt;= <paramref name="p"/>, for p in (0, 1).</summary>
    public abstract double Quantile(double p);

    /// <summary>
    /// <c>Quantile(1 - q)</c> without the rounding of 1 - q: accurate for <paramref name="q"/> as small as 1e-300.
    /// </summary>
    public abstract double UpperQuantile(double q);

    /// <summary>
    /// The cumulative probabilities in (0, 1), ascending, at which the quantile function has a jump or a kink. Between two
    /// neighbours it is either constant (an atom) or smooth.
    /// </summary>
    /// <remarks>
    /// Breaks in the outer 2^-33 of either tail may be left out: no draw tells them apart.
    /// </remarks>
    public virtual IReadOnlyList<double> Breaks => [];
}
