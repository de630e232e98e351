using System.Net;
using System.Text.Json;
using Scenarios.Service.Tests.Security;

namespace Scenarios.Service.Tests.Host;

public sealed class KnownHostsTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    public static TheoryData<string> Strangers =>
    [
        "evil.example", "evil.example:5080", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost", "192.168.1.1", "[2001:db8::1]:80", "127.1", "2130706433", "0.0.0.0",
    ];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task X1_StrangeHost_IsRefused_AtEveryPathAndListener(string host)
    {
        foreach (var path in new[] { "", "v1/scenarios", "metrics", "scenarios.binpb", "nowhere", "projections/a" })
        {
            using var response = await SendAsync(_service.HttpAddress, new(HttpMethod.Get, path), host, HttpVersion.Version11);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal("HOST_REFUSED", Wire.Reason(await response.Content.ReadAsStringAsync()));
        }

        foreach (var method in new[] { "scenarios.v1.ScenarioService/ListScenarios", "grpc.health.v1.Health/Check", "scenarios.v1.Nobody/Nothing" })
        {
            foreach (var (address, type, version) in Wire.Grpcs(_service))
            {
                using var request = Wire.Call(method, type);
                using var response = await SendAsync(address, request, host, version);
                Assert.Equal("7", response.Headers.GetValues("grpc-status").Single());
                Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:7")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.9.8.7")]
    [InlineData("[::1]:5080")]
    public async Task X1_OwnHost_IsServed(string host)
    {
        using var json = await SendAsync(_service.HttpAddress, new(HttpMethod.Get, "v1/scenarios"), host, HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        foreach (var (address, type, version) in Wire.Grpcs(_service))
        {
            using var request = Wire.Call("scenarios.v1.ScenarioService/ListScenarios", type);
            using var response = await SendAsync(address, request, host, version);
            Assert.False(response.Headers.Contains("grpc-status"));
        }
    }

    [Fact]
    public async Task X1_ConfiguredHosts_AreServed_AndNoOthers()
    {
        await using var service = await RunningService.StartAsync(("AllowedHosts", "scenarios.example; *.inner.example:80"), ("Security:AllowAnonymous", "true"));
        foreach (var (host, status) in new[]
        {
            ("scenarios.example:5080", HttpStatusCode.OK), ("Scenarios.Example", HttpStatusCode.OK), ("a.inner.example", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK),
            ("other.example", HttpStatusCode.Forbidden), ("inner.example.evil.example", HttpStatusCode.Forbidden),
        })
        {
            using var response = await SendAsync(service.HttpAddress, new(HttpMethod.Get, "v1/scenarios"), host, HttpVersion.Version11);
            Assert.Equal((host, status), (host, response.StatusCode));
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(Uri address, HttpRequestMessage request, string host, Version version)
    {
        using var http = new HttpClient { BaseAddress = address };
        request.Headers.Host = host;
        request.Version = version;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return await http.SendAsync(request).WaitAsync(RunningService.Patience);
    }
}

public sealed class SecuredHostsTests(SecuredFixture fixture) : IClassFixture<SecuredFixture>
{
    [Fact]
    public async Task X1_WhereTokensAreRequired_AnyHostIsServed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("", UriKind.Relative)) { Headers = { Host = "scenarios.example" } };
        using var page = await fixture.Service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }
}

/// <summary>Requests as they go over the wire.</summary>
internal static class Wire
{
    /// <summary>The reason of a JSON error, which has the shape of all.</summary>
    public static string Reason(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.InRange(document.RootElement.GetProperty("code").GetInt32(), 1, 16);
        Assert.NotEqual("", document.RootElement.GetProperty("message").GetString());
        return document.RootElement.GetProperty("details").EnumerateArray()
            .Single(detail => detail.GetProperty("@type").GetString()!.EndsWith(".ErrorInfo", StringComparison.Ordinal)).GetProperty("reason").GetString()!;
    }

    /// <summary>The ways to call by gRPC's frames.</summary>
    public static (Uri Address, string ContentType, Version Version)[] Grpcs(RunningService service) =>
    [
        (service.GrpcAddress, "application/grpc", HttpVersion.Version20),
        (service.HttpAddress, "application/grpc-web", HttpVersion.Version11),
        (service.HttpAddress, "application/grpc-web-text", HttpVersion.Version11),
    ];

    /// <summary>A call with an empty message.</summary>
    public static HttpRequestMessage Call(string method, string contentType, string? timeout = null)
    {
        byte[] frame = [0, 0, 0, 0, 0];
        HttpContent body = contentType.Contains("-text", StringComparison.Ordinal) ? new StringContent(Convert.ToBase64String(frame)) : new ByteArrayContent(frame);
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(method, UriKind.Relative)) { Content = body };
        if (timeout is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
        }

        return request;
    }

    /// <summary>Sends a request by a version of HTTP.</summary>
    public static async Task<HttpResponseMessage> SendAsync(Uri address, HttpRequestMessage request, Version version)
    {
        using var http = new HttpClient { BaseAddress = address };
        request.Version = version;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return await http.SendAsync(request).WaitAsync(RunningService.Patience);
    }
}
