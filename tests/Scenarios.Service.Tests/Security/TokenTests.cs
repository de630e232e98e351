using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Scenarios.Service.Tests.Host;
using Alpha = Grpc.Reflection.V1Alpha;
using One = Grpc.Reflection.V1;

namespace Scenarios.Service.Tests.Security;

public sealed class TokenTests(SecuredFixture fixture) : IClassFixture<SecuredFixture>
{
    private readonly RunningService _service = fixture.Service;
    private readonly TokenIssuer _issuer = fixture.Issuer;

    public static TheoryData<string> Protocols => [.. Asked.Protocols];

    public static TheoryData<string, string, string> FaultsByProtocol
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var protocol in Asked.Protocols)
            {
                foreach (var fault in TokenIssuer.Faults)
                {
                    data.Add(protocol, (string)fault[0], (string)fault[1]);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Token_ThatIsGood_IsTaken(string protocol) =>
        Assert.Equal(StatusCode.OK, (await _service.ProjectAsync(protocol, _issuer.Token())).Status);

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Token_ThatIsMissing_IsUnauthenticatedAndAskedFor(string protocol)
    {
        var answered = await _service.ProjectAsync(protocol, token: null);
        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_MISSING", "Bearer"), (answered.Status, answered.Reason, answered.Challenge));
        Assert.False(answered.SaysWhenToRetry);
    }

    [Theory]
    [MemberData(nameof(FaultsByProtocol))]
    public async Task Token_WithAFault_IsUnauthenticatedSayingWhich(string protocol, string fault, string inWords)
    {
        var answered = await _service.ProjectAsync(protocol, _issuer.Bad(fault));
        Assert.Equal((StatusCode.Unauthenticated, "TOKEN_REFUSED"), (answered.Status, answered.Reason));
        Assert.Equal(inWords, answered.Metadata["fault"]);
        Assert.StartsWith("Bearer error=\"invalid_token\"", answered.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_InPlaceOfAToken_IsNoToken()
    {
        var options = RunningService.InTime.WithHeaders(new Metadata { { "authorization", "Basic YWRhOmFkYQ==" } });
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _service.Scenarios.ListScenariosAsync(new(), options));
        Assert.Equal("TOKEN_MISSING", Answered.With(error).Reason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("garbage")]
    public async Task Health_IsToldToEverybody(string? token)
    {
        var health = new Health.HealthClient(_service.Channel);
        var response = await health.CheckAsync(new(), Asked.With(token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
        using var watch = health.Watch(new(), Asked.With(token));
        Assert.True(await watch.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Reflection_TakesAnyToken_AndNoCallerWithout()
    {
        var token = _issuer.Token(scope: "");
        Assert.Equal(StatusCode.OK, await ReflectAsync(One(token)));
        Assert.Equal(StatusCode.OK, await ReflectAsync(AlphaOf(token)));
        Assert.Equal(StatusCode.Unauthenticated, await ReflectAsync(One(null)));
        Assert.Equal(StatusCode.Unauthenticated, await ReflectAsync(AlphaOf(null)));
        Assert.Equal(StatusCode.Unauthenticated, await ReflectAsync(One(_issuer.Bad("expired"))));

        AsyncDuplexStreamingCall<One.ServerReflectionRequest, One.ServerReflectionResponse> One(string? token) =>
            new One.ServerReflection.ServerReflectionClient(_service.Channel).ServerReflectionInfo(Asked.With(token));

        AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> AlphaOf(string? token) =>
            new Alpha.ServerReflection.ServerReflectionClient(_service.Channel).ServerReflectionInfo(Asked.With(token));
    }

    [Fact]
    public async Task Metrics_AreForTokensWithTheirScope()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _service.GetAsync("metrics", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _service.GetAsync("metrics", _issuer.Bad("with another key"))).Status);
        var (status, body) = await _service.GetAsync("metrics", _issuer.Token("projections.run scenarios.read scenarios.write"));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("metrics.read", body, StringComparison.Ordinal);
        (status, body) = await _service.GetAsync("metrics", _issuer.Token("metrics.read"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("dotnet_gc_", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_CountRefusedCallsByTheirStatus()
    {
        await _service.ProjectAsync(Asked.Grpc, token: null);
        await _service.ProjectAsync(Asked.Json, _issuer.Token("scenarios.read"));
        string[] expected =
        [
            """ProjectionService/Project",rpc_response_status_code="UNAUTHENTICATED""",
            """ProjectionService/Project",rpc_response_status_code="PERMISSION_DENIED""",
        ];

        // The exporter answers from memory for 0.3 s.
        using var patience = new CancellationTokenSource(RunningService.Patience);
        var metrics = "";
        while (!expected.All(part => metrics.Contains(part, StringComparison.Ordinal)))
        {
            Assert.False(patience.IsCancellationRequested, metrics);
            metrics = (await _service.GetAsync("metrics", _issuer.Token())).Body;
        }
    }

    [Fact]
    public async Task Method_ThatDoesNotExist_IsUnimplementedToWhoeverHasAToken()
    {
        Assert.Equal(StatusCode.Unauthenticated, await CallAsync(token: null));
        Assert.Equal(StatusCode.Unimplemented, await CallAsync(_issuer.Token(scope: "")));

        async Task<StatusCode> CallAsync(string? token)
        {
            var method = new Method<byte[], byte[]>(
                MethodType.Unary, "scenarios.v1.ProjectionService", "Guess", Bytes.Marshaller, Bytes.Marshaller);
            var error = await Assert.ThrowsAsync<RpcException>(async () =>
                await _service.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, Asked.With(token), []));
            return error.StatusCode;
        }
    }

    [Fact]
    public async Task Preflight_OfABrowser_NeedsNoToken_AndARefusalCanBeReadByThePage()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri("v1/projections:project", UriKind.Relative))
        {
            Headers =
            {
                { "Origin", "https://friend.example" },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "authorization,content-type" },
            },
        };
        using var allowed = await _service.Http.SendAsync(preflight).WaitAsync(RunningService.Patience);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("v1/scenarios", UriKind.Relative))
        {
            Headers = { { "Origin", "https://friend.example" } },
        };
        using var refused = await _service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("https://friend.example", refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private static async Task<StatusCode> ReflectAsync<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call)
        where TRequest : class, new()
        where TResponse : class
    {
        using (call)
        {
            dynamic request = new TRequest();
            request.ListServices = "";
            try
            {
                await call.RequestStream.WriteAsync((TRequest)request);
            }
            catch (RpcException)
            {
                // A call that was refused takes no more requests, and its writer says Cancelled: why, its answer says.
            }

            try
            {
                Assert.True(await call.ResponseStream.MoveNext());
                return StatusCode.OK;
            }
            catch (RpcException error)
            {
                return error.StatusCode;
            }
        }
    }
}

/// <summary>Messages as they are on the wire.</summary>
internal static class Bytes
{
    public static Marshaller<byte[]> Marshaller { get; } = Marshallers.Create(bytes => bytes, bytes => bytes);
}
