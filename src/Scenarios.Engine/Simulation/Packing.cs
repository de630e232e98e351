using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Scenarios.Engine.Simulation;

/// <summary>Stores those of sixteen lanes that a mask keeps one behind the other, column by column.</summary>
/// <remarks>
/// One instruction with AVX-512. With AVX2 eight lanes at a time are permuted by a table of the 256 masks (Langdale and Lemire, "Parsing
/// gigabytes of JSON per second", 2019, section 3.2, uses the same to gather bits).
/// </remarks>
internal readonly unsafe struct Packing
{
    /// <summary>For each mask of eight lanes the lanes that it keeps, a byte each.</summary>
    private static readonly ulong[] Orders = [.. Enumerable.Range(0, 256).Select(Order)];

    private readonly Vector512<int> _keep;
    private readonly Vector256<int> _lowerOrder;
    private readonly Vector256<int> _upperOrder;
    private readonly uint _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Packing(Vector512<int> keep)
    {
        _keep = keep;
        _bits = LaneVectors.Bits(keep);
        if (!Avx512F.IsSupported && Avx2.IsSupported)
        {
            ref var orders = ref MemoryMarshal.GetArrayDataReference(Orders);
            _lowerOrder = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Unsafe.Add(ref orders, _bits & 0xFF)).AsByte());
            _upperOrder = Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Unsafe.Add(ref orders, _bits >> 8)).AsByte());
        }
    }

    /// <summary>How many lanes are kept.</summary>
    public int Count => BitOperations.PopCount(_bits);

    /// <summary>Stores the lanes kept of a column; what follows them in memory, up to sixteen lanes, is lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector512<int> lanes, int* to)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.Compress(Vector512<int>.Zero, _keep, lanes).Store(to);
        }
        else if (Avx2.IsSupported)
        {
            Avx2.PermuteVar8x32(lanes.GetLower(), _lowerOrder).Store(to);
            Avx2.PermuteVar8x32(lanes.GetUpper(), _upperOrder).Store(to + BitOperations.PopCount(_bits & 0xFF));
        }
        else
        {
            for (var mask = _bits; mask != 0; mask &= mask - 1)
            {
                *to++ = lanes[BitOperations.TrailingZeroCount(mask)];
            }
        }
    }

    private static ulong Order(int mask)
    {
        var order = 0UL;
        for (var (lane, kept) = (0, 0); lane < 8; lane++)
        {
            if ((mask >> lane & 1) != 0)
            {
                order |= (ulong)lane << (8 * kept++);
            }
        }

        return order;
    }
}
