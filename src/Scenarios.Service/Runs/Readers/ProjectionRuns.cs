using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Runs.Grains;

namespace Scenarios.Service.Runs.Readers;

/// <summary>The readers of this silo: finished projections at once, all others through one feed per projection.</summary>
internal sealed class ProjectionRuns(
    IGrainFactory grains,
    FinishedProjections finished,
    RunForecast forecast,
    RunInstruments instruments,
    ServiceDrain drain,
    IOptions<LimitsOptions> limits,
    TimeProvider time,
    ILogger<ProjectionFeed> feedLog) : IProjectionRuns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProjectionFeed> _feeds = [];
    private int _readerCount;

    /// <inheritdoc/>
    public async IAsyncEnumerable<V1.ProjectResponse> WatchAsync(
        ProjectionSpec spec,
        ReaderOptions reader,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (drain.IsDraining)
        {
            throw ApiErrors.Draining(ServiceDrain.RetryAfter);
        }

        RunTraces.NameInCall(spec.Name);
        EnterReader();
        instruments.ReaderJoined();
        ProjectionFeed? feed = null;
        using var slot = new ReaderSlot(spec.Paths, reader, time, slow => Leave(spec.Name, feed, slow));
        try
        {
            if (await finished.FindAsync(spec.Name, cancellationToken) is { } stored)
            {
                slot.Offer(stored);
            }
            else
            {
                await RefuseInVainAsync(spec, reader, cancellationToken);
                feed = Join(spec, slot);
                instruments.AnsweredFrom(feed is null ? "memory" : "run");
            }

            for (var isLast = false; !isLast;)
            {
                (var response, isLast) = await TakeAsync(slot, cancellationToken);
                instruments.MessageTaken();
                yield return response;
            }
        }
        finally
        {
            Leave(spec.Name, feed, slot);
            Interlocked.Decrement(ref _readerCount);
            instruments.ReaderLeft();
        }
    }

    /// <inheritdoc/>
    public async Task<FinishedProjection?> FindFinishedAsync(string name, CancellationToken cancellationToken) =>
        await finished.FindAsync(name, cancellationToken) is { Projection: { } projection } last ? new(projection, last.Sampling) : null;

    private async ValueTask<(V1.ProjectResponse Response, bool IsLast)> TakeAsync(ReaderSlot slot, CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.GraceEnded);
        try
        {
            return await slot.TakeAsync(leaving.Token);
        }
        catch (OperationCanceledException) when (drain.GraceEnded.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw ApiErrors.Draining(ServiceDrain.RetryAfter);
        }
    }

    /// <summary>
    /// Who wants the last message only, and cannot have it by its deadline, shall not wait for it. All others have what there is until then.
    /// </summary>
    private async Task RefuseInVainAsync(ProjectionSpec spec, ReaderOptions reader, CancellationToken cancellation)
    {
        if (reader is { FinalOnly: true, Deadline: { } deadline })
        {
            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                throw ApiErrors.DeadlinePassed();
            }

            var needed = await forecast.LeastTimeAsync(spec, left, cancellation);
            if (needed > left)
            {
                throw ApiErrors.DeadlineTooShort(needed, left);
            }
        }
    }

    private void EnterReader()
    {
        if (Interlocked.Increment(ref _readerCount) > limits.Value.MaxSubscribers)
        {
            Interlocked.Decrement(ref _readerCount);
            throw ApiErrors.Busy("Limits:MaxSubscribers", $"{limits.Value.MaxSubscribers} readers", TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The feed that the reader now is at; null where the projection was finished since it was looked for.</summary>
    private ProjectionFeed? Join(ProjectionSpec spec, ReaderSlot slot)
    {
        lock (_gate)
        {
            if (_feeds.TryGetValue(spec.Name, out var feed) && feed.TryJoin(slot))
            {
                return feed;
            }

            if (finished.FindOfLate(spec.Name) is { } justFinished)
            {
                slot.Offer(justFinished);
                return null;
            }

            feed = new(spec, grains.GetGrain<IRunGrain>(spec.InnerKey), instruments, drain, feedLog);
            feed.TryJoin(slot);
            _feeds[spec.Name] = feed;
            _ = Task.Run(() => PumpAsync(spec.Name, feed));
            return feed;
        }
    }

    private async Task PumpAsync(string name, ProjectionFeed feed)
    {
        await feed.PumpAsync();
        Forget(name, feed);
    }

    private void Leave(string name, ProjectionFeed? feed, ReaderSlot slot)
    {
        if (feed is not null && feed.Leave(slot))
        {
            Forget(name, feed);
        }
    }

    private void Forget(string name, ProjectionFeed feed)
    {
        lock (_gate)
        {
            if (_feeds.TryGetValue(name, out var current) && current == feed)
            {
                _feeds.Remove(name);
            }
        }
    }
}
