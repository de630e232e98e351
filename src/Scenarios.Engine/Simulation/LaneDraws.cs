using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>Random words and quantiles for whole columns, equal to the bit to <see cref="CounterRandom"/> and
/// <see cref="QuantileFunction.Evaluate"/>.</summary>
internal static unsafe class LaneDraws
{
    /// <summary>The words of the block's live paths under a key, in halves.</summary>
    public static void Words(ulong key, long firstPath, int* id, int* high, int* low, int lanes)
    {
        var start = Vector512.Create(key + (((ulong)firstPath + 1) * CounterRandom.Golden));
        var golden = Vector512.Create(CounterRandom.Golden);
        var mix1 = Vector512.Create(CounterRandom.Mix1);
        var mix2 = Vector512.Create(CounterRandom.Mix2);
        for (var i = 0; i < lanes; i += LaneBlock.Width)
        {
            var (a, b) = Vector512.Widen(Vector512.Load(id + i).AsUInt32());
            a = start + (a * golden);
            b = start + (b * golden);
            a = (a ^ (a >>> 30)) * mix1;
            b = (b ^ (b >>> 30)) * mix1;
            a = (a ^ (a >>> 27)) * mix2;
            b = (b ^ (b >>> 27)) * mix2;
            a ^= a >>> 31;
            b ^= b >>> 31;
            Vector512.Narrow(a >>> 32, b >>> 32).AsInt32().Store(high + i);
            Vector512.Narrow(a, b).AsInt32().Store(low + i);
        }
    }

    /// <summary>The quantiles at a column of bits.</summary>
    public static void Quantiles(QuantileFunction function, int* bits, float* values, int lanes, ushort[] rare)
    {
        if (function.Kind == QuantileFunction.Form.Body && Avx512F.IsSupported)
        {
            Body(function, bits, values, lanes, rare);
            return;
        }

        for (var i = 0; i < lanes; i++)
        {
            values[i] = (float)function.Evaluate(bits[i]);
        }
    }

    /// <summary>
    /// Sixteen quantiles from four permutes of registers and three fused multiply-adds. One draw in 256 lies in a tail:
    /// those are noted and done again after the loop, because a call within it would spill every register.
    /// </summary>
    private static void Body(QuantileFunction function, int* bits, float* values, int lanes, ushort[] rare)
    {
        fixed (float* body = function.Body)
        fixed (ushort* rareMasks = rare)
        {
            var c0 = Vector512.Load(body);
            var c0Upper = Vector512.Load(body + 16);
            var c1 = Vector512.Load(body + 32);
            var c1Upper = Vector512.Load(body + 48);
            var c2 = Vector512.Load(body + 64);
            var c2Upper = Vector512.Load(body + 80);
            var c3 = Vector512.Load(body + 96);
            var c3Upper = Vector512.Load(body + 112);
            var one = Vector512.Create(1);
            var lowFour = Vector512.Create(15);
            var tail = Vector512.Create((int)QuantileFunction.TailDistance);
            for (var i = 0; i < lanes; i += LaneBlock.Width)
            {
                var r = Vector512.Load(bits + i);
                var f = Vector512.ConvertToSingle((r >> 7) | one);
                var b = f.AsInt32();

                // The permute looks at five bits only: no mask is needed above them.
                var piece = Vector512.ConditionalSelect(lowFour, b >>> 22, b >>> 27);
                var y = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(c3, piece, c3Upper), f, Avx512F.PermuteVar16x32x2(c2, piece, c2Upper));
                y = Vector512.FusedMultiplyAdd(y, f, Avx512F.PermuteVar16x32x2(c1, piece, c1Upper));
                y = Vector512.FusedMultiplyAdd(y, f, Avx512F.PermuteVar16x32x2(c0, piece, c0Upper));
                y.Store(values + i);
                rareMasks[i / LaneBlock.Width] = (ushort)Vector512.LessThan(r ^ (r >> 31), tail).ExtractMostSignificantBits();
            }

            for (var i = 0; i < lanes; i += LaneBlock.Width)
            {
                for (var mask = (uint)rareMasks[i / LaneBlock.Width]; mask != 0; mask &= mask - 1)
                {
                    var lane = i + BitOperations.TrailingZeroCount(mask);
                    values[lane] = (float)function.EvaluateRare(bits[lane]);
                }
            }
        }
    }
}
