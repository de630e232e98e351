using System.Collections.Immutable;

namespace Scenarios.Engine.Simulation;

/// <summary>Keeps the jumps of a path.</summary>
internal struct SampleObserver(PathLaw law, bool reportsPresent, int mostJumps) : IPathObserver
{
    private readonly ImmutableArray<double>.Builder _days = ImmutableArray.CreateBuilder<double>();
    private readonly ImmutableArray<double>.Builder _cumulative = ImmutableArray.CreateBuilder<double>();
    private readonly ImmutableArray<double>.Builder _present = ImmutableArray.CreateBuilder<double>();

    public readonly Statistics.SamplePath Path => new(_days.ToImmutable(), _cumulative.ToImmutable(), _present.ToImmutable());

    public void Start(in PathState state, ReadOnlySpan<EventWindow> events) => Add(0, state);

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (jump.Arrived > 0)
        {
            Add(jump.Time, after);
        }
    }

    public void TourEnd(in TourEnd end, in PathState before, in PathState after) => Add(end.Time, after);

    public readonly void CapChange(int ticks, in PathState before, in PathState after)
    {
    }

    private readonly void Add(int ticks, in PathState state)
    {
        if (_days.Count == mostJumps)
        {
            throw new PathTooLargeException($"more than {mostJumps:#,0} jumps to report", law.Scale.Days(ticks));
        }

        _days.Add(law.Scale.Days(ticks));
        _cumulative.Add(state.Cumulative);
        if (reportsPresent)
        {
            _present.Add(state.Present);
        }
    }
}

/// <summary>Keeps everything that happens in a path.</summary>
internal struct ReplayObserver(PathLaw law, bool reportsPresent, int mostBatches) : IPathObserver
{
    /// <summary>What happens at one instant happens in this order (model.md, step 4).</summary>
    private enum Place
    {
        TourEnd,
        Event,
        Batch,
    }

    private readonly List<(long Ticks, Place Place, ReplayEntry Entry)> _entries = [];

    public double InitialCumulative { get; private set; }

    public readonly ImmutableArray<ReplayEntry> Entries => [.. _entries.OrderBy(e => e.Ticks).ThenBy(e => e.Place).Select(e => e.Entry)];

    public void Start(in PathState state, ReadOnlySpan<EventWindow> events)
    {
        InitialCumulative = state.Cumulative;
        for (var i = 0; i < events.Length; i++)
        {
            var ((start, end), id) = (events[i], law.Events.Events[i].Id);
            if (start > law.Scale.HorizonTicks)
            {
                continue;
            }

            double? duration = end == EventWindow.Never ? null : (end - start) / law.Scale.TicksPerDay;
            _entries.Add((start, Place.Event, new EventStartReplay(start / law.Scale.TicksPerDay, id, duration)));
            if (end <= law.Scale.HorizonTicks)
            {
                _entries.Add((end, Place.Event, new EventEndReplay(end / law.Scale.TicksPerDay, id)));
            }
        }
    }

    public readonly void Batch(in PathState before, in Jump jump, in PathState after)
    {
        if (after.Batch > mostBatches)
        {
            throw new ReplayTooLongException(law.Scale.Days(jump.Time));
        }

        var batch = new BatchReplay(
            after.Batch,
            law.Scale.Days(jump.Time),
            before.Batch == 0 && law.First is not null ? null : law.Scale.Days(jump.Gap),
            jump.Drawn,
            jump.Skipped,
            jump.Arrived,
            jump.Returned,
            after.Cumulative,
            reportsPresent ? after.Present : null)
        {
            Halted = jump.Halted,
            TourLengthDays = jump.Tour > 0 ? law.Scale.Days(jump.Tour) : null,
        };
        _entries.Add((jump.Time, Place.Batch, batch));
    }

    public readonly void TourEnd(in TourEnd end, in PathState before, in PathState after) => _entries.Add((
        end.Time, Place.TourEnd, new TourEndReplay(law.Scale.Days(end.Time), end.Batch, end.Count, after.Cumulative, after.Present)));

    public readonly void CapChange(int ticks, in PathState before, in PathState after)
    {
    }
}

/// <summary>Looks at the first paths to find the range of counts.</summary>
internal struct PilotObserver : IPathObserver
{
    public long LargestCumulative { get; private set; }

    public long LargestPresent { get; private set; }

    /// <summary>Scheduled batches seen.</summary>
    public long Batches { get; private set; }

    public void Start(in PathState state, ReadOnlySpan<EventWindow> events) => See(state);

    public void Batch(in PathState before, in Jump jump, in PathState after)
    {
        Batches++;
        See(after);
    }

    public readonly void TourEnd(in TourEnd end, in PathState before, in PathState after)
    {
    }

    public readonly void CapChange(int ticks, in PathState before, in PathState after)
    {
    }

    private void See(in PathState state)
    {
        LargestCumulative = Math.Max(LargestCumulative, state.Cumulative);
        LargestPresent = Math.Max(LargestPresent, state.Present);
    }
}
