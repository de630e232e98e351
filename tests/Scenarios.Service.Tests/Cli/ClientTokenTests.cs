using Grpc.Core;
using Scenarios.Client;
using Scenarios.Service.Tests.Host;
using Scenarios.Service.Tests.Security;

namespace Scenarios.Service.Tests.Cli;

public sealed class ClientTokenTests(SecuredFixture fixture) : IClassFixture<SecuredFixture>
{
    private const string Scenario = "scenarios/dprk-rotation";

    private static readonly Uri Elsewhere = new("http://scenarios.example:5081");

    [Fact]
    public async Task Token_IsAskedForAtEachRequest()
    {
        var asked = 0;
        ValueTask<string> Next(CancellationToken cancellationToken)
        {
            asked++;
            return ValueTask.FromResult(fixture.Issuer.Token());
        }

        using var client = new ScenariosClient(fixture.Service.GrpcAddress, new() { Token = Next });
        Assert.Equal(Scenario, (await client.GetScenarioAsync(Scenario).WaitAsync(RunningService.Patience)).Name);
        Assert.Equal(1_000, (await client.ProjectToEndAsync(Asked.Stored).WaitAsync(RunningService.Patience)).Paths);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("expired", StatusCode.Unauthenticated, "TOKEN_REFUSED")]
    [InlineData("without scope", StatusCode.PermissionDenied, "SCOPE_MISSING")]
    public async Task Token_ThatIsRefused_IsNotSentAgain(string what, StatusCode status, string reason)
    {
        var asked = 0;
        var token = what == "expired" ? fixture.Issuer.Bad(what) : fixture.Issuer.Token(scope: "");
        var options = new ScenariosClientOptions
        {
            Token = _ =>
            {
                asked++;
                return ValueTask.FromResult(token);
            },
        };
        using var client = new ScenariosClient(fixture.Service.GrpcAddress, options);

        var error = await Assert.ThrowsAsync<ScenariosException>(
            () => client.ProjectToEndAsync(Asked.Stored).WaitAsync(RunningService.Patience));

        Assert.Equal((status, reason, false), (error.StatusCode, error.Reason, error.IsTransient));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Token_ToAnotherMachineInPlainText_IsRefusedUnlessAllowed()
    {
        ScenariosClientOptions options = new() { Token = _ => ValueTask.FromResult("token") };
        var error = Assert.Throws<ArgumentException>(() => new ScenariosClient(Elsewhere, options));
        Assert.Contains("plain text", error.Message, StringComparison.Ordinal);
        new ScenariosClient(Elsewhere, options with { AllowPlaintextToken = true }).Dispose();
        new ScenariosClient(new UriBuilder(Elsewhere) { Scheme = "https" }.Uri, options).Dispose();
        new ScenariosClient(Elsewhere).Dispose();
    }

    [Fact]
    public void Token_ForTheChannelOfAnother_IsRefused() => Assert.Throws<ArgumentException>(
        () => new ScenariosClient(fixture.Service.Channel, new() { Token = _ => ValueTask.FromResult("token") }));

    [Fact]
    public async Task Command_WithAToken_IsAnswered()
    {
        var ran = await RunAsync("--token", fixture.Issuer.Token());
        Assert.Equal((0, ""), (ran.ExitCode, ran.Errors));
    }

    [Fact]
    public async Task Command_WithoutAToken_SaysWhatIsMissing()
    {
        var ran = await RunAsync();
        Assert.Equal(5, ran.ExitCode);
        Assert.Contains("needs a token", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("--token or SCENARIOS_TOKEN", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WithATokenForLess_SaysWhatItLacks()
    {
        var ran = await RunAsync("--token", fixture.Issuer.Token("scenarios.read"));
        Assert.Equal(5, ran.ExitCode);
        Assert.Contains("\"projections.run\"", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WithATokenInPlainTextToAnotherMachine_IsAMistake()
    {
        var ran = await Terminals.RunAsync(["project", Scenario, "--server", Elsewhere.ToString(), "--token", "token"]);
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("plain text", ran.Errors, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] options) => Terminals.RunAsync(
        ["project", Scenario, "--server", fixture.Service.GrpcAddress.ToString(), "--paths", "1000", .. options]);
}
