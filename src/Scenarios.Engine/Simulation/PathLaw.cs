using System.Runtime.CompilerServices;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;

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

    /// <summary>The smallest whole count that can be drawn.</summary>
    public long LeastCount { get; } = WholeCount(Value.Least * (Factor?.Least ?? 1));

    /// <summary>The largest whole count that can be drawn; <see cref="long.MaxValue"/> for no limit.</summary>
    public long MostCount { get; } = WholeCount(Value.Most * (Factor?.Most ?? 1));

    /// <summary>Is it one number in a path?</summary>
    public bool IsFixedInPath => Value.IsConstant || PerPath;

    public static DrawRule? For(Assumption? assumption, DrawPurpose purpose, double scale = 1) => assumption is null
        ? null
        : new(
            QuantileCompiler.Compile(assumption.Distribution, scale),
            assumption.PathFactor is { } factor ? QuantileCompiler.Compile(factor) : null,
            assumption.Resampling == Resampling.PerPath,
            purpose);

    /// <summary>The factor of a path; 1 without one.</summary>
    public float FactorOf(ulong word) => Factor is null ? 1f : (float)Factor.Evaluate((int)word);

    private static long WholeCount(double value) =>
        value >= PathLaw.MostPeople ? long.MaxValue : (long)Math.Floor(Math.Max(value, 0) + 0.5);
}

/// <summary>
/// What a path is: a function of (scenario, seed, path index) alone. Both ways of walking paths, one by one and in lanes,
/// follow it to the bit.
/// </summary>
/// <remarks>
/// Counts have two arithmetics. Narrow scenarios, whose range ends below 2^21, round draws to 24 bits, as lanes do; wide
/// ones use double precision throughout.
/// </remarks>
internal sealed class PathLaw
{
    /// <summary>More people than this are counted as this many (and reported by RANGE_EXCEEDED).</summary>
    public const long MostPeople = 1L << 50;

    public PathLaw(ArrivalModel model, long seed, bool wide)
    {
        Model = model;
        Seed = CounterRandom.Mix((ulong)seed);
        Wide = wide;
        Scale = TimeScale.For(model);
        Initial = DrawRule.For(model.InitialCount, DrawPurpose.InitialCount);
        Cap = DrawRule.For(model.Cap, DrawPurpose.Cap);
        First = DrawRule.For(model.FirstArrivalDays, DrawPurpose.FirstArrival, Scale.TicksPerDay);
        Gap = DrawRule.For(model.RotationIntervalDays, DrawPurpose.RotationInterval, Scale.TicksPerDay)!;
        Size = DrawRule.For(model.BatchSize, DrawPurpose.BatchSize)!;
        SkipBelow = Math.Min((ulong)Math.Round(model.SkipProbability * 4294967296.0), uint.MaxValue);
    }

    public ArrivalModel Model { get; }

    public ulong Seed { get; }

    public bool Wide { get; }

    public TimeScale Scale { get; }

    public DrawRule? Initial { get; }

    public DrawRule? Cap { get; }

    public DrawRule? First { get; }

    public DrawRule Gap { get; }

    public DrawRule Size { get; }

    /// <summary>
    /// A batch is skipped where the high half of its skip word is below this, of 2^32: at most 2^32 - 1, for a chance below 1
    /// leaves every batch a chance.
    /// </summary>
    public ulong SkipBelow { get; }

    public bool Skips => SkipBelow > 0;

    public bool Relieves => Model.RotationMode == RotationMode.Relieve;

    /// <summary>With RELIEVE and a cap on those present every batch has the whole cap for room, and the total none.</summary>
    public bool CapLimitsEachBatch => Model.CapBasis == CapBasis.Present && Relieves;

    /// <summary>The initial count where it is the same in all paths, the cap not yet applied; else -1.</summary>
    public long ConstantInitial => Initial is null ? 0 : Initial.IsConstant ? ConstantCount(Initial) : -1;

    /// <summary>The cap where it is the same in all paths; else -1.</summary>
    public long ConstantCap => Cap is { IsConstant: true } ? ConstantCount(Cap) : -1;

    /// <summary>The batch size where it is the same in all paths; else -1.</summary>
    public long ConstantSize => Size.IsConstant ? ConstantCount(Size) : -1;

    /// <summary>Gap in ticks: at least one, cut past any horizon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GapTicks(float value, float factor) => Math.Max(1, (int)Math.Min((value * factor) + 0.5f, TimeScale.Limit));

    /// <summary>A time that is the same in all paths, in ticks, without the rounding of lanes.</summary>
    public static int ConstantTicks(DrawRule rule) =>
        Math.Max(1, (int)Math.Min(Math.Floor(rule.Value.Evaluate(0) + 0.5), TimeScale.Limit));

    /// <summary>A count that is the same in all paths.</summary>
    public static long ConstantCount(DrawRule rule) => (long)Math.Min(Math.Floor(rule.Value.Evaluate(0) + 0.5), MostPeople);

    /// <summary>A whole count from a draw and a factor: floor(x + 1/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Count(double value, float factor)
    {
        var shifted = Wide ? (value * factor) + 0.5 : ((float)value * factor) + 0.5f;
        return shifted >= MostPeople ? MostPeople : Math.Max(0, (long)shifted);
    }

    /// <summary>The word of a per-path draw.</summary>
    public ulong PathWord(DrawRule rule, long path) => CounterRandom.Word(CounterRandom.Key(Seed, rule.Purpose, 0), path);

    /// <summary>A count drawn once per path.</summary>
    public long PathCount(DrawRule rule, long path)
    {
        if (rule.IsConstant)
        {
            return ConstantCount(rule);
        }

        var word = PathWord(rule, path);

        // A fit may pass the end of its support by the error bound, and bins rely on these ends.
        return Math.Clamp(Count(rule.Value.Evaluate((int)(word >> 32)), rule.FactorOf(word)), rule.LeastCount, rule.MostCount);
    }

    /// <summary>A time drawn once per path, in ticks.</summary>
    public int PathTicks(DrawRule rule, long path)
    {
        if (rule.IsConstant)
        {
            return ConstantTicks(rule);
        }

        var word = PathWord(rule, path);
        return GapTicks((float)rule.Value.Evaluate((int)(word >> 32)), rule.FactorOf(word));
    }

    /// <summary>The factor of a path on a quantity that is drawn per batch.</summary>
    public float PathFactor(DrawRule rule, long path) => rule.Factor is null ? 1f : rule.FactorOf(PathWord(rule, path));
}
