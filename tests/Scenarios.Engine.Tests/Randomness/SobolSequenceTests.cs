using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Tests.Randomness;

public sealed class SobolSequenceTests
{
    /// <summary>
    /// The first sixteen points by SciPy 1.10's qmc.Sobol (scramble=False, bits=32), in units of 1/16. It goes through the points in
    /// the order of Gray's code: its point k is number k ^ (k >> 1).
    /// </summary>
    [Theory]
    [InlineData(0, new uint[] { 0, 8, 12, 4, 6, 14, 10, 2, 3, 11, 15, 7, 5, 13, 9, 1 })]
    [InlineData(1, new uint[] { 0, 8, 4, 12, 6, 14, 2, 10, 5, 13, 1, 9, 3, 11, 7, 15 })]
    [InlineData(2, new uint[] { 0, 8, 4, 12, 10, 2, 14, 6, 15, 7, 11, 3, 5, 13, 1, 9 })]
    [InlineData(3, new uint[] { 0, 8, 4, 12, 14, 6, 10, 2, 7, 15, 3, 11, 9, 1, 13, 5 })]
    [InlineData(9, new uint[] { 0, 8, 12, 4, 10, 2, 6, 14, 5, 13, 9, 1, 15, 7, 3, 11 })]
    [InlineData(23, new uint[] { 0, 8, 4, 12, 14, 6, 10, 2, 15, 7, 11, 3, 1, 9, 5, 13 })]
    public void Points_OfSeveralDimensions_AreThoseOfJoeAndKuo(int dimension, uint[] sixteenths)
    {
        var directions = SobolSequence.Directions(dimension);
        for (var k = 0u; k < 16; k++)
        {
            Assert.Equal(sixteenths[k] << 28, SobolSequence.Coordinate(directions, k ^ (k >> 1)));
        }
    }

    /// <summary>By SciPy again, all 32 bits.</summary>
    [Theory]
    [InlineData(5, 1000, 3896508416)]
    [InlineData(23, 1234, 3990880256)]
    public void Points_FurtherOn_AreThoseOfJoeAndKuo(int dimension, uint k, uint coordinate) =>
        Assert.Equal(coordinate, SobolSequence.Coordinate(SobolSequence.Directions(dimension), k ^ (k >> 1)));

    /// <summary>A direction number is odd at its own place, so that each dimension by itself is evenly filled.</summary>
    [Fact]
    public void Directions_OfEveryDimension_HaveTheirLowestBitAtTheirPlace()
    {
        for (var dimension = 0; dimension < SobolSequence.MostDimensions; dimension++)
        {
            var directions = SobolSequence.Directions(dimension);
            Assert.All(Enumerable.Range(0, 32), bit => Assert.Equal(31 - bit, System.Numerics.BitOperations.TrailingZeroCount(directions[bit])));
        }
    }
}
