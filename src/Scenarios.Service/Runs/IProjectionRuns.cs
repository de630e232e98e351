using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Runs;

/// <summary>A finished projection, and what it takes beside it to replay its paths.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Sampling">How its paths are drawn.</param>
public sealed record FinishedProjection(V1.Projection Projection, Sampling Sampling);

/// <summary>The runs of this service: the way from the API to computing, and back as a stream of snapshots.</summary>
public interface IProjectionRuns
{
    /// <summary>
    /// Joins the run of a projection, starting it where needed. Each message is complete and the latest wins; the last one
    /// has state COMPLETED or CONVERGED, after which the stream ends. Leaving is cancelling.
    /// </summary>
    /// <exception cref="Grpc.Core.RpcException">REQUEST_TOO_LARGE, BUSY, READER_TOO_SLOW, DEADLINE_TOO_SHORT, STORAGE_UNAVAILABLE or DRAINING.</exception>
    IAsyncEnumerable<V1.ProjectResponse> WatchAsync(ProjectionSpec spec, ReaderOptions reader, CancellationToken cancellationToken);

    /// <summary>A finished projection by its name, or null where none is kept.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    Task<FinishedProjection?> FindFinishedAsync(string name, CancellationToken cancellationToken);
}
