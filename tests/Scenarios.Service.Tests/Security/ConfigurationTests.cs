using System.Net;
using Microsoft.Extensions.Logging;
using Scenarios.Service.Configuration;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

public sealed class ConfigurationTests
{
    private const string Bearer = "Authentication:Schemes:Bearer:";

    private readonly TokenIssuer _issuer = new();

    [Fact]
    public async Task Section_WithoutAnAudience_KeepsTheServiceFromStarting() =>
        await AssertRefusedAsync("ValidAudiences is missing", _issuer.Settings.Where(setting => !setting.Key.Contains("ValidAudiences")));

    [Fact]
    public async Task Section_WithoutAKey_KeepsTheServiceFromStarting() =>
        await AssertRefusedAsync("no key to trust", _issuer.Settings.Where(setting => !setting.Key.Contains("SigningKeys")));

    [Fact]
    public async Task Section_WithAKeyOfAnotherIssuerOnly_KeepsTheServiceFromStarting() => await AssertRefusedAsync(
        "no key to trust", _issuer.Settings.Append((Bearer + "SigningKeys:0:Issuer", "https://another.example")));

    [Fact]
    public async Task Section_WithAKeyThatCouldBeGuessed_KeepsTheServiceFromStarting() => await AssertRefusedAsync(
        "fewer than 256 bits", _issuer.Settings.Append((Bearer + "SigningKeys:0:Value", Convert.ToBase64String(new byte[31]))));

    [Fact]
    public async Task Section_WithAKeyThatIsNoBase64_KeepsTheServiceFromStarting() => await AssertRefusedAsync(
        "cannot be read", _issuer.Settings.Append((Bearer + "SigningKeys:0:Value", "not base64!")));

    [Fact]
    public async Task Section_ThatIsEmpty_KeepsTheServiceFromStarting() =>
        await AssertRefusedAsync("ValidAudiences is missing", [(Bearer + "ValidIssuer", "")]);

    [Fact]
    public async Task Limit_OfNoCalls_KeepsTheServiceFromStarting() => await AssertRefusedAsync(
        "MaxConcurrentCallsPerPrincipal", _issuer.Settings.Append(("Limits:MaxConcurrentCallsPerPrincipal", "0")));

    [Fact]
    public async Task AllowingAnonymousCallers_OpensTheListenersOnly_TokensStayRequired()
    {
        await using var service = await RunningService.StartAsync([.. _issuer.Settings, ("Security:AllowAnonymous", "true")]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.GetAsync("v1/scenarios", token: null)).Status);
    }

    [Fact]
    public async Task Tokens_LiftTheLoopbackRule_WithAWarningWhereTheyTravelInPlainText()
    {
        using var warnings = new Warnings();
        await using (var service = await RunningService.StartAsync(
            warnings, [.. _issuer.Settings, ("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0")]))
        {
            Assert.Equal("0.0.0.0", service.HttpAddress.Host);
        }

        Assert.Contains("reads the tokens", Assert.Single(warnings.Messages), StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string why, IEnumerable<(string Key, string Value)> settings)
    {
        var lastOfEach = settings.GroupBy(setting => setting.Key).Select(alike => alike.Last()).ToArray();
        var refusal = await Assert.ThrowsAsync<RefusedSettingsException>(async () =>
        {
            await using var service = await RunningService.StartAsync(lastOfEach);
        });
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }
}

/// <summary>Warnings of the service's security.</summary>
internal sealed class Warnings : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _messages = new();

    public IReadOnlyCollection<string> Messages => _messages;

    public ILogger CreateLogger(string categoryName) => new Log(categoryName, _messages);

    public void Dispose()
    {
    }

    private sealed class Log(string category, System.Collections.Concurrent.ConcurrentQueue<string> messages) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel == LogLevel.Warning && category.StartsWith("Scenarios.Service.Security", StringComparison.Ordinal);

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                messages.Enqueue(formatter(state, exception));
            }
        }
    }
}
