using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Storage;

/// <summary>Puts the storage into a host.</summary>
internal static class StorageSetup
{
    /// <summary>Adds the stores of scenarios and of projections, on the database that configuration names.</summary>
    public static IServiceCollection AddScenarioStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<StorageOptions>(configuration.GetSection(StorageOptions.Section));
        services.AddSingleton<Database>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            var log = provider.GetRequiredService<ILogger<Database>>();
            return options.Provider switch
            {
                StorageProvider.PostgreSql => new PostgresDatabase(configuration.GetConnectionString(StorageOptions.ConnectionName)!, log),
                _ => new SqliteDatabase(options.Path.Length > 0 ? options.Path : SqliteDatabase.DefaultPath, log, provider.GetServices<IInterceptor>()),
            };
        });
        services.AddSingleton<Retention>();
        services.AddSingleton<ProjectionStore>();
        services.AddSingleton<TallyStore>();
        services.AddSingleton<ScenarioStore>();
        services.AddSingleton<IScenarioCatalog>(provider => provider.GetRequiredService<ScenarioStore>());
        services.AddSingleton<StorageWatch>();
        services.AddHostedService<StorageStart>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageWatch>());
        return services;
    }
}
