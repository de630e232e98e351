using Grpc.Core;
using Grpc.Health.V1;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

public sealed class CallersLimitTests
{
    private readonly TokenIssuer _issuer = new();

    [Fact]
    public async Task Calls_OfOneCallerBeyondTheLimit_AreBusy_WhileOthersAreServed_AndEndWhenOneEnds()
    {
        await using var service = await RunningService.StartAsync([.. _issuer.Settings, ("Limits:MaxConcurrentCallsPerPrincipal", "2")]);
        using var first = service.Projections.Project(Ask.Endless(1), Asked.With(_issuer.Token()));
        await first.FirstAsync();
        using var second = service.Projections.Project(Ask.Endless(2), Asked.With(_issuer.Token()));
        await second.FirstAsync();

        foreach (var protocol in Asked.Protocols)
        {
            var busy = await service.ProjectAsync(protocol, _issuer.Token("projections.run scenarios.read"));
            Assert.Equal((StatusCode.ResourceExhausted, "BUSY"), (busy.Status, busy.Reason));
            Assert.Equal("Limits:MaxConcurrentCallsPerPrincipal", busy.Metadata["limit"]);
            Assert.True(busy.SaysWhenToRetry);
            Assert.Equal(StatusCode.OK, (await service.ProjectAsync(protocol, _issuer.Token(subject: "eva"))).Status);
        }

        var health = await new Health.HealthClient(service.Channel).CheckAsync(new(), Asked.With(_issuer.Token()));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);

        second.Dispose();
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while ((await service.ProjectAsync(Asked.Grpc, _issuer.Token())).Reason == "BUSY")
        {
            patience.Token.ThrowIfCancellationRequested(); // The service learns in its own time that the caller has left.
        }
    }

    [Fact]
    public async Task Calls_WhereNoTokensAreRequired_HaveNoLimitOfTheirCaller()
    {
        await using var service = await RunningService.StartAsync(("Limits:MaxConcurrentCallsPerPrincipal", "1"));
        using var running = service.Projections.Project(Ask.Endless(), RunningService.InTime);
        await running.FirstAsync();
        Assert.Equal(StatusCode.OK, (await service.ProjectAsync(Asked.Grpc, token: null)).Status);
    }
}
