using System.Collections.Immutable;
using Scenarios.Engine.Model;

namespace Scenarios.Engine.Tests.Model;

public sealed class RankCorrelationTests
{
    private static readonly ImmutableArray<AssumptionKind> OfBatch =
        [AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, AssumptionKind.TourLengthDays];

    [Fact]
    public void NormalCorrelation_OfARankCorrelation_IsTwiceTheSineOfAThirtiethOfATurn()
    {
        for (var r = -1.0; r <= 1; r += 1 / 256.0)
        {
            Assert.Equal(2 * Math.Sin(Math.PI * r / 6), RankCorrelation.NormalCorrelation(r), 1e-15);
            Assert.Equal(r, RankCorrelation.OfNormal(RankCorrelation.NormalCorrelation(r)), 1e-14);
        }
    }

    [Theory]
    [InlineData(-0.9, -0.9, -0.9, false)]
    [InlineData(0.9, 0.9, -0.9, false)]
    [InlineData(0.9, 0.9, 0.9, true)]
    [InlineData(1, 1, 1, true)]
    [InlineData(1, -1, -1, true)]
    [InlineData(1, 1, 0.99, false)]
    [InlineData(0, 0, 0, true)]
    public void Correlations_AreValid_WhereTheyCanHoldTogether(double ab, double bc, double ac, bool valid) =>
        Assert.Equal(valid, RankCorrelation.IsPositiveSemiDefinite(RankCorrelation.NormalMatrix(Three(ab, bc, ac), OfBatch)));

    /// <summary>Equal contradicting correlations: by symmetry the nearest matrix has equal ones too, of which -1/2 is the least valid.</summary>
    [Fact]
    public void NearestValid_ToThreeThatRepelOneAnother_RepelsAsMuchAsThreeCan()
    {
        var nearest = RankCorrelation.NearestValid(Three(-0.9, -0.9, -0.9));
        var limit = RankCorrelation.OfNormal(-0.5);
        Assert.Equal(3, nearest.Length);
        Assert.All(nearest, pair => Assert.InRange(pair.Coefficient, limit - 0.0005, limit + 0.002));
        Assert.True(RankCorrelation.IsPositiveSemiDefinite(RankCorrelation.NormalMatrix(nearest, OfBatch)));
    }

    /// <summary>Higham (2002): the correlation matrix nearest to [1 1 0; 1 1 1; 0 1 1] has 0.7607 and 0.1573.</summary>
    [Fact]
    public void NearestValid_ToHighamsExample_IsHis()
    {
        var nearest = RankCorrelation.NearestValid(Three(1, 1, 0));
        Assert.Equal(RankCorrelation.OfNormal(0.7607), nearest[0].Coefficient, 0.001);
        Assert.Equal(RankCorrelation.OfNormal(0.1573), nearest[1].Coefficient, 0.001);
        Assert.Equal(RankCorrelation.OfNormal(0.7607), nearest[2].Coefficient, 0.001);
    }

    [Fact]
    public void NearestValid_ToAnyContradiction_IsValidAndOfThreeDecimals()
    {
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var kinds = Enum.GetValues<AssumptionKind>();
            ImmutableArray<RankCorrelation> given =
            [
                .. from a in kinds from b in kinds where a < b && random.Next(3) > 0 select new RankCorrelation(a, b, (2 * random.NextDouble()) - 1),
            ];
            var nearest = RankCorrelation.NearestValid(given);
            Assert.True(RankCorrelation.IsPositiveSemiDefinite(RankCorrelation.NormalMatrix(nearest, RankCorrelation.Kinds(given))));
            Assert.All(nearest, pair => Assert.Equal(Math.Round(pair.Coefficient, 3), pair.Coefficient));
        }
    }

    private static ImmutableArray<RankCorrelation> Three(double ab, double bc, double ac) =>
    [
        new(OfBatch[0], OfBatch[1], ab), new(OfBatch[1], OfBatch[2], bc), new(OfBatch[2], OfBatch[0], ac),
    ];
}
