namespace Scenarios.Engine.Distributions;

/// <summary>A positive number whose natural logarithm is normal.</summary>
public sealed record LogNormalDistribution : Distribution
{
    /// <summary>Largest standard deviation of the logarithm.</summary>
    public const double MaxLogStandardDeviation = 10;

    /// <summary>The log-normal distribution by the mean and the standard deviation of the natural logarithm.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, or the standard deviation not in (0, <see cref="MaxLogStandardDeviation"/>].
    /// </exception>
    public LogNormalDistribution(double logMean, double logStandardDeviation)
    {
        LogMean = Finite(logMean);
        LogStandardDeviation = Within(logStandardDeviation, double.Epsilon, MaxLogStandardDeviation);
    }

    /// <summary>Mean of the logarithm.</summary>
    public double LogMean { get; }

    /// <summary>Standard deviation of the logarithm.</summary>
    public double LogStandardDeviation { get; }

    /// <inheritdoc/>
    public override double Mean => Math.Exp(LogMean + (LogVariance / 2));

    /// <inheritdoc/>
    public override double Variance => Mean * Mean * Elementary.ExpM1(LogVariance);

    /// <inheritdoc/>
    public override double Min => 0;

    /// <inheritdoc/>
    public override double Max => double.PositiveInfinity;

    private double LogVariance => LogStandardDeviation * LogStandardDeviation;

    /// <summary>The log-normal distribution with a mean and a standard deviation of the variable itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not above 0, or the logarithm spreads too far.</exception>
    public static LogNormalDistribution FromMoments(double mean, double standardDeviation)
    {
        var variation = Positive(standardDeviation) / Positive(mean);
        var logVariance = Elementary.Log1P(variation * variation);
        return new(Math.Log(mean) - (logVariance / 2), Math.Sqrt(logVariance));
    }

    /// <summary>
    /// The log-normal distribution that lies in low..high with a probability, with equal tails; null if its logarithm
    /// would have to spread too far, or nowhere.
    /// </summary>
    public static LogNormalDistribution? FromInterval(double low, double high, double probability)
    {
        var normal = low > 0 ? NormalDistribution.FromInterval(Math.Log(low), Math.Log(high), probability) : null;
        return normal is { StandardDeviation: <= MaxLogStandardDeviation } ? new(normal.Mean, normal.StandardDeviation) : null;
    }

    /// <inheritdoc/>
    public override double Cdf(double x) =>
        x <= 0 ? 0 : NormalDistribution.StandardCdf((Math.Log(x) - LogMean) / LogStandardDeviation);

    /// <inheritdoc/>
    public override double UpperTail(double x) =>
        x <= 0 ? 1 : NormalDistribution.StandardCdf((LogMean - Math.Log(x)) / LogStandardDeviation);

    /// <inheritdoc/>
    public override double Quantile(double p) => Math.Exp(LogMean + (LogStandardDeviation * NormalDistribution.StandardQuantile(p)));

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Math.Exp(LogMean - (LogStandardDeviation * NormalDistribution.StandardQuantile(q)));
}
