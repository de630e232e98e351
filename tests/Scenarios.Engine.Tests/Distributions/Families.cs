using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

/// <summary>Every family with usual and with extreme parameters, by name.</summary>
internal static class Families
{
    private static readonly Dictionary<string, Func<Distribution>> Makers = new()
    {
        ["constant"] = () => new ConstantDistribution(5),
        ["uniform"] = () => new UniformDistribution(-2, 7),
        ["triangular"] = () => new TriangularDistribution(2000, 5000, 15000),
        ["triangular with its mode at the minimum"] = () => new TriangularDistribution(0, 0, 1),
        ["triangular with its mode at the maximum"] = () => new TriangularDistribution(0, 1, 1),
        ["PERT of the founding scenario"] = () => ScaledBetaDistribution.Pert(4000, 10000, 15000),
        ["PERT of the dense benchmark"] = () => ScaledBetaDistribution.Pert(100, 400, 1200),
        ["PERT of least shape"] = () => ScaledBetaDistribution.Pert(0, 1, 10, 0.01),
        ["PERT of greatest shape"] = () => ScaledBetaDistribution.Pert(0, 1, 10, 1000),
        ["normal"] = () => new NormalDistribution(0, 1),
        ["normal far from zero"] = () => new NormalDistribution(1e6, 1),
        ["log-normal of the founding scenario"] = () => LogNormalDistribution.FromInterval(60, 150, 0.9)!,
        ["log-normal of greatest spread"] = () => new LogNormalDistribution(0, 10),
        ["log-normal of little spread"] = () => new LogNormalDistribution(4, 1e-3),
        ["gamma"] = () => new GammaDistribution(2, 3.5),
        ["gamma of least shape"] = () => new GammaDistribution(0.05, 1),
        ["gamma of shape one half"] = () => new GammaDistribution(0.5, 20),
        ["gamma of shape 35"] = () => new GammaDistribution(35, 1),
        ["gamma of greatest shape"] = () => new GammaDistribution(1e6, 1),
        ["Weibull of least shape"] = () => new WeibullDistribution(0.1, 1),
        ["Weibull"] = () => new WeibullDistribution(1.5, 90),
        ["Weibull of greatest shape"] = () => new WeibullDistribution(1000, 1),
        ["exponential"] = () => new ExponentialDistribution(30),
        ["beta of least shapes"] = () => new ScaledBetaDistribution(0.05, 0.05, 0, 1),
        ["beta crowded at the minimum"] = () => new ScaledBetaDistribution(0.05, 1e6, 0, 1),
        ["beta crowded at the maximum"] = () => new ScaledBetaDistribution(1e6, 0.05, 0, 1),
        ["beta of greatest shapes"] = () => new ScaledBetaDistribution(1e6, 1e6, 0, 1),
        ["beta of unlike shapes"] = () => new ScaledBetaDistribution(300, 1e6, 0, 1),
        ["beta"] = () => new ScaledBetaDistribution(2, 3, 10, 20),
        ["Poisson of a rare thing"] = () => new PoissonDistribution(0.01),
        ["Poisson"] = () => new PoissonDistribution(6),
        ["Poisson of greatest mean"] = () => new PoissonDistribution(1e6),
        ["negative binomial"] = () => new NegativeBinomialDistribution(5, 2),
        ["negative binomial of least dispersion"] = () => new NegativeBinomialDistribution(1e6, 0.01),
        ["negative binomial of an atom and a long tail"] = () => new NegativeBinomialDistribution(500, 0.01),
        ["negative binomial of greatest dispersion"] = () => new NegativeBinomialDistribution(1e6, 1e6),
        ["negative binomial of wide spread"] = () => new NegativeBinomialDistribution(1e6, 100),
        ["discrete"] = () => DiscreteDistribution.From([(1, 2), (5.1, 1), (2, 3)]),
        ["discrete of 10,000 outcomes"] = () =>
            DiscreteDistribution.From(Enumerable.Range(0, 10000).Select(i => (i * 1.37 % 1000, 1.0 + (i % 7)))),
        ["samples"] = () => DiscreteDistribution.FromSamples(Enumerable.Range(0, 997).Select(i => Math.Sqrt(i))),
        ["quantiles with an atom"] = () => new PiecewiseLinearDistribution(10, [(0.1, 20), (0.5, 50), (0.7, 50), (0.9, 100)], 300),
        ["1,000 quantiles"] = () =>
            new PiecewiseLinearDistribution(0, Enumerable.Range(1, 1000).Select(i => (i / 1001.0, i * (double)i)), 2e6),
        ["mixture of two normals"] = () =>
            new MixtureDistribution([(1, new NormalDistribution(0, 1)), (3, new NormalDistribution(10, 2))]),
        ["mixture with a gap"] = () =>
            new MixtureDistribution([(1, new UniformDistribution(0, 1)), (2, new UniformDistribution(10, 12))]),
        ["mixture with atoms"] = () => new MixtureDistribution(
            [(1, new ConstantDistribution(0)), (3, new ExponentialDistribution(10)), (1, new PoissonDistribution(4))]),
        ["mixture of extremes"] = () => new MixtureDistribution(
            [(1, new LogNormalDistribution(0, 10)), (1, new GammaDistribution(0.05, 1)), (1, new NormalDistribution(-5, 1))]),
        ["mixture four deep"] = () => Deep(4),
        ["mixture of 100 Poissons"] = () =>
            new MixtureDistribution(Enumerable.Range(1, 100).Select(i => (1.0, (Distribution)new PoissonDistribution(i * 50)))),
        ["normal above zero"] = () => new TruncatedDistribution(new NormalDistribution(100, 50), 0, double.PositiveInfinity),
        ["normal in its tail"] = () => new TruncatedDistribution(new NormalDistribution(0, 1), 5.9, double.PositiveInfinity),
        ["log-normal between bounds"] = () => new TruncatedDistribution(new LogNormalDistribution(4, 1), 20, 200),
        ["log-normal of greatest spread above one"] = () =>
            new TruncatedDistribution(new LogNormalDistribution(0, 10), 1, double.PositiveInfinity),
        ["Poisson between atoms"] = () => new TruncatedDistribution(new PoissonDistribution(6), 2, 9),
        ["Poisson in its tail"] = () => new TruncatedDistribution(new PoissonDistribution(1000), 1180, double.PositiveInfinity),
        ["discrete between bounds"] = () =>
            new TruncatedDistribution(DiscreteDistribution.From([(1, 2), (5.1, 1), (2.2, 3), (7, 1)]), 2, 5.5),
        ["mixture with a gap between bounds"] = () => new TruncatedDistribution(
            new MixtureDistribution([(1, new UniformDistribution(0, 1)), (3, new UniformDistribution(10, 12))]), 0.5, 11),
        ["truncated twice"] = () =>
            new TruncatedDistribution(new TruncatedDistribution(new GammaDistribution(2, 3), 1, 30), 2, 10),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    public static TheoryData<string> Discrete =>
    [
        "Poisson of a rare thing", "Poisson", "negative binomial", "discrete", "samples", "Poisson between atoms",
        "Poisson in its tail", "discrete between bounds",
    ];

    public static List<Distribution> All() => [.. Makers.Values.Select(make => make())];

    public static Distribution Make(string name) => Makers[name]();

    private static Distribution Deep(int depth) => depth == 0
        ? new GammaDistribution(2, 3)
        : new MixtureDistribution(
            [(1, Deep(depth - 1)), (1, new NormalDistribution(10 * depth, 2)),
                (1, new TriangularDistribution(depth, depth + 1, depth + 5))]);
}
