using System.Runtime.Intrinsics;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Which draws of a path are coordinates of scrambled Sobol points: first what it draws once, then gap and size of batches 1, 2, 3 and
/// so on, as far as the dimensions reach. A coordinate takes the place of the half of a random word that would be drawn otherwise, so
/// that all that is made of it stays as it is.
/// </summary>
internal sealed class QuasiRandomPoints
{
    /// <summary>
    /// Enough for a dozen batches of a plain scenario. Behind them points of as many as a run has are no more even than random ones.
    /// </summary>
    public const int Dimensions = 24;

    private const int None = -1;

    private readonly ScrambledSobol _points;
    private readonly int[] _ofPath = new int[2 * ((int)Enum.GetValues<DrawPurpose>().Max() + 1)];
    private readonly int[] _ofBatches;

    public QuasiRandomPoints(PathLaw law)
    {
        var taken = 0;
        int Next(bool isDrawn) => isDrawn && taken < Dimensions ? taken++ : None;

        DrawRule?[] rules = [law.Initial, law.Cap, law.First, law.Gap, law.Size, law.Tour];
        Array.Fill(_ofPath, None);
        foreach (var rule in rules.OfType<DrawRule>())
        {
            _ofPath[2 * (int)rule.Purpose] = Next(!rule.Value.IsConstant && IsOncePerPath(rule));
        }

        foreach (var rule in rules.OfType<DrawRule>())
        {
            _ofPath[(2 * (int)rule.Purpose) + 1] = Next(rule.Factor is { IsConstant: false });
        }

        var isCorrelated = law.BatchCopula is not null;
        var drawsGaps = !law.Gap.IsFixedInPath || isCorrelated;
        var drawsSizes = !law.Size.IsFixedInPath || isCorrelated;
        var ofBatches = new List<int>();
        while ((drawsGaps || drawsSizes) && taken < Dimensions)
        {
            var isOnItsOwnDay = ofBatches.Count == 0 && law.First is not null && !isCorrelated;
            ofBatches.AddRange([Next(drawsGaps && !isOnItsOwnDay), Next(drawsSizes)]);
        }

        _ofBatches = [.. ofBatches];
        _points = new(law.Seed, taken);
    }

    /// <summary>Batches that take anything from a point: the first ones.</summary>
    public int Batches => _ofBatches.Length / 2;

    /// <summary>Do points give both halves of a word? Then there is no need of a random one.</summary>
    public bool GivesAll(DrawPurpose purpose, long index) => Of(purpose, index) is { High: not None, Low: not None };

    /// <summary>A word of a path with the halves that its point gives.</summary>
    public ulong Replace(DrawPurpose purpose, long index, long path, ulong word)
    {
        var (high, low) = Of(purpose, index);
        word = high == None ? word : ((ulong)(uint)_points.At(high, path) << 32) | (uint)word;
        return low == None ? word : (word & 0xFFFFFFFF00000000) | (uint)_points.At(low, path);
    }

    /// <summary>The same for paths of one scramble: see <see cref="ScrambledSobol.OfLanes"/>.</summary>
    public unsafe void Replace(DrawPurpose purpose, long index, long firstPath, int* ids, int* highs, int* lows, int lanes)
    {
        var (high, low) = Of(purpose, index);
        if (high != None)
        {
            _points.OfLanes(high, firstPath, ids, highs, lanes);
        }

        if (low != None)
        {
            _points.OfLanes(low, firstPath, ids, lows, lanes);
        }
    }

    /// <summary>The same for sixteen neighbouring paths from a multiple of sixteen.</summary>
    public unsafe void ReplaceNeighbours(DrawPurpose purpose, long index, long firstPath, int* highs, int* lows)
    {
        var (high, low) = Of(purpose, index);
        if (high != None)
        {
            _points.OfNeighbours(high, firstPath).Store(highs);
        }

        if (low != None)
        {
            _points.OfNeighbours(low, firstPath).Store(lows);
        }
    }

    private static bool IsOncePerPath(DrawRule rule) =>
        rule.PerPath || rule.Purpose is DrawPurpose.InitialCount or DrawPurpose.Cap or DrawPurpose.FirstArrival;

    /// <summary>The dimensions of the halves of a word.</summary>
    private (int High, int Low) Of(DrawPurpose purpose, long index)
    {
        if (purpose == DrawPurpose.Batch)
        {
            return index < Batches ? (_ofBatches[2 * index], _ofBatches[(2 * index) + 1]) : (None, None);
        }

        return (_ofPath[2 * (int)purpose], _ofPath[(2 * (int)purpose) + 1]);
    }
}
