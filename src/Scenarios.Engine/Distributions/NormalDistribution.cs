using MathNet.Numerics;

namespace Scenarios.Engine.Distributions;

/// <summary>The normal distribution.</summary>
public sealed record NormalDistribution : Distribution
{
    /// <summary>The normal distribution by mean and standard deviation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mean is not finite, or the standard deviation not above 0.</exception>
    public NormalDistribution(double mean, double standardDeviation)
    {
        Mean = Finite(mean);
        StandardDeviation = Positive(standardDeviation);
    }

    /// <inheritdoc/>
    public override double Mean { get; }

    /// <summary>Standard deviation.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override double Variance => StandardDeviation * StandardDeviation;

    /// <inheritdoc/>
    public override double Min => double.NegativeInfinity;

    /// <inheritdoc/>
    public override double Max => double.PositiveInfinity;

    /// <summary>
    /// The normal distribution that lies in low..high with a probability, with equal tails; null if there is none.
    /// </summary>
    public static NormalDistribution? FromInterval(double low, double high, double probability)
    {
        var deviation = (high - low) / (2 * -StandardQuantile((1 - probability) / 2));
        return deviation > 0 && double.IsFinite(deviation) ? new((low / 2) + (high / 2), deviation) : null;
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => StandardCdf((x - Mean) / StandardDeviation);

    /// <inheritdoc/>
    public override double UpperTail(double x) => StandardCdf((Mean - x) / StandardDeviation);

    /// <inheritdoc/>
    public override double Quantile(double p) => Mean + (StandardDeviation * StandardQuantile(p));

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Mean - (StandardDeviation * StandardQuantile(q));

    /// <summary>P(Z &lt;= z) of the standard normal distribution.</summary>
    internal static double StandardCdf(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);

    /// <summary>Quantile of the standard normal distribution.</summary>
    internal static double StandardQuantile(double p)
    {
        if (p > 0.5)
        {
            return -StandardQuantile(1 - p);
        }

        if (p < 1e-280)
        {
            // Newton on ln P by its asymptotic series (DLMF 7.12.1), which is exact to rounding here.
            var far = -Math.Sqrt(-2 * Math.Log(p));
            for (var i = 0; i < 4; i++)
            {
                var s = 1 / (far * far);
                var series = 1 - (3 * s * (1 - (5 * s * (1 - (7 * s * (1 - (9 * s)))))));
                var log = (-far * far / 2) - Math.Log(-far * Math.Sqrt(2 * Math.PI)) + Elementary.Log1P(-s * series);
                far += (log - Math.Log(p)) / (far - (1 / far));
            }

            return far;
        }

        // One step of Newton on ln P mends the last digits.
        var z = -Constants.Sqrt2 * SpecialFunctions.ErfcInv(2 * p);
        var at = StandardCdf(z);
        return z - (Math.Log(at / p) * at * Math.Sqrt(2 * Math.PI) * Math.Exp(z * z / 2));
    }
}
