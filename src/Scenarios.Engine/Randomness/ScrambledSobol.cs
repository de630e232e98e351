using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Scenarios.Engine.Randomness;

/// <summary>
/// Sixteen independent scrambles of Sobol's sequence. Path k takes point k / 16 of scramble k mod 16, so that any range of paths
/// has as many of each, and the spread between scrambles tells the error.
/// </summary>
/// <remarks>
/// <para>
/// A scramble is a random linear one with a digital shift (Matousek, "On the L2-discrepancy for anchored boxes", J. Complexity 14,
/// 1998): the bits of a coordinate are multiplied by a random lower triangular matrix with ones on its diagonal, and random bits
/// are added. Every point is then uniform, the points of a scramble stay a digital net, and the variance of their mean is the one
/// of Owen's nested scrambling (Owen, "Variance with alternative scramblings of digital nets", ACM TOMACS 13, 2003), while a point
/// still takes one exclusive or for each bit of its index: matrix and directions multiply once.
/// </para>
/// <para>Points have 32 bits: after 2^36 paths they come again.</para>
/// </remarks>
internal sealed unsafe class ScrambledSobol
{
    /// <summary>Independent scrambles.</summary>
    public const int Scrambles = 16;

    /// <summary>
    /// Points of a scramble that lanes may take in one go, within a multiple of as many: what they have in common is then the
    /// higher bits of their indexes.
    /// </summary>
    public const int Window = 2048;

    private const int Bits = SobolSequence.Bits;
    private const int NibbleBits = 4;
    private const int NibbleValues = 1 << NibbleBits;
    private const int WindowBits = 11;

    private readonly uint[] _directions; // By dimension, bit of the index, scramble.
    private readonly uint[] _shifts; // By dimension, scramble.

    /// <param name="seed">Seed of the scrambles.</param>
    /// <param name="dimensions">Number of dimensions.</param>
    public ScrambledSobol(ulong seed, int dimensions)
    {
        _directions = new uint[dimensions * Bits * Scrambles];
        _shifts = new uint[dimensions * Scrambles];
        Span<uint> columns = stackalloc uint[Bits];
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            var directions = SobolSequence.Directions(dimension);
            var key = CounterRandom.Key(seed, DrawPurpose.Scramble, dimension);
            for (var scramble = 0; scramble < Scrambles; scramble++)
            {
                _shifts[(dimension * Scrambles) + scramble] = (uint)CounterRandom.Word(key, scramble * Bits);
                for (var place = 0; place < Bits; place++)
                {
                    // Column of the matrix: its diagonal, and random bits below.
                    var diagonal = 1u << (Bits - 1 - place);
                    columns[place] = diagonal | ((uint)(CounterRandom.Word(key, (scramble * Bits) + place) >> 32) & (diagonal - 1));
                }

                for (var bit = 0; bit < Bits; bit++)
                {
                    _directions[(((dimension * Bits) + bit) * Scrambles) + scramble] = Product(columns, directions[bit]);
                }
            }
        }
    }

    /// <summary>The coordinate of a path in a dimension, in units of 2^-32.</summary>
    public int At(int dimension, long path)
    {
        var scramble = (int)(path % Scrambles);
        var coordinate = _shifts[(dimension * Scrambles) + scramble];
        for (var index = (uint)(path / Scrambles); index != 0; index &= index - 1)
        {
            coordinate ^= _directions[At(dimension, BitOperations.TrailingZeroCount(index), scramble)];
        }

        return (int)coordinate;
    }

    /// <summary>The coordinates of sixteen neighbouring paths, one of each scramble.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="firstPath">The first of them, a multiple of sixteen.</param>
    public Vector512<int> OfNeighbours(int dimension, long firstPath)
    {
        var coordinates = Vector512.Create(_shifts, dimension * Scrambles);
        for (var index = (uint)(firstPath / Scrambles); index != 0; index &= index - 1)
        {
            coordinates ^= Vector512.Create(_directions, At(dimension, BitOperations.TrailingZeroCount(index), 0));
        }

        return coordinates.AsInt32();
    }

    /// <summary>The coordinates of paths of one scramble, of one window; columns have room for whole groups of sixteen lanes.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <param name="firstPath">Where counting begins.</param>
    /// <param name="ids">How many points of the scramble further each path is.</param>
    /// <param name="coordinates">Receives them.</param>
    /// <param name="lanes">Number of paths.</param>
    public void OfLanes(int dimension, long firstPath, int* ids, int* coordinates, int lanes)
    {
        var scramble = (int)(firstPath % Scrambles);
        var first = firstPath / Scrambles;
        var inWindow = (int)(first % Window);
        var common = At(dimension, ((first - inWindow) * Scrambles) + scramble);
        var low = stackalloc uint[NibbleValues];
        var middle = stackalloc uint[NibbleValues];
        var high = stackalloc uint[NibbleValues];
        Combine(dimension, scramble, 0, low);
        Combine(dimension, scramble, NibbleBits, middle);
        Combine(dimension, scramble, 2 * NibbleBits, high);
        if (!Avx512F.IsSupported)
        {
            for (var i = 0; i < lanes; i++)
            {
                var index = ids[i] + inWindow;
                coordinates[i] = common ^ (int)(low[index & 15] ^ middle[(index >> NibbleBits) & 15] ^ high[(index >> (2 * NibbleBits)) & 15]);
            }

            return;
        }

        var (lows, middles, highs) = (Vector512.Load(low), Vector512.Load(middle), Vector512.Load(high));
        var begin = Vector512.Create(inWindow);
        var commons = Vector512.Create((uint)common);
        for (var i = 0; i < lanes; i += NibbleValues)
        {
            // The permute looks at four bits only.
            var index = (Vector512.Load(ids + i) + begin).AsUInt32();
            var coordinate = Avx512F.PermuteVar16x32(lows, index) ^ Avx512F.PermuteVar16x32(middles, index >>> NibbleBits)
                ^ Avx512F.PermuteVar16x32(highs, index >>> (2 * NibbleBits)) ^ commons;
            coordinate.AsInt32().Store(coordinates + i);
        }
    }

    private static int At(int dimension, int bit, int scramble) => (((dimension * Bits) + bit) * Scrambles) + scramble;

    /// <summary>A matrix over two elements, given by its columns, times a column of bits, highest first.</summary>
    private static uint Product(ReadOnlySpan<uint> columns, uint bits)
    {
        var product = 0u;
        for (; bits != 0; bits &= bits - 1)
        {
            product ^= columns[Bits - 1 - BitOperations.TrailingZeroCount(bits)];
        }

        return product;
    }

    /// <summary>What each value of four bits of the index adds.</summary>
    private void Combine(int dimension, int scramble, int firstBit, uint* sums)
    {
        sums[0] = 0;
        for (var bit = 0; bit < NibbleBits; bit++)
        {
            var direction = firstBit + bit < WindowBits ? _directions[At(dimension, firstBit + bit, scramble)] : 0;
            for (var value = 0; value < 1 << bit; value++)
            {
                sums[value | (1 << bit)] = sums[value] ^ direction;
            }
        }
    }
}
