using System.Numerics.Tensors;

namespace Scenarios.Engine.Statistics;

/// <summary>
/// The paths of a tally by the scramble of their quasi-random points: sixteen sets, each of which estimates everything by itself,
/// independently of the others.
/// </summary>
internal sealed class Replicates
{
    /// <summary>How many there are.</summary>
    public const int Count = Randomness.ScrambledSobol.Scrambles;

    /// <summary>Whose paths are being written.</summary>
    public int Current { get; private set; }

    /// <summary>Paths of each.</summary>
    public long[] Paths { get; } = new long[Count];

    /// <summary>The next paths to be written are of one replicate.</summary>
    public void Select(int replicate, int paths)
    {
        Current = replicate;
        Paths[replicate] += paths;
    }

    public void Add(Replicates other) => TensorPrimitives.Add(Paths, other.Paths, Paths);

    public void Clear() => Array.Clear(Paths);
}
