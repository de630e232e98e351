using MathNet.Numerics.Distributions;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Simulation;

namespace Scenarios.Engine.Tests.Randomness;

public sealed class ScrambledSobolTests
{
    private const int Scrambles = ScrambledSobol.Scrambles;

    private static readonly ScrambledSobol Points = new(seed: 5, QuasiRandomPoints.Dimensions);

    /// <summary>
    /// (t, m, s)-nets (Niederreiter 1987): every box of sides 2^-a, 2^-b, 2^-c and volume 2^(t - m) holds 2^t of 2^m points. t is 0 for
    /// the first two dimensions, and 1 for the first three: the degrees of their polynomials, less one each, added up.
    /// </summary>
    [Theory]
    [InlineData(4, 0)]
    [InlineData(9, 0)]
    [InlineData(9, 3)]
    public void Points_OfAnyScramble_FillElementaryIntervalsEvenly(int m, int block)
    {
        for (var scramble = 0; scramble < Scrambles; scramble++)
        {
            for (var a = 0; a < m; a++)
            {
                AssertEven(scramble, block, m, [a, m - a, 0], each: 1);
                for (var b = 0; a + b < m; b++)
                {
                    AssertEven(scramble, block, m, [a, b, m - 1 - a - b], each: 2);
                }
            }
        }
    }

    /// <summary>Each dimension by itself: one point of 2^m in each of 2^m intervals.</summary>
    [Fact]
    public void Points_InEachDimension_AreStratified()
    {
        const int m = 8;
        for (var dimension = 0; dimension < QuasiRandomPoints.Dimensions; dimension++)
        {
            for (var scramble = 0; scramble < Scrambles; scramble++)
            {
                var cells = Enumerable.Range(512, 1 << m).Select(index => (uint)Points.At(dimension, ((long)index * Scrambles) + scramble) >> (32 - m));
                Assert.Equal(1 << m, cells.Distinct().Count());
            }
        }
    }

    /// <summary>
    /// A point under 4,000 seeds and all scrambles, in 256 cells of 250 each: chi-square of 255 degrees of freedom. So are the
    /// exclusive ors of two scrambles: they have nothing to do with one another.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 77)]
    [InlineData(11, 1023)]
    public void Point_OverSeeds_IsUniformAndScramblesAreIndependent(int dimension, int index)
    {
        const int Seeds = 4000;
        var (cells, pairs, steps) = (new int[256], new int[256], new int[256]);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var points = new ScrambledSobol((ulong)seed, dimension + 1);
            for (var scramble = 0; scramble < Scrambles; scramble++)
            {
                var path = ((long)index * Scrambles) + scramble;
                var next = ((long)index * Scrambles) + ((scramble + 1) % Scrambles);
                cells[(uint)points.At(dimension, path) >> 24]++;
                pairs[(uint)(points.At(dimension, path) ^ points.At(dimension, next)) >> 24]++;

                // Below the bit that they differ in, two points of a scramble are as independent.
                steps[((uint)(points.At(dimension, path) ^ points.At(dimension, path ^ Scrambles)) >> 23) & 255]++;
            }
        }

        AssertUniform(cells);
        AssertUniform(pairs);
        AssertUniform(steps);
    }

    /// <summary>Lanes of one scramble are held to it by LaneKernelTests.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 16)]
    [InlineData(23, 2048L * 16 * 12345)]
    public void Points_OfNeighbours_AreToTheBitThoseOfEachPath(int dimension, long firstPath)
    {
        var neighbours = Points.OfNeighbours(dimension, firstPath);
        for (var lane = 0; lane < Scrambles; lane++)
        {
            Assert.Equal(Points.At(dimension, firstPath + lane), neighbours[lane]);
        }
    }

    private static void AssertEven(int scramble, int block, int m, int[] sides, int each)
    {
        var counts = new int[(1 << m) / each];
        for (var i = 0; i < 1 << m; i++)
        {
            var path = ((((long)block << m) + i) * Scrambles) + scramble;
            var cell = 0;
            for (var dimension = 0; dimension < sides.Length; dimension++)
            {
                cell = (cell << sides[dimension]) | (int)((ulong)(uint)Points.At(dimension, path) >> (32 - sides[dimension]));
            }

            counts[cell]++;
        }

        Assert.All(counts, count => Assert.Equal(each, count));
    }

    /// <summary>Fails by chance once in 10 million times.</summary>
    private static void AssertUniform(int[] cells)
    {
        var expected = cells.Sum() / (double)cells.Length;
        var chiSquare = cells.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, ChiSquared.InvCDF(cells.Length - 1, 1e-7), ChiSquared.InvCDF(cells.Length - 1, 1 - 1e-7));
    }
}
