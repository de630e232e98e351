using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Chooses the bins of a scenario's tallies by the rules of model.md: the range, the atoms, the lattice.</summary>
internal static class TallyBins
{
    public static CountBins Cumulative(PathLaw law, long largestOfPilot, int pointCount)
    {
        var largestCap = law.CapCountsPresent ? long.MaxValue : LargestCap(law);
        var range = Math.Min(largestCap, 2 * largestOfPilot);
        var (basis, below) = Basis(law);
        var leavesRoom = law.CapCountsPresent && law.Tour is not null; // Then the total passes the cap.
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: largestCap > range,
            cap: law.CapLimitsEachBatch || leavesRoom || law.Events.MovesCap ? -1 : law.ConstantCap,
            latticeStep: !IsLattice(law) ? 0
                : law.CapLimitsEachBatch && law.ConstantCap >= 0 && !law.Events.MovesCap ? Math.Min(law.ConstantSize, law.ConstantCap)
                : law.ConstantSize,
            offLattice: law.Cap is not null && (law.ConstantCap < 0 || law.Events.MovesCap || leavesRoom),
            pointCount);
    }

    /// <summary>Is the number present to be tallied apart from the total? With REINFORCE without tours they are the same.</summary>
    /// <remarks>With RELIEVE it changes only if a batch can be larger than the initial count.</remarks>
    public static bool PresentMayChange(PathLaw law) =>
        law.Relieves ? law.Events.LargestBatchFactor * MostOf(law.Size) > LeastInitial(law) : law.Tour is not null;

    public static CountBins Present(PathLaw law, long largestOfPilot, int pointCount) =>
        law.Relieves ? Relieved(law, largestOfPilot, pointCount) : OnTours(law, largestOfPilot, pointCount);

    private static CountBins Relieved(PathLaw law, long largestOfPilot, int pointCount)
    {
        var cap = law.CapLimitsEachBatch ? LargestCap(law) : long.MaxValue;
        var range = Math.Min(cap, 2 * largestOfPilot);
        var (basis, below) = Basis(law);

        // Present is the initial count or the largest batch: with both constant those two are the lattice.
        var isLattice = IsLattice(law) && law.ConstantSize > law.ConstantInitial;
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: cap > range,
            cap: law.CapLimitsEachBatch && !law.Events.MovesCap ? law.ConstantCap : -1,
            latticeStep: isLattice ? law.ConstantSize - law.ConstantInitial : 0,
            offLattice: true,
            pointCount);
    }

    /// <summary>Sums of the initial count and of batches, each whole unless the cap cut it; nobody present is an atom.</summary>
    private static CountBins OnTours(PathLaw law, long largestOfPilot, int pointCount)
    {
        var cap = LargestCap(law);
        var range = Math.Min(cap, 2 * largestOfPilot);
        var step = IsLattice(law) ? GreatestCommonDivisor(law.ConstantInitial, law.ConstantSize) : 0;
        var capIsOnLattice = step > 0 && law.ConstantCap >= 0 && law.ConstantCap % step == 0 && law.Events.Events.All(e => e.CapChange % step == 0);
        return new(
            basis: 0,
            basisIsAtom: true,
            below: false,
            range,
            boundless: cap > range,
            cap: law.CapCountsPresent && !law.Events.MovesCap ? law.ConstantCap : -1,
            latticeStep: step,
            offLattice: law.Cap is not null && !capIsOnLattice,
            pointCount);
    }

    private static bool IsLattice(PathLaw law) => law.ConstantInitial >= 0 && law.ConstantSize >= 0 && !law.Events.ScalesBatches;

    /// <summary>The constant initial count, and whether a path's own cap can be below it.</summary>
    private static (long Basis, bool Below) Basis(PathLaw law)
    {
        if (law.ConstantInitial < 0)
        {
            return (0, false);
        }

        return law.ConstantCap >= 0
            ? (Math.Min(law.ConstantInitial, law.ConstantCap), false)
            : (law.ConstantInitial, law.Cap is not null && LeastOf(law.Cap) < law.ConstantInitial);
    }

    /// <summary>The fewest who can be there at day 0: a cap that may rise later can have cut them.</summary>
    private static long LeastInitial(PathLaw law) =>
        law.Cap is { } cap && law.Events.LargestRise > 0 ? Math.Min(LeastOf(law.Initial), LeastOf(cap)) : LeastOf(law.Initial);

    /// <summary>The largest cap, all rises in force.</summary>
    private static long LargestCap(PathLaw law)
    {
        var drawn = MostOf(law.Cap);
        return drawn >= PathLaw.MostPeople - law.Events.LargestRise ? long.MaxValue : drawn + law.Events.LargestRise;
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static long MostOf(DrawRule? rule) => rule?.MostCount ?? long.MaxValue;

    private static long LeastOf(DrawRule? rule) => rule?.LeastCount ?? 0;
}
