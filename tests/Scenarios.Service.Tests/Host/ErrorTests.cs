using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;

namespace Scenarios.Service.Tests.Host;

public sealed class ErrorTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task Violation_OverEveryProtocol_ArrivesWithItsField()
    {
        var request = new V1.ProjectRequest { ScenarioName = "scenarios/dprk-rotation", Paths = -1 };
        var web = new V1.ProjectionService.ProjectionServiceClient(_service.WebChannel);
        foreach (var client in new[] { _service.Projections, web })
        {
            using var call = client.Project(request, RunningService.InTime);
            var error = await Assert.ThrowsAsync<RpcException>(call.AllAsync);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Equal("paths", Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations).Field);
        }

        var json = await PostAsync("""{"scenario_name": "scenarios/dprk-rotation", "paths": -1}""", HttpStatusCode.BadRequest);
        Assert.Equal("paths", Assert.Single(Fields(json)));
        Assert.Equal("INVALID_REQUEST", Reason(json));
    }

    [Fact]
    public async Task NotFound_OverJson_NamesTheResource()
    {
        using var response = await _service.Http.GetAsync(new Uri("v1/scenarios/nowhere", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("SCENARIO_NOT_FOUND", Reason(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement));
    }

    [Theory]
    [InlineData("""{"pahts": 1}""", "pahts")]
    [InlineData("""{"paths": 1, "paths": 2}""", "paths")]
    [InlineData("""{"scenario_name": "a", "scenarioName": "b"}""", "scenario_name")]
    [InlineData("""{"scenario_name": "a", "scenario": {}}""", "scenario")]
    [InlineData("""{"scenario": {"assumptions": {"cap": {"distribution": {"triangular": {"minimum": 1}}}}}}""",
        "scenario.assumptions.cap.distribution.triangular.minimum")]
    [InlineData("""{"scenario": {"events": [{"event_id": "a"}, {"eventId": 7}]}}""", "scenario.events[1].event_id")]
    [InlineData("""{"paths": 1.5}""", "paths")]
    [InlineData("""{"paths": "many"}""", "paths")]
    [InlineData("""{"paths": 99999999999999999999}""", "paths")]
    [InlineData("""{"quantile_levels": 0.5}""", "quantile_levels")]
    [InlineData("""{"quantile_levels": [0.5, "0.7 "]}""", "quantile_levels[1]")]
    [InlineData("""{"sampling": "SOBOL"}""", "sampling")]
    [InlineData("""{"final_only": "yes"}""", "final_only")]
    [InlineData("""{"update_interval": "0.1"}""", "update_interval")]
    [InlineData("""{"scenario_name": 7}""", "scenario_name")]
    [InlineData("""{"scenario_name": "\ud800"}""", "scenario_name")]
    [InlineData("""[]""", "")]
    [InlineData("""{"paths": 1""", "")]
    [InlineData("", "")]
    public async Task Json_ThatIsNoRequest_IsRefusedAtItsField(string body, string field)
    {
        var error = await PostAsync(body, HttpStatusCode.BadRequest);
        Assert.Equal("MALFORMED_JSON", Reason(error));
        Assert.Equal(field, Fields(error)[0]);
    }

    [Fact]
    public async Task Json_WithSeveralFaults_ListsThemAll() => Assert.Equal(
        ["pahts", "seed", "scenario.horizon_dasy"],
        Fields(await PostAsync("""{"pahts": 1, "seed": "x", "scenario": {"horizon_dasy": 7}}""", HttpStatusCode.BadRequest)));

    [Fact]
    public async Task Json_NestedTooDeep_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"mixture":{"components":[{"distribution":""", 40));
        var error = await PostAsync("""{"scenario":{"assumptions":{"cap":{"distribution":""" + deep, HttpStatusCode.BadRequest);
        Assert.Equal("MALFORMED_JSON", Reason(error));
    }

    [Fact]
    public async Task Request_ThatIsTooLarge_IsRefusedOverEveryProtocol_AndOneThatIsNotIsRead()
    {
        const int limit = 7 << 19; // 3.5 MiB: contract.md.
        var web = new V1.ProjectionService.ProjectionServiceClient(_service.WebChannel);
        foreach (var (bytes, status, reason) in new[]
        {
            (limit - 1_000, StatusCode.InvalidArgument, "INVALID_REQUEST"), // No scenario has such a name.
            (limit + 1, StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"),
        })
        {
            var name = new string('a', bytes);
            foreach (var client in new[] { _service.Projections, web })
            {
                var error = await Assert.ThrowsAsync<RpcException>(() =>
                    client.Project(new() { ScenarioName = name }, RunningService.InTime).AllAsync());
                Assert.Equal(status, error.StatusCode);
                Assert.Equal(reason, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
                Assert.Null(error.GetRpcStatus()!.GetDetail<RetryInfo>());
            }

            var expected = status == StatusCode.InvalidArgument ? HttpStatusCode.BadRequest : HttpStatusCode.TooManyRequests;
            var json = await PostAsync($$"""{"scenario_name": "{{name}}"}""", expected);
            Assert.Equal(reason, Reason(json));
            Assert.DoesNotContain("RetryInfo", json.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Empty(_service.LoggedErrors);
    }

    [Theory]
    [InlineData("v1/scenarios?page_siz=3", "page_siz")]
    [InlineData("v1/scenarios?pageSize=three", "page_size")]
    [InlineData("v1/scenarios?page_size=1&page_size=2", "page_size")]
    [InlineData("v1/scenarios/dprk-rotation?name=scenarios/x", "name")]
    public async Task QueryParameter_ThatIsNone_IsRefused(string path, string field)
    {
        using var response = await _service.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, Fields(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement)[0]);
    }

    [Fact]
    public async Task QueryParameter_OfAField_IsTaken()
    {
        using var response = await _service.Http.GetAsync(new Uri("v1/scenarios?pageSize=1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF })] // No protobuf message.
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })] // Less than its length says.
    [InlineData(new byte[] { 0, 0 })] // Not even a length.
    public async Task Bytes_ThatAreNoMessage_AreInvalid(byte[] body)
    {
        foreach (var (http, type) in new[] { (GrpcOverHttp2(), "application/grpc"), (_service.Http, "application/grpc-web") })
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new(type);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("scenarios.v1.ProjectionService/Project", UriKind.Relative))
            {
                Content = content,
                Version = http == _service.Http ? HttpVersion.Version11 : HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await http.SendAsync(request).WaitAsync(RunningService.Patience);
            var trailers = await response.Content.ReadAsStringAsync();
            var status = response.Headers.TryGetValues("grpc-status", out var inHeader) ? inHeader.Single()
                : response.TrailingHeaders.TryGetValues("grpc-status", out var inTrailer) ? inTrailer.Single()
                : trailers;
            Assert.Equal("3", status);
        }
    }

    [Fact]
    public async Task Message_FarTooLarge_IsSaidToBe_HoweverMuchOfItIsStillBeingSent()
    {
        var request = new V1.ProjectRequest { ScenarioName = new string('x', 16 << 20) };
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var call = _service.Projections.Project(request, RunningService.InTime);
            var error = await Assert.ThrowsAsync<RpcException>(call.AllAsync);
            Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE"), (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>().Reason));
        }
    }

    [Fact]
    public async Task GrpcWebText_ThatIsNoBase64_IsInvalid_AndItsConnectionServesOn()
    {
        var connections = 0;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = _service.HttpAddress };
        using var content = new StringContent("!!!!", null, "application/grpc-web-text");

        using var refused = await http.PostAsync(new Uri("scenarios.v1.ProjectionService/Project", UriKind.Relative), content).WaitAsync(RunningService.Patience);
        using var served = await http.GetAsync(new Uri("v1/scenarios?pageSize=1", UriKind.Relative)).WaitAsync(RunningService.Patience);

        Assert.Equal("3", Assert.Single(refused.Headers.GetValues("grpc-status")));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(1, connections);
        Assert.Empty(_service.LoggedErrors);
    }

    private HttpClient GrpcOverHttp2() => new() { BaseAddress = _service.GrpcAddress };

    private static string[] Fields(JsonElement status)
    {
        var violations = Detail(status, "BadRequest").GetProperty("fieldViolations").EnumerateArray();
        return [.. violations.Select(violation => violation.GetProperty("field").GetString()!)];
    }

    private static string? Reason(JsonElement status) => Detail(status, "ErrorInfo").GetProperty("reason").GetString();

    private static JsonElement Detail(JsonElement status, string type) =>
        status.GetProperty("details").EnumerateArray()
            .Single(detail => detail.GetProperty("@type").GetString() == "type.googleapis.com/google.rpc." + type);

    private async Task<JsonElement> PostAsync(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), content)
            .WaitAsync(RunningService.Patience);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
