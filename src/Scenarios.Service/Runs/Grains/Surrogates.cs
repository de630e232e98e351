using Google.Protobuf;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Runs.Grains;

/// <summary>A message on its way between silos, in protobuf's wire format. Within a silo the object itself is passed.</summary>
[GenerateSerializer]
[Alias("scenarios.wire-message")]
internal struct WireMessage
{
    /// <summary>The bytes.</summary>
    [Id(0)]
    public byte[] Bytes;
}

/// <summary>Converts projections for Orleans.</summary>
[RegisterConverter]
internal sealed class ProjectionConverter : IConverter<V1.Projection, WireMessage>
{
    /// <inheritdoc/>
    public V1.Projection ConvertFromSurrogate(in WireMessage surrogate) => V1.Projection.Parser.ParseFrom(surrogate.Bytes);

    /// <inheritdoc/>
    public WireMessage ConvertToSurrogate(in V1.Projection value) => new() { Bytes = value.ToByteArray() };
}

/// <summary>Converts what is asked for Orleans: as the request it can be parsed from, to the same names and the same bits.</summary>
[RegisterConverter]
internal sealed class ProjectionSpecConverter(ProjectRequestParser parser) : IConverter<ProjectionSpec, WireMessage>
{
    /// <inheritdoc/>
    public ProjectionSpec ConvertFromSurrogate(in WireMessage surrogate) =>
        parser.ParseInline(V1.ProjectRequest.Parser.ParseFrom(surrogate.Bytes)).Spec;

    /// <inheritdoc/>
    public WireMessage ConvertToSurrogate(in ProjectionSpec value) => new() { Bytes = RequestOf(value).ToByteArray() };

    private static V1.ProjectRequest RequestOf(ProjectionSpec spec)
    {
        var request = new V1.ProjectRequest
        {
            Scenario = spec.Scenario,
            Paths = spec.Paths,
            Seed = spec.Seed,
            Sampling = spec.Sampling == Sampling.QuasiRandom
                ? V1.ProjectRequest.Types.Sampling.QuasiRandom
                : V1.ProjectRequest.Types.Sampling.PseudoRandom,
            QuantileLevels = { spec.Query.QuantileLevels },
            Thresholds = { spec.Query.Thresholds },
            ReportDays = { spec.Query.ReportDays },
            SamplePathCount = spec.SamplePathCount,
            HistogramDays = { spec.Query.HistogramDays },
            HistogramBinCount = spec.Query.HistogramBinCount,
        };
        if (spec.TargetPrecision is { } target)
        {
            request.TargetPrecision = new();
            if (target.RelativeHalfWidth is { } relative)
            {
                request.TargetPrecision.RelativeHalfWidth = relative;
            }

            if (target.QuantileHalfWidth is { } quantile)
            {
                request.TargetPrecision.QuantileHalfWidth = quantile;
            }
        }

        return request;
    }
}
