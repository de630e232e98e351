using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Http;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Configuration;
using Scenarios.Service.Runs;
using Scenarios.Service.Security;
using Scenarios.Service.Start;
using Scenarios.Service.Storage;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service;

/// <summary>The service as a host: for its own process, for the command line's, and for tests.</summary>
public static class ScenariosHost
{
    /// <summary>Streams of a connection for other calls than those that are counted as readers, and for refusing readers.</summary>
    private const long StreamsBesideReaders = 1_000;

    /// <summary>Builds the service. All it takes comes from configuration: appsettings.json, environment, command line.</summary>
    /// <param name="args">Command line, for instance <c>--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0</c>.</param>
    /// <param name="configure">More configuration and services, for a host within another process.</param>
    /// <returns>The host, not started.</returns>
    /// <exception cref="RefusedSettingsException">The configuration breaks rules.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var commandLine = CommandLineSettings.Read(args);
        var builder = CreateBuilder(commandLine.Args);
        configure?.Invoke(builder);
        ServiceSettings.Check(builder.Configuration, commandLine.Faults);
        ConsoleLogs.AddDefaults(builder.Services);
        AddListeners(builder);
        AddLifetime(builder);
        AddApi(builder.Services);
        KnownHosts.ReplaceFramework(builder.Services);
        builder.AddBearerTokens();
        UnreadableRequests.Mute(builder.Logging);
        builder.Services.AddProjectionRuns(builder.Configuration);
        builder.AddScenariosSilo();
        builder.Services.AddScenarioStorage(builder.Configuration);
        builder.Services.AddScenariosTelemetry(builder.Configuration);
        AddCors(builder);

        var app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    /// <param name="args">Command line, as in <see cref="Build"/>.</param>
    /// <returns>
    /// Exit code: 0; 1 if the machine does not let it serve as configured; 2 if the configuration breaks a rule. Standard error says why.
    /// </returns>
    public static Task<int> RunAsync(string[] args) => ServiceStart.RunAsync(args);

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            return WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = args,
                ApplicationName = typeof(ScenariosHost).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory, // A built service finds its files from whatever folder it is started.
            });
        }
        catch (InvalidDataException unreadable) // A file of settings.
        {
            throw new RefusedSettingsException([$"{unreadable.Message} {unreadable.GetBaseException().Message}"]);
        }
    }

    private static void AddListeners(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;

            // A request is bounded where it is read (gRPC: MaxReceiveMessageSize; JSON: StrictJson), with an answer that says so.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Configure(context.Configuration.GetSection("Kestrel")).Endpoint("Http", HttpListener.Mark);
        });
        // Where a connection has no more streams, a client of HTTP/2 waits in silence. Readers beyond MaxSubscribers are to hear that the service is busy.
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitsOptions>>((kestrel, limits) =>
            kestrel.Limits.Http2.MaxStreamsPerConnection = (int)Math.Min(int.MaxValue, limits.Value.MaxSubscribers + StreamsBesideReaders));
        LoopbackTransport.Guard(builder.Services, builder.Configuration);
    }

    private static void AddLifetime(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ServiceOptions.Section);
        builder.Services.AddSingleton<ServiceDrain>();
        builder.Services.AddSingleton<CallsUnderWay>();
        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.Configure<ServiceOptions>(section);
        builder.Services.AddHostedService<DrainOnStop>();
        var gracePeriod = section.Get<ServiceOptions>()?.GracePeriod ?? new ServiceOptions().GracePeriod;
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = gracePeriod + DrainOnStop.StopMargin);
    }

    private static void AddApi(IServiceCollection services)
    {
        services.AddSingleton<BuiltInScenarios>();
        services.AddSingleton<ProjectRequestParser>();
        services.AddSingleton<ReplayRequestParser>();
        services.AddSingleton<ScenarioRequestParser>();
        services.AddSingleton<PathReplays>();
        services.AddSingleton<CallInterceptor>();
        services.AddSingleton<IServiceMethodProvider<ProjectionService>, SharedProjectionMethod>();
        services
            .AddGrpc(options =>
            {
                options.MaxReceiveMessageSize = RequestCost.MostMessageBytes;
                options.Interceptors.Add<CallInterceptor>();
                options.CompressionProviders.Clear(); // Those of the framework unfold a request to any size.
                options.CompressionProviders.Add(new GzipMessages());
                options.ResponseCompressionAlgorithm = GzipMessages.Name; // For those who take it: most clients say that they do.
            })
            .AddJsonTranscoding(options =>
            {
                options.TypeRegistry = TranscodedErrors.Types;
                options.JsonSettings.WriteInt64sAsStrings = true;
            });
        HttpCompression.Add(services);
        ProtoSet.AddReflection(services);
        services.AddGrpcHealthChecks(options =>
        {
            options.UseHealthChecksCache = true; // ServiceHealth says how the service is, and nothing else.
            options.Services.Map(V1.ProjectionService.Descriptor.FullName, _ => true);
            options.Services.Map(V1.ScenarioService.Descriptor.FullName, _ => true);
        });
        services.RemoveAll<IHealthCheckPublisher>();
    }

    private static void AddCors(WebApplicationBuilder builder)
    {
        var origins = builder.Configuration.GetSection("Cors:AllowedOrigins").Get<string[]>() ?? [];
        builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .AllowAnyMethod()
            .AllowAnyHeader()
            .WithExposedHeaders("Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Grpc-Encoding", "Grpc-Accept-Encoding")));
    }

    private static void Map(WebApplication app)
    {
        app.UseResponseCompression();
        app.UseBareAnswers();
        app.UseRouting();
        KnownHosts.Use(app);
        app.UseCors();
        app.UseCallHeaders();
        OpenReads.UseOpenReads(app);
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseBearerTokens();
        app.UseMiddleware<UnreadableRequests>();
        app.UseStrictJson();
        var projections = app.MapGrpcService<ProjectionService>();
        projections.Add(SharedProjectionMethod.Prefer);
        projections.Add(TranscodedRoutes.Name);
        app.MapGrpcService<ScenarioService>().Add(TranscodedRoutes.Name);
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        app.MapDashboard();
        app.MapHealthPaths();
        app.MapProtoSet();
        app.MapPrometheusScrapingEndpoint().WithMetadata(Access.ReadMetrics).Add(HttpListener.Restrict);
    }
}
