using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

public class QuantileFunctionTests
{
    private const double UnitsPerOne = 4294967296.0;
    private const double SmallestFloat = 1.2e-38; // Draws are no nearer to zero.

    public static TheoryData<string> Names => Families.Names;

    public static TheoryData<string> Discrete => Families.Discrete;

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_AtAnyBits_KeepsTheErrorBoundTheSupportAndTheOrder(string name)
    {
        var distribution = Families.Make(name);
        var function = QuantileCompiler.Compile(distribution);
        var median = distribution.Quantile(0.5);
        var spread = Math.Min(
            Math.Sqrt(distribution.Variance), Math.Min(median - distribution.Quantile(0.25), distribution.UpperQuantile(0.25) - median));
        var isPositive = distribution.Min >= 0 && distribution.Cdf(0) == 0;
        var before = double.NegativeInfinity;
        foreach (var u in DenseBits())
        {
            var drawn = function.Evaluate((int)u);
            var exact = Math.Min(Exact(distribution, u), float.MaxValue);
            var allowed = (function.Error * Math.Max(spread, Math.Abs(exact - median)))
                + (QuantileFunction.Rounding * Math.Abs(exact)) + SmallestFloat;
            Assert.True(Math.Abs(drawn - exact) <= allowed, $"bits {u}: drew {drawn:R}, not {exact:R}, with {allowed} allowed");
            Assert.InRange(drawn, distribution.Min, distribution.Max);
            Assert.True(!isPositive || drawn > 0, $"bits {u}: drew {drawn}");
            Assert.True(drawn >= before - (2 * allowed), $"bits {u}: drew {drawn:R} after {before:R}");
            before = drawn;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Error_OfEveryFamily_IsWithinTheDocumentedBound(string name)
    {
        var function = QuantileCompiler.Compile(Families.Make(name));
        Assert.True(function.Error <= QuantileFunction.ErrorBound);
        Assert.True(function.PieceCount <= 30_000);
    }

    /// <summary>Atoms are drawn as they are, bit for bit: on either side of each break stand its own values.</summary>
    [Theory]
    [MemberData(nameof(Discrete))]
    public void Draw_NextToEveryBreak_IsTheAtom(string name)
    {
        var distribution = Families.Make(name);
        var function = QuantileCompiler.Compile(distribution);
        foreach (var units in distribution.Breaks.Select(b => b * UnitsPerOne).Where(b => b is > 2 and < UnitsPerOne - 2))
        {
            var last = (uint)Math.Floor(units - 0.5);
            Assert.Equal(Exact(distribution, last), function.Evaluate((int)last));
            Assert.Equal(Exact(distribution, last + 1), function.Evaluate((int)(last + 1)));
        }
    }

    /// <summary>
    /// Least squares keep the mean of every piece and nearly its second moment: means within 1e-6 of a standard deviation,
    /// variances within 1e-5 of themselves, but for rounding to 24 bits. By midpoints, 128 to an octave of either tail.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Moments_OfTheCompiledFunction_AreThoseOfTheDistribution(string name)
    {
        var distribution = Families.Make(name);
        var function = QuantileCompiler.Compile(distribution);
        double shift = 0, square = 0, exactSquare = 0;
        var centre = distribution.Quantile(0.5);
        foreach (var (u, weight) in Midpoints())
        {
            var (drawn, exact) = (function.Evaluate((int)u) - centre, Exact(distribution, u) - centre);
            shift += weight * (drawn - exact);
            square += weight * drawn * drawn;
            exactSquare += weight * exact * exact;
        }

        var rounding = QuantileFunction.Rounding * Math.Abs(centre);
        var deviation = Math.Sqrt(exactSquare);
        Assert.InRange(Math.Abs(shift), 0, (1e-6 * deviation) + rounding);
        Assert.InRange(Math.Abs(square - exactSquare), 0, (1e-5 * exactSquare) + (2 * rounding * deviation));
    }

    /// <summary>The forms that the vector kernel draws from registers.</summary>
    [Theory]
    [InlineData("triangular")]
    [InlineData("PERT of the founding scenario")]
    [InlineData("PERT of the dense benchmark")]
    [InlineData("log-normal of the founding scenario")]
    [InlineData("gamma")]
    [InlineData("Weibull")]
    [InlineData("exponential")]
    [InlineData("normal")]
    [InlineData("normal above zero")]
    public void SmoothDistributions_OfUsualShape_FitTheRegisters(string name) =>
        Assert.Equal(QuantileFunction.Form.Body, QuantileCompiler.Compile(Families.Make(name)).Kind);

    /// <summary>Another C library: every quantile one unit in the last place higher.</summary>
    [Theory]
    [InlineData("normal")]
    [InlineData("log-normal of the founding scenario")]
    [InlineData("gamma")]
    [InlineData("PERT of the founding scenario")]
    [InlineData("mixture of two normals")]
    public void Digest_WithTheLastBitOfTheExactQuantilesChanged_IsTheSame(string name)
    {
        var distribution = Families.Make(name);
        Assert.Equal(QuantileCompiler.Compile(distribution).Digest, QuantileCompiler.Compile(new OneUnitHigher(distribution)).Digest);
        Assert.NotEqual(QuantileCompiler.Compile(distribution).Digest, QuantileCompiler.Compile(distribution, 1.0001).Digest);
    }

    [Fact]
    public void Compile_WithAScale_DrawsScaledValues()
    {
        var distribution = new GammaDistribution(2, 3);
        var (plain, scaled) = (QuantileCompiler.Compile(distribution), QuantileCompiler.Compile(distribution, 1024));
        foreach (var u in DenseBits().Where((_, i) => i % 50 == 0))
        {
            Assert.Equal(plain.Evaluate((int)u) * 1024, scaled.Evaluate((int)u));
        }
    }

    private static double Exact(Distribution distribution, uint u) => u < 0x80000000
        ? distribution.Quantile((u + 0.5) / UnitsPerOne)
        : distribution.UpperQuantile((UnitsPerOne - u - 0.5) / UnitsPerOne);

    /// <summary>Both ends, the middle, 32 points of every octave of either tail and their neighbours, and 2,000 evenly.</summary>
    private static SortedSet<uint> DenseBits()
    {
        var bits = new SortedSet<uint> { 0, 1, 2, 3, uint.MaxValue - 1, uint.MaxValue, int.MaxValue, 0x80000000 };
        for (var octave = 1; octave < 32; octave++)
        {
            for (var part = 0; part < 32; part++)
            {
                var at = (uint)((1ul << octave) * (32 + (ulong)part) / 32);
                bits.UnionWith([at - 1, at, at + 1, uint.MaxValue - at, uint.MaxValue - at - 1, uint.MaxValue - at + 1]);
            }
        }

        bits.UnionWith(Enumerable.Range(0, 2000).Select(i => (uint)((i * UnitsPerOne / 2000) + 123)));
        return bits;
    }

    private static IEnumerable<(uint Bits, double Weight)> Midpoints()
    {
        for (var octave = 8; octave < 31; octave++)
        {
            for (var part = 0; part < 128; part++)
            {
                var u = (uint)((1ul << octave) * (128 + (part + 0.5)) / 128);
                var weight = Math.ScaleB(1, octave - 32 - 7);
                yield return (u, weight);
                yield return (uint.MaxValue - u, weight);
            }
        }
    }

    private sealed record OneUnitHigher(Distribution Inner) : Distribution
    {
        public override double Mean => Inner.Mean;

        public override double Variance => Inner.Variance;

        public override double Min => Inner.Min;

        public override double Max => Inner.Max;

        public override double Cdf(double x) => Inner.Cdf(x);

        public override double UpperTail(double x) => Inner.UpperTail(x);

        public override double Quantile(double p) => Math.BitIncrement(Inner.Quantile(p));

        public override double UpperQuantile(double q) => Math.BitIncrement(Inner.UpperQuantile(q));
    }
}
