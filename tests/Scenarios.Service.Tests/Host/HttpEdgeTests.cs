using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using One = Grpc.Reflection.V1;

namespace Scenarios.Service.Tests.Host;

public sealed class HttpEdgeTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private const string Project = "scenarios.v1.ProjectionService/Project";

    private readonly RunningService _service = fixture.Service;

    [Theory]
    [InlineData("0n")]
    [InlineData("1n")]
    [InlineData("99n")]
    [InlineData("0u")]
    [InlineData("0m")]
    [InlineData("0S")]
    [InlineData("0M")]
    [InlineData("00000000H")]
    public async Task E2_SpentDeadline_IsExceededAtOnce(string timeout)
    {
        foreach (var (address, type, version) in Wire.Grpcs(_service))
        {
            using var request = Wire.Call(Project, type, timeout);
            using var response = await Wire.SendAsync(address, request, version);
            Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
            Assert.DoesNotContain("-", Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task E2_DeadlineThatPassedOnTheWay_StartsNoRun()
    {
        var request = Ask.Endless(seed: 77);
        request.FinalOnly = true;
        var reader = new Service.Runs.ReaderOptions(TimeSpan.FromSeconds(1), FinalOnly: true) { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) };
        var parser = _service.Services.GetService(typeof(Api.Requests.ProjectRequestParser)) as Service.Api.Requests.ProjectRequestParser;
        var (spec, _) = await parser!.ParseAsync(request, default);
        var runs = (Service.Runs.IProjectionRuns)_service.Services.GetService(typeof(Service.Runs.IProjectionRuns))!;
        var error = await Assert.ThrowsAsync<RpcException>(async () => await runs.WatchAsync(spec, reader, default).GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.DoesNotContain("-", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999999999H")]
    [InlineData("123456789S")]
    [InlineData("x")]
    [InlineData("-1S")]
    [InlineData("1")]
    [InlineData("1.5S")]
    [InlineData("1 S")]
    [InlineData("S")]
    [InlineData("1s")]
    public async Task E3_TimeoutThatCannotBeRead_IsNamed(string timeout)
    {
        foreach (var (address, type, version) in Wire.Grpcs(_service))
        {
            using var request = Wire.Call(Project, type, timeout);
            using var response = await Wire.SendAsync(address, request, version);
            Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
            Assert.Contains($"The header grpc-timeout is \"{timeout}\"", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/connect+json")]
    [InlineData("application/proto")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/grpcx")]
    public async Task E3_ContentTypeThatIsNotServed_IsNamed_AndWhatIs(string type)
    {
        foreach (var (address, version) in new[] { (_service.HttpAddress, HttpVersion.Version11), (_service.GrpcAddress, HttpVersion.Version20) })
        {
            using var request = Wire.Call(Project, type);
            using var response = await Wire.SendAsync(address, request, version);
            var body = await response.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Equal("UNSUPPORTED_CONTENT_TYPE", Wire.Reason(body));
            Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
            Assert.Contains(type, body, StringComparison.Ordinal);
            Assert.Contains("gRPC-Web", body, StringComparison.Ordinal);
            Assert.Contains("POST /v1/projections:project", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc-web+thrift")]
    public async Task E3_CodecThatIsNotServed_IsNamed_InGrpc(string type)
    {
        using var request = Wire.Call(Project, type);
        using var response = await Wire.SendAsync(_service.GrpcAddress, request, HttpVersion.Version20);
        Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains(type, response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E3_GrpcOverHttp11_IsToldToTakeHttp2()
    {
        using var request = Wire.Call(Project, "application/grpc");
        using var response = await Wire.SendAsync(_service.HttpAddress, request, HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("UNSUPPORTED_HTTP_VERSION", Wire.Reason(await response.Content.ReadAsStringAsync()));
        Assert.Contains("HTTP/2", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "more after the first message")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "ends before its message does")]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 0 }, "no header grpc-encoding")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, "not a message")]
    public async Task E3_FramesThatCannotBeRead_AreToldApart(byte[] frame, string said)
    {
        using var request = Wire.Call(Project, "application/grpc");
        request.Content = new ByteArrayContent(frame) { Headers = { ContentType = new("application/grpc") } };
        using var response = await Wire.SendAsync(_service.GrpcAddress, request, HttpVersion.Version20);
        Assert.Equal("3", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains(said, response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E3_RpcThatDoesNotExist_IsNamed_WithThoseThatDo()
    {
        foreach (var (address, type, version) in Wire.Grpcs(_service))
        {
            using var request = Wire.Call("scenarios.v1.ProjectionService/Projekt", type);
            using var response = await Wire.SendAsync(address, request, version);
            Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
            Assert.Contains("Projekt. scenarios.v1.ProjectionService has Project, ", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("v1/scenarios/a?x=1", "x")]
    [InlineData("v1/projections/a?pageSize=3", "pageSize")]
    public async Task E4_QueryOfAGet_IsNotAdvisedABody(string path, string parameter)
    {
        var body = await (await _service.Http.GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync();
        Assert.StartsWith(parameter, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("body", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "v1/projections:project", "POST")]
    [InlineData("PUT", "v1/projections:project", "POST")]
    [InlineData("DELETE", "v1/scenarios", "GET, POST")]
    [InlineData("PUT", "v1/scenarios/a", "DELETE, GET, PATCH")]
    [InlineData("POST", "scenarios.binpb", "GET, HEAD")]
    [InlineData("GET", "scenarios.v1.ProjectionService/Project", "POST")]
    public async Task E5_MethodThatIsNotTaken_Is405_WithThoseThatAre(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed.Split(", "), response.Content.Headers.Allow.Order());
        Assert.Equal("METHOD_NOT_ALLOWED", Wire.Reason(await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("GET", "v1")]
    [InlineData("GET", "v1/nothing")]
    [InlineData("POST", "v1/projections:nothing")]
    [InlineData("PUT", "a/b/c/d")]
    [InlineData("GET", "assets/none.js")]
    [InlineData("DELETE", "favicon.ico")]
    public async Task E5_UnknownPath_Is404InJson(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("PATH_NOT_FOUND", Wire.Reason(await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData(null, "no Content-Type")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("application/grpc", "application/grpc")]
    [InlineData("application/x-protobuf", "application/x-protobuf")]
    [InlineData("application/json; charset=utf-16", "utf-16")]
    public async Task E6_BodyThatIsNotJson_Is415(string? type, string named)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("UNSUPPORTED_CONTENT_TYPE", Wire.Reason(body));
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E6_CompressedBody_Is415_AndOddCaseIsJson()
    {
        using var packed = new StringContent("{}", Encoding.UTF8, "application/json") { Headers = { ContentEncoding = { "gzip" } } };
        using var refused = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), packed);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        using var plain = new StringContent("{}", Encoding.UTF8, "Application/JSON");
        using var read = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), plain);
        Assert.Equal(HttpStatusCode.BadRequest, read.StatusCode); // It names no scenario.
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task E7_Json_IsCompressedWhenAsked_AndSaysTheSame(string coding)
    {
        using var content = new StringContent("""{"scenario_name":"scenarios/dprk-rotation","paths":1000,"final_only":true}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/projections:project", UriKind.Relative)) { Content = content };
        request.Headers.AcceptEncoding.ParseAdd(coding);
        using var response = await _service.Http.SendAsync(request);
        Assert.Equal(coding, response.Content.Headers.ContentEncoding.Single());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        await using Stream unpacked = coding == "br" ? new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress) : new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        var whole = await text.ReadToEndAsync();
        Assert.InRange(bytes.Length, 1, whole.Length / 3);
        Assert.Equal("COMPLETED", JsonDocument.Parse(whole).RootElement.GetProperty("progress").GetProperty("state").GetString());
    }

    [Fact]
    public async Task E7_CompressedStream_IsFlushedMessageByMessage()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All };
        using var http = new HttpClient(handler) { BaseAddress = _service.HttpAddress };
        using var content = new StringContent(JsonFormatter.Default.Format(Ask.Endless(seed: 78)), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/projections:project", UriKind.Relative)) { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var line = await lines.ReadLineAsync().WaitAsync(RunningService.Patience); // The run itself has many minutes to go.
        Assert.Equal("RUNNING", JsonDocument.Parse(line!).RootElement.GetProperty("progress").GetProperty("state").GetString());
    }

    [Fact]
    public async Task E7_GrpcMessages_AreCompressedWhenAsked_AndSayTheSame()
    {
        foreach (var (address, type, version) in Wire.Grpcs(_service).Take(2))
        {
            var bodies = new List<V1.ProjectResponse>();
            foreach (var accepted in new[] { "identity", "identity,deflate,gzip" })
            {
                using var request = Wire.Call(Project, type);
                var message = Ask.Founding(paths: 1_000, seed: 79, finalOnly: true).ToByteArray();
                request.Content = new ByteArrayContent([0, 0, 0, 0, (byte)message.Length, .. message]) { Headers = { ContentType = new(type) } };
                request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepted);
                using var response = await Wire.SendAsync(address, request, version);
                var bytes = await response.Content.ReadAsByteArrayAsync();
                var isPacked = accepted.EndsWith("gzip", StringComparison.Ordinal);
                Assert.Equal(isPacked ? 1 : 0, bytes[0]);
                Assert.Equal(isPacked, response.Headers.TryGetValues("grpc-encoding", out var coding) && coding.Single() == "gzip");
                var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
                using Stream body = isPacked ? new GZipStream(new MemoryStream(bytes, 5, length), CompressionMode.Decompress) : new MemoryStream(bytes, 5, length);
                bodies.Add(V1.ProjectResponse.Parser.ParseFrom(body));
            }

            Assert.Equal(bodies[0].Projection, bodies[1].Projection);
        }
    }

    [Fact]
    public async Task E7_CompressedRequest_IsReadUpToTheSizeOfARequest()
    {
        foreach (var (size, status) in new[] { (1_000, StatusCode.InvalidArgument), (64 << 20, StatusCode.ResourceExhausted) })
        {
            var options = RunningService.InTime.WithHeaders(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
            var error = await Assert.ThrowsAsync<RpcException>(() => _service.Projections.Project(new() { ScenarioName = new string('a', size) }, options).AllAsync());
            Assert.Equal(status, error.StatusCode);
        }
    }

    [Fact]
    public async Task E8_MoreThan300Calls_OfOneConnection_AllReachTheService()
    {
        using var channel = GrpcChannel.ForAddress(_service.GrpcAddress, new() { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false } });
        var health = new Grpc.Health.V1.Health.HealthClient(channel);
        var calls = Enumerable.Range(0, 320).Select(_ => health.Watch(new(), RunningService.InTime)).ToList();
        Assert.All(await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext())).WaitAsync(RunningService.Patience), Assert.True);
        calls.ForEach(call => call.Dispose());
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType, 0)]
    [InlineData("application/proto", HttpStatusCode.UnsupportedMediaType, 0)]
    [InlineData("application/connect+json", HttpStatusCode.OK, 5)]
    [InlineData("application/connect+proto", HttpStatusCode.OK, 5)]
    public async Task E9_ConnectClient_IsToldWhatIsServed_InItsOwnProtocol(string type, HttpStatusCode status, int frameBytes)
    {
        using var request = Wire.Call(Project, type);
        request.Headers.Add("Connect-Protocol-Version", "1");
        using var response = await Wire.SendAsync(_service.HttpAddress, request, HttpVersion.Version11);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(status, response.StatusCode);
        var root = JsonDocument.Parse(bytes.AsMemory(frameBytes)).RootElement;
        var error = frameBytes > 0 ? root.GetProperty("error") : root;
        Assert.Equal("unimplemented", error.GetProperty("code").GetString());
        Assert.Contains("createGrpcWebTransport", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task P1_Reflection_KnowsTheTypesOfErrorDetails_AndComments()
    {
        using var call = new One.ServerReflection.ServerReflectionClient(_service.Channel).ServerReflectionInfo(RunningService.InTime);
        foreach (var symbol in new[]
        {
            "google.rpc.BadRequest", "google.rpc.ErrorInfo", "google.rpc.RetryInfo", "google.rpc.ResourceInfo", "google.rpc.Status", "scenarios.v1.Mends", "scenarios.v1.ErrorReason",
            "scenarios.v1.ProjectionService", "scenarios.v1.ProjectRequest", "grpc.health.v1.Health",
        })
        {
            await call.RequestStream.WriteAsync(new() { FileContainingSymbol = symbol });
            Assert.True(await call.ResponseStream.MoveNext());
            var files = call.ResponseStream.Current.FileDescriptorResponse?.FileDescriptorProto;
            Assert.True(files is { Count: > 0 }, symbol);
            if (symbol.StartsWith("scenarios.", StringComparison.Ordinal) || symbol.StartsWith("google.", StringComparison.Ordinal))
            {
                Assert.Contains(FileDescriptorProto.Parser.ParseFrom(files[0]).SourceCodeInfo.Location, location => location.LeadingComments.Length > 0);
            }
        }
    }

    [Fact]
    public async Task P1_DescriptorSet_IsServed_WithEveryCommentAndImport()
    {
        var set = FileDescriptorSet.Parser.ParseFrom(await _service.Http.GetByteArrayAsync(new Uri("scenarios.binpb", UriKind.Relative)));
        var names = set.File.Select(file => file.Name).ToHashSet();
        Assert.All(set.File.SelectMany(file => file.Dependency), import => Assert.Contains(import, names));
        Assert.All(
            set.File.Where(file => file.Package == "scenarios.v1"),
            file => Assert.Contains(file.SourceCodeInfo.Location, location => location.LeadingComments.Length > 0));
        Assert.Contains("scenarios/v1/mend.proto", names);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(25)]
    public async Task P2_Message_SaysAllViolations_OfManyTheFirstTen(int count)
    {
        var request = Ask.Founding();
        for (var i = 0; i < count; i++)
        {
            request.Overrides[$"wrong{i:00}é"] = new string('€', i * 10);
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => _service.Projections.Project(request, RunningService.InTime).AllAsync());
        var message = error.Status.Detail;
        Assert.StartsWith($"{count} violations: (1) overrides[\"wrong00é\"]: ", message, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, Math.Min(count, 10)), i => Assert.Contains($" ({i + 1}) overrides[\"wrong{i:00}é\"]", message, StringComparison.Ordinal));
        Assert.Equal(count > 10, message.EndsWith($" And {count - 10} more.", StringComparison.Ordinal));
        Assert.InRange(Service.Api.Errors.PercentEncoding.LengthOf(message), 1, 1_400);
    }
}
