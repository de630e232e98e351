namespace Scenarios.Engine.Model;

/// <summary>When an event happens.</summary>
public abstract record EventTiming
{
    private EventTiming()
    {
    }

    /// <summary>On a known day; before the start it is already running at day 0.</summary>
    /// <param name="Day">Days after the start, finite; may be negative.</param>
    public sealed record OnDay(double Day) : EventTiming;

    /// <summary>So many days after its clock starts: at day 0, or when the event it comes after happens.</summary>
    /// <param name="Days">Drawn once per path, path factor included.</param>
    public sealed record AfterDays(Assumption Days) : EventTiming;

    /// <summary>The first occurrence of a Poisson process from when its clock starts.</summary>
    /// <param name="PerYear">Expected occurrences in 365.25 days; not negative. 0: never.</param>
    public sealed record Hazard(double PerYear) : EventTiming;

    /// <summary>With this probability at a time as likely as any between its clock's start, or day 0, and the horizon.</summary>
    /// <param name="Probability">In [0, 1].</param>
    public sealed record WithinHorizon(double Probability) : EventTiming;
}

/// <summary>Something that may happen once in a path, and what it changes from then on.</summary>
/// <remarks>Its draws are keyed by <see cref="Id"/>: they depend on no other event, nor on the order of events.</remarks>
public sealed record ArrivalEvent
{
    /// <summary>Its name among the events of a scenario.</summary>
    public required string Id { get; init; }

    /// <summary>When it happens.</summary>
    public required EventTiming Timing { get; init; }

    /// <summary>Chance that it happens at all, in [0, 1].</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The event that starts its clock; null for day 0. One that is not in the scenario never happens.</summary>
    public string? After { get; init; }

    /// <summary>How long its effects last, drawn once per path; null for good.</summary>
    public Assumption? DurationDays { get; init; }

    /// <summary>Batches due while it is in force do not come.</summary>
    public bool Halt { get; init; }

    /// <summary>Multiplies gaps that start while it is in force; positive.</summary>
    public double IntervalFactor { get; init; } = 1;

    /// <summary>Multiplies batches that arrive while it is in force, before rounding; not negative.</summary>
    public double BatchSizeFactor { get; init; } = 1;

    /// <summary>Added to the cap while it is in force; cap and changes together may be negative: then there is no room.</summary>
    public long CapChange { get; init; }
}
