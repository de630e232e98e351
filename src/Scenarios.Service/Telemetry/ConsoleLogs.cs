using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Scenarios.Service.Telemetry;

/// <summary>
/// The framework's console logs, each record with its time in UTC. As JSON (<c>Logging:Console:FormatterName=json</c>) a record is a line that has
/// its scopes, the trace id among them; for people the scopes would be a second line to each.
/// </summary>
internal static class ConsoleLogs
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Sets defaults: they go before <c>Logging:Console:FormatterOptions</c>, which may say otherwise.</summary>
    public static void AddDefaults(IServiceCollection services)
    {
        Add<SimpleConsoleFormatterOptions>(options => options.TimestampFormat = $"{Time} ");
        Add<JsonConsoleFormatterOptions>(options => (options.TimestampFormat, options.IncludeScopes) = (Time, true));
        Add<ConsoleFormatterOptions>(options => options.TimestampFormat = $"{Time} "); // systemd

        void Add<TOptions>(Action<TOptions> set)
            where TOptions : ConsoleFormatterOptions => services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(
                new ConfigureOptions<TOptions>(options =>
                {
                    options.UseUtcTimestamp = true;
                    set(options);
                })));
    }
}
