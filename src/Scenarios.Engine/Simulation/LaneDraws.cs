using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Random words, quantiles and rounding for whole columns of a block, equal to the bit to <see cref="CounterRandom"/>,
/// <see cref="QuantileFunction.Evaluate"/> and <see cref="PathLaw"/>.
/// </summary>
/// <remarks>
/// Quantiles that fit into registers take four permutes and three fused multiply-adds for sixteen lanes. One draw in 256 lies in a tail:
/// those are noted and done again after the loop, because a call within it would spill every register.
/// </remarks>
internal sealed unsafe class LaneDraws(PathLaw law, LaneBlock block, LaneEvents? events)
{
    /// <summary>Every count that is larger spills anyway, or is cut by a cap.</summary>
    public const int LargestLane = 1 << 30;

    private const int Width = LaneBlock.Width;

    /// <summary>Are gap and size of each batch drawn, both from registers?</summary>
    private readonly bool _bothFromRegisters = Avx512F.IsSupported && law.BatchCopula is null && IsFromRegisters(law.Gap) && IsFromRegisters(law.Size);

    /// <summary>Rounds that take anything from quasi-random points.</summary>
    private readonly int _pointRounds = law.Points?.Batches ?? 0;

    private readonly ulong _golden = (ulong)law.LaneStride * CounterRandom.Golden;

    /// <summary>What a path draws once.</summary>
    public void DrawPaths(long firstPath)
    {
        if (law.Gap is { IsFixedInPath: true, IsConstant: false })
        {
            PathTicks(law.Gap, firstPath, block.Gap);
        }
        else if (law.Gap.Factor is not null)
        {
            PathFactors(law.Gap, firstPath, block.GapFactor);
        }

        if (law.Size.IsConstant)
        {
            Fill(block.Size, (int)Math.Min(law.ConstantSize, LargestLane));
        }
        else if (law.Size.IsFixedInPath)
        {
            PathCounts(law.Size, firstPath, block.Size);
        }
        else if (law.Size.Factor is not null)
        {
            PathFactors(law.Size, firstPath, block.SizeFactor);
        }

        if (law.Tour is { } tour)
        {
            DrawInitialTours(tour, firstPath);
        }

        if (law.Initial is { IsConstant: false } initial)
        {
            PathCounts(initial, firstPath, block.Count);
        }

        if (law.Cap is { IsConstant: false } cap)
        {
            PathCounts(cap, firstPath, block.Cap);
        }
    }

    /// <summary>Gaps and sizes of a round; meanwhile the steps of the round before are written.</summary>
    public void DrawRound(long firstPath, int round, LaneTally.Writer steps)
    {
        if (_bothFromRegisters && round >= _pointRounds)
        {
            DrawBoth(CounterRandom.Key(law.Seed, DrawPurpose.Batch, round), firstPath, steps);
        }
        else
        {
            for (var group = 0; group < block.Pending; group += Width)
            {
                steps.WriteGroup(group);
            }

            DrawOneByOne(firstPath, round);
        }

        block.Pending = 0;
        if (round == 0 && law.First is { } first)
        {
            PathTicks(first, firstPath, block.RoundGap);
        }

        if (law.Tour is { } tour)
        {
            DrawTours(tour, firstPath, round);
        }

        events?.Apply(firstPath, round);
        if (law.Skips)
        {
            Skip(firstPath, round);
        }

        // Lanes behind the last stand at the horizon: with any gap they are past it.
        Vector512<int>.One.Store(block.RoundGap + block.Live);
    }

    private static bool IsFromRegisters(DrawRule rule) => !rule.IsFixedInPath && rule.Value.Kind == QuantileFunction.Form.Body;

    private void DrawBoth(ulong key, long firstPath, LaneTally.Writer steps)
    {
        var start = key + (((ulong)firstPath + 1) * CounterRandom.Golden);
        if (law.Gap.Factor is null && law.Size.Factor is null)
        {
            DrawBoth<No, No>(start, steps);
        }
        else if (law.Size.Factor is null)
        {
            DrawBoth<Yes, No>(start, steps);
        }
        else if (law.Gap.Factor is null)
        {
            DrawBoth<No, Yes>(start, steps);
        }
        else
        {
            DrawBoth<Yes, Yes>(start, steps);
        }

        RedrawTails(start);
    }

    private void DrawBoth<TGapFactor, TSizeFactor>(ulong start, LaneTally.Writer steps)
    {
        var (live, pending) = (block.Live, block.Pending);
        var both = Math.Min(live, pending);
        DrawBoth<TGapFactor, TSizeFactor, Yes>(start, 0, both, steps);
        both = (both + Width - 1) / Width * Width;
        DrawBoth<TGapFactor, TSizeFactor, No>(start, both, live, steps);
        for (var group = both; group < pending; group += Width)
        {
            steps.WriteGroup(group);
        }
    }

    /// <summary>
    /// Words, quantiles, factors and rounding of sixteen lanes at a time, with rows of steps between them: the vectors wait for
    /// arithmetic, the rows for memory.
    /// </summary>
    private void DrawBoth<TGapFactor, TSizeFactor, TWrites>(ulong start, int from, int end, LaneTally.Writer steps)
    {
        var (gapValue, sizeValue) = (law.Gap.Value, law.Size.Value);
        fixed (float* gapBody = gapValue.Body, sizeBody = sizeValue.Body)
        fixed (ushort* gapRare = block.Rare, sizeRare = block.OtherRare)
        {
            var id = block.Id;
            var gaps = block.RoundGap;
            var sizes = block.RoundSize;
            var gapFactors = block.GapFactor;
            var sizeFactors = block.SizeFactor;
            var g0 = Vector512.Load(gapBody + 0);
            var g0Upper = Vector512.Load(gapBody + 16);
            var g1 = Vector512.Load(gapBody + 32);
            var g1Upper = Vector512.Load(gapBody + 48);
            var g2 = Vector512.Load(gapBody + 64);
            var g2Upper = Vector512.Load(gapBody + 80);
            var g3 = Vector512.Load(gapBody + 96);
            var g3Upper = Vector512.Load(gapBody + 112);
            var s0 = Vector512.Load(sizeBody + 0);
            var s0Upper = Vector512.Load(sizeBody + 16);
            var s1 = Vector512.Load(sizeBody + 32);
            var s1Upper = Vector512.Load(sizeBody + 48);
            var s2 = Vector512.Load(sizeBody + 64);
            var s2Upper = Vector512.Load(sizeBody + 80);
            var s3 = Vector512.Load(sizeBody + 96);
            var s3Upper = Vector512.Load(sizeBody + 112);
            var origin = Vector512.Create(start);
            var golden = Vector512.Create(_golden);
            var mix1 = Vector512.Create(CounterRandom.Mix1);
            var mix2 = Vector512.Create(CounterRandom.Mix2);
            var low = Vector512.Create(0xFFFFFFFFUL);
            var one = Vector512.Create(1);
            var half = Vector512.Create(0.5f);
            var limit = Vector512.Create((float)TimeScale.Limit);
            var largest = Vector512.Create((float)LargestLane);
            var singleEnd = Vector512.Create(PathLaw.SinglePrecisionEnd);
            var tail = Vector512.Create((int)QuantileFunction.TailDistance);
            for (nint i = from; i < end; i += Width)
            {
                // Words of even and of odd lanes.
                var ids = Vector512.Load(id + i).AsUInt64();
                var even = origin + ((ids & low) * golden);
                var odd = origin + ((ids >>> 32) * golden);
                if (typeof(TWrites) == typeof(Yes))
                {
                    steps.WriteRow(i, 0, 0);
                }

                even = (even ^ (even >>> 30)) * mix1;
                odd = (odd ^ (odd >>> 30)) * mix1;
                even = (even ^ (even >>> 27)) * mix2;
                odd = (odd ^ (odd >>> 27)) * mix2;
                even ^= even >>> 31;
                odd ^= odd >>> 31;
                var gapBits = Vector512.ConditionalSelect(low, even >>> 32, odd).AsInt32();
                var sizeBits = Vector512.ConditionalSelect(low, even, odd << 32).AsInt32();
                if (typeof(TWrites) == typeof(Yes))
                {
                    steps.WriteRow(i, 1, 2);
                }

                var x = LaneQuantiles.At(gapBits, one, g0, g0Upper, g1, g1Upper, g2, g2Upper, g3, g3Upper);
                x = typeof(TGapFactor) == typeof(Yes) ? x * Vector512.Load(gapFactors + i) : x;
                TicksOf(x, one, half, limit).Store(gaps + i);
                if (typeof(TWrites) == typeof(Yes))
                {
                    steps.WriteRow(i, 2, 1);
                }

                var y = LaneQuantiles.At(sizeBits, one, s0, s0Upper, s1, s1Upper, s2, s2Upper, s3, s3Upper);
                y = typeof(TSizeFactor) == typeof(Yes) ? y * Vector512.Load(sizeFactors + i) : y;
                CountsOf(y, half, singleEnd, largest).Store(sizes + i);
                gapRare[i / Width] = (ushort)LaneQuantiles.InTails(gapBits, tail);
                sizeRare[i / Width] = (ushort)LaneQuantiles.InTails(sizeBits, tail);
                if (typeof(TWrites) == typeof(Yes))
                {
                    steps.WriteRow(i, 3, 3);
                }
            }
        }
    }

    private void RedrawTails(ulong start)
    {
        var (gap, size) = (law.Gap, law.Size);
        for (var i = 0; i < block.Live; i += Width)
        {
            for (uint mask = block.Rare[i / Width]; mask != 0; mask &= mask - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(mask);
                var word = CounterRandom.Mix(start + ((ulong)(uint)block.Id[lane] * _golden));
                var value = (float)gap.Value.EvaluateRare((int)(word >> 32));
                block.RoundGap[lane] = PathLaw.GapTicks(value, gap.Factor is null ? 1f : block.GapFactor[lane]);
            }

            for (uint mask = block.OtherRare[i / Width]; mask != 0; mask &= mask - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(mask);
                var word = CounterRandom.Mix(start + ((ulong)(uint)block.Id[lane] * _golden));
                var value = (float)size.Value.EvaluateRare((int)word);
                block.RoundSize[lane] = LaneCount(size.Factor is null ? value : value * block.SizeFactor[lane]);
            }
        }
    }

    private void DrawOneByOne(long firstPath, int round)
    {
        var drawsGap = !law.Gap.IsFixedInPath;
        var drawsSize = !law.Size.IsFixedInPath;
        if (law.DrawsBatches)
        {
            Words(DrawPurpose.Batch, round, firstPath);
        }

        if (law.BatchCopula is not null)
        {
            Correlate(law.BatchCopula, firstPath, round);
        }

        if (drawsSize)
        {
            LaneQuantiles.Of(law.Size.Value, block.LowBits, block.Draw, block.Live);
            CountsFrom(block.Draw, law.Size.Factor is null ? null : block.SizeFactor, block.RoundSize);
        }
        else
        {
            Copy(block.Size, block.RoundSize);
        }

        if (drawsGap)
        {
            LaneQuantiles.Of(law.Gap.Value, block.HighBits, block.Draw, block.Live);
            TicksFrom(block.Draw, law.Gap.Factor is null ? null : block.GapFactor, block.RoundGap);
        }
        else if (law.Gap.IsConstant)
        {
            Fill(block.RoundGap, law.ConstantGap(round));
        }
        else
        {
            Copy(block.Gap, block.RoundGap);
        }
    }

    /// <summary>Bits of sizes, in place of their independent ones, and of tours.</summary>
    private void Correlate(GaussianCopula copula, long firstPath, int round)
    {
        int*[] independent = [block.HighBits, block.LowBits, block.RoundTour];
        if (law.DrawsTours)
        {
            Words(DrawPurpose.BatchTour, round, firstPath, block.RoundTour, (int*)block.OtherDraw);
            copula.Bits(2, independent, block.RoundTour, block.Live);
        }

        copula.Bits(1, independent, block.LowBits, block.Live);
    }

    private void DrawTours(DrawRule tour, long firstPath, int round)
    {
        Copy(block.Id, block.RoundId);
        if (tour.IsConstant)
        {
            Fill(block.RoundTour, law.ConstantTour(round));
            return;
        }

        if (tour.IsFixedInPath)
        {
            Copy(block.Tour, block.RoundTour);
            return;
        }

        if (law.BatchCopula is null)
        {
            Words(DrawPurpose.BatchTour, round, firstPath, block.RoundTour, (int*)block.OtherDraw);
        }

        ToursOf(tour, block.RoundTour);
    }

    /// <summary>Tours of those who are there at day 0.</summary>
    private void DrawInitialTours(DrawRule tour, long firstPath)
    {
        if (tour.IsFixedInPath)
        {
            PathTicks(tour, firstPath, block.Tour);
            Copy(block.Tour, block.RoundTour);
            return;
        }

        if (tour.Factor is not null)
        {
            PathFactors(tour, firstPath, block.TourFactor);
        }

        Words(DrawPurpose.InitialTour, 0, firstPath);
        ToursOf(tour, block.HighBits);
    }

    private void ToursOf(DrawRule tour, int* bits)
    {
        LaneQuantiles.Of(tour.Value, bits, block.Draw, block.Live);
        TicksFrom(block.Draw, tour.Factor is null ? null : block.TourFactor, block.RoundTour);
    }

    private void Skip(long firstPath, int round)
    {
        Words(DrawPurpose.Skip, round, firstPath);
        var below = Vector512.Create((uint)law.SkipBelow);
        for (var i = 0; i < block.Live; i += Width)
        {
            var skipped = Vector512.LessThan(Vector512.Load(block.HighBits + i).AsUInt32(), below).AsInt32();
            Vector512.AndNot(Vector512.Load(block.RoundSize + i), skipped).Store(block.RoundSize + i);
        }
    }

    private void PathValues(DrawRule rule, long firstPath)
    {
        Words(rule.Purpose, 0, firstPath);
        for (var i = 0; i < block.Live && law.PathCopula is not null; i++)
        {
            block.HighBits[i] = law.PathBits(rule, firstPath + ((long)law.LaneStride * block.Id[i]));
        }

        LaneQuantiles.Of(rule.Value, block.HighBits, block.Draw, block.Live);
        if (rule.Factor is null)
        {
            new Span<float>(block.OtherDraw, block.Live).Fill(1f);
        }
        else
        {
            LaneQuantiles.Of(rule.Factor, block.LowBits, block.OtherDraw, block.Live);
        }
    }

    /// <summary>A count drawn once per path, as <see cref="PathLaw.PathCount"/> where that is exact in 24 bits.</summary>
    private void PathCounts(DrawRule rule, long firstPath, int* counts)
    {
        PathValues(rule, firstPath);
        CountsFrom(block.Draw, block.OtherDraw, counts);
        ClampCounts(rule, counts);
    }

    private void Words(DrawPurpose purpose, int index, long firstPath) => Words(purpose, index, firstPath, block.HighBits, block.LowBits);

    /// <summary>As <see cref="PathLaw.Word"/>.</summary>
    private void Words(DrawPurpose purpose, int index, long firstPath, int* high, int* low)
    {
        if (law.Points?.GivesAll(purpose, index) != true)
        {
            var key = CounterRandom.Key(law.Seed, purpose, index);
            LaneQuantiles.Words(key, firstPath, law.LaneStride, block.Id, high, low, block.Live);
        }

        law.Points?.Replace(purpose, index, firstPath, block.Id, high, low, block.Live);
    }

    private void PathFactors(DrawRule rule, long firstPath, float* factors)
    {
        Words(rule.Purpose, 0, firstPath);
        LaneQuantiles.Of(rule.Factor!, block.LowBits, factors, block.Live);
    }

    private void PathTicks(DrawRule rule, long firstPath, int* ticks)
    {
        if (rule.IsConstant)
        {
            Fill(ticks, PathLaw.ConstantTicks(rule));
            return;
        }

        PathValues(rule, firstPath);
        TicksFrom(block.Draw, block.OtherDraw, ticks);
    }

    private void TicksFrom(float* values, float* factors, int* ticks)
    {
        var half = Vector512.Create(0.5f);
        var limit = Vector512.Create((float)TimeScale.Limit);
        for (var i = 0; i < block.Live; i += Width)
        {
            var x = Vector512.Load(values + i);
            x = factors is null ? x : x * Vector512.Load(factors + i);
            TicksOf(x, Vector512<int>.One, half, limit).Store(ticks + i);
        }
    }

    private void CountsFrom(float* values, float* factors, int* counts)
    {
        var half = Vector512.Create(0.5f);
        var largest = Vector512.Create((float)LargestLane);
        var end = Vector512.Create(PathLaw.SinglePrecisionEnd);
        for (var i = 0; i < block.Live; i += Width)
        {
            var x = Vector512.Load(values + i);
            x = factors is null ? x : x * Vector512.Load(factors + i);
            CountsOf(x, half, end, largest).Store(counts + i);
        }
    }

    /// <summary>As <see cref="PathLaw.GapTicks"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> TicksOf(Vector512<float> x, Vector512<int> one, Vector512<float> half, Vector512<float> limit) =>
        Vector512.Max(one, Vector512.ConvertToInt32Native(Vector512.MinNative(x + half, limit)));

    /// <summary>
    /// As <see cref="PathLaw.Count"/> where that is exact in 24 bits. Larger draws are wider than any narrow range: whatever
    /// stands for them is cut by a cap to the same room, or spills.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> CountsOf(Vector512<float> x, Vector512<float> half, Vector512<float> end, Vector512<float> largest)
    {
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, end), x + half, largest);
        return Vector512.Max(Vector512<int>.Zero, Vector512.ConvertToInt32Native(x));
    }

    private static int LaneCount(float value) => value < PathLaw.SinglePrecisionEnd ? Math.Max(0, (int)(value + 0.5f)) : LargestLane;

    /// <summary>As <see cref="PathLaw.PathCount"/>: a fit may pass the end of its support.</summary>
    private void ClampCounts(DrawRule rule, int* counts)
    {
        var least = Vector512.Create((int)Math.Min(rule.LeastCount, LargestLane));
        var most = Vector512.Create((int)Math.Min(rule.MostCount, LargestLane));
        for (var i = 0; i < block.Live; i += Width)
        {
            Vector512.Min(Vector512.Max(Vector512.Load(counts + i), least), most).Store(counts + i);
        }
    }

    private void Copy(int* from, int* to) => new ReadOnlySpan<int>(from, block.Live).CopyTo(new(to, block.Live));

    private void Fill(int* column, int value) => new Span<int>(column, block.Live).Fill(value);
}
