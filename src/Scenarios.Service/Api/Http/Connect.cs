using System.Buffers.Binary;
using System.Text.Json;
using Grpc.Core;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// The Connect protocol, which is not served: its clients show an error of their own protocol only, and of any other just the HTTP status
/// (https://connectrpc.com/docs/protocol).
/// </summary>
internal static class Connect
{
    private const string StreamType = "application/connect+";

    /// <summary>Flag of the frame that ends a stream.</summary>
    private const byte EndOfStream = 2;

    /// <summary>Whether a request is Connect's, by what its clients say of it.</summary>
    public static bool IsSpokenBy(HttpRequest request) => request.Headers.ContainsKey("Connect-Protocol-Version");

    /// <summary>Refuses a request of Connect's: one of a stream by the frame that ends it, another by its HTTP status.</summary>
    public static async Task RefuseAsync(HttpContext http, RpcException error)
    {
        var response = http.Response;
        var fault = new { code = "unimplemented", message = error.Status.Detail };
        if (http.Request.ContentType?.StartsWith(StreamType, StringComparison.OrdinalIgnoreCase) != true)
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await response.WriteAsJsonAsync(fault, http.RequestAborted);
            return;
        }

        var end = JsonSerializer.SerializeToUtf8Bytes(new { error = fault });
        var frame = new byte[5 + end.Length];
        frame[0] = EndOfStream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), end.Length);
        end.CopyTo(frame, 5);
        response.ContentType = http.Request.ContentType;
        await response.Body.WriteAsync(frame, http.RequestAborted);
    }
}
