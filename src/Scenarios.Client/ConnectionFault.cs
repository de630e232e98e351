using System.Net.Sockets;
using Grpc.Core;

namespace Scenarios.Client;

/// <summary>Why no service could be asked: what the transport said, as a sentence with the address and the likely cause.</summary>
/// <param name="Message">The sentence.</param>
/// <param name="IsWrongAddress">Something else answers at the address, so that asking again does not help.</param>
internal sealed record ConnectionFault(string Message, bool IsWrongAddress)
{
    /// <summary>HTTP/2's error code of a server that wants HTTP/1.1 (RFC 9113, section 7).</summary>
    private const long Http11Required = 0xd;

    /// <summary>The fault behind an error; null if the error is an answer.</summary>
    /// <param name="error">An error of a call.</param>
    /// <param name="address">Whom it asked.</param>
    public static ConnectionFault? Of(RpcException error, string address)
    {
        var causes = Causes(error.Status.DebugException).ToList();
        var request = causes.OfType<HttpRequestException>().FirstOrDefault();
        var socket = causes.OfType<SocketException>().FirstOrDefault();
        if (causes.OfType<HttpProtocolException>().Any(cause => cause.ErrorCode == Http11Required)
            || request?.HttpRequestError is HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError
                or HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded
            || (request is { HttpRequestError: not HttpRequestError.SecureConnectionError } && error.StatusCode == StatusCode.Internal))
        {
            return new(
                $"{address} does not speak gRPC over HTTP/2. If it is the service's JSON listener (port 5080 unless configured), "
                + "gRPC is on the other one (port 5081 unless configured); if it has a certificate, the address begins with https.",
                IsWrongAddress: true);
        }

        if (request?.HttpRequestError == HttpRequestError.SecureConnectionError
            || causes.OfType<System.Security.Authentication.AuthenticationException>().Any())
        {
            return new(
                $"{address}: no secure connection could be made: {causes[^1].Message} If the service has no certificate, the address begins with http.",
                IsWrongAddress: true);
        }

        if (request?.HttpRequestError == HttpRequestError.NameResolutionError
            || socket?.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            return new($"{address}: no machine of that name is found.", IsWrongAddress: false);
        }

        if (socket?.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return new($"Nobody listens at {address}. Is the service running, and is this its gRPC listener (port 5081 unless configured)?", IsWrongAddress: false);
        }

        if (error.Status.Detail.StartsWith("Bad gRPC response", StringComparison.Ordinal))
        {
            return new($"{address} answers, but not as the service's gRPC listener (port 5081 unless configured): {error.Status.Detail}", IsWrongAddress: true);
        }

        return error.StatusCode == StatusCode.Unavailable && causes.Count > 0
            ? new($"{address} cannot be reached: {causes[^1].Message}", IsWrongAddress: false)
            : null;
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
