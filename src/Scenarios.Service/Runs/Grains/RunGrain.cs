using Orleans.Concurrency;
using Orleans.Placement;

namespace Scenarios.Service.Runs.Grains;

/// <inheritdoc cref="IRunGrain"/>
[Reentrant] // Turns stay one at a time; waiting for the next update holds up nobody.
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class RunGrain(RunServices services) : Grain, IRunGrain
{
    private readonly List<RunGeneration> _generations = [];
    private readonly Dictionary<long, Subscription> _subscriptions = [];
    private long _lastGeneration;
    private long _lastSubscription;

    /// <inheritdoc/>
    public Task<RunTicket> JoinAsync(ProjectionSpec spec, TimeSpan? pace, TraceContext? caller)
    {
        var joined = _generations.Find(run => run.CanServe(spec));
        var generation = joined ?? new(services, GrainFactory, this.GetPrimaryKeyString(), ++_lastGeneration, caller);
        var audience = generation.Join(spec);
        var subscription = new Subscription(++_lastSubscription, generation, audience);
        _subscriptions.Add(subscription.Number, subscription);
        audience.SetPace(subscription.Number, pace);
        if (joined is null)
        {
            _ = RunAsync(generation);
        }

        generation.LookAround();
        return Task.FromResult(new RunTicket(generation.Number, subscription.Number, audience.VersionBeforeNewest, generation.Span));
    }

    /// <inheritdoc/>
    public Task<long> GetPathsAsync() => Task.FromResult(_generations.Max(run => (long?)run.Paths) ?? 0);

    /// <inheritdoc/>
    public async Task<RunUpdate?> NextAsync(RunTicket ticket, long seen)
    {
        while (_subscriptions.TryGetValue(ticket.Subscription, out var subscription))
        {
            if (subscription.Audience.After(seen) is { } update)
            {
                if (update.IsLast)
                {
                    _subscriptions.Remove(ticket.Subscription);
                }

                return update;
            }

            await subscription.Audience.Changed;
        }

        return null;
    }

    /// <inheritdoc/>
    public Task SetPaceAsync(RunTicket ticket, TimeSpan? pace)
    {
        if (_subscriptions.TryGetValue(ticket.Subscription, out var subscription))
        {
            subscription.Audience.SetPace(ticket.Subscription, pace);
            subscription.Generation.LookAround();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LeaveAsync(RunTicket ticket)
    {
        if (_subscriptions.Remove(ticket.Subscription, out var subscription))
        {
            subscription.Audience.Forget(ticket.Subscription);
            subscription.Generation.LeaveIfEmpty(subscription.Audience);
        }

        return Task.CompletedTask;
    }

    private async Task RunAsync(RunGeneration generation)
    {
        // One that was left is still winding up: what it computed shall not be lost.
        var predecessor = _generations.FindLast(run => run.IsOver)?.Ended ?? Task.CompletedTask;
        _generations.Add(generation);
        using (generation)
        {
            await generation.RunAsync(predecessor);
        }

        _generations.Remove(generation);
    }

    private sealed record Subscription(long Number, RunGeneration Generation, Audience Audience);
}
