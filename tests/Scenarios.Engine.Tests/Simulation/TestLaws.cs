using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>A distribution whose quantile is written out here, so that tests of paths rest on no family of the engine.</summary>
internal sealed record ExponentialLaw(double Scale) : Distribution
{
    public override double Mean => Scale;

    public override double Variance => Scale * Scale;

    public override double Min => 0;

    public override double Max => double.PositiveInfinity;

    public override double Cdf(double x) => x <= 0 ? 0 : 1 - Math.Exp(-x / Scale);

    public override double UpperTail(double x) => x <= 0 ? 1 : Math.Exp(-x / Scale);

    public override double Quantile(double p) => -Scale * double.LogP1(-p);

    public override double UpperQuantile(double q) => -Scale * Math.Log(q);
}

/// <summary>As likely anywhere between two numbers.</summary>
internal sealed record FlatLaw(double Low, double High) : Distribution
{
    public override double Mean => (Low + High) / 2;

    public override double Variance => (High - Low) * (High - Low) / 12;

    public override double Min => Low;

    public override double Max => High;

    public override double Cdf(double x) => Math.Clamp((x - Low) / (High - Low), 0, 1);

    public override double UpperTail(double x) => 1 - Cdf(x);

    public override double Quantile(double p) => Low + (p * (High - Low));

    public override double UpperQuantile(double q) => High - (q * (High - Low));
}

internal static class Given
{
    public static Assumption Always(double value) => new(new ConstantDistribution(value), Resampling.PerPath);

    public static Assumption EachBatch(Distribution distribution, Distribution? factor = null) => new(distribution, Resampling.PerBatch, factor);

    public static Assumption EachPath(Distribution distribution, Distribution? factor = null) => new(distribution, Resampling.PerPath, factor);
}
