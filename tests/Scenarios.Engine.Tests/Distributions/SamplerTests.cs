using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Tests.Distributions;

/// <summary>
/// The draws of every family against its exact distribution function, in two steps. What a draw is depends on 32 random bits
/// alone, so its law is known without drawing: the first test counts, for each of some 530 edges, the bits whose draw lies
/// below it, and holds that to the exact probability and the stated bound. The second makes ten million draws.
/// </summary>
/// <remarks>
/// False alarms: 1e-6 for the cells of a family and 5.7e-7 each for mean and variance, 1.6e-4 for 75 families together. Seeds are
/// fixed, so a test that passes once passes always.
/// </remarks>
public sealed class SamplerTests
{
    private const double UnitsPerOne = 4294967296.0;
    private const double SmallestFloat = 1.2e-38; // Draws are no nearer to zero.
    private const long Draws = 10_000_000;
    private const double FalseAlarm = 1e-6;

    public static TheoryData<string> Names => Families.Names;

    /// <summary>
    /// A draw is off by e at most: the stated error in value, and rounding. So P(draw &lt; x) lies between F(x - e) and F(x + e);
    /// and within the error, as a probability, of F. Nothing is random here.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Law_OfTheDraws_IsTheExactOneWithinTheStatedBound(string name)
    {
        var distribution = Families.Make(name);
        var function = QuantileCompiler.Compile(distribution);
        var median = distribution.Quantile(0.5);
        var spread = Math.Min(
            Math.Sqrt(distribution.Variance), Math.Min(median - distribution.Quantile(0.25), distribution.UpperQuantile(0.25) - median));
        foreach (var edge in Cells.EdgesOf(name, distribution))
        {
            var rounding = (Math.Abs(edge) * QuantileFunction.Rounding) + SmallestFloat;
            var off = rounding + (function.Error / (1 - function.Error) * Math.Max(spread, Math.Abs(edge - median)));
            var below = Cells.BitsBelow(function, edge) / UnitsPerOne;
            var above = 1 - below;
            const double bit = 1 / UnitsPerOne;
            Assert.InRange(
                below,
                Math.Max(distribution.CdfBelow(edge - off), distribution.CdfBelow(edge - rounding) - function.Error) - bit,
                Math.Min(distribution.CdfBelow(edge + off), distribution.CdfBelow(edge + rounding) + function.Error) + bit);
            Assert.InRange(above, distribution.UpperTailFrom(edge + off) - bit, distribution.UpperTailFrom(edge - off) + bit);
        }
    }

    /// <summary>
    /// Ten million draws from the words and the compiled function that paths draw from (lanes equal them). Pearson's statistic over
    /// the cells against their exact probabilities p is chi-square with d degrees of freedom, and not central where the table's
    /// own probabilities q differ: by lambda = n sum (q - p)^2 / p. The stated bound alone would allow 4e5 (neighbouring edges off by
    /// 2e-4 either way); so the threshold allows for what the table really has, which is below 33 for usual parameters (the next test)
    /// and more where 24 bits are coarse or values crowd. It is L. Birge's ("An alternative point of view on
    /// Lepski's method", 2001, lemma 8.1): d + lambda + 2 sqrt((d + 2 lambda) x) + 2x is exceeded with probability e^-x at most.
    /// Mean and variance: within five standard errors (5.7e-7 each) and what the table may be off by.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Draws_TenMillion_HaveTheExactCellsMeanAndVariance(string name)
    {
        var distribution = Families.Make(name);
        var function = QuantileCompiler.Compile(distribution);
        var cells = Cells.Of(name, distribution, function, Draws);
        var moments = ExactMoments.Of(distribution);
        var counts = new long[cells.Exact.Length];
        double first = 0, second = 0;
        var key = CounterRandom.Key(20241117, DrawPurpose.Batch, 1);
        for (var path = 0L; path < Draws / 2; path++)
        {
            var word = CounterRandom.Word(key, path);
            Take((int)(word >> 32));
            Take((int)word);
        }

        var statistic = counts.Zip(cells.Exact, (count, p) => Math.Pow(count - (Draws * p), 2) / (Draws * p)).Sum();
        var (freedom, lambda, x) = (counts.Length - 1, cells.Noncentrality(Draws), Math.Log(1 / FalseAlarm));
        Assert.True(
            statistic <= freedom + lambda + (2 * Math.Sqrt((freedom + (2 * lambda)) * x)) + (2 * x),
            $"{statistic} over {counts.Length} cells, lambda {lambda}");

        var mean = first / Draws;
        var variance = (second / Draws) - (mean * mean);
        var deviation = Math.Sqrt(moments.Variance);
        var rounding = QuantileFunction.Rounding * (Math.Abs(moments.Mean) + deviation);
        Assert.InRange(mean, -moments.ErrorOfMean(Draws, rounding), moments.ErrorOfMean(Draws, rounding));
        Assert.Equal(moments.Variance, variance, moments.ErrorOfVariance(Draws, rounding));

        void Take(int bits)
        {
            var draw = function.Evaluate(bits);
            counts[cells.Of(bits, draw)]++;
            var distance = moments.Clamp(draw) - moments.Mean;
            first += distance;
            second += distance * distance;
        }
    }

    /// <summary>
    /// What ten million draws could see of these tables, lambda, is less than one standard deviation of the statistic.
    /// </summary>
    [Theory]
    [InlineData("uniform")]
    [InlineData("triangular")]
    [InlineData("PERT of the founding scenario")]
    [InlineData("PERT of the dense benchmark")]
    [InlineData("log-normal of the founding scenario")]
    [InlineData("gamma")]
    [InlineData("Weibull")]
    [InlineData("exponential")]
    [InlineData("normal")]
    [InlineData("normal above zero")]
    [InlineData("beta")]
    [InlineData("metalog")]
    public void Tables_OfUsualDistributions_AreAsGoodAsExactForTenMillionDraws(string name)
    {
        var distribution = Families.Make(name);
        var cells = Cells.Of(name, distribution, QuantileCompiler.Compile(distribution), Draws);
        Assert.InRange(cells.Noncentrality(Draws), 0, Math.Sqrt(2 * (cells.Exact.Length - 1)));
    }
}
