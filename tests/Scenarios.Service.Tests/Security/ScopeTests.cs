using System.Security.Claims;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scenarios.Service.Security;
using Scenarios.Service.Tests.Host;
using MethodType = Grpc.Core.MethodType;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Scenarios.Service.Tests.Security;

public sealed class ScopeTests(SecuredFixture fixture) : IClassFixture<SecuredFixture>
{
    private static readonly string[] AllScopes =
        [Scopes.RunProjections, Scopes.ReadScenarios, Scopes.WriteScenarios, Scopes.ReadMetrics];

    private readonly RunningService _service = fixture.Service;
    private readonly TokenIssuer _issuer = fixture.Issuer;

    /// <summary>Every method of the API, with the scope that contract.md gives it by its verb.</summary>
    public static TheoryData<string, bool, string> Methods
    {
        get
        {
            var data = new TheoryData<string, bool, string>();
            foreach (var method in Api.SelectMany(service => service.Methods))
            {
                var scope = Verb(method) switch
                {
                    "Get" or "List" => Scopes.ReadScenarios,
                    "Create" or "Update" or "Delete" => Scopes.WriteScenarios,
                    _ => Scopes.RunProjections,
                };
                data.Add($"{method.Service.FullName}/{method.Name}", method.IsServerStreaming, scope);
            }

            return data;
        }
    }

    private static ServiceDescriptor[] Api => [V1.ProjectionService.Descriptor, V1.ScenarioService.Descriptor];

    [Fact]
    public void Methods_ThatAreServed_AreAllInTheTable()
    {
        var served = _service.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName)
            .OfType<string>()
            .ToHashSet();
        Assert.Superset(Api.SelectMany(service => service.Methods).Select(m => $"/{m.Service.FullName}/{m.Name}").ToHashSet(), served);
        Assert.Empty(served.Except(Access.OfMethods.Keys));
    }

    [Fact]
    public void Method_ThatIsNotInTheTable_IsClosedToEverybody()
    {
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, "scenarios.v1.ScenarioService", "Forgotten", Bytes.Marshaller, Bytes.Marshaller);
        var endpoint = new Endpoint(null, new(new GrpcMethodMetadata(typeof(object), method)), null);
        var caller = new ClaimsPrincipal(new ClaimsIdentity([new("scope", TokenIssuer.Everything)], "Bearer"));
        Assert.False(Access.Of(endpoint).IsGrantedTo(caller));
        Assert.False(Access.Of(endpoint).IsGrantedTo(new()));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Method_NeedsItsScopeAndNoOther(string method, bool streams, string scope)
    {
        var others = _issuer.Token(string.Join(' ', AllScopes.Except([scope])));
        var without = Assert.IsType<RpcException>(await CallAsync(method, streams, others));
        var denied = Answered.With(without);
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), (denied.Status, denied.Reason));
        Assert.Equal((method, scope), (denied.Metadata["method"], denied.Metadata["scope"]));
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", denied.Challenge);

        // An empty request is no good one for most methods; it is read all the same.
        var with = await CallAsync(method, streams, _issuer.Token(scope));
        Assert.NotEqual(StatusCode.PermissionDenied, (with as RpcException)?.StatusCode);
        Assert.NotEqual(StatusCode.Unauthenticated, (with as RpcException)?.StatusCode);
    }

    [Theory]
    [InlineData(Asked.Grpc)]
    [InlineData(Asked.GrpcWeb)]
    [InlineData(Asked.Json)]
    public async Task Scope_ThatIsMissing_IsDeniedOverEveryProtocol(string protocol)
    {
        var denied = await _service.ProjectAsync(protocol, _issuer.Token(Scopes.ReadScenarios));
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), (denied.Status, denied.Reason));
        Assert.Equal(Scopes.RunProjections, denied.Metadata["scope"]);
        Assert.Contains("insufficient_scope", denied.Challenge, StringComparison.Ordinal);
        Assert.False(denied.SaysWhenToRetry);
    }

    [Theory]
    [InlineData(Asked.Grpc)]
    [InlineData(Asked.GrpcWeb)]
    [InlineData(Asked.Json)]
    public async Task Projecting_NeedsToReadScenarios_WhereAStoredOneIsNamed(string protocol)
    {
        var token = _issuer.Token(Scopes.RunProjections);
        Assert.Equal(StatusCode.OK, (await _service.ProjectAsync(protocol, token, Asked.Inline)).Status);
        var denied = await _service.ProjectAsync(protocol, token, Asked.Stored);
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), (denied.Status, denied.Reason));
        Assert.Equal(Scopes.ReadScenarios, denied.Metadata["scope"]);
        Assert.Contains("insufficient_scope", denied.Challenge, StringComparison.Ordinal);

        // Whether it exists is not told either.
        var unknown = await _service.ProjectAsync(protocol, token, new() { ScenarioName = "scenarios/none" });
        Assert.Equal(StatusCode.PermissionDenied, unknown.Status);
    }

    [Fact]
    public async Task Replaying_NeedsToReadScenarios_WhereAStoredOneIsNamed()
    {
        var options = Asked.With(_issuer.Token(Scopes.RunProjections));
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _service.Projections.ReplayPathAsync(new() { ScenarioName = "scenarios/dprk-rotation" }, options));
        Assert.Equal(Scopes.ReadScenarios, Answered.With(error).Metadata["scope"]);
        var replay = await _service.Projections.ReplayPathAsync(new() { Scenario = Asked.Inline.Scenario }, options);
        Assert.NotEmpty(replay.Entries);
    }

    [Fact]
    public async Task Scopes_InAListOfClaims_AreTakenAsThoseInOneText()
    {
        string[] scopes = [Scopes.RunProjections, Scopes.ReadScenarios];
        Assert.Equal(StatusCode.OK, (await _service.ProjectAsync(Asked.Grpc, _issuer.Token(scopes: scopes))).Status);
        var partOfAWord = await _service.ProjectAsync(Asked.Grpc, _issuer.Token("projections.runner xprojections.run scenarios.read"));
        Assert.Equal(StatusCode.PermissionDenied, partOfAWord.Status);
    }

    private static string Verb(MethodDescriptor method) =>
        string.Concat(method.Name.Take(1).Concat(method.Name.Skip(1).TakeWhile(char.IsLower)));

    private async Task<Exception?> CallAsync(string method, bool streams, string token)
    {
        var parts = method.Split('/');
        var invoker = _service.Channel.CreateCallInvoker();
        var type = streams ? MethodType.ServerStreaming : MethodType.Unary;
        var called = new Method<byte[], byte[]>(type, parts[0], parts[1], Bytes.Marshaller, Bytes.Marshaller);
        return await Record.ExceptionAsync(async () =>
        {
            if (streams)
            {
                using var call = invoker.AsyncServerStreamingCall(called, null, Asked.With(token), []);
                while (await call.ResponseStream.MoveNext())
                {
                }
            }
            else
            {
                await invoker.AsyncUnaryCall(called, null, Asked.With(token), []);
            }
        });
    }
}
