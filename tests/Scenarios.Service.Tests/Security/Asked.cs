using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

/// <summary>How the service answered, in words that all protocols share.</summary>
/// <param name="Status">The gRPC status.</param>
/// <param name="Reason">Reason of the ErrorInfo.</param>
/// <param name="Metadata">Metadata of the ErrorInfo.</param>
/// <param name="Challenge">WWW-Authenticate.</param>
/// <param name="SaysWhenToRetry">Has RetryInfo.</param>
internal sealed record Answered(
    StatusCode Status, string Reason, IReadOnlyDictionary<string, string> Metadata, string Challenge, bool SaysWhenToRetry)
{
    public static Answered Well { get; } = new(StatusCode.OK, "", new Dictionary<string, string>(), "", false);

    public static Answered With(RpcException error)
    {
        var status = error.GetRpcStatus();
        Assert.Equal((int)error.StatusCode, status?.Code);
        Assert.Equal(error.Status.Detail, status!.Message);
        var info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal("scenarios", info.Domain);
        var challenge = error.Trailers.GetValue("www-authenticate") ?? "";
        return new(error.StatusCode, info.Reason, info.Metadata, challenge, status.GetDetail<RetryInfo>() is not null);
    }
}

/// <summary>Asks for projections over each of the protocols.</summary>
internal static class Asked
{
    public const string Grpc = "gRPC";
    public const string GrpcWeb = "gRPC-Web";
    public const string Json = "JSON";

    public static readonly string[] Protocols = [Grpc, GrpcWeb, Json];

    /// <summary>A few paths of a stored scenario, and of one that is given.</summary>
    public static V1.ProjectRequest Stored { get; } = Ask.Founding(paths: 1_000, finalOnly: true);

    public static V1.ProjectRequest Inline
    {
        get
        {
            var request = Ask.Endless();
            request.Paths = 100;
            return request;
        }
    }

    /// <summary>Options of a call with a token, or without.</summary>
    public static CallOptions With(string? token) => token is null
        ? RunningService.InTime
        : RunningService.InTime.WithHeaders(new Metadata { { "authorization", $"Bearer {token}" } });

    /// <summary>Asks and reads to the end.</summary>
    public static async Task<Answered> ProjectAsync(
        this RunningService service, string protocol, string? token, V1.ProjectRequest? request = null)
    {
        request ??= Stored;
        if (protocol == Json)
        {
            return await PostAsync(service, "v1/projections:project", JsonFormatter.Default.Format(request), token);
        }

        var client = new V1.ProjectionService.ProjectionServiceClient(protocol == Grpc ? service.Channel : service.WebChannel);
        try
        {
            await client.Project(request, With(token)).AllAsync();
            return Answered.Well;
        }
        catch (RpcException error)
        {
            return Answered.With(error);
        }
    }

    /// <summary>Gets something over HTTP.</summary>
    public static async Task<(HttpStatusCode Status, string Body)> GetAsync(this RunningService service, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<Answered> PostAsync(RunningService service, string path, string body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(body, null, "application/json"),
        };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return Answered.Well;
        }

        using var json = JsonDocument.Parse(text);
        var status = (StatusCode)json.RootElement.GetProperty("code").GetInt32();
        Assert.Equal(HttpStatusOf(status), response.StatusCode);
        var details = json.RootElement.GetProperty("details").EnumerateArray().ToDictionary(
            detail => detail.GetProperty("@type").GetString()!.Split('.')[^1]);
        return new(
            status,
            details["ErrorInfo"].GetProperty("reason").GetString()!,
            details["ErrorInfo"].GetProperty("metadata").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!),
            response.Headers.WwwAuthenticate.ToString(),
            details.ContainsKey("RetryInfo"));
    }

    private static HttpStatusCode HttpStatusOf(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated => HttpStatusCode.Unauthorized,
        StatusCode.PermissionDenied => HttpStatusCode.Forbidden,
        StatusCode.Unavailable => HttpStatusCode.ServiceUnavailable,
        StatusCode.ResourceExhausted => HttpStatusCode.TooManyRequests,
        _ => HttpStatusCode.BadRequest,
    };
}
