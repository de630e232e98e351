using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Answers over HTTP are compressed for clients that take it (Accept-Encoding: br, gzip), streams message by message. The page's files bring
/// their own compression, and messages of gRPC that are compressed each are not compressed again. No answer holds a secret beside what the
/// caller sent, so its length tells nothing (BREACH).
/// </summary>
internal sealed class HttpCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    /// <summary>Of gRPC-Web too, until the headers are sent.</summary>
    private const string GrpcType = "application/grpc";

    private static readonly string[] Types =
    [
        "application/json", GrpcType, "text/plain", "application/openmetrics-text", ProtoSet.ContentType,
    ];

    /// <summary>Adds what the framework's middleware needs.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IResponseCompressionProvider, HttpCompression>();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = Types;
        });
    }

    /// <inheritdoc/>
    public override bool ShouldCompressResponse(HttpContext context)
    {
        var isGrpc = context.Response.ContentType?.StartsWith(GrpcType, StringComparison.Ordinal) == true;
        var isCompressedEach = context.Response.Headers.GrpcEncoding.Count > 0;
        return (!isGrpc || (context.Items.ContainsKey(CallHeaders.IsWeb) && !isCompressedEach)) && base.ShouldCompressResponse(context);
    }
}
