using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Scenarios.Service.Telemetry;

/// <summary>Traces, metrics and logs by OpenTelemetry; the <c>OTEL_*</c> variables say where they go.</summary>
public static class ScenariosTelemetry
{
    /// <summary>Name of the service's own meter and activity source.</summary>
    public const string Name = "Scenarios";

    /// <summary>Where the collector is, for all signals or for one; where none is set, nothing is exported, nor is a trace or a log made for it.</summary>
    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Bucket bounds in seconds: a stream lasts as long as its run. The defaults end at 10 s.</summary>
    private static readonly double[] DurationBounds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    /// <summary>The service's own instruments.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>The service's own spans.</summary>
    public static ActivitySource ActivitySource { get; } = new(Name);

    /// <summary>Adds telemetry to the service.</summary>
    public static void AddScenariosTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("scenarios", serviceVersion: Engine.EngineVersion.Current))
            .WithMetrics(metrics => metrics
                .AddMeter(Name)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddView(RpcInstruments.CallDurationName, new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds })
                .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds })
                .AddPrometheusExporter());
        if (OtlpEndpoints.Any(key => !string.IsNullOrEmpty(configuration[key])))
        {
            telemetry
                .WithTracing(tracing => tracing.AddSource(Name).AddAspNetCoreInstrumentation())
                .WithLogging(null, logs =>
                {
                    logs.IncludeScopes = true;
                    logs.IncludeFormattedMessage = true; // Else a record's body is its template, with holes where the values belong.
                })
                .UseOtlpExporter();
        }
    }
}
