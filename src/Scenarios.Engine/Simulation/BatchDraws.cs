using System.Runtime.Intrinsics;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// What is drawn for the batches of a path; for sixteen neighbouring paths at a time, in lanes, where they are walked one after
/// another.
/// </summary>
/// <param name="law">What a path is.</param>
/// <param name="ahead">Will the next path be walked too?</param>
internal sealed unsafe class BatchDraws(PathLaw law, bool ahead)
{
    /// <summary>Batches beyond it are drawn alone: so what is drawn ahead stays in the caches.</summary>
    private const int MostRounds = 128;

    private const int Width = LaneBlock.Width;

    private readonly double[] _gaps = Column<double>(ahead && !law.Gap.IsFixedInPath);
    private readonly double[] _sizes = Column<double>(ahead && !law.Size.IsFixedInPath);
    private readonly double[] _tours = Column<double>(ahead && law.DrawsTours);
    private readonly uint[] _skipped = new uint[MostRounds];
    private long _firstPath = -Width;
    private int _rounds;

    /// <summary>What is drawn for a batch of a path.</summary>
    public BatchDraw Of(long path, int batch)
    {
        if (!ahead || batch >= MostRounds)
        {
            return Alone(path, batch);
        }

        var lane = (int)(path % Width);
        if (path - lane != _firstPath)
        {
            (_firstPath, _rounds) = (path - lane, 0);
        }

        while (_rounds <= batch)
        {
            DrawRound(_rounds++);
        }

        var at = (batch * Width) + lane;
        return new(
            _gaps.Length > 0 ? _gaps[at] : 0,
            _sizes.Length > 0 ? _sizes[at] : 0,
            _tours.Length > 0 ? _tours[at] : 0,
            ((_skipped[batch] >> lane) & 1) != 0);
    }

    private static T[] Column<T>(bool isDrawn) => isDrawn ? new T[MostRounds * Width] : [];

    private BatchDraw Alone(long path, int batch)
    {
        var word = law.DrawsBatches ? law.Word(DrawPurpose.Batch, batch, path) : 0;
        var tourBits = law.DrawsTours ? (int)(law.Word(DrawPurpose.BatchTour, batch, path) >> 32) : 0;
        var skipped = law.Skips && law.Word(DrawPurpose.Skip, batch, path) >> 32 < law.SkipBelow;
        var (gapBits, sizeBits) = ((int)(word >> 32), (int)word);
        if (law.BatchCopula is not null)
        {
            (sizeBits, tourBits) = law.CorrelatedBits(gapBits, sizeBits, tourBits);
        }

        return new(
            law.Gap.IsFixedInPath ? 0 : law.Gap.Value.Evaluate(gapBits),
            law.Size.IsFixedInPath ? 0 : law.Size.Value.Evaluate(sizeBits),
            law.DrawsTours ? law.Tour!.Value.Evaluate(tourBits) : 0,
            skipped);
    }

    private void DrawRound(int round)
    {
        var ids = stackalloc int[5 * Width];
        var gapBits = ids + Width;
        var sizeBits = gapBits + Width;
        var tourBits = sizeBits + Width;
        var unused = tourBits + Width;
        Vector512<int>.Indices.Store(ids);
        if (law.Skips)
        {
            Words(DrawPurpose.Skip, round, ids, gapBits, unused);
            _skipped[round] = LaneVectors.Bits(Vector512.LessThan(Vector512.Load(gapBits).AsUInt32(), Vector512.Create((uint)law.SkipBelow)).AsInt32());
        }

        if (law.DrawsBatches)
        {
            Words(DrawPurpose.Batch, round, ids, gapBits, sizeBits);
        }

        if (law.DrawsTours)
        {
            Words(DrawPurpose.BatchTour, round, ids, tourBits, unused);
        }

        if (law.BatchCopula is not null)
        {
            for (var lane = 0; lane < Width; lane++)
            {
                (sizeBits[lane], tourBits[lane]) = law.CorrelatedBits(gapBits[lane], sizeBits[lane], tourBits[lane]);
            }
        }

        var at = round * Width;
        fixed (double* gaps = _gaps, tours = _tours, sizes = _sizes)
        {
            if (gaps != null)
            {
                LaneQuantiles.Of(law.Gap.Value, gapBits, gaps + at, Width);
            }

            if (sizes != null)
            {
                LaneQuantiles.Of(law.Size.Value, sizeBits, sizes + at, Width);
            }

            if (tours != null)
            {
                LaneQuantiles.Of(law.Tour!.Value, tourBits, tours + at, Width);
            }
        }
    }

    private void Words(DrawPurpose purpose, int round, int* ids, int* high, int* low)
    {
        LaneQuantiles.Words(CounterRandom.Key(law.Seed, purpose, round), _firstPath, stride: 1, ids, high, low, Width);
        law.Points?.ReplaceNeighbours(purpose, round, _firstPath, high, low);
    }
}
