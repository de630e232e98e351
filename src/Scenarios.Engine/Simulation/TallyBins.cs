using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>Chooses the bins of a scenario's tallies by the rules of model.md: the range, the atoms, the lattice.</summary>
internal static class TallyBins
{
    public static CountBins Cumulative(PathLaw law, long largestOfPilot, int pointCount)
    {
        var largestCap = law.Model.CapBasis == CapBasis.Cumulative ? MostOf(law.Cap) : long.MaxValue;
        var range = Math.Min(largestCap, 2 * largestOfPilot);
        var (basis, below) = Basis(law);
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: largestCap > range,
            cap: law.CapLimitsEachBatch ? -1 : law.ConstantCap,
            latticeStep: law.ConstantInitial < 0 || law.ConstantSize < 0 ? 0
                : law.CapLimitsEachBatch && law.ConstantCap >= 0 ? Math.Min(law.ConstantSize, law.ConstantCap)
                : law.ConstantSize,
            offLattice: law.Cap is not null && law.ConstantCap < 0,
            pointCount);
    }

    /// <summary>With RELIEVE the number present changes only if a batch can be larger than the initial count.</summary>
    public static bool PresentMayChange(PathLaw law) => law.Relieves && MostOf(law.Size) > LeastOf(law.Initial);

    public static CountBins Present(PathLaw law, long largestOfPilot, int pointCount)
    {
        var cap = law.CapLimitsEachBatch ? MostOf(law.Cap) : long.MaxValue;
        var range = Math.Min(cap, 2 * largestOfPilot);
        var (basis, below) = Basis(law);

        // Present is the initial count or the largest batch: with both constant those two are the lattice.
        var isLattice = law.ConstantInitial >= 0 && law.ConstantSize > law.ConstantInitial;
        return new(
            basis,
            law.ConstantInitial >= 0,
            below,
            range,
            boundless: cap > range,
            cap: law.CapLimitsEachBatch ? law.ConstantCap : -1,
            latticeStep: isLattice ? law.ConstantSize - law.ConstantInitial : 0,
            offLattice: true,
            pointCount);
    }

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

    private static long MostOf(DrawRule? rule) => rule?.MostCount ?? long.MaxValue;

    private static long LeastOf(DrawRule? rule) => rule?.LeastCount ?? 0;
}
