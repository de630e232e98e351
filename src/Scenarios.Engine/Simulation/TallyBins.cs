using System.Collections.Immutable;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Chooses the bins of a scenario's tallies: the range, the atoms, the lattice, and what counts are possible.</summary>
internal static class TallyBins
{
    /// <summary>Sizes of a batch that may make a lattice.</summary>
    private const int MostSizes = 256;

    /// <summary>31 bits of a large draw: one in a thousand is larger.</summary>
    private static readonly int LargeDraw = unchecked((int)(0.999 * uint.MaxValue));

    public static CountBins Cumulative(PathLaw law, long largestOfPilot, int pointCount)
    {
        var largestCap = law.CapCountsPresent ? long.MaxValue : LargestCap(law);
        var (basis, below) = Basis(law);
        var range = RangeEnd(law, below ? 0 : basis, largestOfPilot, largestCap);
        var leavesRoom = law.CapCountsPresent && law.Tour is not null; // Then the total passes the cap.
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: largestCap > range && !EndsAt(law, range, MaxTotal(law)),
            cap: law.CapLimitsEachBatch || leavesRoom || law.Events.MovesCap ? -1 : law.ConstantCap,
            latticeStep: LatticeStep(law, fromBasis: true),
            offLattice: law.Cap is not null && (law.ConstantCap < 0 || law.Events.MovesCap || leavesRoom),
            pointCount,
            TotalSupport(law, leavesRoom));
    }

    /// <summary>Is the number present to be tallied apart from the total? With REINFORCE without tours they are the same.</summary>
    /// <remarks>With RELIEVE it changes only if a batch can be larger than the initial count.</remarks>
    public static bool PresentMayChange(PathLaw law) =>
        law.Relieves ? law.Events.LargestBatchFactor * MaxOf(law.Size) > LeastKept(law) : law.Tour is not null;

    public static CountBins Present(PathLaw law, long largestOfPilot, int pointCount) =>
        law.Relieves ? Relieved(law, largestOfPilot, pointCount) : OnTours(law, largestOfPilot, pointCount);

    /// <summary>The most that a path can have in total by an instant: a bound, <see cref="long.MaxValue"/> for none.</summary>
    public static long MaxTotalBy(PathLaw law, int ticks)
    {
        var batches = law.MaxBatchesBy(ticks);
        var size = Scaled(MaxOf(law.Size), law.Events.LargestBatchFactor);
        var start = MaxInitial(law);
        var total = batches == 0 || size == 0 ? start
            : start == long.MaxValue || size > (long.MaxValue - start) / batches ? long.MaxValue
            : start + (batches * size);
        return law.CapCountsPresent ? total : Math.Min(total, LargestCap(law));
    }

    /// <summary>The same of those present, if they are not all who ever came.</summary>
    public static long MaxPresentBy(PathLaw law, int ticks)
    {
        if (!law.Relieves)
        {
            return Math.Min(MaxTotalBy(law, ticks), LargestCap(law));
        }

        var start = Math.Min(MaxInitial(law), LargestCap(law));
        return law.MaxBatchesBy(ticks) == 0 ? start : Math.Max(start, Math.Min(Batch(law).High, LargestCap(law)));
    }

    /// <summary>The fewest that can be there at day 0: a cap can have cut them.</summary>
    public static long LeastInitial(PathLaw law) =>
        law.Cap is { } cap ? Math.Min(LeastOf(law.Initial), LeastOf(cap)) : LeastOf(law.Initial);

    /// <summary>The fewest that can be there when a batch comes: those whom a cap has cut see one only if it rises.</summary>
    private static long LeastKept(PathLaw law) => law.Events.LargestRise > 0 ? LeastInitial(law) : LeastOf(law.Initial);

    private static long MaxTotal(PathLaw law) => MaxTotalBy(law, law.Scale.HorizonTicks);

    private static CountBins Relieved(PathLaw law, long largestOfPilot, int pointCount)
    {
        var cap = law.CapLimitsEachBatch ? LargestCap(law) : long.MaxValue;
        var (basis, below) = Basis(law);
        var range = Math.Min(RangeEnd(law, below ? 0 : basis, largestOfPilot, cap), MaxPresentBy(law, law.Scale.HorizonTicks));
        var batch = Batch(law);

        // Present is the initial count or the largest batch: with both constant those two are the lattice.
        var isLattice = law.ConstantInitial >= 0 && law.ConstantSize > law.ConstantInitial && !law.Events.ScalesBatches;
        var isCut = law.Cap is not null && !law.CapLimitsEachBatch;
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: cap > range && !EndsAt(law, range, MaxPresentBy(law, law.Scale.HorizonTicks)),
            cap: law.CapLimitsEachBatch && !law.Events.MovesCap ? law.ConstantCap : -1,
            latticeStep: isLattice ? law.ConstantSize - law.ConstantInitial : 0,
            offLattice: true,
            pointCount,
            new(Starts(law), new(0, 0), isCut || law.Events.MovesCap ? new(0, long.MaxValue) : batch));
    }

    /// <summary>Sums of the initial count and of batches, each whole unless the cap cut it; nobody present is an atom, and so is a constant initial count.</summary>
    private static CountBins OnTours(PathLaw law, long largestOfPilot, int pointCount)
    {
        var cap = LargestCap(law);
        var range = RangeEnd(law, 0, largestOfPilot, cap);
        var step = GreatestCommonDivisor(Math.Max(law.ConstantInitial, 0), LatticeStep(law, fromBasis: false));
        var capIsOnLattice = step > 0 && law.ConstantCap >= 0 && law.ConstantCap % step == 0 && law.Events.Events.All(e => e.CapChange % step == 0);
        var isLattice = step > 0 && law.ConstantInitial >= 0 && LatticeStep(law, fromBasis: false) > 0 && range / step < CountBins.MostLatticeCounts;
        var basis = isLattice || law.ConstantInitial < 0 ? 0 : StartOf(law);
        var batch = Batch(law);
        return new(
            basis,
            basisIsAtom: true,
            below: basis > 0,
            range,
            boundless: cap > range && !EndsAt(law, range, MaxTotal(law)),
            cap: law.CapCountsPresent && !law.Events.MovesCap ? law.ConstantCap : -1,
            latticeStep: isLattice ? step : 0,
            offLattice: law.Cap is not null && !capIsOnLattice,
            pointCount,
            new([new(0, 0), .. Starts(law)], law.Cap is null ? batch : batch with { Low = 0 }, cuts: null));
    }

    /// <summary>
    /// Is no count above the range, because none is above <paramref name="most"/>? Draws of a smooth batch may pass the end of their
    /// support by the error of their fit.
    /// </summary>
    private static bool EndsAt(PathLaw law, long range, long most) => most <= range
        && (law.MaxBatchesBy(law.Scale.HorizonTicks) == 0 || (Sizes(law).Length > 0 && !law.Events.ScalesBatches));

    /// <summary>
    /// The end of the range: twice as far from the lowest count as the largest of the pilot, and a large batch more, but no more than
    /// can be.
    /// </summary>
    private static long RangeEnd(PathLaw law, long lowest, long largestOfPilot, long largestCap)
    {
        var most = Math.Min(largestCap, MaxTotal(law));
        var size = PathLaw.WholeCount(law.Size.Value.Evaluate(LargeDraw) * (law.Size.Factor?.Evaluate(LargeDraw) ?? 1) * law.Events.LargestBatchFactor);
        return Math.Min(most, Math.Min(PathLaw.MaxCount, largestOfPilot + (largestOfPilot - lowest) + size));
    }

    private static CountSupport TotalSupport(PathLaw law, bool leavesRoom)
    {
        var batch = Batch(law);
        CountRange? cuts = law.Cap is null || law.CapLimitsEachBatch ? null
            : leavesRoom || law.Events.MovesCap ? new(Math.Max(0, LeastOf(law.Cap) - law.Events.LargestFall), long.MaxValue)
            : new(LeastOf(law.Cap), MaxOf(law.Cap));
        return new(Starts(law), leavesRoom ? batch with { Low = 0 } : batch, cuts);
    }

    /// <summary>Where totals start, a cap apart that is less.</summary>
    private static ImmutableArray<CountRange> Starts(PathLaw law)
    {
        ImmutableArray<CountRange> starts = law.Initial?.Counts ?? [new(0, 0)];
        if (law.Cap is not { } cap)
        {
            return starts;
        }

        // A cap below a start cuts it, to anything that the cap can be.
        return MaxInitial(law) > LeastOf(cap) ? [.. starts, new(LeastOf(cap), Math.Min(MaxOf(cap), MaxInitial(law)))] : starts;
    }

    /// <summary>The sizes that a batch can have, unless a cap on the total cuts it.</summary>
    private static CountRange Batch(PathLaw law)
    {
        if (law.MaxBatchesBy(law.Scale.HorizonTicks) == 0)
        {
            return new(0, 0);
        }

        var batch = new CountRange(Scaled(LeastOf(law.Size), law.Events.LeastBatchFactor), Scaled(MaxOf(law.Size), law.Events.LargestBatchFactor));
        return law.CapLimitsEachBatch && law.Cap is { } cap
            ? new(Math.Min(batch.Low, Math.Max(0, LeastOf(cap) - law.Events.LargestFall)), Math.Min(batch.High, LargestCap(law)))
            : batch;
    }

    private static long Scaled(long count, double factor) =>
        count == long.MaxValue || count * factor >= PathLaw.MaxCount ? long.MaxValue
        : factor == 1 ? count
        : factor < 1 ? (long)Math.Floor(Math.Max(0, count - 0.5) * factor)
        : (long)Math.Ceiling((count + 0.5) * factor);

    /// <summary>The distance of the counts that batches make; 0 if they lie anywhere.</summary>
    /// <param name="law">What a path is.</param>
    /// <param name="fromBasis">Do they count from a constant initial count?</param>
    private static long LatticeStep(PathLaw law, bool fromBasis)
    {
        if ((fromBasis && law.ConstantInitial < 0) || law.Events.ScalesBatches)
        {
            return 0;
        }

        var limit = law.CapLimitsEachBatch && law.ConstantCap >= 0 && !law.Events.MovesCap ? law.ConstantCap : long.MaxValue;
        return Sizes(law).Select(size => Math.Min(size, limit)).Aggregate(0L, GreatestCommonDivisor);
    }

    /// <summary>The sizes of batches, if they are a few listed ones; else empty.</summary>
    private static long[] Sizes(PathLaw law) => law.Size.Factor is null ? [.. law.Size.Value.Atoms(MostSizes).Select(PathLaw.WholeCount)] : [];

    /// <summary>The least initial count, and whether a path's own cap can be below it.</summary>
    private static (long Basis, bool Below) Basis(PathLaw law)
    {
        if (law.ConstantInitial < 0)
        {
            return (LeastInitial(law), false);
        }

        return law.ConstantCap >= 0
            ? (StartOf(law), false)
            : (law.ConstantInitial, law.Cap is not null && LeastOf(law.Cap) < law.ConstantInitial);
    }

    /// <summary>The constant initial count, unless a constant cap is less.</summary>
    private static long StartOf(PathLaw law) =>
        law.ConstantCap >= 0 ? Math.Min(law.ConstantInitial, law.ConstantCap) : law.ConstantInitial;

    /// <summary>The largest cap, all rises in force.</summary>
    private static long LargestCap(PathLaw law)
    {
        var drawn = MaxOf(law.Cap);
        return drawn >= PathLaw.MaxCount - law.Events.LargestRise ? long.MaxValue : drawn + law.Events.LargestRise;
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static long MaxInitial(PathLaw law) => law.Initial?.MostCount ?? 0;

    private static long MaxOf(DrawRule? rule) => rule?.MostCount ?? long.MaxValue;

    private static long LeastOf(DrawRule? rule) => rule?.LeastCount ?? 0;
}
