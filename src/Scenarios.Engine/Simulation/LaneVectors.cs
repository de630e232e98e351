using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Scenarios.Engine.Simulation;

/// <summary>What vectors of 512 bits do on every machine, in one instruction where there is one.</summary>
internal static class LaneVectors
{
    /// <summary>A bit for each lane of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Vector512<int> mask) => (uint)mask.ExtractMostSignificantBits();

    /// <summary>The products of the low halves of 64-bit lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> ProductOfLowHalves(Vector512<ulong> a, Vector512<ulong> b)
    {
        var low = Vector512.Create(0xFFFFFFFFUL);
        return Avx512F.IsSupported ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()) : (a & low) * (b & low);
    }

    /// <summary>The high halves of the products of 32-bit lanes with a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> MultiplyHigh(Vector512<uint> a, Vector512<ulong> factor)
    {
        var even = ProductOfLowHalves(a.AsUInt64(), factor) >>> 32;
        var odd = ProductOfLowHalves(a.AsUInt64() >>> 32, factor);
        return Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFF00000000UL), odd, even).AsUInt32();
    }

    /// <summary>Whole numbers that are not negative, as floating point; where no instruction does it, by their bits behind those of 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Doubles(Vector256<int> counts)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(counts);
        }

        var (low, high) = Vector256.Widen(counts.AsUInt32());
        var origin = Vector512.Create((double)(1L << 52));
        return (Vector512.Create(low, high) | origin.AsUInt64()).AsDouble() - origin;
    }

    /// <summary>Of each 128 bits the lower halves of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> UnpackLow(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.UnpackLow(a, b)
        : Vector512.Create(a[0], b[0], a[2], b[2], a[4], b[4], a[6], b[6]);

    /// <summary>Of each 128 bits the upper halves of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> UnpackHigh(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.UnpackHigh(a, b)
        : Vector512.Create(a[1], b[1], a[3], b[3], a[5], b[5], a[7], b[7]);
}
