namespace Scenarios.Engine.Distributions;

/// <summary>The gamma distribution; Erlang where the shape is whole.</summary>
public sealed record GammaDistribution : Distribution
{
    /// <summary>Smallest shape.</summary>
    public const double MinShape = 0.05;

    /// <summary>Largest shape.</summary>
    public const double MaxShape = 1e6;

    /// <summary>The gamma distribution by shape and scale.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The shape is not in <see cref="MinShape"/>..<see cref="MaxShape"/>, or the scale not above 0 and finite.
    /// </exception>
    public GammaDistribution(double shape, double scale)
    {
        Shape = Within(shape, MinShape, MaxShape);
        Scale = Positive(scale);
    }

    /// <summary>Shape k.</summary>
    public double Shape { get; }

    /// <summary>Scale; the mean is shape times scale.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public override double Mean => Shape * Scale;

    /// <inheritdoc/>
    public override double Variance => Shape * Scale * Scale;

    /// <inheritdoc/>
    public override double Min => 0;

    /// <inheritdoc/>
    public override double Max => double.PositiveInfinity;

    /// <summary>The gamma distribution with a mean and a standard deviation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not above 0, or the shape they ask for is out of range.</exception>
    public static GammaDistribution FromMoments(double mean, double standardDeviation)
    {
        var root = Positive(mean) / Positive(standardDeviation);
        return new(root * root, standardDeviation / root);
    }

    /// <summary>
    /// The gamma distribution that lies in low..high with a probability, with equal tails; null if no allowed shape does.
    /// </summary>
    public static GammaDistribution? FromInterval(double low, double high, double probability)
    {
        if (!(low > 0) || !(high > low) || !(probability > 0 && probability < 1))
        {
            return null;
        }

        var tail = (1 - probability) / 2;
        var target = Math.Log(high) - Math.Log(low);
        double LogRatio(double shape) =>
            Math.Log(IncompleteGamma.InverseQ(shape, tail)) - Math.Log(IncompleteGamma.InverseP(shape, tail));

        // The ratio of two quantiles falls as the shape grows.
        if (!(target <= LogRatio(MinShape)) || !(target >= LogRatio(MaxShape)))
        {
            return null;
        }

        var (least, most) = (Math.Log(MinShape), Math.Log(MaxShape));
        for (var i = 0; i < 60; i++)
        {
            var middle = (least + most) / 2;
            (least, most) = LogRatio(Math.Exp(middle)) > target ? (middle, most) : (least, middle);
        }

        var found = Math.Clamp(Math.Exp((least + most) / 2), MinShape, MaxShape);
        return new(found, high / IncompleteGamma.InverseQ(found, tail));
    }

    /// <inheritdoc/>
    public override double Cdf(double x) => IncompleteGamma.Regularized(Shape, x / Scale).P;

    /// <inheritdoc/>
    public override double UpperTail(double x) => IncompleteGamma.Regularized(Shape, x / Scale).Q;

    /// <inheritdoc/>
    public override double Quantile(double p) => Scale * IncompleteGamma.InverseP(Shape, p);

    /// <inheritdoc/>
    public override double UpperQuantile(double q) => Scale * IncompleteGamma.InverseQ(Shape, q);
}
