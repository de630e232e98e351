namespace Scenarios.Service.Tests.Notation;

/// <summary>
/// Draws distributions of every family and form, with numbers of every magnitude; what they mean together does not matter here.
/// </summary>
internal sealed class DistributionGenerator(int seed)
{
    private readonly Random _random = new(seed);

    public V1.Distribution Next(int mixtureDepth = 0)
    {
        var distribution = _random.Next(mixtureDepth < 4 ? 25 : 24) switch
        {
            0 => new V1.Distribution { Constant = Number() },
            1 => new() { Uniform = new() { Min = Number(), Max = Number() } },
            2 => new() { Triangular = new() { Min = Number(), Mode = Number(), Max = Number() } },
            3 => new() { Pert = Maybe(new V1.Pert { Min = Number(), Mode = Number(), Max = Number() }, pert => pert.Shape = Number()) },
            4 => new() { Normal = new() { Mean = Number(), StandardDeviation = Number() } },
            5 => new() { Normal = new() { Interval = Interval() } },
            6 => new() { LogNormal = new() { Mean = Number(), StandardDeviation = Number() } },
            7 => new() { LogNormal = new() { LogMean = Number(), LogStandardDeviation = Number() } },
            8 => new() { LogNormal = new() { Interval = Interval() } },
            9 => new() { Gamma = new() { Shape = Number(), Scale = Number() } },
            10 => new() { Gamma = new() { Mean = Number(), StandardDeviation = Number() } },
            11 => new() { Gamma = new() { Interval = Interval() } },
            12 => new() { Weibull = new() { Shape = Number(), Scale = Number() } },
            13 => new() { Weibull = new() { Mean = Number(), StandardDeviation = Number() } },
            14 => new() { Weibull = new() { Interval = Interval() } },
            15 => new() { Exponential = new() { Mean = Number() } },
            16 => new()
            {
                Beta = Maybe(
                    Maybe(new V1.Beta { Alpha = Number(), Beta_ = Number() }, beta => beta.Min = Number()),
                    beta => beta.Max = Number()),
            },
            17 => new() { Poisson = new() { Mean = Number() } },
            18 => new() { NegativeBinomial = new() { Mean = Number(), Dispersion = Number() } },
            19 => new()
            {
                Discrete = new() { Outcomes = { Several(() => new V1.Discrete.Types.Outcome { Value = Number(), Weight = Number() }) } },
            },
            20 => new() { Empirical = new() { Samples = { Several(Number) } } },
            21 => new()
            {
                Empirical = new()
                {
                    Quantiles = { Several(() => new V1.Empirical.Types.Quantile { Probability = Number(), Value = Number() }) },
                    Min = Number(),
                    Max = Number(),
                },
            },
            22 or 23 => new()
            {
                Metalog = Maybe(
                    Maybe(
                        new V1.Metalog { Quantiles = { Several(MetalogQuantile) } },
                        metalog => metalog.LowerBound = Number()),
                    metalog => metalog.UpperBound = Number()),
            },
            _ => new()
            {
                Mixture = new()
                {
                    Components = { Several(() => Component(mixtureDepth)) },
                },
            },
        };
        distribution.Truncation = _random.Next(8) switch
        {
            0 => new V1.Truncation { Min = Number() },
            1 => new V1.Truncation { Max = Number() },
            2 => new V1.Truncation { Min = Number(), Max = Number() },
            _ => null,
        };
        return distribution;
    }

    /// <summary>Any finite double, whole numbers and short decimals often, so that every way to print one is met.</summary>
    public double Number() => _random.Next(6) switch
    {
        0 => _random.Next(-1_000, 200_000),
        1 => _random.Next(0, 1_000) / 1_000.0,
        2 => 0.0 * (_random.Next(2) == 0 ? 1 : -1),
        3 => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-12, 25)),
        4 => Math.Pow(10, _random.Next(-30, 31)),
        _ => AnyFinite(),
    };

    private double AnyFinite()
    {
        while (true)
        {
            var value = BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                return value;
            }
        }
    }

    private V1.Interval Interval() =>
        Maybe(new V1.Interval { Low = Number(), High = Number() }, interval => interval.Probability = Number());

    private V1.Metalog.Types.Quantile MetalogQuantile() => new() { Probability = Number(), Value = Number() };

    private V1.Mixture.Types.Component Component(int mixtureDepth) =>
        new() { Weight = Number(), Distribution = Next(mixtureDepth + 1) };

    private T Maybe<T>(T value, Action<T> change)
    {
        if (_random.Next(2) == 0)
        {
            change(value);
        }

        return value;
    }

    private IEnumerable<T> Several<T>(Func<T> next) => Enumerable.Range(0, _random.Next(1, 4)).Select(_ => next());
}
