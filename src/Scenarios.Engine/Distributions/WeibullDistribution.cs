using MathNet.Numerics;

namespace Scenarios.Engine.Distributions;

/// <summary>The Weibull distribution.</summary>
public sealed record WeibullDistribution : Distribution
{
    /// <summary>Smallest shape.</summary>
    public const double MinShape = 0.1;

    /// <summary>Largest shape.</summary>
    public const double MaxShape = 1000;

    /// <summary>The Weibull distribution by shape and scale.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The shape is not in <see cref="MinShape"/>..<see cref="MaxShape"/>, or the scale not above 0 and finite.
    /// </exception>
    public WeibullDistribution(double shape, double scale)
    {
        Shape = Within(shape, MinShape, MaxShape);
        Scale = Positive(scale);
        Mean = scale * SpecialFunctions.Gamma(1 + (1 / shape));
        Variance = Mean * Mean * Elementary.ExpM1(LogMomentRatio(shape));
    }

    /// <summary>Shape k.</summary>
    public double Shape { get; }

    /// <summary>Scale: the quantile at 1 - 1/e.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <inheritdoc/>
    public override double Variance { get; }

    /// <inheritdoc/>
    public override double Min => 0;

    /// <inheritdoc/>
    public override double Max => double.PositiveInfinity;

    /// <summary>The Weibull distribution with a mean and a standard deviation; null if no allowed shape has them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not above 0 and finite.</exception>
    public static WeibullDistribution? FromMoments(double mean, double standardDeviation)
    {
        var variation = Positive(standardDeviation) / Positive(mean);
        var target = Elementary.Log1P(variation * variation);
        var (low, high) = (Math.Log(MinShape), Math.Log(MaxShape));
        if (!(target <= LogMomentRatio(MinShape)) || !(target >= LogMomentRatio(MaxShape)))
        {
            return null;
        }

        while (high - low > 1e-15)
        {
            var middle = (low + high) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = LogMomentRatio(Math.Exp(middle)) > target ? (middle, high) : (low, middle);
        }

        var shape = Math.Clamp(Math.Exp((low + high) / 2), MinShape, MaxShape);
        return new(shape, mean / SpecialFunctions.Gamma(1 + (1 / shape)));
    }

    /// <summary>
    /// The Weibull distribution that lies in low..high with a probability, with equal tails; null if no allowed shape does.
    /// </summary>
    public static WeibullDistribution? FromInterval(double low, double high, double probability)
    {
        if (!(low > 0) || !(high > low) || !(probability > 0 && probability < 1))
        {
            return null;
        }

        var tail = (1 - probability) / 2;
        var (near, far) = (Math.Log(-Elementary.Log1P(-tail)), Math.Log(-Math.Log(tail)));
        var shape = (far - near) / Math.Log(high / low);
        return shape is >= MinShape and <= MaxShape ? new(shape, Math.Exp(Math.Log(high) - (far / shape))) : null;
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => x <= 0 ? 0 : -Elementary.ExpM1(-Math.Pow(x / Scale, Shape));

    /// <inheritdoc/>
    public override double UpperTail(double x) => x <= 0 ? 1 : Math.Exp(-Math.Pow(x / Scale, Shape));

    /// <inheritdoc/>
    public override double Quantile(double p) => Scale * Math.Pow(-Elementary.Log1P(-p), 1 / Shape);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Scale * Math.Pow(-Math.Log(q), 1 / Shape);

    /// <summary>ln(E X^2 / (E X)^2), which falls as the shape grows, without cancellation.</summary>
    private static double LogMomentRatio(double shape)
    {
        // Euler's product: Gamma(1 + 2e) / Gamma(1 + e)^2 is the product over n of (1 + e/n)^2 / (1 + 2e/n).
        const int last = 2000;
        var e = 1 / shape;
        double sum = 0;
        for (var n = last; n >= 1; n--)
        {
            sum += Elementary.Log1P(e / n * (e / n) / (1 + (2 * e / n)));
        }

        // The rest by the midpoint rule: the integral of 2 ln(1 + e/x) - ln(1 + 2e/x) from last + 1/2, in powers of e/x.
        var w = e / (last + 0.5);
        return sum + (e * w * (1 - w + (7 * w * w / 6) - (1.5 * w * w * w)));
    }
}
