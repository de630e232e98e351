using Grpc.AspNetCore.HealthChecks;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Storage;

namespace Scenarios.Service;

/// <summary>
/// Whether the service serves: it has started, it is not on its way out, and its database can be used. Health's checks and watches by gRPC are
/// told at once; a publisher of health checks would do it within half a minute.
/// </summary>
internal sealed class ServiceHealth(
    HealthServiceImpl health, IOptions<GrpcHealthChecksOptions> options, ServiceDrain drain, StorageWatch storage)
{
    private readonly Lock _gate = new();
    private bool _hasBegun;

    /// <summary>Why it does not serve, in UPPER_SNAKE; null if it does.</summary>
    public string? Problem => !_hasBegun ? "STARTING"
        : drain.IsDraining ? "DRAINING"
        : storage.Fault is { } fault ? $"STORAGE_{ApiErrors.UpperSnake(fault.ToString())}"
        : null;

    /// <summary>Serves from now on.</summary>
    public void Begin()
    {
        _hasBegun = true;
        storage.Changed += Tell;
        Tell();
    }

    /// <summary>Tells who checks and watches how it is now.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            var status = Problem is null
                ? HealthCheckResponse.Types.ServingStatus.Serving
                : HealthCheckResponse.Types.ServingStatus.NotServing;
            foreach (var service in options.Value.Services)
            {
                health.SetStatus(service.Name, status);
            }
        }
    }
}
