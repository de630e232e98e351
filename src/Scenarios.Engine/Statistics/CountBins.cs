using System.Numerics;
using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// How counts are put into bins: atoms in bins of their own, the range in bins of equal width, coarser bins above it.
/// </summary>
/// <remarks>
/// <para>
/// In order: where counts can lie below the base count, zero alone and bins up to the base; the base count alone; then, along
/// the range, either bins of <see cref="Width"/> counts, or, on a lattice of counts base + k step, each lattice count alone with
/// <see cref="PartsBetween"/> bins between two of them; then 16 bins per octave of the distance from the lowest count, up to 2^50,
/// unless nothing can be above the range; last the cap where it is one known number.
/// </para>
/// <para>A function of scenario and seed, never of the number of paths, so that tallies add.</para>
/// </remarks>
internal sealed class CountBins
{
    /// <summary>Most counts of a lattice that have bins of their own.</summary>
    public const int MostLatticeCounts = 4096;

    /// <summary>Fewest bins in the range: binning then adds less than 1 / 2,000 of it.</summary>
    public const int FewestBins = 2000;

    private const int MostBins = 8192;
    private const int BinsPerOctave = 16;
    private const int MaxCountLog2 = 50;

    /// <summary>Finer bins than the fewest are used while a tally has no more cells than this: they then stay in the second cache of a core.</summary>
    private const int ComfortableCells = 1 << 18;

    private readonly CountSupport? _support;
    private readonly int _coarseStart;
    private readonly int _coarseFirstOctave;
    private readonly long _coarseOrigin;
    private readonly long _partWidth;
    private readonly long _widthBelow = 1;

    /// <param name="basis">The least initial count, or a constant one that counts can fall below: it has a bin of its own.</param>
    /// <param name="basisIsAtom">Is it the initial count of all paths?</param>
    /// <param name="below">Can counts lie below it?</param>
    /// <param name="rangeEnd">End of the range.</param>
    /// <param name="boundless">Can counts lie above the range?</param>
    /// <param name="cap">The cap where it is one known number within the range, else -1.</param>
    /// <param name="latticeStep">Distance of lattice counts; 0 where counts do not lie on a lattice.</param>
    /// <param name="offLattice">Can counts lie between those of the lattice (but for the cap)?</param>
    /// <param name="pointCount">Points in time of the tally.</param>
    /// <param name="support">The counts that are possible; null for all.</param>
    public CountBins(
        long basis,
        bool basisIsAtom,
        bool below,
        long rangeEnd,
        bool boundless,
        long cap,
        long latticeStep,
        bool offLattice,
        int pointCount,
        CountSupport? support = null)
    {
        Basis = basis;
        BasisIsAtom = basisIsAtom;
        RangeEnd = Math.Max(rangeEnd, basis + 1);
        Cap = cap;
        _support = support;
        _coarseOrigin = below ? 0 : basis;
        var range = RangeEnd - basis;
        var affordable = Math.Clamp(ComfortableCells / (pointCount + 1), FewestBins, MostBins);
        var width = (RangeEnd - _coarseOrigin + affordable - 1) / affordable; // A count is off by less than this: by less than 1 / affordable.
        if (below)
        {
            _widthBelow = width;
            BasisBin = basis == 0 ? 0 : (int)((basis - 1 + width - 1) / width) + 1;
        }

        if (latticeStep > 0 && range / latticeStep < MostLatticeCounts)
        {
            LatticeStep = latticeStep;
            _partWidth = offLattice && latticeStep > 1 ? (range + affordable - 1) / affordable : 0;
            PartsBetween = _partWidth > 0 ? (int)((latticeStep - 1 + _partWidth - 1) / _partWidth) : 0;
            _coarseStart = BasisBin + checked((int)(range / latticeStep * (PartsBetween + 1))) + 1 + PartsBetween;
        }
        else
        {
            Width = width;
            _coarseStart = BasisBin + (int)((range + Width - 1) / Width) + 1;
        }

        _coarseFirstOctave = BitOperations.Log2((ulong)(RangeEnd - _coarseOrigin));
        var coarse = boundless ? (MaxCountLog2 - _coarseFirstOctave + 1) * BinsPerOctave : 0;
        CapBin = cap >= 0 ? _coarseStart + coarse : -1;
        BinCount = _coarseStart + coarse + (cap >= 0 ? 1 : 0);
    }

    /// <summary>The least initial count, or a constant one that counts can fall below.</summary>
    public long Basis { get; }

    /// <summary>Do all paths start with it, but for those with a smaller cap?</summary>
    public bool BasisIsAtom { get; }

    /// <summary>Its bin: 0 unless counts can lie below it.</summary>
    public int BasisBin { get; }

    /// <summary>The end of the range of fine bins.</summary>
    public long RangeEnd { get; }

    /// <summary>The cap with a bin of its own, or -1.</summary>
    public long Cap { get; }

    /// <summary>Bin of the cap, or -1.</summary>
    public int CapBin { get; }

    /// <summary>Width of the bins of the range; 0 on a lattice.</summary>
    public long Width { get; }

    /// <summary>Distance of lattice counts; 0 off a lattice.</summary>
    public long LatticeStep { get; }

    /// <summary>Bins between two lattice counts.</summary>
    public int PartsBetween { get; }

    /// <summary>Number of bins.</summary>
    public int BinCount { get; }

    /// <summary>The most that the table of a tally can take, whatever the scenario.</summary>
    public static long MostBytes(long points, bool canBeLattice)
    {
        var affordable = Math.Clamp(ComfortableCells / (points + 1), FewestBins, MostBins);
        var above = affordable + 2;
        if (canBeLattice)
        {
            // With n lattice counts the range has n + affordable parts at most between them, and no more than n where n is larger.
            above = Math.Max(affordable + (2 * Math.Min(affordable, MostLatticeCounts)), 2 * MostLatticeCounts) + 2;
        }

        return DifferenceTable.BytesOf(affordable + 4 + above + ((MaxCountLog2 + 1) * BinsPerOctave), points);
    }

    /// <summary>Does a bin hold counts above the range?</summary>
    public bool IsAboveRange(int bin) => bin >= _coarseStart && bin != CapBin;

    /// <summary>The bin of a count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BinOf(long count)
    {
        if (count == Cap)
        {
            return CapBin;
        }

        return count > RangeEnd ? CoarseBin(count)
            : count < Basis ? (int)((count + _widthBelow - 1) / _widthBelow)
            : BasisBin + (LatticeStep == 0 ? (int)((count - Basis + Width - 1) / Width) : LatticeBin(count - Basis));
    }

    /// <summary>
    /// The smallest and the largest possible count of a bin, both within it. Nothing is above a cap, nor beside it in a bin.
    /// </summary>
    public (long Low, long High) Ends(int bin)
    {
        var (low, high) = WidestEnds(bin);
        if (bin == CapBin || low == high)
        {
            return (low, high);
        }

        return Possible(low, low < Cap && Cap <= high ? Cap - 1 : high);
    }

    /// <summary>What is possible between two counts; these themselves if nothing is.</summary>
    public (long Low, long High) Possible(long low, long high) =>
        _support?.Within(low, high) is { } possible ? (possible.Low, possible.High) : (low, high);

    /// <summary>The possible count nearest to one, between two possible counts.</summary>
    public long Nearest(long count, long low, long high) => _support is null ? count : _support.Nearest(count, new(low, high));

    private (long Low, long High) WidestEnds(int bin)
    {
        if (bin == CapBin)
        {
            return (Cap, Cap);
        }

        if (bin >= _coarseStart)
        {
            var k = bin - _coarseStart;
            var octave = _coarseFirstOctave + (k / BinsPerOctave);
            return (
                Math.Max(RangeEnd + 1, _coarseOrigin + SixteenthsOf(octave, k % BinsPerOctave)),
                _coarseOrigin + SixteenthsOf(octave, (k % BinsPerOctave) + 1) - 1);
        }

        if (bin < BasisBin)
        {
            return bin == 0 ? (0, 0) : (((bin - 1) * _widthBelow) + 1, Math.Min(bin * _widthBelow, Basis - 1));
        }

        bin -= BasisBin;
        if (LatticeStep > 0)
        {
            var (k, part) = Math.DivRem(bin, PartsBetween + 1);
            var at = Basis + (k * LatticeStep);
            return part == 0 ? (at, at)
                : (at + ((part - 1) * _partWidth) + 1, Math.Min(Math.Min(at + (part * _partWidth), at + LatticeStep - 1), RangeEnd));
        }

        return bin == 0 ? (Basis, Basis) : (Basis + ((bin - 1) * Width) + 1, Math.Min(Basis + (bin * Width), RangeEnd));
    }

    /// <summary>2^octave times 1 + k/16, rounded up to a whole count.</summary>
    private static long SixteenthsOf(int octave, int k) =>
        octave >= 4 ? (16L + k) << (octave - 4) : ((16L + k) + (1L << (4 - octave)) - 1) >> (4 - octave);

    private int LatticeBin(long above)
    {
        var (k, rest) = Math.DivRem(above, LatticeStep);
        return (int)((k * (PartsBetween + 1)) + (rest == 0 ? 0 : 1 + ((rest - 1) / _partWidth)));
    }

    private int CoarseBin(long count)
    {
        var distance = count - _coarseOrigin;
        var octave = BitOperations.Log2((ulong)distance);
        var k = octave >= 4 ? (int)(distance >> (octave - 4)) & 15 : (int)(distance << (4 - octave)) & 15;
        return _coarseStart + ((octave - _coarseFirstOctave) * BinsPerOctave) + k;
    }
}
