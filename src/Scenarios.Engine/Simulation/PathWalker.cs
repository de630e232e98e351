using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;

namespace Scenarios.Engine.Simulation;

/// <summary>Where a path is.</summary>
internal struct PathState
{
    /// <summary>Index of the path.</summary>
    public long Path;

    /// <summary>Its own cap; <see cref="long.MaxValue"/> without one.</summary>
    public long Cap;

    /// <summary>Its fixed gap in ticks; 0 where gaps are drawn per batch.</summary>
    public int FixedGap;

    /// <summary>Its fixed batch size; -1 where sizes are drawn per batch.</summary>
    public long FixedSize;

    /// <summary>Its factor on gaps drawn per batch.</summary>
    public float GapFactor;

    /// <summary>Its factor on sizes drawn per batch.</summary>
    public float SizeFactor;

    /// <summary>Index of the next batch, from 0.</summary>
    public long Batch;

    /// <summary>Time of the last batch, in ticks.</summary>
    public int Time;

    /// <summary>Everyone who has ever arrived.</summary>
    public long Cumulative;

    /// <summary>Those present, were nobody ever to leave but by relief.</summary>
    public long Present;
}

/// <summary>One scheduled batch of a path.</summary>
internal struct Jump
{
    /// <summary>Gap before it in ticks.</summary>
    public int Gap;

    /// <summary>When, in ticks.</summary>
    public int Time;

    /// <summary>Size drawn, path factor included.</summary>
    public long Drawn;

    /// <summary>It did not come at all.</summary>
    public bool Skipped;

    /// <summary>How many arrived.</summary>
    public long Arrived;

    /// <summary>How many went home at the same instant.</summary>
    public long Returned;
}

/// <summary>Sees a path as it goes.</summary>
internal interface IPathObserver
{
    /// <summary>The path stands at day 0.</summary>
    void Start(in PathState state);

    /// <summary>A batch was due within the horizon; <paramref name="after"/> is the state behind it.</summary>
    void Batch(in PathState before, in Jump jump, in PathState after);
}

/// <summary>Walks paths one by one, each step as model.md states it: for replay, for samples, and for what lanes leave over.</summary>
internal sealed class PathWalker(PathLaw law)
{
    private const int CancellationStride = 4096;

    /// <summary>Walks one path from day 0 to the horizon.</summary>
    public void Walk<TObserver>(long path, ref TObserver observer, CancellationToken cancellation)
        where TObserver : struct, IPathObserver
    {
        var state = Start(path);
        observer.Start(state);
        Continue(ref state, ref observer, cancellation);
    }

    /// <summary>The state of a path at day 0.</summary>
    public PathState Start(long path)
    {
        var cap = law.Cap is { } capRule ? law.PathCount(capRule, path) : long.MaxValue;
        var initial = law.Initial is { } initialRule ? law.PathCount(initialRule, path) : 0;
        var there = Math.Min(initial, cap);
        return new()
        {
            Path = path,
            Cap = cap,
            FixedGap = law.Gap.IsFixedInPath ? law.PathTicks(law.Gap, path) : 0,
            FixedSize = law.Size.IsFixedInPath ? law.PathCount(law.Size, path) : -1,
            GapFactor = law.Gap.IsFixedInPath ? 1f : law.PathFactor(law.Gap, path),
            SizeFactor = law.Size.IsFixedInPath ? 1f : law.PathFactor(law.Size, path),
            Cumulative = there,
            Present = there,
        };
    }

    /// <summary>Walks a path on from where it is to the horizon.</summary>
    public void Continue<TObserver>(ref PathState state, ref TObserver observer, CancellationToken cancellation)
        where TObserver : struct, IPathObserver
    {
        while (!IsFull(state))
        {
            if (state.Batch % CancellationStride == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var jump = Draw(state);
            if (jump.Time > law.Scale.HorizonTicks)
            {
                return;
            }

            if (!jump.Skipped)
            {
                jump.Arrived = Math.Min(jump.Drawn, Room(state));
                jump.Returned = law.Relieves ? Math.Min(state.Present, jump.Arrived) : 0;
            }

            var after = state;
            after.Batch++;
            after.Time = jump.Time;
            after.Cumulative = Math.Min(state.Cumulative + jump.Arrived, PathLaw.MostPeople);
            after.Present = state.Present + jump.Arrived - jump.Returned;
            observer.Batch(state, jump, after);
            state = after;
        }
    }

    /// <summary>Can nobody arrive any more?</summary>
    private bool IsFull(in PathState state) => !law.CapLimitsEachBatch && state.Cumulative >= state.Cap;

    private long Room(in PathState state) => law.CapLimitsEachBatch ? state.Cap
        : law.Model.CapBasis == CapBasis.Present ? state.Cap - state.Present
        : state.Cap - state.Cumulative;

    private Jump Draw(in PathState state)
    {
        var word = law.Gap.IsFixedInPath && law.Size.IsFixedInPath ? 0 : Word(DrawPurpose.Batch, state);
        var gap = state.Batch == 0 && law.First is { } first ? law.PathTicks(first, state.Path)
            : law.Gap.IsFixedInPath ? state.FixedGap
            : PathLaw.GapTicks((float)law.Gap.Value.Evaluate((int)(word >> 32)), state.GapFactor);
        return new()
        {
            Gap = gap,
            Time = state.Time + gap,
            Drawn = law.Size.IsFixedInPath ? state.FixedSize : law.Count(law.Size.Value.Evaluate((int)word), state.SizeFactor),
            Skipped = law.Skips && Word(DrawPurpose.Skip, state) >> 32 < law.SkipBelow,
        };
    }

    private ulong Word(DrawPurpose purpose, in PathState state) =>
        CounterRandom.Word(CounterRandom.Key(law.Seed, purpose, state.Batch), state.Path);
}
