using System.Collections.Immutable;
using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

/// <summary>Every family with usual and with extreme parameters, by name.</summary>
internal static class Families
{
    private static readonly Dictionary<string, Func<Distribution>> Makers = new()
    {
        ["constant"] = () => new ConstantDistribution(5),
        ["uniform"] = () => new UniformDistribution(-2, 7),
        ["uniform between bounds that floats would round outwards"] = () => new UniformDistribution(0.7, 1.1),
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
        ["metalog"] = () => Metalog([(0.1, 60), (0.5, 90), (0.9, 150)]),
        ["metalog all but infeasible"] = () => Metalog([(0.1, 0), (0.5, 0.16658), (0.9, 1)]),
        ["metalog of a straight line"] = () => Metalog([(0.2, 12), (0.4, 14), (0.6, 16), (0.8, 18)]),
        ["metalog above a bound"] = () => Metalog([(0.05, 60), (0.5, 85), (0.95, 150)], lower: 30),
        ["metalog above zero of infinite variance"] = () => Metalog([(0.1, 1), (0.5, 4), (0.9, 20)], lower: 0),
        ["metalog below a bound"] = () => Metalog([(0.1, 100), (0.3, 140), (0.5, 160), (0.75, 180), (0.9, 190)], upper: 200),
        ["metalog between bounds"] = () =>
            Metalog([(0.05, 4500), (0.25, 7500), (0.5, 9800), (0.95, 14000)], lower: 4000, upper: 15000),
        ["metalog between bounds, crowded at both"] = () => Metalog([(0.1, 0.001), (0.5, 0.3), (0.9, 0.9999)], lower: 0, upper: 1),
        ["metalog of 16 quantiles of a normal"] = () => MetalogOf(new NormalDistribution(100, 15), 16),
        ["metalog of 16 quantiles of a gamma"] = () => MetalogOf(new GammaDistribution(3, 20), 16, lower: 0),
        ["metalog of 10 quantiles of a beta"] = () => MetalogOf(new ScaledBetaDistribution(2, 3, 10, 20), 10, lower: 10, upper: 20),
        ["metalog of a broad top"] = () => Metalog([(0.03, -1.4), (0.2, 1), (0.5, 5), (0.8, 9), (0.97, 11.4)]),
        ["metalog above zero"] = () =>
            new TruncatedDistribution(Metalog([(0.1, 20), (0.5, 60), (0.8, 95), (0.9, 130)]), 0, double.PositiveInfinity),
        ["mixture with metalogs"] = () => new MixtureDistribution(
            [(2, Metalog([(0.1, 60), (0.5, 90), (0.9, 150)])), (1, Metalog([(0.1, 10), (0.5, 30), (0.9, 45)], lower: 0, upper: 50))]),
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

    public static TheoryData<string> Metalogs => [.. Makers.Where(m => m.Value() is MetalogDistribution).Select(m => m.Key)];

    public static List<Distribution> All() => [.. Makers.Values.Select(make => make())];

    public static Distribution Make(string name) => Makers[name]();

    private static MetalogDistribution Metalog(
        ImmutableArray<(double Probability, double Value)> quantiles, double? lower = null, double? upper = null) =>
        MetalogDistribution.Through(quantiles, lower, upper, out _)!;

    /// <summary>Through evenly spaced quantiles of another distribution.</summary>
    private static MetalogDistribution MetalogOf(Distribution distribution, int terms, double? lower = null, double? upper = null) =>
        Metalog([.. Enumerable.Range(0, terms).Select(i => (i + 0.5) / terms).Select(p => (p, distribution.Quantile(p)))], lower, upper);

    private static Distribution Deep(int depth) => depth == 0
        ? new GammaDistribution(2, 3)
        : new MixtureDistribution(
            [(1, Deep(depth - 1)), (1, new NormalDistribution(10 * depth, 2)),
                (1, new TriangularDistribution(depth, depth + 1, depth + 5))]);
}
