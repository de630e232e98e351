using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Scenarios.Service.Start;

/// <summary>
/// Keeps the libraries from logging why a start fails, with a stack trace each: <see cref="ServiceStart"/> says it in a sentence. Once the
/// start is over, logs are as they are configured.
/// </summary>
internal sealed class QuietStart : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    /// <summary>Warn of a start that fails, too.</summary>
    private static readonly string[] Silent = ["Orleans", "Scenarios.Service.Storage", "Microsoft.EntityFrameworkCore"];

    /// <summary>Their warnings are about the configuration: an address that is overridden.</summary>
    private static readonly string[] WithoutErrors = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly CancellationTokenSource _ended = new();

    public string Name => Options.DefaultName;

    /// <summary>Puts it into a host.</summary>
    public void Apply(IServiceCollection services)
    {
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(this);
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(this);
    }

    /// <summary>Lets the libraries speak.</summary>
    public void End() => _ended.Cancel();

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }

        // The rule of a provider, and of a longer category, goes before others.
        string?[] providers = [.. options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct()];
        foreach (var category in Silent.Concat(WithoutErrors))
        {
            foreach (var rule in options.Rules.Where(rule => rule.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true).ToList())
            {
                options.Rules.Remove(rule);
            }

            foreach (var provider in providers)
            {
                options.Rules.Add(Silent.Contains(category)
                    ? new(provider, category, LogLevel.None, filter: null)
                    : new(provider, category, LogLevel.Warning, (_, _, level) => level < LogLevel.Error));
            }
        }
    }

    /// <summary>A token that has changed already would be asked for anew without end.</summary>
    public IChangeToken GetChangeToken() => new CancellationChangeToken(_ended.IsCancellationRequested ? CancellationToken.None : _ended.Token);

    public void Dispose() => _ended.Dispose();
}
