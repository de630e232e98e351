using Grpc.Core;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Runs;

/// <summary>Why a run ends without an answer. Sent between silos, so plain data.</summary>
[GenerateSerializer, Immutable]
[Alias("scenarios.run-failure")]
internal sealed record RunFailure
{
    /// <summary>What kind of failure it is.</summary>
    [Id(0)]
    public required RunFailureKind Kind { get; init; }

    /// <summary>The limit that was met, by its configuration key.</summary>
    [Id(1)]
    public string Limit { get; init; } = "";

    /// <summary>What was asked.</summary>
    [Id(2)]
    public string Asked { get; init; } = "";

    /// <summary>What is allowed.</summary>
    [Id(3)]
    public string Allowed { get; init; } = "";

    /// <summary>What would fit, as a sentence.</summary>
    [Id(4)]
    public string Fits { get; init; } = "";

    /// <summary>Why the answer could not be committed.</summary>
    [Id(5)]
    public StorageFault Storage { get; init; }

    /// <summary>A fault of the service.</summary>
    public static RunFailure Fault { get; } = new() { Kind = RunFailureKind.Fault };

    /// <summary>The service is shutting down.</summary>
    public static RunFailure Draining { get; } = new() { Kind = RunFailureKind.Draining };

    /// <summary>The answer could not be committed.</summary>
    public static RunFailure StorageUnavailable(StorageFault fault) => new() { Kind = RunFailureKind.StorageUnavailable, Storage = fault };

    /// <summary>Why a run ends if work ends with an exception: null for a fault of the service.</summary>
    public static RunFailure? Of(Exception exception) => exception switch
    {
        RunRefusedException refused => refused.Failure,
        PathTooLargeException path => new()
        {
            Kind = RunFailureKind.TooLarge,
            Limit = "memory for a path",
            Asked = path.Message,
            Allowed = "that many",
            Fits = "Paths of fewer batches fit: truncate the smallest gaps of rotation_interval_days, or shorten the horizon.",
        },
        CountTooLargeException count => new()
        {
            Kind = RunFailureKind.CountTooLarge,
            Limit = "scenario.assumptions.batch_size", // A start alone is at most 1e15, by its own rule.
            Asked = count.Message,
            Fits = $"{count.Batches:#,0} batches of at most {CountTooLargeException.MaxCount / Math.Max(1, count.Batches):#,0} fit until then: truncate the size, "
                + $"give a cap of at most {CountTooLargeException.MaxCount:#,0} on the total, or count in thousands.",
        },
        _ => null,
    };

    /// <summary>What the reader gets.</summary>
    public RpcException ToException() => Kind switch
    {
        RunFailureKind.TooLarge => ApiErrors.RequestTooLarge(Limit, Asked, Allowed, Fits),
        RunFailureKind.CountTooLarge => ApiErrors.InvalidRequest([new(Limit, ViolationReason.OutOfRange, $"{Asked}, the most that is counted.", Fits)]),
        RunFailureKind.Busy => ApiErrors.Busy(Limit, Allowed, TimeSpan.FromSeconds(1)),
        RunFailureKind.Draining => ApiErrors.Draining(ServiceDrain.RetryAfter),
        RunFailureKind.StorageUnavailable => ApiErrors.StorageUnavailable(Storage),
        _ => new(new(StatusCode.Internal, "The run failed by a fault of the service. It is in the log; nothing was stored.")),
    };
}

/// <summary>Kinds of <see cref="RunFailure"/>.</summary>
internal enum RunFailureKind
{
    /// <summary>A fault of the service.</summary>
    Fault,

    /// <summary>It can never fit.</summary>
    TooLarge,

    /// <summary>No place now.</summary>
    Busy,

    /// <summary>A total passes what is counted: the scenario is refused at the field that makes it.</summary>
    CountTooLarge,

    /// <summary>The service is shutting down.</summary>
    Draining,

    /// <summary>The answer could not be committed: it is computed, but nobody may rely on it.</summary>
    StorageUnavailable,
}

/// <summary>A run is refused before it begins.</summary>
internal sealed class RunRefusedException(RunFailure failure) : Exception($"Refused: {failure.Kind}")
{
    /// <summary>Why.</summary>
    public RunFailure Failure => failure;
}
