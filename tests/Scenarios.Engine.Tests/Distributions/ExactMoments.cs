using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

/// <summary>
/// Exact mean and variance, and how far those of many draws may be off.
/// </summary>
/// <remarks>
/// Where the kurtosis of the variable, or of its squared distance from the mean, is above <see cref="MostKurtosis"/>, sums of ten
/// million are not normal to five standard errors (a skewness of sqrt(1,000 / 1e7) = 0.01 moves that tail by a fifth). There the
/// variable is clamped to its quantiles at 2^-10 and 1 - 2^-10; what lies beyond, the cells see.
/// </remarks>
internal sealed class ExactMoments
{
    private const double MostKurtosis = 1000;

    private readonly double _least;
    private readonly double _most;
    private readonly double _varianceOfSquare;

    private ExactMoments(Distribution distribution, double least, double most)
    {
        (_least, _most) = (least, most);
        (Mean, Variance) = QuantileMoments.Of(new Function(distribution, Clamp));
        (_, _varianceOfSquare) = QuantileMoments.Of(new Function(distribution, Squared));
        var (_, fourth) = QuantileMoments.Of(new Function(distribution, x => Math.Pow(Squared(x) - Variance, 2)));
        Kurtosis = Math.Max(
            1 + (_varianceOfSquare / (Variance * Variance)), 1 + (fourth / (_varianceOfSquare * _varianceOfSquare)));
    }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>The larger kurtosis of the variable and of its squared distance from the mean; not a number for a constant.</summary>
    private double Kurtosis { get; }

    public static ExactMoments Of(Distribution distribution)
    {
        var plain = new ExactMoments(distribution, double.NegativeInfinity, double.PositiveInfinity);
        var tail = Math.ScaleB(1, -10);
        return plain.Kurtosis <= MostKurtosis || plain.Variance == 0
            ? plain
            : new(distribution, distribution.Quantile(tail), distribution.UpperQuantile(tail));
    }

    public double Clamp(double draw) => Math.Clamp(draw, _least, _most);

    /// <summary>Five standard errors, and what compiled tables keep the mean to.</summary>
    public double ErrorOfMean(long draws, double rounding) => (Math.Sqrt(Variance) * ((5 / Math.Sqrt(draws)) + 1e-6)) + rounding;

    /// <summary>Likewise of the variance.</summary>
    public double ErrorOfVariance(long draws, double rounding) =>
        (5 * Math.Sqrt(_varianceOfSquare / draws)) + (1e-5 * Variance) + (2 * rounding * Math.Sqrt(Variance)) + (rounding * rounding);

    private double Squared(double x) => Math.Pow(Clamp(x) - Mean, 2);

    /// <summary>A function of a variable; not a distribution, but its integrals are those of one.</summary>
    private sealed record Function(Distribution Inner, Func<double, double> Of) : Distribution
    {
        public override double Mean => double.NaN;

        public override double Variance => double.NaN;

        public override double Min => Of(Inner.Min);

        public override double Max => Of(Inner.Max);

        internal override IReadOnlyList<double> Knots => Inner.Knots;

        public override double Cdf(double x) => Inner.Cdf(x);

        public override double CdfBelow(double x) => Inner.CdfBelow(x);

        public override double UpperTail(double x) => Inner.UpperTail(x);

        public override double Quantile(double p) => Of(Inner.Quantile(p));

        public override double UpperQuantile(double q) => Of(Inner.UpperQuantile(q));
    }
}
