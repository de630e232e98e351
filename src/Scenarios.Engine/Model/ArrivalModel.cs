using System.Collections.Immutable;
using Scenarios.Engine.Distributions;

namespace Scenarios.Engine.Model;

/// <summary>How often an assumption is drawn.</summary>
public enum Resampling
{
    /// <summary>Chance: every batch draws anew.</summary>
    PerBatch,

    /// <summary>Ignorance: one number in a given future.</summary>
    PerPath,
}

/// <summary>Does a rotation add or replace?</summary>
public enum RotationMode
{
    /// <summary>Not said: the number present is not known and not reported.</summary>
    Unspecified,

    /// <summary>Those who arrive send home as many of those present.</summary>
    Relieve,

    /// <summary>Those who arrive add to those present.</summary>
    Reinforce,
}

/// <summary>Which count the cap limits.</summary>
public enum CapBasis
{
    /// <summary>Everyone who has ever arrived.</summary>
    Cumulative,

    /// <summary>Those present.</summary>
    Present,
}

/// <summary>One uncertain quantity.</summary>
/// <param name="Distribution">What it may be, in its own unit.</param>
/// <param name="Resampling">How often it is drawn.</param>
/// <param name="PathFactor">
/// A positive factor drawn once per path that multiplies every draw before rounding; null for none.
/// </param>
public sealed record Assumption(Distribution Distribution, Resampling Resampling, Distribution? PathFactor = null);

/// <summary>
/// A renewal process with rewards and a ceiling: what model.md calls a scenario, less its texts. Valid by construction of
/// the request parser: gaps, first arrival and factors are positive with certainty, counts are never negative.
/// </summary>
public sealed record ArrivalModel
{
    /// <summary>Last day projected; finite and positive.</summary>
    public required double HorizonDays { get; init; }

    /// <summary>Distance of grid points in days, in (0, <see cref="HorizonDays"/>].</summary>
    public required double StepDays { get; init; }

    /// <summary>People there at day 0; null for 0.</summary>
    public Assumption? InitialCount { get; init; }

    /// <summary>Gap between successive arrivals in days.</summary>
    public required Assumption RotationIntervalDays { get; init; }

    /// <summary>People per arrival.</summary>
    public required Assumption BatchSize { get; init; }

    /// <summary>The most that can ever be there (see <see cref="CapBasis"/>); null for no limit.</summary>
    public Assumption? Cap { get; init; }

    /// <summary>Which count the cap limits.</summary>
    public CapBasis CapBasis { get; init; }

    /// <summary>Does a rotation add or replace?</summary>
    public RotationMode RotationMode { get; init; }

    /// <summary>Day of the first arrival; null for one ordinary gap.</summary>
    public Assumption? FirstArrivalDays { get; init; }

    /// <summary>
    /// With <see cref="RotationMode.Reinforce"/>: days that a batch, and the initial contingent, stays before it goes home; null
    /// where nobody leaves.
    /// </summary>
    public Assumption? TourLengthDays { get; init; }

    /// <summary>Chance that a scheduled batch does not come at all, in [0, 1).</summary>
    public double SkipProbability { get; init; }

    /// <summary>The enabled events, of distinct ids and without cycles; their order changes nothing but the order of the summary.</summary>
    public ImmutableArray<ArrivalEvent> Events { get; init; } = [];

    /// <summary>Rank correlations that can hold together: each pair once, both drawn per path or both per batch.</summary>
    public ImmutableArray<RankCorrelation> Correlations { get; init; } = [];
}
