using System.Collections.Immutable;
using Google.Rpc;
using Grpc.Core;
using Scenarios.V1;

namespace Scenarios.Client;

/// <summary>A rule that a request breaks, at its field.</summary>
/// <param name="Field">Proto field path, for instance <c>scenario.assumptions.batch_size.distribution.triangular.mode</c>.</param>
/// <param name="Description">What was given, what is allowed and how to mend it.</param>
/// <param name="Reason">The rule in UPPER_SNAKE, for instance <c>OUT_OF_RANGE</c>.</param>
public sealed record FieldViolation(string Field, string Description, string Reason);

/// <summary>
/// An error of the service, or of the way to it. What the service said in <c>google.rpc.Status</c> details is decoded;
/// <see cref="Exception.Message"/> says it in words.
/// </summary>
public sealed class ScenariosException : Exception
{
    private const string Domain = "scenarios";

    private ScenariosException(string message, RpcException cause, Google.Rpc.Status? status, bool isWrongAddress)
        : base(message, cause)
    {
        StatusCode = cause.StatusCode;
        IsWrongAddress = isWrongAddress;
        Violations =
            [.. status?.GetDetail<BadRequest>()?.FieldViolations.Select(v => new FieldViolation(v.Field, v.Description, v.Reason)) ?? []];
        Mends = [.. status?.GetDetail<Mends>()?.Mends_ ?? []];
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

    /// <summary>Values that would mend violations, in their order; several at one field are alternatives. Empty where the service knows none.</summary>
    public ImmutableArray<Mend> Mends { get; }

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
    public bool IsTransient => !IsWrongAddress && (StatusCode == StatusCode.Unavailable || RetryDelay is not null);

    /// <summary>
    /// Something answers at the address that is not the service's gRPC listener, for instance its JSON listener. The message names
    /// the address and the likely cause.
    /// </summary>
    public bool IsWrongAddress { get; }

    /// <summary>Decodes an error of any gRPC call to the service.</summary>
    /// <param name="error">The error.</param>
    /// <param name="address">Whom the call asked, for the message if nobody could be asked; null if that is not known.</param>
    public static ScenariosException From(RpcException error, string? address = null)
    {
        var status = error.GetRpcStatus();
        var fault = status is null ? ConnectionFault.Of(error, address ?? "The address") : null;
        return new(
            fault?.Message ?? (status is { Message.Length: > 0 } ? status.Message : error.Status.Detail),
            error,
            status,
            fault?.IsWrongAddress ?? false);
    }
}
