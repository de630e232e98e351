using System.Collections.Immutable;

namespace Scenarios.Engine.Simulation;

/// <summary>Keeps the jumps of a path.</summary>
internal struct SampleObserver(PathLaw law, bool reportsPresent) : IPathObserver
{
    private readonly ImmutableArray<double>.Builder _days = ImmutableArray.CreateBuilder<double>();
    private readonly ImmutableArray<double>.Builder _cumulative = ImmutableArray.CreateBuilder<double>();
    private readonly ImmutableArray<double>.Builder _present = ImmutableArray.CreateBuilder<double>();

    public readonly Statistics.SamplePath Path => new(_days.ToImmutable(), _cumulative.ToImmutable(), _present.ToImmutable());

    public void Start(in PathState state) => Add(0, state);

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (jump.Arrived > 0)
        {
            Add(law.Scale.Days(jump.Time), after);
        }
    }

    private readonly void Add(double day, in PathState state)
    {
        _days.Add(day);
        _cumulative.Add(state.Cumulative);
        if (reportsPresent)
        {
            _present.Add(state.Present);
        }
    }
}

/// <summary>Keeps every scheduled batch of a path.</summary>
internal struct ReplayObserver(PathLaw law, bool reportsPresent, int mostBatches) : IPathObserver
{
    private readonly ImmutableArray<BatchReplay>.Builder _batches = ImmutableArray.CreateBuilder<BatchReplay>();

    public double InitialCumulative { get; private set; }

    public readonly ImmutableArray<BatchReplay> Batches => _batches.ToImmutable();

    public void Start(in PathState state) => InitialCumulative = state.Cumulative;

    public readonly void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (_batches.Count == mostBatches)
        {
            throw new ReplayTooLongException(law.Scale.Days(jump.Time));
        }

        _batches.Add(new(
            after.Batch,
            law.Scale.Days(jump.Time),
            before.Batch == 0 && law.First is not null ? null : law.Scale.Days(jump.Gap),
            jump.Drawn,
            jump.Skipped,
            jump.Arrived,
            jump.Returned,
            after.Cumulative,
            reportsPresent ? after.Present : null));
    }
}

/// <summary>Looks at the first paths to find the range of counts.</summary>
internal struct PilotObserver : IPathObserver
{
    public long LargestCumulative { get; private set; }

    public long LargestPresent { get; private set; }

    /// <summary>Scheduled batches seen.</summary>
    public long Batches { get; private set; }

    public void Start(in PathState state) => See(state);

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        Batches++;
        See(after);
    }

    private void See(in PathState state)
    {
        LargestCumulative = Math.Max(LargestCumulative, state.Cumulative);
        LargestPresent = Math.Max(LargestPresent, state.Present);
    }
}
