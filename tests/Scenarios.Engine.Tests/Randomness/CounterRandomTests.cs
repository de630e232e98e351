using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Tests.Randomness;

public sealed class CounterRandomTests
{
    /// <summary>The published sequence of SplitMix64 for seed 1234567.</summary>
    [Theory]
    [InlineData(0, 6457827717110365317)]
    [InlineData(1, 3203168211198807973)]
    [InlineData(2, 9817491932198370423)]
    [InlineData(3, 4593380528125082431)]
    [InlineData(4, 16408922859458223821)]
    public void Word_OfKeyAndPath_IsTheSplitMix64Sequence(long path, ulong expected) =>
        Assert.Equal(expected, CounterRandom.Word(1234567, path));

    /// <summary>
    /// 64 x 64 cells of a mean of 0.5 over 4,096 words: standard deviation 1/128. A cell off by 7 of them has probability
    /// 2.6e-12, one of 4,096 cells 1e-8.
    /// </summary>
    [Theory]
    [InlineData("path")]
    [InlineData("index")]
    [InlineData("seed")]
    public void Word_WhenOneBitOfACounterFlips_FlipsEveryBitHalfOfTheTime(string counter)
    {
        const int Words = 4096;
        var flips = new int[32, 64];
        for (var i = 0; i < Words; i++)
        {
            for (var bit = 0; bit < 32; bit++)
            {
                var changed = Word(counter, i) ^ Word(counter, i ^ (1L << bit));
                for (var output = 0; output < 64; output++)
                {
                    flips[bit, output] += (int)(changed >> output) & 1;
                }
            }
        }

        foreach (var count in flips)
        {
            Assert.InRange(count / (double)Words, 0.5 - (7.0 / 128), 0.5 + (7.0 / 128));
        }
    }

    /// <summary>
    /// Chi-square of 256 byte values over 8 x 2^18 bytes, 255 degrees of freedom: mean 255, standard deviation 22.6. Above 400
    /// lies less than 1e-8 (Wilson-Hilferty: 5.8 standard deviations).
    /// </summary>
    [Theory]
    [InlineData("path")]
    [InlineData("index")]
    [InlineData("seed")]
    public void Bytes_OfConsecutiveCounters_AreUniform(string counter)
    {
        const int Words = 1 << 18;
        var counts = new int[256];
        for (var i = 0; i < Words; i++)
        {
            var word = Word(counter, i);
            for (var place = 0; place < 64; place += 8)
            {
                counts[(word >> place) & 255]++;
            }
        }

        var expected = counts.Sum() / 256.0;
        Assert.InRange(counts.Sum(count => (count - expected) * (count - expected) / expected), 0, 400);
    }

    private static ulong Word(string counter, long i) => counter switch
    {
        "path" => CounterRandom.Word(CounterRandom.Key(7, DrawPurpose.Batch, 3), i),
        "index" => CounterRandom.Word(CounterRandom.Key(7, DrawPurpose.Batch, i), 3),
        _ => CounterRandom.Word(CounterRandom.Key((ulong)i, DrawPurpose.Batch, 3), 3),
    };
}
