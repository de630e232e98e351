using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Random words and quantiles of many paths, equal to the bit to <see cref="CounterRandom"/> and
/// <see cref="QuantileFunction.Evaluate"/>. Columns have room for whole groups of sixteen lanes.
/// </summary>
internal static unsafe class LaneQuantiles
{
    private const int Width = LaneBlock.Width;

    /// <summary>The words of every so many paths under a key, in halves.</summary>
    public static void Words(ulong key, long firstPath, int stride, int* ids, int* high, int* low, int lanes)
    {
        var start = Vector512.Create(key + (((ulong)firstPath + 1) * CounterRandom.Golden));
        var golden = Vector512.Create((ulong)stride * CounterRandom.Golden);
        var mix1 = Vector512.Create(CounterRandom.Mix1);
        var mix2 = Vector512.Create(CounterRandom.Mix2);
        var lowHalf = Vector512.Create(0xFFFFFFFFUL);
        for (var i = 0; i < lanes; i += Width)
        {
            var id = Vector512.Load(ids + i).AsUInt64();
            var even = start + ((id & lowHalf) * golden);
            var odd = start + ((id >>> 32) * golden);
            even = (even ^ (even >>> 30)) * mix1;
            odd = (odd ^ (odd >>> 30)) * mix1;
            even = (even ^ (even >>> 27)) * mix2;
            odd = (odd ^ (odd >>> 27)) * mix2;
            even ^= even >>> 31;
            odd ^= odd >>> 31;
            Vector512.ConditionalSelect(lowHalf, even >>> 32, odd).AsInt32().Store(high + i);
            Vector512.ConditionalSelect(lowHalf, even, odd << 32).AsInt32().Store(low + i);
        }
    }

    /// <summary>The quantiles at a column of bits.</summary>
    public static void Of(QuantileFunction function, int* bits, float* values, int lanes)
    {
        if (function.Kind != QuantileFunction.Form.Body || !(Avx512F.IsSupported || Fma.IsSupported))
        {
            for (var i = 0; i < lanes; i++)
            {
                values[i] = (float)function.Evaluate(bits[i]);
            }

            return;
        }

        fixed (float* coefficients = function.Body)
        {
            if (Avx512F.IsSupported)
            {
                OfBody512(coefficients, bits, values, lanes);
            }
            else
            {
                OfBody256(coefficients, bits, values, lanes);
            }
        }

        var tail = Vector512.Create((int)QuantileFunction.TailDistance);
        for (var i = 0; i < lanes; i += Width)
        {
            for (var mask = InTails(Vector512.Load(bits + i), tail); mask != 0; mask &= mask - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(mask);
                values[lane] = (float)function.EvaluateRare(bits[lane]);
            }
        }
    }

    /// <summary>The same, with values that are no number of 24 bits (constants and atoms) as they are.</summary>
    public static void Of(QuantileFunction function, int* bits, double* values, int lanes)
    {
        if (function.Kind == QuantileFunction.Form.Body)
        {
            var narrow = stackalloc float[Width];
            for (var i = 0; i < lanes; i += Width)
            {
                Of(function, bits + i, narrow, Width);
                var (lower, upper) = Vector512.Widen(Vector512.Load(narrow));
                lower.Store(values + i);
                upper.Store(values + i + (Width / 2));
            }

            return;
        }

        for (var i = 0; i < lanes; i++)
        {
            values[i] = function.Evaluate(bits[i]);
        }
    }

    /// <summary>A bit for each lane that lies in a tail: nearer to an end than <see cref="QuantileFunction.TailDistance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint InTails(Vector512<int> r, Vector512<int> tail) => LaneVectors.Bits(Vector512.LessThan(r ^ (r >> 31), tail));

    private static void OfBody512(float* coefficients, int* bits, float* values, int lanes)
    {
        var c0 = Vector512.Load(coefficients + 0);
        var c0Upper = Vector512.Load(coefficients + 16);
        var c1 = Vector512.Load(coefficients + 32);
        var c1Upper = Vector512.Load(coefficients + 48);
        var c2 = Vector512.Load(coefficients + 64);
        var c2Upper = Vector512.Load(coefficients + 80);
        var c3 = Vector512.Load(coefficients + 96);
        var c3Upper = Vector512.Load(coefficients + 112);
        for (var i = 0; i < lanes; i += Width)
        {
            At(Vector512.Load(bits + i), Vector512<int>.One, c0, c0Upper, c1, c1Upper, c2, c2Upper, c3, c3Upper).Store(values + i);
        }
    }

    /// <summary>With AVX2 a piece is one of four registers of eight: four permutes and three blends a coefficient.</summary>
    private static void OfBody256(float* coefficients, int* bits, float* values, int lanes)
    {
        for (var i = 0; i < lanes; i += Width / 2)
        {
            var f = Vector256.ConvertToSingle((Vector256.Load(bits + i) >> 7) | Vector256<int>.One);
            var b = f.AsInt32();
            var piece = b >>> 22; // Of it the permutes look at the lowest three bits.
            var fourth = (b << 6).AsSingle(); // A blend looks at the sign: the fourth bit of the piece,
            var fifth = f; // and the fifth, the sign of f.
            var y = Pick(coefficients + 96, piece, fourth, fifth);
            y = Fma.MultiplyAdd(y, f, Pick(coefficients + 64, piece, fourth, fifth));
            y = Fma.MultiplyAdd(y, f, Pick(coefficients + 32, piece, fourth, fifth));
            Fma.MultiplyAdd(y, f, Pick(coefficients, piece, fourth, fifth)).Store(values + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pick(float* table, Vector256<int> piece, Vector256<float> fourth, Vector256<float> fifth)
    {
        var first = Avx2.PermuteVar8x32(Vector256.Load(table), piece);
        var second = Avx2.PermuteVar8x32(Vector256.Load(table + 8), piece);
        var third = Avx2.PermuteVar8x32(Vector256.Load(table + 16), piece);
        var last = Avx2.PermuteVar8x32(Vector256.Load(table + 24), piece);
        return Avx.BlendVariable(Avx.BlendVariable(first, second, fourth), Avx.BlendVariable(third, last, fourth), fifth);
    }

    /// <summary>Sixteen quantiles; the coefficients are two registers each: see <see cref="QuantileFunction.Body"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> At(
        Vector512<int> r,
        Vector512<int> one,
        Vector512<float> c0,
        Vector512<float> c0Upper,
        Vector512<float> c1,
        Vector512<float> c1Upper,
        Vector512<float> c2,
        Vector512<float> c2Upper,
        Vector512<float> c3,
        Vector512<float> c3Upper)
    {
        var f = Vector512.ConvertToSingle((r >> 7) | one);
        var b = f.AsInt32();

        // The permute looks at five bits only: no mask is needed above them.
        var piece = Vector512.ConditionalSelect(Vector512.Create(15), b >>> 22, b >>> 27);
        var y = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(c3, piece, c3Upper), f, Avx512F.PermuteVar16x32x2(c2, piece, c2Upper));
        y = Vector512.FusedMultiplyAdd(y, f, Avx512F.PermuteVar16x32x2(c1, piece, c1Upper));
        return Vector512.FusedMultiplyAdd(y, f, Avx512F.PermuteVar16x32x2(c0, piece, c0Upper));
    }
}
