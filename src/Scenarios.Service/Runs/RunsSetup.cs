using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Serialization.Configuration;
using Scenarios.Service.Runs.Compute;
using Scenarios.Service.Runs.Grains;
using Scenarios.Service.Runs.Readers;

namespace Scenarios.Service.Runs;

/// <summary>Puts runs, and the silo they live on, into a host.</summary>
public static class RunsSetup
{
    /// <summary>Adds <see cref="IProjectionRuns"/> and what it needs but the silo (<see cref="AddScenariosSilo"/>).</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Has the sections <c>Engine</c> and <c>Limits</c>.</param>
    public static IServiceCollection AddProjectionRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EngineOptions>(configuration.GetSection(EngineOptions.Section));
        services.Configure<LimitsOptions>(configuration.GetSection(LimitsOptions.Section));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceDrain>();
        services.AddSingleton<RunInstruments>();
        services.AddSingleton<EngineThreads>();
        services.AddSingleton<CompiledScenarios>();
        services.AddSingleton<RunAdmission>();
        services.AddSingleton<FinishedProjections>();
        services.AddSingleton<RunServices>();
        services.AddSingleton<RunForecast>();
        services.AddSingleton<IProjectionRuns, ProjectionRuns>();
        return services;
    }

    /// <summary>Adds a silo of one: in this process, on free ports of the loopback interface.</summary>
    /// <param name="builder">The host.</param>
    public static IHostApplicationBuilder AddScenariosSilo(this IHostApplicationBuilder builder)
    {
        // Orleans tells its whole configuration at each start, advises server GC (a service of few large arrays has no use for
        // it), and its watchdog takes the machine's uptime for a first delay.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = FreePorts();
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: "scenarios", clusterId: "scenarios");

            // Tallies are handed over within this silo, never sent: they have no wire format. In the environment Development Orleans
            // would not start without one.
            silo.Services.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false);

            // A shard that was told to stop has stopped when its call returns.
            silo.Configure<SiloMessagingOptions>(options => options.WaitForCancellationAcknowledgement = true);
        });
        return builder;
    }

    /// <summary>Orleans refuses port 0: two ports that the system says are free.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
