using Google.Api;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Metadata;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Routes of the JSON API as the protos write them, for metrics and traces: the library makes names such as <c>{__Complex_name_2}</c> of
/// <c>{name=scenarios/*}</c>.
/// </summary>
internal static class TranscodedRoutes
{
    /// <summary>Gives an endpoint of the JSON API its route.</summary>
    public static void Name(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().FirstOrDefault() is { HttpRule: var rule })
        {
            endpoint.Metadata.Add(new Route(rule.PatternCase switch
            {
                HttpRule.PatternOneofCase.Get => rule.Get,
                HttpRule.PatternOneofCase.Post => rule.Post,
                HttpRule.PatternOneofCase.Put => rule.Put,
                HttpRule.PatternOneofCase.Patch => rule.Patch,
                HttpRule.PatternOneofCase.Delete => rule.Delete,
                _ => rule.Custom.Path,
            }));
        }
    }

    private sealed record Route(string Pattern) : IRouteDiagnosticsMetadata
    {
        string IRouteDiagnosticsMetadata.Route => Pattern;
    }
}
