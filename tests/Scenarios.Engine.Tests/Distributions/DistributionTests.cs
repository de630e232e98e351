using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

public class DistributionTests
{
    private static readonly double[] Levels =
    [
        1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-10, 1e-6, 1e-3, 0.01, 0.1, 0.25, 0.4999, 0.5, 0.5001, 0.6, 0.75, 0.9, 0.99, 0.999,
        1 - 1e-6, 1 - 1e-10, 1 - 1e-15,
    ];

    public static TheoryData<string> Names => Families.Names;

    public static TheoryData<Distribution, double, double, double> References => TailReferences.All;

    /// <summary>
    /// The logarithm of a tail is a sum of terms of the size of the parameters, of which each may be off by a unit in its last
    /// place: with shapes of 1e6, 1e6 x 2^-53 x a few.
    /// </summary>
    [Theory]
    [MemberData(nameof(References))]
    public void Tails_AgainstHighPrecision_AreAccurateWhereSmall(Distribution distribution, double x, double below, double above)
    {
        const double tolerance = 1e-11;
        Assert.InRange(distribution.Cdf(x) / below, 1 - tolerance, 1 + tolerance);
        Assert.InRange(distribution.UpperTail(x) / above, 1 - tolerance, 1 + tolerance);
    }

    /// <summary>
    /// F steps over p between the neighbours of Q(p): the quantile is right to a few units in its last place. A condition
    /// subtracts the probability outside: it is right to a few units of 2^-53 over its own probability.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Quantiles_OverTheWholeRange_InvertTheTails(string name)
    {
        var distribution = Families.Make(name);
        var rounding = distribution is TruncatedDistribution kept ? 1e-15 / kept.MassWithin : 0;
        foreach (var p in Levels)
        {
            var x = distribution.Quantile(p);
            var step = Math.Abs(x) * 4e-16;
            if (Math.Abs(x) > 1e-290)
            {
                Assert.True(distribution.CdfBelow(x - step) <= (p * (1 + 1e-10)) + rounding, $"Quantile({p}) = {x:R} is too high");
                Assert.True(distribution.Cdf(x + step) >= (p * (1 - 1e-10)) - rounding, $"Quantile({p}) = {x:R} is too low");
            }

            x = distribution.UpperQuantile(p);
            step = Math.Abs(x) * 4e-16;
            if (Math.Abs(x) > 1e-290)
            {
                Assert.True(distribution.UpperTail(x + step) <= (p * (1 + 1e-10)) + rounding, $"UpperQuantile({p}) = {x:R} is too low");
                Assert.True(
                    distribution.UpperTailFrom(x - step) >= (p * (1 - 1e-10)) - rounding, $"UpperQuantile({p}) = {x:R} is too high");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tails_AtAnyValue_AddUpToOne(string name)
    {
        var distribution = Families.Make(name);
        foreach (var p in Levels.Where(p => p >= 1e-10))
        {
            foreach (var x in (double[])[distribution.Quantile(p), distribution.UpperQuantile(p)])
            {
                Assert.Equal(1, distribution.Cdf(x) + distribution.UpperTail(x), 1e-9);
                Assert.Equal(1, distribution.CdfBelow(x) + distribution.UpperTailFrom(x), 1e-9);
                Assert.InRange(x, distribution.Min, distribution.Max);
            }
        }
    }

    /// <summary>Closed forms against the integral of the quantile function, which knows nothing of them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Moments_AgainstTheQuantileFunction_Agree(string name)
    {
        var distribution = Families.Make(name);
        var (mean, variance) = QuantileMoments.Of(distribution);
        Assert.Equal(distribution.Mean, mean, 1e-7 * (Math.Sqrt(distribution.Variance) + 1e-9));
        Assert.Equal(distribution.Variance, variance, 1e-6 * distribution.Variance);
    }

    [Fact]
    public void Distributions_MadeTwice_AreEqualAndUnlikeAllOthers()
    {
        var (first, second) = (Families.All(), Families.All());
        for (var i = 0; i < first.Count; i++)
        {
            for (var k = 0; k < first.Count; k++)
            {
                Assert.Equal(i == k, first[i].Equals(second[k]));
            }

            Assert.Equal(first[i].GetHashCode(), second[i].GetHashCode());
        }
    }

    [Fact]
    public void Parameters_OutOfRange_AreRefused()
    {
        Action[] bad =
        [
            () => _ = new UniformDistribution(1, 1), () => _ = new UniformDistribution(double.NaN, 1),
            () => _ = new TriangularDistribution(0, 2, 1), () => _ = new NormalDistribution(0, 0),
            () => _ = new NormalDistribution(double.PositiveInfinity, 1), () => _ = new LogNormalDistribution(0, 10.1),
            () => _ = new GammaDistribution(0.04, 1), () => _ = new GammaDistribution(1, double.NaN),
            () => _ = new WeibullDistribution(1001, 1), () => _ = new ExponentialDistribution(-1),
            () => _ = new ScaledBetaDistribution(1, 1, 2, 2), () => ScaledBetaDistribution.Pert(0, 1, 2, 0),
            () => _ = new PoissonDistribution(0), () => _ = new NegativeBinomialDistribution(1, 0.001),
            () => DiscreteDistribution.From([]), () => DiscreteDistribution.From([(1, 0)]),
            () => DiscreteDistribution.FromSamples([double.NaN]), () => _ = new PiecewiseLinearDistribution(0, [(0.5, 2)], 1),
            () => _ = new PiecewiseLinearDistribution(0, [(0.5, 0.5), (0.5, 0.6)], 1), () => _ = new MixtureDistribution([]),
            () => _ = new MixtureDistribution([(-1, new ConstantDistribution(1))]),
            () => _ = new TruncatedDistribution(new NormalDistribution(0, 1), 7, 8),
            () => _ = new TruncatedDistribution(new NormalDistribution(0, 1), 1, 0),
        ];
        Assert.All(bad, action => Assert.Throws<ArgumentOutOfRangeException>(action));
    }

    [Theory]
    [InlineData(60, 180, 0.9)]
    [InlineData(0.8, 1.25, 0.5)]
    [InlineData(3, 3.03, 0.99)]
    public void Intervals_OfEveryFamily_HoldTheirProbability(double low, double high, double probability)
    {
        Distribution?[] found =
        [
            NormalDistribution.FromInterval(low, high, probability), LogNormalDistribution.FromInterval(low, high, probability),
            GammaDistribution.FromInterval(low, high, probability), WeibullDistribution.FromInterval(low, high, probability),
        ];
        var tail = (1 - probability) / 2;
        Assert.All(found, distribution =>
        {
            Assert.NotNull(distribution);
            Assert.Equal(low, distribution.Quantile(tail), low * 1e-9);
            Assert.Equal(high, distribution.UpperQuantile(tail), high * 1e-9);
        });
    }

    [Fact]
    public void Intervals_BeyondTheParameters_HaveNoSolution()
    {
        Assert.Null(GammaDistribution.FromInterval(1, 1.0001, 0.9)); // A shape of 1e9.
        Assert.Null(WeibullDistribution.FromInterval(1, 1.0001, 0.9));
        Assert.Null(WeibullDistribution.FromInterval(1e-200, 1e200, 0.9));
        Assert.Null(LogNormalDistribution.FromInterval(1e-100, 1e100, 0.9));
        Assert.Null(LogNormalDistribution.FromInterval(0, 1, 0.9));
        Assert.Null(WeibullDistribution.FromMoments(1, 1e9));
        Assert.Null(WeibullDistribution.FromMoments(1, 1e-4));
        Assert.Throws<ArgumentOutOfRangeException>(() => GammaDistribution.FromMoments(1, 1e-4));
    }

    [Theory]
    [InlineData(80, 40)]
    [InlineData(1, 0.002)]
    [InlineData(5, 40)]
    public void Moments_GivenToEveryFamily_AreItsMoments(double mean, double deviation)
    {
        Distribution[] found =
        [
            LogNormalDistribution.FromMoments(mean, deviation), WeibullDistribution.FromMoments(mean, deviation)!,
            .. mean / deviation > 0.3 ? (Distribution[])[GammaDistribution.FromMoments(mean, deviation)] : [],
        ];
        Assert.All(found, distribution =>
        {
            Assert.Equal(mean, distribution.Mean, mean * 1e-9);
            Assert.Equal(deviation, Math.Sqrt(distribution.Variance), deviation * 1e-8);
        });
    }

    [Fact]
    public void Truncation_WithAtomsAtItsEnds_KeepsThemAndConditions()
    {
        var inner = new PoissonDistribution(6);
        var kept = new TruncatedDistribution(inner, 2, 9);
        var mass = Enumerable.Range(2, 8).Sum(k => MathNet.Numerics.Distributions.Poisson.PMF(6, k));
        Assert.Equal(mass, kept.MassWithin, 1e-14);
        for (var k = 2; k <= 9; k++)
        {
            Assert.Equal(MathNet.Numerics.Distributions.Poisson.PMF(6, k) / mass, kept.Cdf(k) - kept.CdfBelow(k), 1e-14);
        }

        Assert.Equal((2, 9), (kept.Quantile(1e-300), kept.UpperQuantile(1e-300)));
        Assert.Equal((2, 9), (kept.Min, kept.Max));
    }

    [Fact]
    public void Truncation_WithBoundsInAGap_EndsWhereSomethingIs()
    {
        var mixture = new MixtureDistribution(
            [(1, new UniformDistribution(0, 1)), (1, new UniformDistribution(10, 12)), (1, new ConstantDistribution(20))]);
        var kept = new TruncatedDistribution(mixture, 5, 15);
        Assert.Equal((10, 12), (kept.Min, kept.Max));
        Assert.Equal(11, kept.Mean, 1e-12);
        Assert.Equal(4.0 / 12, kept.Variance, 1e-12);
    }

    [Fact]
    public void Mixtures_OfAtomsAndGaps_JumpThere()
    {
        var mixture = new MixtureDistribution(
            [(1, new ConstantDistribution(3)), (1, new UniformDistribution(0, 1)), (2, new UniformDistribution(5, 6))]);
        Assert.Equal(3, mixture.Quantile(0.26));
        Assert.Equal(3, mixture.Quantile(0.5));
        Assert.Equal(1, mixture.Quantile(0.25), 1e-12);
        Assert.Equal(5.2, mixture.Quantile(0.6), 1e-12);
        Assert.Equal([0.25, 0.5], mixture.Breaks);
    }
}
