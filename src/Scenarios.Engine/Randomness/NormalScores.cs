using System.Numerics;
using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Randomness;

/// <summary>
/// Standard normal scores of 32 random bits, and back: <see cref="OfBits"/> is the quantile at (r + 1/2) / 2^32, and
/// <see cref="ToBits"/> the bits whose cell holds the probability of a score.
/// </summary>
/// <remarks>
/// <para>
/// Cubic Hermite pieces with exact values and slopes at their ends, finer towards the tails: scores are within 2e-8 of
/// the quantile, probabilities within 2e-8 of min(p, 1 - p) of their own, both tested against the exact functions.
/// </para>
/// <para>
/// Tables are made, and read, with + - x / sqrt and explicit fused multiply-add alone, in a fixed order, and without the
/// C library: every machine has the same bits.
/// </para>
/// </remarks>
internal static class NormalScores
{
    private const int Octaves = 32;
    private const int PartsLog2 = 5;
    private const int Parts = 1 << PartsLog2;
    private const int PiecesPerUnit = 128;
    private const double InverseSqrtTwoPi = 0.39894228040143267794;

    /// <summary>Beyond this score lies less than half a cell of 2^-32.</summary>
    private const double Furthest = 6.5;

    private static readonly Cubic[] Scores = BuildScores();
    private static readonly Cubic[] Tails = BuildTails();

    /// <summary>The score of random bits, read as an unsigned number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double OfBits(int r)
    {
        var odd = (2 * (uint)(r ^ (r >> 31))) + 1; // p = odd / 2^33 is the probability of the nearer tail.
        var octave = BitOperations.Log2(odd);
        var mantissa = odd << (31 - octave);
        var part = (int)(mantissa >> (31 - PartsLog2)) & (Parts - 1);
        var t = (mantissa & ((1u << (31 - PartsLog2)) - 1)) * (1.0 / (1 << (31 - PartsLog2)));
        var score = Scores[(octave * Parts) + part].At(t);

        // The sign is as random as the bits: a branch on it would be guessed wrong every other time.
        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(score) ^ ((long)~r & long.MinValue));
    }

    /// <summary>The bits of a score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToBits(double score)
    {
        var distance = Math.Abs(score);
        if (distance >= Furthest)
        {
            return score < 0 ? 0 : -1;
        }

        var position = distance * PiecesPerUnit;
        var piece = (int)position;
        var cell = (int)double.MinNative(Tails[piece].At(position - piece) * 4294967296.0, int.MaxValue);
        return cell ^ (Unsafe.BitCast<bool, byte>(score < 0) - 1);
    }

    private static Cubic[] BuildScores()
    {
        // From the median outwards: each score starts Newton's method for the next.
        var pieces = new Cubic[Octaves * Parts];
        var (above, slopeAbove, score) = (0.0, -1 / Density(0), 0.0);
        for (var i = pieces.Length - 1; i >= 0; i--)
        {
            var scale = 1.0 / (1L << (33 - (i / Parts)));
            var probability = scale * (1 + ((i % Parts) / (double)Parts));
            for (var step = 0; step < 8; step++)
            {
                score += (Tail(score) - probability) / Density(score);
            }

            var slope = -1 / Density(score);
            pieces[i] = Cubic.Hermite(score, slope, above, slopeAbove, scale / Parts);
            (above, slopeAbove) = (score, slope);
        }

        return pieces;
    }

    private static Cubic[] BuildTails()
    {
        var pieces = new Cubic[(int)(Furthest * PiecesPerUnit)];
        const double Width = 1.0 / PiecesPerUnit;
        for (var i = 0; i < pieces.Length; i++)
        {
            var (from, to) = (i * Width, (i + 1) * Width);
            pieces[i] = Cubic.Hermite(Tail(from), -Density(from), Tail(to), -Density(to), Width);
        }

        return pieces;
    }

    /// <summary>The normal density.</summary>
    private static double Density(double x)
    {
        // e^-y by its series at y / 64, then squared six times.
        var y = x * x / 128;
        var sum = 1.0;
        for (var k = 20; k >= 1; k--)
        {
            sum = Math.FusedMultiplyAdd(-y / k, sum, 1);
        }

        for (var k = 0; k < 6; k++)
        {
            sum *= sum;
        }

        return sum * InverseSqrtTwoPi;
    }

    /// <summary>The probability above x >= 0: its power series, and from 2.5 on Laplace's continued fraction.</summary>
    private static double Tail(double x)
    {
        const double SeriesEnd = 2.5;
        if (x < SeriesEnd)
        {
            var sum = 1.0;
            for (var k = 101; k >= 3; k -= 2)
            {
                sum = Math.FusedMultiplyAdd(x * x / k, sum, 1);
            }

            return 0.5 - (Density(x) * x * sum);
        }

        var fraction = x;
        for (var k = 200; k >= 1; k--)
        {
            fraction = x + (k / fraction);
        }

        return Density(x) / fraction;
    }

    private readonly record struct Cubic(double C0, double C1, double C2, double C3)
    {
        public double At(double t) => Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(C3, t, C2), t, C1), t, C0);

        /// <summary>The cubic in t of [0, 1] with given values and slopes at the ends of an interval.</summary>
        public static Cubic Hermite(double from, double slopeFrom, double to, double slopeTo, double width)
        {
            var (a, b, rise) = (slopeFrom * width, slopeTo * width, to - from);
            return new(from, a, (3 * rise) - (2 * a) - b, a + b - (2 * rise));
        }
    }
}
