using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Scenarios.Engine.Distributions;

/// <summary>
/// A distribution compiled for drawing: its quantile function in cubic pieces, evaluated at 32 random bits. Drawing costs
/// the same whichever family, truncation or mixture it came from.
/// </summary>
/// <remarks>
/// <para>
/// The bits r, read as an unsigned number, stand for the probability u = (r + 1/2) / 2^32, so the draw never descends in r
/// by more than the error bound. Read as a signed number, the sign of r says which tail is nearer, and pieces get finer
/// towards both tails: they are spaced by the exponent of p = min(u, 1 - u).
/// </para>
/// <para>
/// There are three forms. <see cref="Form.Constant"/> needs no bits. <see cref="Form.Body"/>, for smooth distributions,
/// has 32 pieces (2 sides x 8 octaves of p x 2 halves, p at least 2^-9) whose coefficients fit into eight 512-bit
/// registers, and tables for the tails. <see cref="Form.Segments"/>, for everything else, has as many pieces as it takes,
/// between any probabilities: atoms, jumps and kinks are exact to 2^-32.
/// </para>
/// <para>
/// Error bound, tested for every family: a draw differs from the exact quantile by at most <see cref="ErrorBound"/>
/// (<see cref="SegmentErrorBound"/> in segments) times its distance from the median or the spread, whichever is larger,
/// and by the rounding to 24 bits (<see cref="Rounding"/> of its value). The spread is the smallest of the standard
/// deviation and the distances from the median to the two quartiles: so the bound means something around the median of a
/// distribution whose deviation comes from tails that no draw reaches. In probability the error is about the same number
/// at most: the distribution function of the draws is that close to the exact one, also where values crowd together.
/// Atoms are exact. Pieces are least-squares fits, which keep the mean exactly and the second moment to second order
/// (kernel.md).
/// </para>
/// <para>
/// A distribution that is narrow beside its size, for instance 20,000,000 to 20,000,001, would lose its shape to 24 bits:
/// its function <see cref="IsFine"/>, and draws in double precision. What 24 bits move elsewhere is at most
/// <see cref="LargestDensity"/> / 2^24 = 1.2e-4 in probability.
/// </para>
/// <para>
/// The segments are at most <see cref="QuantileCompiler.MostRefinements"/> more than breaks and octaves ask for; a
/// distribution that would need more has a larger <see cref="Error"/>. Draws end at the limits of a 24-bit float, 2^-126
/// (where only positive values are possible) and 2^128.
/// </para>
/// <para>
/// Coefficients are rounded to 24 bits, so that the last bit of the C library's logarithm does not show; what is left to
/// differ between machines would show in <see cref="Digest"/>, which is part of a projection's name.
/// </para>
/// </remarks>
public sealed class QuantileFunction
{
    /// <summary>Largest error of a draw, as a part of its distance from the median or the spread; see the remarks of the class.</summary>
    public const double ErrorBound = 6e-4;

    /// <summary>The same in the segments form, which takes as many pieces as it needs.</summary>
    public const double SegmentErrorBound = 2e-4;

    /// <summary>What rounding to 24 bits on the way may add to the error of a draw, as a part of its value.</summary>
    public const double Rounding = 1.0 / (1 << 21);

    /// <summary>Density of probability in ln x above which values of 24 bits lie too far apart.</summary>
    internal const double LargestDensity = 2048;

    /// <summary>Number of pieces of the body.</summary>
    internal const int BodyPieces = 32;

    /// <summary>Distance of r from the nearer end below which a draw is in the tail: p &lt; 2^-9.</summary>
    internal const uint TailDistance = 1u << 23;

    /// <summary>Octaves of 2d + 1 in a tail, where d &lt; 2^23 is the distance from the end.</summary>
    internal const int TailOctaves = 24;

    /// <summary>Pieces per octave of a tail.</summary>
    internal const int TailHalves = 2;

    private const int GuideBits = 12;

    private readonly double _low;
    private readonly double _high;
    private readonly TailPiece[] _tails;
    private readonly Segment[] _segments;
    private readonly int[] _guide;

    internal enum Form
    {
        Constant,
        Body,
        Segments,
    }

    private QuantileFunction(
        Form kind,
        double least,
        double most,
        double low,
        double high,
        float[] body,
        TailPiece[] tails,
        Segment[] segments,
        double error,
        bool isFine = false)
    {
        IsFine = isFine;
        Kind = kind;
        Least = least;
        Most = most;
        _low = low;
        _high = high;
        Body = body;
        _tails = tails;
        _segments = segments;
        _guide = kind == Form.Segments ? Guide(segments) : [];
        Error = error;
        Digest = Fingerprint();
    }

    internal static QuantileFunction OfConstant(double value) => new(Form.Constant, value, value, value, value, [], [], [], 0);

    internal static QuantileFunction OfBody(double least, double most, double low, double high, float[] body, TailPiece[] tails) =>
        new(Form.Body, least, most, low, high, body, tails, [], ErrorBound);

    internal static QuantileFunction OfSegments(
        double least, double most, double low, double high, Segment[] segments, double error, bool isFine) =>
        new(Form.Segments, least, most, low, high, [], [], segments, error, isFine);

    internal Form Kind { get; }

    /// <summary>The smallest possible value.</summary>
    public double Least { get; }

    /// <summary>The largest possible value; may be infinite, though no draw is.</summary>
    public double Most { get; }

    /// <summary>
    /// The error bound of this function: that of its form, or more if it would have needed too many pieces.
    /// </summary>
    public double Error { get; }

    /// <summary>How many pieces it is made of.</summary>
    internal int PieceCount => (Body.Length / 4) + _tails.Length + _segments.Length;

    /// <summary>Are its draws of double precision, because those of 24 bits would lie too far apart?</summary>
    internal bool IsFine { get; }

    /// <summary>The values that it draws, ascending, if they are at most <paramref name="most"/> and no others; else empty.</summary>
    internal double[] Atoms(int most) => Kind switch
    {
        Form.Constant => [Least],
        Form.Segments when _segments.Length <= most && Array.TrueForAll(_segments, segment => segment.IsAtom) =>
            [.. _segments.Select(segment => segment.C0).Distinct()],
        _ => [],
    };

    /// <summary>
    /// What it can draw, as ranges that lie further apart than <paramref name="gap"/>, ascending; as one range if these are more than
    /// <paramref name="most"/>.
    /// </summary>
    internal (double Least, double Most)[] Ranges(double gap, int most)
    {
        if (Kind != Form.Segments)
        {
            return [(Least, Most)];
        }

        var ranges = new List<(double Least, double Most)>();
        long first = 0;
        foreach (var segment in _segments)
        {
            var (from, to) = segment.IsAtom ? (segment.C0, segment.C0) : (Math.Clamp(segment.At((uint)first), _low, _high), Math.Clamp(segment.At(segment.Last), _low, _high));
            (from, to) = (Math.Min(from, to), Math.Max(from, to));
            if (ranges.Count > 0 && from - ranges[^1].Most <= gap)
            {
                ranges[^1] = (Math.Min(ranges[^1].Least, from), Math.Max(ranges[^1].Most, to));
            }
            else
            {
                ranges.Add((from, to));
            }

            first = segment.Last + 1L;
        }

        return ranges.Count > most ? [(Least, Most)] : [.. ranges.Select((range, i) => (i == 0 ? Least : range.Least, i == ranges.Count - 1 ? Most : range.Most))];
    }

    /// <summary>Is there nothing to draw?</summary>
    public bool IsConstant => Kind == Form.Constant;

    /// <summary>
    /// Coefficients of the body in powers of f = (float)((r >> 7) | 1): all c0, then all c1, c2, c3, 32 each, in the order of
    /// <see cref="BodyIndex"/>.
    /// </summary>
    internal float[] Body { get; }

    /// <summary>Hash of all coefficients: equal where every draw is equal.</summary>
    public string Digest { get; }

    /// <summary>
    /// The quantile at 32 random bits, rounded to 24 bits (<see cref="float"/>) unless it is a constant, an atom or fine.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Evaluate(int r)
    {
        if (Kind == Form.Constant)
        {
            return Least;
        }

        if (Kind == Form.Body && Distance(r) >= TailDistance)
        {
            var f = (float)((r >> 7) | 1);
            var i = BodyIndex(f);
            var body = Body;
            var y = MathF.FusedMultiplyAdd(body[96 + i], f, body[64 + i]);
            y = MathF.FusedMultiplyAdd(y, f, body[32 + i]);
            return MathF.FusedMultiplyAdd(y, f, body[i]);
        }

        return EvaluateRare(r);
    }

    /// <summary>Tails of the body (one draw in 256) and segments.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal double EvaluateRare(int r)
    {
        if (Kind == Form.Body)
        {
            var odd = (2 * Distance(r)) + 1;
            ref readonly var piece = ref _tails[TailIndex(r >= 0, odd)];
            return (float)Math.Clamp(piece.At(odd), _low, _high);
        }

        var u = (uint)r;
        var cell = (int)(u >> (32 - GuideBits));
        var low = _guide[cell];
        var high = _guide[cell + 1];
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_segments[middle].Last < u)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        ref readonly var segment = ref _segments[low];
        if (segment.IsAtom)
        {
            return segment.C0;
        }

        var value = Math.Clamp(segment.At(u), _low, _high);
        return IsFine ? value : (float)value;
    }

    /// <summary>Distance of r from the nearer end of the unit interval, in units of 2^-32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Distance(int r) => (uint)(r ^ (r >> 31));

    /// <summary>Piece of the body: sign, low three exponent bits and top mantissa bit of f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int BodyIndex(float f)
    {
        var bits = BitConverter.SingleToUInt32Bits(f);
        return (int)(((bits >> 22) & 15) | ((bits >> 27) & 16));
    }

    internal static int TailIndex(bool lower, uint odd)
    {
        var octave = System.Numerics.BitOperations.Log2(odd);
        var half = octave == 0 ? 0 : (int)(odd >> (octave - 1)) & 1;
        return (((lower ? 0 : TailOctaves) + octave) * TailHalves) + half;
    }

    private static int[] Guide(Segment[] segments)
    {
        var guide = new int[(1 << GuideBits) + 1];
        var segment = 0;
        for (var cell = 0; cell < 1 << GuideBits; cell++)
        {
            var first = (uint)cell << (32 - GuideBits);
            while (segments[segment].Last < first)
            {
                segment++;
            }

            guide[cell] = segment;
        }

        guide[^1] = segments.Length - 1;
        return guide;
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[8];

        void Append(Span<byte> bytes, double value)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            hash.AppendData(bytes);
        }

        Append(buffer, (int)Kind);
        Append(buffer, Least);
        Append(buffer, Most);
        Append(buffer, _low);
        Append(buffer, _high);
        foreach (var c in Body)
        {
            Append(buffer, c);
        }

        foreach (var t in _tails)
        {
            Append(buffer, t.C0);
            Append(buffer, t.C1);
            Append(buffer, t.C2);
            Append(buffer, t.C3);
        }

        if (IsFine)
        {
            Append(buffer, 1);
        }

        foreach (var s in _segments)
        {
            Append(buffer, s.Last);
            Append(buffer, s.C0);
            Append(buffer, s.C1);
            Append(buffer, s.C2);
            Append(buffer, s.C3);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A cubic in the position within a half octave of a tail.</summary>
    internal readonly record struct TailPiece(double Low, double InverseWidth, double C0, double C1, double C2, double C3)
    {
        public double At(uint odd)
        {
            var x = (odd - Low) * InverseWidth;
            return Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(C3, x, C2), x, C1), x, C0);
        }
    }

    /// <summary>A cubic in the position between two probabilities, for bits up to Last; or an atom.</summary>
    internal readonly record struct Segment(uint Last, double Origin, double InverseWidth, double C0, double C1, double C2, double C3)
    {
        public bool IsAtom => C1 == 0 && C2 == 0 && C3 == 0;

        public double At(uint u)
        {
            var x = (u + 0.5 - Origin) * InverseWidth;
            return Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(C3, x, C2), x, C1), x, C0);
        }
    }
}
