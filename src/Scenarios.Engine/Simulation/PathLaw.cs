using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>An assumption compiled for drawing.</summary>
/// <param name="Value">Its quantile function; in ticks for times.</param>
/// <param name="Factor">Its path factor; null for none.</param>
/// <param name="PerPath">Is it drawn once per path?</param>
/// <param name="Purpose">Purpose of its per-path words.</param>
internal sealed record DrawRule(QuantileFunction Value, QuantileFunction? Factor, bool PerPath, DrawPurpose Purpose)
{
    /// <summary>Is it the same known number in every path?</summary>
    public bool IsConstant => Value.IsConstant && Factor is null;

    /// <summary>Are its draws of double precision, because values of 24 bits would lie too far apart?</summary>
    public bool IsFine { get; } = Factor is null ? Value.IsFine : Factor.IsFine && (Value.IsFine || Value.IsConstant);

    /// <summary>The smallest whole count that can be drawn.</summary>
    public long LeastCount { get; } = WholeEnd(Value.Least * (Factor?.Least ?? 1));

    /// <summary>The largest whole count that can be drawn; <see cref="long.MaxValue"/> for no limit.</summary>
    public long MostCount { get; } = WholeEnd(Value.Most * (Factor?.Most ?? 1));

    /// <summary>The whole counts that can be drawn, as ranges.</summary>
    public ImmutableArray<CountRange> Counts => Factor is null
        ? [.. Value.Ranges(gap: 1, most: 64).Select(range => new CountRange(WholeEnd(range.Least), WholeEnd(range.Most)))]
        : [new(LeastCount, MostCount)];

    /// <summary>Is it one number in a path?</summary>
    public bool IsFixedInPath { get; } = Value.IsConstant || PerPath;

    public static DrawRule? For(Assumption? assumption, DrawPurpose purpose, double scale = 1)
    {
        if (assumption is null)
        {
            return null;
        }

        // A constant factor is part of the scale: what is constant then stays exact.
        var factor = assumption.PathFactor is { } distribution ? QuantileCompiler.Compile(distribution) : null;
        return factor is { IsConstant: true }
            ? new(QuantileCompiler.Compile(assumption.Distribution, scale * factor.Least), Factor: null, assumption.Resampling == Resampling.PerPath, purpose)
            : new(QuantileCompiler.Compile(assumption.Distribution, scale), factor, assumption.Resampling == Resampling.PerPath, purpose);
    }

    /// <summary>The factor of a path, a number of 24 bits unless it is fine; 1 without one.</summary>
    public double FactorOf(ulong word) => Factor is null ? 1 : Factor.Evaluate((int)word);

    private static long WholeEnd(double value) =>
        value > PathLaw.MaxCount ? long.MaxValue : (long)Math.Floor(Math.Max(value, 0) + 0.5);
}

/// <summary>What is drawn for one batch, before factors and rounding; 0 for what its path draws once.</summary>
internal readonly record struct BatchDraw(double Gap, double Size, double Tour, bool Skipped);

/// <summary>
/// What a path is: a function of (scenario, seed, sampling, path index) alone. Both ways of walking paths, one by one and in lanes,
/// follow it to the bit.
/// </summary>
/// <remarks>
/// How a draw becomes a count or a time depends on that draw alone, never on the range of counts or on what else a scenario
/// holds: a path in which an event never happens is, to the bit, the path of the scenario without it.
/// </remarks>
internal sealed class PathLaw
{
    /// <summary>
    /// Largest total of a path: the squares of a tally's totals then sum to less than 2^127. A path that passes it is refused
    /// (<see cref="CountTooLargeException"/>); a single draw that is larger stands for a batch that does, or for a cap that never
    /// limits anything.
    /// </summary>
    public const long MaxCount = 1L << 50;

    /// <summary>Sizes below it are rounded in 24-bit arithmetic, as in lanes; larger ones in double precision.</summary>
    public const float SinglePrecisionEnd = 1 << 22;

    public PathLaw(ArrivalModel model, long seed, Sampling sampling = Sampling.PseudoRandom)
    {
        Model = model;
        Seed = CounterRandom.Mix((ulong)seed);
        Scale = TimeScale.For(model);
        Initial = DrawRule.For(model.InitialCount, DrawPurpose.InitialCount);
        Cap = DrawRule.For(model.Cap, DrawPurpose.Cap);
        First = DrawRule.For(model.FirstArrivalDays, DrawPurpose.FirstArrival, Scale.TicksPerDay);
        Gap = DrawRule.For(model.RotationIntervalDays, DrawPurpose.RotationInterval, Scale.TicksPerDay)!;
        Size = DrawRule.For(model.BatchSize, DrawPurpose.BatchSize)!;
        Tour = DrawRule.For(model.TourLengthDays, DrawPurpose.TourLength, Scale.TicksPerDay);
        SkipBelow = Math.Min((ulong)Math.Round(model.SkipProbability * 4294967296.0), uint.MaxValue);
        Events = new(model.Events, Seed, Scale);
        (PathCopula, BatchCopula) = Copulas(model.Correlations);
        Points = sampling == Sampling.QuasiRandom ? new(this) : null;
    }

    public ArrivalModel Model { get; }

    public ulong Seed { get; }

    public TimeScale Scale { get; }

    public DrawRule? Initial { get; }

    public DrawRule? Cap { get; }

    public DrawRule? First { get; }

    public DrawRule Gap { get; }

    public DrawRule Size { get; }

    public DrawRule? Tour { get; }

    public EventLaw Events { get; }

    /// <summary>Of the draws of a path, in the order of <see cref="PathPurposes"/>; null where none are correlated.</summary>
    public GaussianCopula? PathCopula { get; }

    /// <summary>Of gap, size and tour of one batch; null where none are correlated.</summary>
    public GaussianCopula? BatchCopula { get; }

    /// <summary>What is drawn from quasi-random points; null where paths are pseudo-random.</summary>
    public QuasiRandomPoints? Points { get; }

    /// <summary>How many paths apart neighbouring lanes are: with quasi-random points the lanes of a block are paths of one scramble.</summary>
    public int LaneStride => Points is null ? 1 : ScrambledSobol.Scrambles;

    /// <summary>Can its paths be walked in lanes, while their counts are narrow?</summary>
    public bool IsForLanes => Events.Count <= LaneEvents.MostEvents && LaneCaps.Holds(this)
        && !Array.Exists([Initial, Cap, First, Gap, Size, Tour], rule => rule?.IsFine == true);

    /// <summary>
    /// A batch is skipped where the high half of its skip word is below this, of 2^32: at most 2^32 - 1, for a chance below 1
    /// leaves every batch a chance.
    /// </summary>
    public ulong SkipBelow { get; }

    public bool Skips => SkipBelow > 0;

    public bool Relieves => Model.RotationMode == RotationMode.Relieve;

    public bool CapCountsPresent => Model.CapBasis == CapBasis.Present;

    /// <summary>With RELIEVE and a cap on those present every batch has the whole cap for room, and the total none.</summary>
    public bool CapLimitsEachBatch => CapCountsPresent && Relieves;

    /// <summary>Does a path that reaches its cap stay there while the cap stays?</summary>
    public bool FillsUp => !CapCountsPresent || (!Relieves && Tour is null);

    /// <summary>The initial count where it is the same in all paths, the cap not yet applied; else -1.</summary>
    public long ConstantInitial => Initial is null ? 0 : Initial.IsConstant ? ConstantCount(Initial) : -1;

    /// <summary>The cap where it is the same in all paths, changes apart; else -1.</summary>
    public long ConstantCap => Cap is { IsConstant: true } ? ConstantCount(Cap) : -1;

    /// <summary>The batch size where it is the same in all paths, event factors apart; else -1.</summary>
    public long ConstantSize => Size.IsConstant ? ConstantCount(Size) : -1;

    private static ReadOnlySpan<DrawPurpose> PathPurposes =>
    [
        DrawPurpose.InitialCount, DrawPurpose.Cap, DrawPurpose.FirstArrival, DrawPurpose.RotationInterval, DrawPurpose.BatchSize, DrawPurpose.TourLength,
    ];

    /// <summary>Gap in ticks: at least one, cut past any horizon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GapTicks(float value, float factor) => Math.Max(1, (int)Math.Min((value * factor) + 0.5f, TimeScale.Limit));

    /// <summary>A draw of a time in ticks, in the arithmetic of lanes unless its rule is fine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ticks(DrawRule rule, double value, double factor) =>
        rule.IsFine ? WholeTicks(value * factor) : GapTicks((float)value, (float)factor);

    /// <summary>The same without the rounding of lanes: for what an event scales, and for constants.</summary>
    public static int WholeTicks(double ticks) => Math.Max(1, TimeScale.Whole(ticks));

    /// <summary>A time that is the same in all paths, in ticks.</summary>
    public static int ConstantTicks(DrawRule rule) => WholeTicks(rule.Value.Evaluate(0));

    /// <summary>
    /// A constant gap before a batch, counted from 0: the batches then come at the whole ticks nearest to the exact sums, so that
    /// three gaps of a third of a day end with the day.
    /// </summary>
    public int ConstantGap(int batch) => TimeScale.Between(batch == 0 ? 0 : ExactTime(batch - 1), ExactTime(batch));

    /// <summary>A constant tour of a batch, counted from 0: it ends at the whole tick nearest to the exact sum, as gaps do.</summary>
    public int ConstantTour(int batch)
    {
        var arrival = Gap.IsConstant ? ExactTime(batch) : 0;
        return TimeScale.Between(arrival, arrival + Tour!.Value.Evaluate(0));
    }

    /// <summary>A count that is the same in all paths.</summary>
    public static long ConstantCount(DrawRule rule) => WholeCount(rule.Value.Evaluate(0));

    /// <summary>A size before rounding, in the arithmetic of <see cref="Count"/>.</summary>
    public static double Product(DrawRule rule, double value, double factor)
    {
        var product = (float)value * (float)factor;
        return product < SinglePrecisionEnd && !rule.IsFine ? product : value * factor;
    }

    /// <summary>A whole count from a draw and a factor: floor(x + 1/2), in the arithmetic of lanes if that is exact enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Count(DrawRule rule, double value, double factor)
    {
        var product = (float)value * (float)factor;
        return product < SinglePrecisionEnd && !rule.IsFine ? Math.Max(0, (long)(product + 0.5f)) : WholeCount(value * factor);
    }

    /// <summary>A whole count: floor(x + 1/2), cut just above <see cref="MaxCount"/>.</summary>
    public static long WholeCount(double value) => value > MaxCount ? MaxCount + 1 : Math.Max(0, (long)Math.Floor(value + 0.5));

    /// <summary>The word of a per-path draw: its low half is the path factor's.</summary>
    public ulong PathWord(DrawRule rule, long path) => Word(rule.Purpose, 0, path);

    /// <summary>The bits of a per-path draw, correlated with others where the scenario says so.</summary>
    public int PathBits(DrawRule rule, long path)
    {
        if (PathCopula is null)
        {
            return (int)(PathWord(rule, path) >> 32);
        }

        Span<int> bits = stackalloc int[PathPurposes.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = (int)(Word(PathPurposes[i], 0, path) >> 32);
        }

        return PathCopula.Bits(PathPurposes.IndexOf(rule.Purpose), bits);
    }

    /// <summary>A count drawn once per path.</summary>
    public long PathCount(DrawRule rule, long path)
    {
        if (rule.IsConstant)
        {
            return ConstantCount(rule);
        }

        // A fit may pass the end of its support by the error bound, and bins rely on these ends.
        return Math.Clamp(Count(rule, rule.Value.Evaluate(PathBits(rule, path)), PathFactor(rule, path)), rule.LeastCount, rule.MostCount);
    }

    /// <summary>A time drawn once per path, in ticks.</summary>
    public int PathTicks(DrawRule rule, long path) => rule.IsConstant
        ? ConstantTicks(rule)
        : Ticks(rule, rule.Value.Evaluate(PathBits(rule, path)), PathFactor(rule, path));

    /// <summary>A value drawn once per path, before rounding.</summary>
    public double PathValue(DrawRule rule, long path) => rule.IsConstant
        ? rule.Value.Evaluate(0)
        : Product(rule, rule.Value.Evaluate(PathBits(rule, path)), PathFactor(rule, path));

    /// <summary>The factor of a path on a quantity; 1 without one.</summary>
    public double PathFactor(DrawRule rule, long path) => rule.Factor is null ? 1 : rule.FactorOf(PathWord(rule, path));

    /// <summary>The most batches that a path can have by an instant, whether they come or are skipped.</summary>
    public long MaxBatchesBy(int ticks)
    {
        var first = First is null ? LeastGap : LeastTicks(First, 1);
        if (first > ticks)
        {
            return 0;
        }

        if (!Gap.IsConstant || Events.LeastIntervalFactor < 1 || First is { IsConstant: false })
        {
            return 1 + ((ticks - first) / LeastGap);
        }

        var batches = (long)((ticks + 1.0 - ExactTime(0)) / Gap.Value.Evaluate(0)) + 2;
        while (TimeScale.Whole(ExactTime(batches - 1)) > ticks)
        {
            batches--;
        }

        return batches;
    }

    /// <summary>Is every path the same?</summary>
    public bool IsCertain => !Skips && Events.AreCertain
        && Array.TrueForAll([Initial, Cap, First, Gap, Size, Tour], rule => rule?.IsConstant != false);

    /// <summary>Is anything drawn for each batch but whether it is skipped, and its tour?</summary>
    public bool DrawsBatches => !Gap.IsFixedInPath || !Size.IsFixedInPath || BatchCopula is not null;

    /// <summary>Is a tour drawn for each batch?</summary>
    public bool DrawsTours => Tour is { IsFixedInPath: false };

    /// <summary>Bits of size and tour of a batch, correlated with its gap and with one another.</summary>
    public (int SizeBits, int TourBits) CorrelatedBits(int gapBits, int sizeBits, int tourBits)
    {
        ReadOnlySpan<int> independent = [gapBits, sizeBits, tourBits];
        return (BatchCopula!.Bits(1, independent), BatchCopula.Bits(2, independent));
    }

    /// <summary>Bits of the initial contingent's own tour, where tours are drawn per batch.</summary>
    public int InitialTourBits(long path) => (int)(Word(DrawPurpose.InitialTour, 0, path) >> 32);

    /// <summary>The word of a path for a purpose: random, but for the halves that its quasi-random point gives.</summary>
    public ulong Word(DrawPurpose purpose, long index, long path)
    {
        var word = CounterRandom.Word(CounterRandom.Key(Seed, purpose, index), path);
        return Points is null ? word : Points.Replace(purpose, index, path, word);
    }

    private long LeastGap => LeastTicks(Gap, Events.LeastIntervalFactor);

    /// <summary>No draw of a time is shorter, roundings included.</summary>
    private static long LeastTicks(DrawRule rule, double eventFactor) => rule.IsConstant && eventFactor == 1
        ? ConstantTicks(rule)
        : (long)Math.Clamp((rule.Value.Least * (rule.Factor?.Least ?? 1) * eventFactor * (1 - QuantileFunction.Rounding)) - 1, 1, TimeScale.Limit);

    /// <summary>
    /// When a batch, counted from 0, comes with a constant gap, in ticks before rounding: counted from the first batch if that one's
    /// time is drawn.
    /// </summary>
    private double ExactTime(long batch)
    {
        var gap = Gap.Value.Evaluate(0);
        return First is null ? (batch + 1.0) * gap : (First.IsConstant ? First.Value.Evaluate(0) : 0) + (batch * gap);
    }

    private (GaussianCopula? Path, GaussianCopula? Batch) Copulas(ImmutableArray<RankCorrelation> correlations)
    {
        var perPath = correlations.Where(c => IsPerPath(c.A) && IsPerPath(c.B)).ToArray();
        var perBatch = correlations.Where(c => !IsPerPath(c.A) && !IsPerPath(c.B)).ToArray();
        if (perPath.Length + perBatch.Length < correlations.Length)
        {
            throw new ArgumentException("A draw per path cannot be correlated with one per batch.");
        }

        ImmutableArray<AssumptionKind> all = [.. Enum.GetValues<AssumptionKind>()];
        ImmutableArray<AssumptionKind> ofBatch = [AssumptionKind.RotationIntervalDays, AssumptionKind.BatchSize, AssumptionKind.TourLengthDays];
        return (
            perPath.Length == 0 ? null : new(RankCorrelation.NormalMatrix(perPath, all)),
            perBatch.Length == 0 ? null : new(RankCorrelation.NormalMatrix(perBatch, ofBatch)));
    }

    private bool IsPerPath(AssumptionKind kind) => kind switch
    {
        AssumptionKind.RotationIntervalDays => Gap.PerPath,
        AssumptionKind.BatchSize => Size.PerPath,
        AssumptionKind.TourLengthDays => Tour?.PerPath ?? true,
        _ => true,
    };
}
