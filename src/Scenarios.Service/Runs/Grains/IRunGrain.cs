namespace Scenarios.Service.Runs.Grains;

/// <summary>
/// The runs of one inner key: joins, leaves and ends happen one after another here. A run is a generation; a later one
/// takes over what an earlier one left.
/// </summary>
/// <remarks>Its key is the inner key.</remarks>
[Alias("scenarios.run")]
internal interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Joins the run of a projection on behalf of the readers of one silo, starting it where needed.</summary>
    /// <param name="spec">What is asked.</param>
    /// <param name="pace">Shortest time between snapshots that a reader wants; null where all want the last only.</param>
    /// <param name="caller">The call that a run is started for; null where it is not traced.</param>
    [Alias("join")]
    Task<RunTicket> JoinAsync(ProjectionSpec spec, TimeSpan? pace, TraceContext? caller);

    /// <summary>How many paths the run under way has computed; 0 where there is none.</summary>
    [Alias("get-paths")]
    Task<long> GetPathsAsync();

    /// <summary>The newest update after one that was seen; the first snapshot is not skipped. Waits for it.</summary>
    /// <param name="ticket">What joining gave.</param>
    /// <param name="seen">Version of the last update seen.</param>
    /// <returns>Null after leaving.</returns>
    [Alias("next"), ResponseTimeout("1.00:00:00")]
    Task<RunUpdate?> NextAsync(RunTicket ticket, long seen);

    /// <summary>Says that the readers of a silo want snapshots at another pace.</summary>
    [Alias("pace")]
    Task SetPaceAsync(RunTicket ticket, TimeSpan? pace);

    /// <summary>Leaves: the last one to leave ends the run after a while.</summary>
    [Alias("leave")]
    Task LeaveAsync(RunTicket ticket);
}

/// <summary>A silo's part in a run.</summary>
/// <param name="Generation">The run.</param>
/// <param name="Subscription">Number of the subscription within the grain.</param>
/// <param name="Seen">Version to ask for updates after: what came before is of no interest to those who come late.</param>
/// <param name="Run">The span of the run; null where it is not traced.</param>
[GenerateSerializer, Immutable]
[Alias("scenarios.run-ticket")]
internal sealed record RunTicket(
    [property: Id(0)] long Generation,
    [property: Id(1)] long Subscription,
    [property: Id(2)] long Seen,
    [property: Id(3)] TraceContext? Run);
