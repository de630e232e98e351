using System.Numerics;
using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// How counts are put into bins: atoms in bins of their own, the range in bins of equal width, coarser bins above it.
/// </summary>
/// <remarks>
/// <para>
/// In order: what lies below the base count, where a path's own cap can be less than it; the base count alone; then, along
/// the range, either bins of <see cref="Width"/> counts, or, on a lattice of counts base + k step, each lattice count alone with
/// <see cref="PartsBetween"/> bins between two of them; then 16 bins per octave up to 2^50 unless nothing can be above the range;
/// last the cap where it is one known number.
/// </para>
/// <para>A function of scenario and seed, never of the number of paths, so that tallies add.</para>
/// </remarks>
internal sealed class CountBins
{
    /// <summary>Most counts of a lattice that have bins of their own (model.md).</summary>
    public const int MostLatticeCounts = 4096;

    /// <summary>Fewest bins in the range: binning then adds less than 1 / 2,000 of it (model.md: 0.05 %).</summary>
    public const int FewestBins = 2000;

    private const int MostBins = 8192;
    private const int BinsPerOctave = 16;
    private const int MostPeopleLog2 = 50;

    /// <summary>Finer bins than the fewest are used while a tally has no more cells than this: they then stay in the second cache of a core.</summary>
    private const int ComfortableCells = 1 << 18;

    private readonly int _coarseStart;
    private readonly int _coarseFirstOctave;
    private readonly long _partWidth;
    private readonly long _widthBelow = 1;

    /// <param name="basis">The constant initial count, or 0: a count with a bin of its own.</param>
    /// <param name="basisIsAtom">Is it the initial count of all paths?</param>
    /// <param name="below">Can counts lie below it?</param>
    /// <param name="rangeEnd">End of the range.</param>
    /// <param name="boundless">Can counts lie above the range?</param>
    /// <param name="cap">The cap where it is one known number within the range, else -1.</param>
    /// <param name="latticeStep">Distance of lattice counts; 0 where counts do not lie on a lattice.</param>
    /// <param name="offLattice">Can counts lie between those of the lattice (but for the cap)?</param>
    /// <param name="pointCount">Points in time of the tally.</param>
    public CountBins(long basis, bool basisIsAtom, bool below, long rangeEnd, bool boundless, long cap, long latticeStep, bool offLattice, int pointCount)
    {
        Basis = basis;
        BasisIsAtom = basisIsAtom;
        RangeEnd = Math.Max(rangeEnd, basis + 1);
        Cap = cap;
        var range = RangeEnd - basis;
        var affordable = Math.Clamp(ComfortableCells / (pointCount + 1), FewestBins, MostBins);
        if (below)
        {
            _widthBelow = (RangeEnd + affordable - 1) / affordable;
            BasisBin = (int)((basis + _widthBelow - 1) / _widthBelow);
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
            Width = (range + affordable - 1) / affordable; // A count is off by less than this: by less than 1 / affordable.
            _coarseStart = BasisBin + (int)((range + Width - 1) / Width) + 1;
        }

        _coarseFirstOctave = BitOperations.Log2((ulong)RangeEnd);
        var coarse = boundless ? (MostPeopleLog2 - _coarseFirstOctave + 1) * BinsPerOctave : 0;
        CapBin = cap >= 0 ? _coarseStart + coarse : -1;
        BinCount = _coarseStart + coarse + (cap >= 0 ? 1 : 0);
    }

    /// <summary>The constant initial count, or 0.</summary>
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

        return DifferenceTable.BytesOf(affordable + 2 + above + ((MostPeopleLog2 + 1) * BinsPerOctave), points);
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
            : count < Basis ? (int)(count / _widthBelow)
            : BasisBin + (LatticeStep == 0 ? (int)((count - Basis + Width - 1) / Width) : LatticeBin(count - Basis));
    }

    /// <summary>The smallest and the largest count of a bin, both within it. Nothing is above a cap, nor beside it in a bin.</summary>
    public (long Low, long High) Ends(int bin)
    {
        var (low, high) = WidestEnds(bin);
        return bin != CapBin && low < Cap && Cap <= high ? (low, Cap - 1) : (low, high);
    }

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
                Math.Max(RangeEnd + 1, SixteenthsOf(octave, k % BinsPerOctave)),
                SixteenthsOf(octave, (k % BinsPerOctave) + 1) - 1);
        }

        if (bin < BasisBin)
        {
            return (bin * _widthBelow, Math.Min(((bin + 1) * _widthBelow) - 1, Basis - 1));
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
        var octave = BitOperations.Log2((ulong)count);
        var k = octave >= 4 ? (int)(count >> (octave - 4)) & 15 : (int)(count << (4 - octave)) & 15;
        return _coarseStart + ((octave - _coarseFirstOctave) * BinsPerOctave) + k;
    }
}
