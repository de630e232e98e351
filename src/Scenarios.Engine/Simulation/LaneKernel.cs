using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// Walks blocks of paths in lock step, batch k of all of them in round k, and writes them into a tally: to the bit what
/// <see cref="PathWalker"/> and <see cref="TallyObserver"/> do one by one.
/// </summary>
/// <remarks>
/// A round is a few short passes over the columns of a <see cref="LaneBlock"/>: draw, advance, tally, pack. What a scenario
/// does not use is a pass that is not run. No pass calls anything from its vector loop. For narrow scenarios only.
/// </remarks>
internal sealed unsafe class LaneKernel
{
    /// <summary>Widest range of a narrow scenario: differences of counts and their bins are then exact in 24 bits.</summary>
    public const long WidestRange = 1L << 21;

    /// <summary>End of the widest range: the sum of squares of a block then stays below 2^63.</summary>
    public const long LargestRangeEnd = 1L << 25;

    private const int Width = LaneBlock.Width;

    /// <summary>Every count that is larger spills anyway, or is cut by a cap.</summary>
    private const int LargestLane = 1 << 30;

    private readonly PathLaw _law;
    private readonly PathWalker _walker;
    private readonly TallyTarget _target;
    private readonly TallyObserver _observer;
    private readonly CountTally _cumulative;
    private readonly CountTally? _present;
    private readonly LaneBlock _block = new();
    private readonly long[] _sums;
    private readonly int _constantCap;
    private readonly int _range;
    private readonly bool _hasCap;

    public LaneKernel(PathLaw law, TallyTarget target)
    {
        _law = law;
        _walker = new(law);
        _target = target;
        _observer = new(target);
        _cumulative = target.Tally.Cumulative;
        _present = target.Tally.Present;
        _sums = GC.AllocateArray<long>(2 * _cumulative.Stride, pinned: true);
        _hasCap = law.Cap is not null;
        _constantCap = (int)Math.Min(law.ConstantCap, LargestLane);
        _range = (int)_cumulative.Bins.RangeEnd;
    }

    /// <summary>
    /// Are counts narrow enough? Where a path's own cap can be below the initial count, each batch may count as much as the
    /// whole range, which then has to end below the draws that lanes do not round.
    /// </summary>
    public static bool Holds(CountBins bins) =>
        bins.RangeEnd - bins.Basis <= WidestRange && bins.RangeEnd <= LargestRangeEnd && (bins.BasisBin == 0 || bins.RangeEnd <= WidestRange);

    /// <summary>Adds at most <see cref="LaneBlock.Capacity"/> paths to the tally.</summary>
    public void Run(long firstPath, int paths, CancellationToken cancellation)
    {
        Start(firstPath, paths, cancellation);
        for (var round = 0; _block.Live > 0; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            DrawGapsAndSizes(firstPath, round);
            Advance();
            WriteCounts();
            WritePassages();
            if (_present is not null)
            {
                WritePresent();
            }

            FinishFull();
            FinishSpilled(firstPath, round, cancellation);
            Pack();
        }

        FlushSums();
    }

    private void Start(long firstPath, int paths, CancellationToken cancellation)
    {
        var block = _block;
        block.Live = paths;
        Array.Clear(_sums); // A run that was cancelled leaves its block's sums behind.
        for (var i = 0; i < paths; i++)
        {
            block.Id[i] = i;
            block.Time[i] = 0;
            block.Point[i] = 0;
        }

        StartPerPathDraws(firstPath);
        var live = 0;
        var knownStart = _law.ConstantInitial >= 0 && (!_hasCap || _law.ConstantCap >= 0);
        var known = knownStart ? _walker.Start(firstPath) : default;
        for (var i = 0; i < paths; i++)
        {
            var cap = knownStart ? known.Cap : _law.Cap is { } rule ? _law.PathCount(rule, firstPath + i) : long.MaxValue;
            var count = knownStart ? known.Cumulative : Math.Min(_law.Initial is { } initial ? _law.PathCount(initial, firstPath + i) : 0, cap);
            if (count > _range)
            {
                var observer = _observer;
                _walker.Walk(firstPath + i, ref observer, cancellation);
                continue;
            }

            var row = _cumulative.Bins.BinOf(count) * _cumulative.Stride;
            _sums[0] += count;
            _sums[1] += count * count;
            _present?.Enter(count);
            _target.StartPassages(count, count, cap);
            if (count >= cap && !_law.CapLimitsEachBatch)
            {
                _cumulative.Differences[row]++;
                continue;
            }

            block.Id[live] = i;
            block.Count[live] = (int)count;
            block.Present[live] = (int)count;
            block.Row[live] = row;
            block.Cap[live] = (int)Math.Min(cap, LargestLane);
            block.Gap[live] = block.Gap[i];
            block.Size[live] = block.Size[i];
            block.GapFactor[live] = block.GapFactor[i];
            block.SizeFactor[live] = block.SizeFactor[i];
            live++;
        }

        block.Live = live;
    }

    private void StartPerPathDraws(long firstPath)
    {
        var block = _block;
        if (_law.Gap.IsFixedInPath)
        {
            DrawPathTicks(_law.Gap, firstPath, block.Gap);
        }
        else if (_law.Gap.Factor is not null)
        {
            DrawPathFactors(_law.Gap, firstPath, block.GapFactor);
        }

        if (_law.Size.IsConstant)
        {
            Fill(block.Size, (int)Math.Min(_law.ConstantSize, LargestLane));
        }
        else if (_law.Size.IsFixedInPath)
        {
            DrawPathValues(_law.Size, firstPath);
            CountsFrom(block.Draw, block.OtherDraw, block.Size);
            ClampCounts(_law.Size, block.Size);
        }
        else if (_law.Size.Factor is not null)
        {
            DrawPathFactors(_law.Size, firstPath, block.SizeFactor);
        }
    }

    private void DrawGapsAndSizes(long firstPath, int round)
    {
        var block = _block;
        var drawsGap = !_law.Gap.IsFixedInPath;
        var drawsSize = !_law.Size.IsFixedInPath;
        if (drawsGap || drawsSize)
        {
            LaneDraws.Words(CounterRandom.Key(_law.Seed, DrawPurpose.Batch, round), firstPath, block.Id, block.HighBits, block.LowBits, block.Live);
        }

        if (drawsSize)
        {
            LaneDraws.Quantiles(_law.Size.Value, block.LowBits, block.Draw, block.Live, block.Rare);
            CountsFrom(block.Draw, _law.Size.Factor is null ? null : block.SizeFactor, block.RoundSize);
        }
        else
        {
            Copy(block.Size, block.RoundSize);
        }

        if (drawsGap)
        {
            LaneDraws.Quantiles(_law.Gap.Value, block.HighBits, block.Draw, block.Live, block.Rare);
            TicksFrom(block.Draw, _law.Gap.Factor is null ? null : block.GapFactor, block.RoundGap);
        }
        else
        {
            Copy(block.Gap, block.RoundGap);
        }

        if (round == 0 && _law.First is { } first)
        {
            DrawPathTicks(first, firstPath, block.RoundGap);
        }

        if (_law.Skips)
        {
            Skip(firstPath, round);
        }
    }

    private void Skip(long firstPath, int round)
    {
        var block = _block;
        LaneDraws.Words(CounterRandom.Key(_law.Seed, DrawPurpose.Skip, round), firstPath, block.Id, block.HighBits, block.LowBits, block.Live);
        var below = Vector512.Create((uint)_law.SkipBelow);
        for (var i = 0; i < block.Live; i += Width)
        {
            var skipped = Vector512.LessThan(Vector512.Load(block.HighBits + i).AsUInt32(), below).AsInt32();
            Vector512.AndNot(Vector512.Load(block.RoundSize + i), skipped).Store(block.RoundSize + i);
        }
    }

    private void DrawPathValues(DrawRule rule, long firstPath)
    {
        var block = _block;
        LaneDraws.Words(CounterRandom.Key(_law.Seed, rule.Purpose, 0), firstPath, block.Id, block.HighBits, block.LowBits, block.Live);
        LaneDraws.Quantiles(rule.Value, block.HighBits, block.Draw, block.Live, block.Rare);
        if (rule.Factor is null)
        {
            new Span<float>(block.OtherDraw, block.Live).Fill(1f);
        }
        else
        {
            LaneDraws.Quantiles(rule.Factor, block.LowBits, block.OtherDraw, block.Live, block.Rare);
        }
    }

    private void DrawPathFactors(DrawRule rule, long firstPath, float* factors)
    {
        var block = _block;
        LaneDraws.Words(CounterRandom.Key(_law.Seed, rule.Purpose, 0), firstPath, block.Id, block.HighBits, block.LowBits, block.Live);
        LaneDraws.Quantiles(rule.Factor!, block.LowBits, factors, block.Live, block.Rare);
    }

    private void DrawPathTicks(DrawRule rule, long firstPath, int* ticks)
    {
        if (rule.IsConstant)
        {
            Fill(ticks, PathLaw.ConstantTicks(rule));
            return;
        }

        DrawPathValues(rule, firstPath);
        TicksFrom(_block.Draw, _block.OtherDraw, ticks);
    }

    /// <summary>As <see cref="PathLaw.GapTicks"/>.</summary>
    private void TicksFrom(float* values, float* factors, int* ticks)
    {
        var half = Vector512.Create(0.5f);
        var limit = Vector512.Create((float)TimeScale.Limit);
        for (var i = 0; i < _block.Live; i += Width)
        {
            var x = Vector512.Load(values + i);
            x = factors is null ? x : x * Vector512.Load(factors + i);
            Vector512.Max(Vector512<int>.One, Vector512.ConvertToInt32Native(Vector512.Min(x + half, limit))).Store(ticks + i);
        }
    }

    /// <summary>
    /// As <see cref="PathLaw.Count"/> where that is exact in 24 bits. Larger draws are wider than any narrow range: whatever
    /// stands for them is cut by a cap to the same room, or spills.
    /// </summary>
    private void CountsFrom(float* values, float* factors, int* counts)
    {
        var half = Vector512.Create(0.5f);
        var largest = Vector512.Create((float)LargestLane);
        var end = Vector512.Create(PathLaw.SinglePrecisionEnd);
        for (var i = 0; i < _block.Live; i += Width)
        {
            var x = Vector512.Load(values + i);
            x = factors is null ? x : x * Vector512.Load(factors + i);
            x = Vector512.ConditionalSelect(Vector512.LessThan(x, end), x + half, largest);
            Vector512.Max(Vector512<int>.Zero, Vector512.ConvertToInt32Native(x)).Store(counts + i);
        }
    }

    /// <summary>As <see cref="PathLaw.PathCount"/>: a fit may pass the end of its support.</summary>
    private void ClampCounts(DrawRule rule, int* counts)
    {
        var least = Vector512.Create((int)Math.Min(rule.LeastCount, LargestLane));
        var most = Vector512.Create((int)Math.Min(rule.MostCount, LargestLane));
        for (var i = 0; i < _block.Live; i += Width)
        {
            Vector512.Min(Vector512.Max(Vector512.Load(counts + i), least), most).Store(counts + i);
        }
    }

    /// <summary>Where every path is after this round, and which end with it.</summary>
    private void Advance()
    {
        var block = _block;
        var bins = _cumulative.Bins;
        var grid = _target.Grid;
        var horizon = Vector512.Create(grid.HorizonTicks);
        var range = Vector512.Create(_range);
        var constantCap = Vector512.Create(_constantCap);
        var pastPoint = Vector512.Create(grid.PointCount);
        var stepLess1 = Vector512.Create(grid.UniformStep - 1);
        var multiplier = Vector512.Create((ulong)grid.Multiplier);
        var basis = Vector512.Create((int)bins.Basis);
        var stride = Vector512.Create(_cumulative.Stride);
        var (binScale, binOffset) = BinLine(bins);
        var scale = Vector512.Create(binScale);
        var offset = Vector512.Create(binOffset);
        var fullAtCap = _hasCap && !_law.CapLimitsEachBatch;
        var ownCaps = _hasCap && _law.ConstantCap < 0;
        var capIsRoom = _law.CapLimitsEachBatch;
        var shift = grid.Shift;
        for (var i = 0; i < block.Live; i += Width)
        {
            var time = Vector512.Load(block.Time + i) + Vector512.Load(block.RoundGap + i);
            var count = Vector512.Load(block.Count + i);
            var arrivals = Vector512.Load(block.RoundSize + i);
            var past = Vector512.GreaterThan(time, horizon);
            var full = Vector512<int>.Zero;
            if (_hasCap)
            {
                var cap = ownCaps ? Vector512.Load(block.Cap + i) : constantCap;
                arrivals = Vector512.Min(arrivals, capIsRoom ? cap : cap - count);
                full = fullAtCap ? Vector512.AndNot(Vector512.GreaterThanOrEqual(count + arrivals, cap), past) : full;
            }

            var next = count + arrivals;
            var spilled = Vector512.AndNot(Vector512.GreaterThan(next, range), past);
            next = Vector512.ConditionalSelect(spilled, count, next);
            next.Store(block.NextCount + i);
            time.Store(block.NextTime + i);

            var bin = Vector512.ConvertToInt32Native(Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(next - basis), scale, offset));
            (bin * stride).Store(block.NextRow + i);

            var point = MultiplyHigh((time + stepLess1).AsUInt32(), multiplier) >>> shift;
            point = Vector512.ConditionalSelect(past.AsUInt32(), pastPoint.AsUInt32(), point);
            Vector512.ConditionalSelect(spilled, Vector512.Load(block.Point + i), point.AsInt32()).Store(block.NextPoint + i);

            var mask = i / Width;
            block.Spilled[mask] = (ushort)spilled.ExtractMostSignificantBits();
            block.Full[mask] = (ushort)Vector512.AndNot(full, spilled).ExtractMostSignificantBits();
            block.Ended[mask] = (ushort)(past | full | spilled).ExtractMostSignificantBits();
        }

        // Bits of lanes behind the last are whatever was there.
        var last = (block.Live - 1) / Width;
        var valid = (ushort)((2u << ((block.Live - 1) % Width)) - 1);
        block.Spilled[last] &= valid;
        block.Full[last] &= valid;
        block.Ended[last] |= (ushort)~valid;

        if (grid.UniformStep == 0)
        {
            LookUpPoints();
        }

        if (bins.PartsBetween > 0 || bins.BasisBin > 0)
        {
            LookUpRows();
        }
    }

    /// <summary>bin = floor(scale x (count - basis) + offset), exact for narrow scenarios: see <see cref="WidestRange"/>.</summary>
    private static (float Scale, float Offset) BinLine(CountBins bins) => bins.LatticeStep > 0
        ? (1f / bins.LatticeStep, 0.5f)
        : (1f / bins.Width, (bins.Width - 0.5f) / bins.Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> MultiplyHigh(Vector512<uint> a, Vector512<ulong> b)
    {
        var upper = Vector512.Create(0xFFFFFFFF00000000UL);
        if (Avx512F.IsSupported)
        {
            var even = Avx512F.Multiply(a, b.AsUInt32()) >>> 32;
            var odd = Avx512F.Multiply((a.AsUInt64() >>> 32).AsUInt32(), b.AsUInt32());
            return Vector512.ConditionalSelect(upper, odd, even).AsUInt32();
        }

        return Vector512.ConditionalSelect(upper, (a.AsUInt64() >>> 32) * b, ((a.AsUInt64() & ~upper) * b) >>> 32).AsUInt32();
    }

    private void LookUpPoints()
    {
        var block = _block;
        for (var i = 0; i < block.Live; i++)
        {
            var isSpilled = (block.Spilled[i / Width] >> (i % Width) & 1) != 0;
            block.NextPoint[i] = isSpilled ? block.Point[i] : _target.Grid.PointAt(block.NextTime[i]);
        }
    }

    private void LookUpRows()
    {
        var block = _block;
        for (var i = 0; i < block.Live; i++)
        {
            block.NextRow[i] = _cumulative.Bins.BinOf(block.NextCount[i]) * _cumulative.Stride;
        }
    }

    /// <summary>
    /// Each path enters where it has been since its last change and leaves it now: two writes to the same cache line or the
    /// next, and none that needs a condition, since past the horizon there is a point that nobody reads.
    /// </summary>
    private void WriteCounts()
    {
        var block = _block;
        fixed (int* differences = _cumulative.Differences)
        fixed (long* sums = _sums)
        {
            var row = block.Row;
            var point = block.Point;
            var nextPoint = block.NextPoint;
            var count = block.Count;
            var nextCount = block.NextCount;
            for (var i = 0; i < block.Live; i++)
            {
                var at = differences + row[i];
                at[point[i]]++;
                at[nextPoint[i]]--;
                var sum = sums + (2 * nextPoint[i]);
                long change = nextCount[i] - count[i];
                sum[0] += change;
                sum[1] += change * (nextCount[i] + count[i]);
            }
        }
    }

    private void WritePassages()
    {
        var block = _block;
        var horizon = Vector512.Create(_target.Grid.HorizonTicks);
        for (var k = 0; k < _target.Thresholds.Length; k++)
        {
            if (_target.Thresholds[k] > _range)
            {
                continue;
            }

            var threshold = Vector512.Create((int)_target.Thresholds[k]);
            var passages = _target.Tally.Thresholds[k];
            for (var i = 0; i < block.Live; i += Width)
            {
                var passes = Vector512.LessThan(Vector512.Load(block.Count + i), threshold)
                    & Vector512.GreaterThanOrEqual(Vector512.Load(block.NextCount + i), threshold)
                    & Vector512.LessThanOrEqual(Vector512.Load(block.NextTime + i), horizon);
                for (var mask = passes.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
                {
                    var lane = i + BitOperations.TrailingZeroCount(mask);
                    if (lane < block.Live)
                    {
                        passages.Record(block.NextTime[lane], block.NextPoint[lane]);
                    }
                }
            }
        }
    }

    /// <summary>With RELIEVE those present are the largest batch so far, or the initial count where that is larger.</summary>
    private void WritePresent()
    {
        var block = _block;
        var horizon = _target.Grid.HorizonTicks;
        var capPassages = _law.CapLimitsEachBatch ? _target.Tally.Cap : null;
        for (var i = 0; i < block.Live; i++)
        {
            var (was, now) = (block.Present[i], block.NextCount[i] - block.Count[i]);
            if (now > was && block.NextTime[i] <= horizon)
            {
                _present!.Change(was, now, block.NextPoint[i]);
                block.Present[i] = now;
                if (was < block.Cap[i] && now >= block.Cap[i])
                {
                    capPassages?.Record(block.NextTime[i], block.NextPoint[i]);
                }
            }
        }
    }

    private void FinishFull()
    {
        var block = _block;
        for (var i = 0; i < block.Live; i += Width)
        {
            for (uint mask = block.Full[i / Width]; mask != 0; mask &= mask - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(mask);
                var bin = _cumulative.Bins.BinOf(block.NextCount[lane]);
                _cumulative.Differences[(bin * _cumulative.Stride) + block.NextPoint[lane]]++;
                _target.Tally.Cap!.Record(block.NextTime[lane], block.NextPoint[lane]);
            }
        }
    }

    /// <summary>Rare: fewer than one path in thousands passes twice the largest of the first thousand.</summary>
    private void FinishSpilled(long firstPath, int round, CancellationToken cancellation)
    {
        var block = _block;
        for (var i = 0; i < block.Live; i += Width)
        {
            for (uint mask = block.Spilled[i / Width]; mask != 0; mask &= mask - 1)
            {
                var lane = i + BitOperations.TrailingZeroCount(mask);
                var state = _walker.Start(firstPath + block.Id[lane]);
                state.Batch = round;
                state.Time = block.Time[lane];
                state.Cumulative = block.Count[lane];
                state.Present = _present is null ? (_law.Relieves ? state.Present : state.Cumulative) : block.Present[lane];

                state.CapReached = _walker.IsAtCap(state);

                // The walker writes changes only: enter what the lane has not entered yet.
                _cumulative.Differences[block.Row[lane] + block.Point[lane]]++;
                var observer = _observer;
                _walker.Continue(ref state, ref observer, cancellation);
            }
        }
    }

    /// <summary>Moves what is left to the front.</summary>
    private void Pack()
    {
        var block = _block;
        var live = Compact(block.NextTime, block.Time);
        Compact(block.NextCount, block.Count);
        Compact(block.NextRow, block.Row);
        Compact(block.NextPoint, block.Point);
        Compact(block.Id, block.Id);
        if (_hasCap && _law.ConstantCap < 0)
        {
            Compact(block.Cap, block.Cap);
        }

        if (_law.Gap.IsFixedInPath)
        {
            Compact(block.Gap, block.Gap);
        }

        if (_law.Size.IsFixedInPath)
        {
            Compact(block.Size, block.Size);
        }

        if (_law.Gap.Factor is not null)
        {
            Compact((int*)block.GapFactor, (int*)block.GapFactor);
        }

        if (_law.Size.Factor is not null)
        {
            Compact((int*)block.SizeFactor, (int*)block.SizeFactor);
        }

        if (_present is not null)
        {
            Compact(block.Present, block.Present);
        }

        block.Live = live;
    }

    private int Compact(int* from, int* to)
    {
        var block = _block;
        var kept = 0;
        for (var i = 0; i < block.Live; i += Width)
        {
            var ended = block.Ended[i / Width];
            if (ended == 0)
            {
                Vector512.Load(from + i).Store(to + kept);
                kept += Width;
            }
            else if (Avx512F.IsSupported)
            {
                var keep = Vector512.Create((int)~(uint)ended) & LaneBit;
                var packed = Avx512F.Compress(Vector512<int>.Zero, ~Vector512.Equals(keep, Vector512<int>.Zero), Vector512.Load(from + i));
                packed.Store(to + kept);
                kept += Width - BitOperations.PopCount(ended);
            }
            else
            {
                for (var mask = (uint)(ushort)~ended; mask != 0; mask &= mask - 1)
                {
                    to[kept++] = from[i + BitOperations.TrailingZeroCount(mask)];
                }
            }
        }

        return kept;
    }

    private static Vector512<int> LaneBit => Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);

    private void Copy(int* from, int* to) => new ReadOnlySpan<int>(from, _block.Live).CopyTo(new(to, _block.Live));

    private void Fill(int* column, int value) => new Span<int>(column, _block.Live).Fill(value);

    private void FlushSums()
    {
        for (var point = 0; point < _cumulative.Stride; point++)
        {
            _cumulative.SumDifferences[point] += _sums[2 * point];
            _cumulative.SquareDifferences[point] += _sums[(2 * point) + 1];
        }
    }
}
