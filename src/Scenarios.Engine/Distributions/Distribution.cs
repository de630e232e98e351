using System.Runtime.CompilerServices;

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

    /// <summary>P(X &gt;= x): above <see cref="UpperTail"/> exactly where x is an atom.</summary>
    public virtual double UpperTailFrom(double x) => UpperTail(x);

    /// <summary>The smallest x with P(X &lt;= x) &gt;= <paramref name="p"/>, for p in (0, 1).</summary>
    public abstract double Quantile(double p);

    /// <summary>
    /// <c>Quantile(1 - q)</c> without the rounding of 1 - q: accurate for <paramref name="q"/> as small as 1e-300.
    /// </summary>
    public abstract double UpperQuantile(double q);

    /// <summary>A parameter within its bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside, or not a number.</exception>
    private protected static double Within(
        double value, double least, double most, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"must be at least {least:R} and at most {most:R}");

    /// <summary>A parameter that is finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    private protected static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Within(value, double.MinValue, double.MaxValue, name);

    /// <summary>A parameter that is finite and above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    private protected static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Within(value, double.Epsilon, double.MaxValue, name);

    /// <summary>A parameter that is finite and above another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    private protected static double Above(double value, double other, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Within(value, Math.BitIncrement(other), double.MaxValue, name);

    /// <summary>
    /// The finite values, ascending, at which the distribution function jumps (atoms), bends, or starts and ends to be flat
    /// inside the support.
    /// </summary>
    /// <remarks>Distributions of whole numbers leave out atoms further than 5,000 from the median.</remarks>
    internal virtual IReadOnlyList<double> Knots => [];

    /// <summary>
    /// The cumulative probabilities in (0, 1), ascending, at which the quantile function has a jump or a kink. Between two
    /// neighbours it is either constant (an atom) or smooth, but for the steps of one that are left out of a distribution of
    /// whole numbers further than 5,000 from its median.
    /// </summary>
    public IReadOnlyList<double> Breaks
    {
        get
        {
            var breaks = new List<double>();
            var knots = Knots;
            for (var i = 0; i < knots.Count; i++)
            {
                var (below, upTo) = AtKnot(i, knots[i]);
                foreach (var p in (ReadOnlySpan<double>)[below, upTo])
                {
                    if (p > (breaks.Count == 0 ? 0 : breaks[^1]) && p < 1)
                    {
                        breaks.Add(p);
                    }
                }
            }

            return breaks;
        }
    }

    /// <summary>P(X &lt; knot) and P(X &lt;= knot) of the i-th knot.</summary>
    private protected virtual (double Below, double UpTo) AtKnot(int i, double knot) => (CdfBelow(knot), Cdf(knot));
}
