using System.Collections.Immutable;
using Google.Rpc;
using Grpc.Core;

namespace Scenarios.Client;

/// <summary>A rule that a request breaks, at its field.</summary>
/// <param name="Field">Proto field path, for instance <c>scenario.assumptions.batch_size.distribution.triangular.mode</c>.</param>
/// <param name="Description">What was given, what is allowed and how to mend it.</param>
public sealed record FieldViolation(string Field, string Description);

/// <summary>
/// The service refused or could not answer. What it said in <c>google.rpc.Status</c> details is decoded: who only reads
/// <see cref="Exception.Message"/> has the whole of it in words.
/// </summary>
public sealed class ScenariosException : Exception
{
    private const string Domain = "scenarios";

    private ScenariosException(string message, RpcException cause, Google.Rpc.Status? status)
        : base(message, cause)
    {
        StatusCode = cause.StatusCode;
        Violations = [.. status?.GetDetail<BadRequest>()?.FieldViolations.Select(v => new FieldViolation(v.Field, v.Description)) ?? []];
        var info = status?.GetDetail<ErrorInfo>();
        Reason = info is { Domain: Domain } ? info.Reason : "";
        Metadata = info?.Metadata.ToImmutableSortedDictionary() ?? ImmutableSortedDictionary<string, string>.Empty;
        RetryDelay = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        ResourceName = status?.GetDetail<ResourceInfo>()?.ResourceName ?? "";
    }

    /// <summary>The gRPC status code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>
    /// Reason in UPPER_SNAKE: the name of a value of <see cref="V1.ErrorReason"/>, in its comment with its metadata and an
    /// example. Empty where the answer did not come from the service itself, for instance where nobody listens.
    /// </summary>
    public string Reason { get; }

    /// <summary>Every rule that the request breaks. Empty where the request is not at fault.</summary>
    public ImmutableArray<FieldViolation> Violations { get; }

    /// <summary>Metadata of the reason, for instance the limit and what would fit.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>When to try again; null where the service does not say that trying again helps.</summary>
    public TimeSpan? RetryDelay { get; }

    /// <summary>What was not found, for instance <c>scenarios/none</c>; else empty.</summary>
    public string ResourceName { get; }

    /// <summary>
    /// Sending the same request again may help: nobody could be reached, or the service said when to come back. The same
    /// request gives the same answer, so that nothing can happen twice.
    /// </summary>
    public bool IsTransient => StatusCode == StatusCode.Unavailable || RetryDelay is not null;

    /// <summary>Decodes an error of any gRPC call to the service.</summary>
    public static ScenariosException From(RpcException error)
    {
        var status = error.GetRpcStatus();
        return new(status is { Message.Length: > 0 } ? status.Message : error.Status.Detail, error, status);
    }
}
