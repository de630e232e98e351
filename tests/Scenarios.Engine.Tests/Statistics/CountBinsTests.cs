using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Tests.Statistics;

public sealed class CountBinsTests
{
    public static TheoryData<int> Shapes => [.. Enumerable.Range(0, 300)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bin_OfACount_HoldsIt(int shape)
    {
        var random = new Random(shape);
        var isBelow = random.Next(4) == 0;
        var basis = random.Next(3) == 0 ? 0 : LogUniform(random, 1e7);
        var range = LogUniform(random, 1e12);
        var isBoundless = random.Next(2) == 0;
        var cap = random.Next(3) == 0 ? basis + (isBoundless ? LogUniform(random, range) : range) : -1;
        var step = random.Next(2) == 0 ? 0 : LogUniform(random, range);
        var offLattice = random.Next(2) == 0;
        var points = random.Next(1, 5000);
        var bins = new CountBins(basis, basisIsAtom: true, isBelow, basis + range, isBoundless && cap < 0, cap, step, offLattice, points);

        var last = cap >= 0 ? cap : isBoundless ? 1L << 50 : bins.RangeEnd;
        var counts = Enumerable.Range(0, 3000).Select(_ => Math.Min(last, basis + LogUniform(random, last - basis)))
            .Concat(isBelow ? Enumerable.Range(0, 300).Select(_ => random.NextInt64(basis + 1)) : [])
            .Concat([basis, last])
            .Select(count => bins.LatticeStep > 0 && !offLattice && count <= bins.RangeEnd && count > basis
                ? basis + ((count - basis) / step * step)
                : count);
        foreach (var count in counts)
        {
            var bin = bins.BinOf(count);
            Assert.InRange(bin, 0, bins.BinCount - 1);
            var (low, high) = bins.Ends(bin);
            Assert.True(low <= count && count <= high, $"{count} is put into bin {bin} of {low} to {high}");
            Assert.True(count != basis || (low == high), $"the initial count shares bin {bin} of {low} to {high}");
            Assert.True(count != cap || (low == high), $"the cap shares bin {bin} of {low} to {high}");
            Assert.True(
                bins.IsAboveRange(bin) || high - low <= (bins.RangeEnd / (double)CountBins.FewestBins),
                $"bin {bin} of {low} to {high} is more than 1/2,000 of {bins.RangeEnd}");
        }
    }

    [Fact]
    public void Bins_OfAScenarioWithEverything_FollowOneAnotherWithoutGaps()
    {
        var bins = new CountBins(
            basis: 5000,
            basisIsAtom: true,
            below: true,
            rangeEnd: 100_000,
            boundless: true,
            cap: -1,
            latticeStep: 700,
            offLattice: true,
            pointCount: 100);
        var next = 0L;
        for (var bin = 0; bin < bins.BinCount; bin++)
        {
            var (low, high) = bins.Ends(bin);
            if (high >= low)
            {
                Assert.Equal(next, low);
                next = high + 1;
            }
        }

        Assert.True(next > 1L << 50);
    }

    private static long LogUniform(Random random, double most) => most < 1 ? 0 : (long)Math.Exp(random.NextDouble() * Math.Log(most));
}
