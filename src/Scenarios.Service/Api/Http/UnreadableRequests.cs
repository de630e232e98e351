using Grpc.AspNetCore.Server;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Bytes that are no message of the method's type are bad input: INVALID_ARGUMENT. The gRPC server reads a request before any
/// interceptor, and would call them UNKNOWN or INTERNAL.
/// </summary>
internal static class UnreadableRequests
{
    /// <summary>Set among the items of a request once it was read: from there on the call's own status stands.</summary>
    public static object WasRead { get; } = new();

    public static void UseUnreadableRequests(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method && !http.Items.ContainsKey(WasRead)
            && !http.Response.HasStarted && http.Response.Headers.GrpcStatus is [{ } status]
            && status is Unknown or Internal)
        {
            Mend(http.Response.Headers, method.Method.FullName);
        }
    });

    private const string Unknown = "2";
    private const string Internal = "13";

    private static void Mend(IHeaderDictionary headers, string method)
    {
        var error = ApiErrors.InvalidRequest([new(
            "request",
            ViolationReason.BadFormat,
            $"The bytes sent are no message that {method} takes.",
            "Make them with a client generated from the protos.")]);
        headers.GrpcStatus = ((int)error.StatusCode).ToString();
        headers.GrpcMessage = Uri.EscapeDataString(error.Status.Detail);
        foreach (var trailer in error.Trailers.Where(trailer => trailer.IsBinary))
        {
            headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }
    }
}
