using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;
using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Tests.Distributions;

public sealed class MetalogTests
{
    /// <summary>
    /// With values at 0.1, 0.5 and 0.9 Keelin's three terms exist from here on for the median's place between the others:
    /// (1 - 0.8 k) / 2, where 1 / (2k) is the maximum of y - 1/2 + y (1 - y) ln(y / (1 - y)); with 40 digits by mpmath (his
    /// equation 15 rounds 2k to 1.66711).
    /// </summary>
    private const double LeastMedian = 0.16657737615961412;

    /// <summary>
    /// The least h for which 0, 4.5 - h, 4.5, 4.5 + h, 9 at 0.15, 0.35, 0.5, 0.7, 0.9 have a metalog, and where it stands
    /// still then; likewise.
    /// </summary>
    private const double LeastHalfWidth = 0.309998816088033268;

    private const double StandsStill = 0.523618248685177554;

    private static readonly double Log9 = Math.Log(9);

    public static TheoryData<string> Names => Families.Metalogs;

    /// <summary>A curve of 16 terms adds terms of up to 1e3 times its spread: 1e-13 of it is lost.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Metalog_AtItsQuantiles_PassesThroughThem(string name)
    {
        var metalog = (MetalogDistribution)Families.Make(name);
        var spread = metalog.Quantiles[^1].Value - metalog.Quantiles[0].Value;
        foreach (var (probability, value) in metalog.Quantiles)
        {
            Assert.Equal(value, metalog.Quantile(probability), 1e-12 * (spread + Math.Abs(value)));
            Assert.Equal(probability, metalog.Cdf(value), 1e-11);
        }
    }

    /// <summary>Keelin's closed form of the three terms by the quantiles at 0.1, 0.5 and 0.9 (2016, equations 13 and 14).</summary>
    [Theory]
    [InlineData(60, 90, 150)]
    [InlineData(-5, 3, 8)]
    [InlineData(0, 0.2, 1)]
    public void ThreeTerms_AtAnyProbability_AreKeelinsClosedForm(double low, double median, double high)
    {
        var metalog = Feasible([(0.1, low), (0.5, median), (0.9, high)]);
        var r = (median - low) / (high - low);
        var (a2, a3) = ((high - low) / (2 * Log9), (1 - (2 * r)) * (high - low) / (0.8 * Log9));
        foreach (var y in (double[])[1e-9, 0.001, 0.1, 0.2, 0.5, 0.7, 0.99, 0.999999])
        {
            var logit = Math.Log(y / (1 - y));
            Assert.Equal(median + (a2 * logit) + (a3 * (y - 0.5) * logit), metalog.Quantile(y), 1e-12 * (high - low));
        }

        // Mean a1 + a3 / 2 (the integral of (y - 1/2) ln(y / (1 - y)) is 1/2), also from Keelin's closed moments.
        Assert.Equal(median + (a3 / 2), metalog.Mean, 1e-9 * (high - low));
    }

    /// <summary>A logistic distribution is the metalog of two of the terms: variance pi^2 s^2 / 3.</summary>
    [Fact]
    public void ThreeTerms_OfSymmetricQuantiles_AreALogisticDistribution()
    {
        var metalog = Feasible([(0.1, 5 - (2 * Log9)), (0.5, 5), (0.9, 5 + (2 * Log9))]);
        Assert.Equal(5, metalog.Mean, 1e-9);
        Assert.Equal(4 * Math.PI * Math.PI / 3, metalog.Variance, 1e-8);
        Assert.Equal(1 / (1 + Math.Exp(-3.5)), metalog.Cdf(12), 1e-14);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(-1.0, null)]
    [InlineData(null, 2.0)]
    [InlineData(-1.0, 2.0)]
    public void ThreeTerms_OnEitherSideOfKeelinsBound_AreRefusedAndTaken(double? lower, double? upper)
    {
        // Where the transformed values are 0, r, 1, or their mirror image.
        double At(double z) => (lower, upper) switch
        {
            ({ } l, { } u) => l + ((u - l) / (1 + Math.Exp(-z))),
            ({ } l, null) => l + Math.Exp(z),
            (null, { } u) => u - Math.Exp(-z),
            _ => z,
        };
        ImmutableArray<(double, double)> Points(double median) => [(0.1, At(0)), (0.5, At(median)), (0.9, At(1))];
        foreach (var isMirrored in (bool[])[false, true])
        {
            var taken = LeastMedian + 2e-8;
            var refused = LeastMedian - 2e-8;
            Assert.NotNull(MetalogDistribution.Through(Points(isMirrored ? 1 - taken : taken), lower, upper, out _));
            Assert.Null(MetalogDistribution.Through(Points(isMirrored ? 1 - refused : refused), lower, upper, out var place));

            // Where y - 1/2 + y (1 - y) ln(y / (1 - y)) is least, or greatest: mpmath.
            Assert.Equal(isMirrored ? 0.91677827980048235 : 0.08322172019951765, place.Probability, 1e-3);
            Assert.Equal(isMirrored ? 3 : 0, place.QuantilesBelow);
            Assert.InRange(place.Probability, place.From, place.To);
            Assert.InRange(place.To - place.From, 1e-6, 1e-2);
        }
    }

    /// <summary>Places by mpmath; a tail falls without end.</summary>
    [Fact]
    public void Quantiles_WithoutAMetalog_AreRefusedAtTheirPlace()
    {
        AssertRefused([(0.1, 0), (0.3, 4), (0.5, 4.2), (0.7, 4.4), (0.9, 9)], 0.418560523329148, 0.584913393666128, 3);
        AssertRefused([(0.1, 0), (0.3, 1), (0.7, 9), (0.9, 13)], 0, 0.151224358757623, 0);
        AssertRefused([(0.1, 0), (0.3, 1), (0.4, 5), (0.9, 13)], 0.781733686153903, 1, 4);
    }

    /// <summary>A dip of 1/25,000 of the probability, of which a grid would see nothing.</summary>
    [Fact]
    public void Quantiles_WithANarrowDip_AreRefusedThere()
    {
        ImmutableArray<(double, double)> Points(double h) => [(0.15, 0), (0.35, 4.5 - h), (0.5, 4.5), (0.7, 4.5 + h), (0.9, 9)];
        Feasible(Points(LeastHalfWidth + 1e-8));
        Assert.Null(MetalogDistribution.Through(Points(LeastHalfWidth - 1e-8), null, null, out var place));
        Assert.Equal(StandsStill, place.Probability, 1e-5);
        Assert.InRange(place.To - place.From, 3e-5, 5e-5);
        Assert.Equal(3, place.QuantilesBelow);
    }

    /// <summary>
    /// Random sets of 3 to 7 quantiles, some taken and some refused, against the least slope dM/dL on a grid, by another solver.
    /// Its second derivative is below 20 there, so the grid misses 20 / (8 x 50^2) = 1e-3 of the least at most.
    /// </summary>
    [Fact]
    public void Verdict_OnRandomQuantiles_IsThatOfAFineGrid()
    {
        var random = new Random(7);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var n = 3 + (i % 5);
            double[] p = [.. Enumerable.Range(0, n).Select(k => (k + 0.2 + (0.6 * random.NextDouble())) / n)];
            double[] x = [.. p.Select(y => Math.Log(y / (1 - y)) + (random.NextDouble() * 1.5 / n)).Order()];
            var (least, at) = LeastSlope(p, x);
            var metalog = MetalogDistribution.Through([.. p.Zip(x)], null, null, out var place);
            if (least > 1e-3)
            {
                Assert.NotNull(metalog);
                taken++;
            }
            else if (least < -1e-3)
            {
                Assert.Null(metalog);
                Assert.InRange(at, place.From, place.To);
                refused++;
            }
        }

        Assert.InRange(taken, 50, 250);
        Assert.InRange(refused, 50, 250);
    }

    [Fact]
    public void Metalog_OfAStraightLine_IsAUniformDistribution()
    {
        foreach (var n in (int[])[4, 5, 6, 8, 9, 10, 12, 13, 14, 16])
        {
            var metalog = Feasible([.. Enumerable.Range(1, n).Select(i => (i / (n + 1.0), 100.0 * i))]);
            Assert.Equal(50.0 * (n + 1), metalog.Mean, 1e-6 * n);
            Assert.Equal(100.0 * (n + 1) * 1e-6, metalog.Quantile(1e-6), 1e-5 * n);
        }
    }

    /// <summary>
    /// Seven terms have four that are odd about the median, symmetric points three on a side: no curve, or many; by the last
    /// bits of 0.05 and 0.95.
    /// </summary>
    [Fact]
    public void Quantiles_OfSymmetricProbabilitiesAndASingularNumber_AreRefused()
    {
        ImmutableArray<(double Probability, double Value)> seven =
            [(0.01, 1), (0.05, 2), (0.25, 4), (0.5, 6), (0.75, 9), (0.95, 14), (0.99, 20)];
        Assert.Null(MetalogDistribution.Through(seven, null, null, out var reason));
        Assert.True(reason.IsUndetermined);
        Assert.Null(MetalogDistribution.Through(seven, 0, null, out _));
        Feasible(seven.RemoveAt(3));
        foreach (var n in (int[])[11, 15])
        {
            ImmutableArray<(double, double)> line = [.. Enumerable.Range(1, n).Select(i => (i / (n + 1.0), 1.0 * i))];
            Assert.Null(MetalogDistribution.Through(line, null, null, out reason));
            Assert.True(reason.IsUndetermined);
        }
    }

    [Fact]
    public void Metalog_WithOneBoundAndAHeavyTail_HasInfiniteMoments()
    {
        // Three terms, symmetric in the logarithm: a log-logistic distribution of scale 1, whose log has the slope b.
        MetalogDistribution LogLogistic(double b) =>
            Feasible([(0.1, Math.Exp(-b * Log9)), (0.5, 1), (0.9, Math.Exp(b * Log9))], lower: 0);
        Assert.Equal(0.3 * Math.PI / Math.Sin(0.3 * Math.PI), LogLogistic(0.3).Mean, 1e-9);
        Assert.Equal(0.7 * Math.PI / Math.Sin(0.7 * Math.PI), LogLogistic(0.7).Mean, 1e-7);
        Assert.Equal(double.PositiveInfinity, LogLogistic(0.7).Variance);
        Assert.Equal(double.PositiveInfinity, LogLogistic(1.2).Mean);
    }

    [Fact]
    public void Quantiles_OutOfOrderOrBounds_AreRefused()
    {
        Action[] bad =
        [
            () => Feasible([(0.1, 1), (0.9, 2)]),
            () => Feasible([.. Enumerable.Range(1, 17).Select(i => (i / 18.0, (double)i))]),
            () => Feasible([(0.1, 1), (0.1, 2), (0.9, 3)]), () => Feasible([(0.1, 1), (0.5, 1), (0.9, 3)]),
            () => Feasible([(0, 1), (0.5, 2), (0.9, 3)]), () => Feasible([(0.1, 1), (0.5, 2), (1, 3)]),
            () => Feasible([(0.1, 1), (0.5, 2), (0.9, 3)], lower: 1), () => Feasible([(0.1, 1), (0.5, 2), (0.9, 3)], upper: 3),
            () => Feasible([(0.1, 1), (0.5, 2), (0.9, double.NaN)]), () => Feasible([(0.1, 1), (0.5, 2), (0.9, 1e101)]),
            () => Feasible([(0.1, 1), (0.5, 2), (0.9, 3)], lower: double.NegativeInfinity),
        ];
        Assert.All(bad, action => Assert.ThrowsAny<ArgumentException>(action));
    }

    private static void AssertRefused(ImmutableArray<(double, double)> quantiles, double from, double to, int below)
    {
        Assert.Null(MetalogDistribution.Through(quantiles, null, null, out var place));
        Assert.Equal(from, place.From, 1e-12);
        Assert.Equal(to, place.To, 1e-12);
        Assert.InRange(place.Probability, from, to);
        Assert.Equal(below, place.QuantilesBelow);
    }

    private static MetalogDistribution Feasible(
        ImmutableArray<(double Probability, double Value)> quantiles, double? lower = null, double? upper = null)
    {
        var metalog = MetalogDistribution.Through(quantiles, lower, upper, out _);
        Assert.NotNull(metalog);
        return metalog;
    }

    /// <summary>The least dM/dL, from L = -30 to 30 in steps of 1/50, and its probability.</summary>
    private static (double Slope, double Probability) LeastSlope(double[] p, double[] x)
    {
        static double Logit(double y) => Math.Log(y / (1 - y));
        static (double Value, double Slope) Term(int k, double logit)
        {
            var y = 1 / (1 + Math.Exp(-logit));
            var (c, w) = (y - 0.5, Math.Exp(-Math.Abs(logit)) / Math.Pow(1 + Math.Exp(-Math.Abs(logit)), 2));
            var power = k switch { 1 or 2 => 0, 3 or 4 => 1, _ => k % 2 == 1 ? (k - 1) / 2 : (k / 2) - 1 };
            var isLogistic = k is 2 or 3 || (k > 4 && k % 2 == 0);
            var (value, slope) = (Math.Pow(c, power), power == 0 ? 0 : power * Math.Pow(c, power - 1) * w);
            return isLogistic ? (value * logit, value + (slope * logit)) : (value, slope);
        }

        var n = p.Length;
        var terms = Matrix<double>.Build.Dense(n, n, (i, k) => Term(k + 1, Logit(p[i])).Value).Solve(Vector<double>.Build.Dense(x));
        return Enumerable.Range(-1500, 3001).Select(i => i / 50.0)
            .Select(logit => (Enumerable.Range(0, n).Sum(k => terms[k] * Term(k + 1, logit).Slope), 1 / (1 + Math.Exp(-logit))))
            .MinBy(s => s.Item1);
    }
}
