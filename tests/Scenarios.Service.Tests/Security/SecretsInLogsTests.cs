using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

public sealed class SecretsInLogsTests
{
    [Theory]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    public async Task Logs_OfCallsWithGoodAndBadTokens_HaveNoPartOfThem(LogLevel level)
    {
        var issuer = new TokenIssuer();
        using var logs = new AllLogs();
        string[] categories = ["Default", "Grpc", "Microsoft.AspNetCore", "Orleans", "Polly"];
        var levels = categories.Select(category => ($"Logging:LogLevel:{category}", level.ToString()));
        string[] tokens = [.. TokenIssuer.Faults.Select(fault => issuer.Bad((string)fault[0])), issuer.Token(), issuer.Token("")];
        await using (var service = await RunningService.StartAsync(logs, [.. issuer.Settings, .. levels]))
        {
            foreach (var token in tokens)
            {
                foreach (var protocol in Asked.Protocols)
                {
                    await service.ProjectAsync(protocol, token);
                }

                await service.GetAsync("metrics", token);
            }
        }

        var written = string.Join('\n', logs.Lines);
        Assert.Contains("Failed to validate the token", written, StringComparison.Ordinal); // The library did write of them.
        Assert.Equal(level == LogLevel.Debug, written.Contains("Successfully validated the token", StringComparison.Ordinal));
        Assert.DoesNotContain(issuer.Key, written, StringComparison.Ordinal);

        // Payload and signature of each: headers are alike in all tokens of the world.
        var secrets = tokens.Where(token => token.Length > 20).SelectMany(token => token.Split('.').Skip(1)).Where(part => part.Length > 0);
        Assert.All(secrets, secret => Assert.False(written.Contains(secret, StringComparison.Ordinal), LineWith(logs, secret)));
    }

    private static string LineWith(AllLogs logs, string secret) =>
        logs.Lines.FirstOrDefault(line => line.Contains(secret, StringComparison.Ordinal)) ?? "";

    /// <summary>Everything that is logged: message, values, scopes and exceptions.</summary>
    private sealed class AllLogs : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Log(categoryName, this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Log(string category, AllLogs logs) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => logs._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            void ILogger.Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
                var scopes = new List<string>();
                logs._scopes.ForEachScope((scope, all) => all.Add($"{scope}"), scopes);
                logs.Lines.Enqueue($"{category}: {formatter(state, exception)} {values} {string.Join(' ', scopes)} {exception}");
            }
        }
    }
}
