namespace Scenarios.Service;

/// <summary>The service as a host: for its own process, for the command line's, and for tests.</summary>
public static class ScenariosHost
{
    /// <summary>Builds the service. All it takes comes from configuration: appsettings.json, environment, command line.</summary>
    /// <param name="args">Command line, for instance <c>--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0</c>.</param>
    /// <param name="configure">Last word on configuration and services before the host is built.</param>
    /// <returns>The host, not started.</returns>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ScenariosHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.AddSingleton<ServiceDrain>();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        return app;
    }
}
