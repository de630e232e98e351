using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Tests.Randomness;

public sealed class NormalScoresTests
{
    private const double Bound = 2e-8;
    private static readonly NormalDistribution Normal = new(0, 1);

    [Fact]
    public void Score_OfAnyBits_IsTheNormalQuantile()
    {
        foreach (var r in Bits())
        {
            var u = (uint)r;
            var exact = r >= 0 ? Normal.Quantile((u + 0.5) / 4294967296.0) : Normal.UpperQuantile(((uint)~r + 0.5) / 4294967296.0);
            Assert.InRange(NormalScores.OfBits(r) - exact, -Bound, Bound);
        }
    }

    /// <summary>The cell of the score itself, but for the bound relative to the nearer tail and the cell's rounding.</summary>
    [Fact]
    public void Bits_OfAScore_HoldItsProbability()
    {
        for (var score = -7.0; score <= 7; score += 0.000937)
        {
            var r = NormalScores.ToBits(score);
            var tail = Normal.UpperTail(Math.Abs(score));
            var cell = score < 0 ? (uint)r : (uint)~r;
            Assert.InRange(cell - (tail * 4294967296.0), -1 - (Bound * tail * 4294967296.0), Bound * tail * 4294967296.0);
        }
    }

    [Fact]
    public void Bits_OfTheScoreOfBits_AreWithinTheBoundOfThem()
    {
        foreach (var r in Bits())
        {
            // A score's error moves its probability by at most the density, (|z| + 1) times the tail.
            var back = NormalScores.ToBits(NormalScores.OfBits(r));
            var distance = (uint)(r ^ (r >> 31));
            var allowed = 1 + (distance * 2 * Bound * (Math.Abs(NormalScores.OfBits(r)) + 2));
            Assert.InRange(Math.Abs((double)(uint)back - (uint)r), 0, allowed);
        }
    }

    [Fact]
    public void Scores_AreSymmetricAndNeverDescend()
    {
        var last = double.NegativeInfinity;
        foreach (var r in Bits().Select(r => (uint)r).Order())
        {
            var score = NormalScores.OfBits((int)r);
            Assert.Equal(-score, NormalScores.OfBits((int)~r));
            Assert.True(score >= last, $"{r}");
            last = score;
        }
    }

    private static IEnumerable<int> Bits()
    {
        var random = new Random(1);
        for (var octave = 0; octave < 32; octave++)
        {
            for (var i = 0; i < 400; i++)
            {
                var distance = (int)((1u << octave) - 1 + (uint)(random.NextDouble() * (1u << octave)));
                yield return distance < 0 ? int.MaxValue : distance;
                yield return ~(distance < 0 ? int.MaxValue : distance);
            }
        }
    }
}
