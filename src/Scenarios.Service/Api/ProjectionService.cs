using Grpc.Core;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs;
using Scenarios.Service.Runs.Readers;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Api;

/// <summary>Projections over gRPC: parses, asks the runs, streams.</summary>
internal sealed class ProjectionService(
    ProjectRequestParser projectRequests,
    ReplayRequestParser replayRequests,
    IProjectionRuns runs,
    PathReplays replays,
    ProjectionStore store,
    ServiceDrain drain,
    TimeProvider time) : V1.ProjectionService.ProjectionServiceBase
{
    /// <inheritdoc/>
    public override async Task Project(
        V1.ProjectRequest request, IServerStreamWriter<V1.ProjectResponse> responseStream, ServerCallContext context)
    {
        var (spec, reader) = await projectRequests.ParseAsync(request, context.CancellationToken);
        reader = reader with { Deadline = context.Deadline == DateTime.MaxValue ? null : context.Deadline };
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.GraceEnded, patience.Token);
        try
        {
            await foreach (var snapshot in runs.WatchAsync(spec, reader, context.CancellationToken))
            {
                // Where the connection takes nothing more, a write lasts until the reader reads: that must neither hold the service up when
                // it stops, nor the message in memory for ever.
                patience.CancelAfter(ReaderSlot.Patience);
                await responseStream.WriteAsync(snapshot, writing.Token);
                patience.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (drain.GraceEnded.IsCancellationRequested)
        {
            throw ApiErrors.Draining(ServiceDrain.RetryAfter);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw ApiErrors.ReaderTooSlow(ReaderSlot.Patience.TotalSeconds);
        }
    }

    /// <inheritdoc/>
    public override async Task<V1.Projection> GetProjection(V1.GetProjectionRequest request, ServerCallContext context)
    {
        var name = ResourceRequestParser.Parse(request);
        var finished = await runs.FindFinishedAsync(name, context.CancellationToken) ?? throw ApiErrors.ProjectionNotFinished(name);
        return finished.Projection;
    }

    /// <inheritdoc/>
    public override async Task<V1.ListProjectionsResponse> ListProjections(V1.ListProjectionsRequest request, ServerCallContext context)
    {
        var page = await store.ListAsync(ResourceRequestParser.Parse(request), context.CancellationToken);
        return new() { Entries = { page.Entries }, NextPageToken = page.NextToken };
    }

    /// <inheritdoc/>
    public override async Task<V1.ReplayPathResponse> ReplayPath(V1.ReplayPathRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var spec = await replayRequests.ParseAsync(request, name => runs.FindFinishedAsync(name, cancellation), cancellation);
        return await replays.ReplayAsync(spec, cancellation);
    }
}
