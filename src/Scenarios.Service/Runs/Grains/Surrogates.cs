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

/// <summary>What is asked, on its way between silos: the request it can be parsed from, and what the request does not say.</summary>
[GenerateSerializer]
[Alias("scenarios.wire-spec")]
internal struct WireSpec
{
    /// <summary>The request, in protobuf's wire format.</summary>
    [Id(0)]
    public byte[] Request;

    /// <summary>The stored scenario it named.</summary>
    [Id(1)]
    public string? ScenarioId;

    /// <summary>Its revision.</summary>
    [Id(2)]
    public string? ScenarioRevision;
}

/// <summary>Converts what is asked for Orleans: as the request it can be parsed from, to the same names and the same bits.</summary>
[RegisterConverter]
internal sealed class ProjectionSpecConverter(ProjectRequestParser parser) : IConverter<ProjectionSpec, WireSpec>
{
    /// <inheritdoc/>
    public ProjectionSpec ConvertFromSurrogate(in WireSpec surrogate) =>
        parser.ParseInline(V1.ProjectRequest.Parser.ParseFrom(surrogate.Request)).Spec with
        {
            Origin = new(surrogate.ScenarioId, surrogate.ScenarioRevision),
        };

    /// <inheritdoc/>
    public WireSpec ConvertToSurrogate(in ProjectionSpec value) => new()
    {
        Request = RequestOf(value).ToByteArray(),
        ScenarioId = value.Origin.Id,
        ScenarioRevision = value.Origin.Revision,
    };

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
