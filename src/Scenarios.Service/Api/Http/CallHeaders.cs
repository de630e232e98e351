using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Google.Api;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Net.Http.Headers;
using Scenarios.Service.Api.Errors;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Refuses calls by their headers, before anything is read: a content type or an HTTP version that is not served at the address, a timeout
/// that cannot be read or is spent. The gRPC server would refuse the former without a word that a client sees, and take a spent timeout
/// for none (https://github.com/grpc/grpc-dotnet/issues/88).
/// </summary>
internal static partial class CallHeaders
{
    private const string JsonType = "application/json";
    private const string GrpcTypes = "application/grpc, application/grpc-web, application/grpc-web-text";

    private static readonly ServiceDescriptor[] Services = [V1.ProjectionService.Descriptor, V1.ScenarioService.Descriptor];

    /// <summary>Set among the items of a request that came as gRPC-Web, which then looks like one of gRPC.</summary>
    public static object IsWeb { get; } = new();

    /// <summary>Comes before gRPC-Web, which changes what a request says of itself.</summary>
    public static void UseCallHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var start = Stopwatch.GetTimestamp();
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } transcoding)
        {
            return transcoding.HttpRule.Body.Length > 0 && FaultOfJson(http) is { } fault
                ? Refusal.AnswerAsync(http, fault, StatusCodes.Status415UnsupportedMediaType, start)
                : next(http);
        }

        return endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } grpc ? CheckGrpcAsync(http, next, grpc.Method.FullName, start) : next(http);
    });

    private static Task CheckGrpcAsync(HttpContext http, RequestDelegate next, string method, long start)
    {
        if (!IsServed(http.Request.ContentType, out var isWeb))
        {
            var fault = NotServed(http.Request, method);
            return Connect.IsSpokenBy(http.Request) ? Connect.RefuseAsync(http, fault)
                : Refusal.IsGrpc(http.Request) ? Refusal.AnswerAsync(http, fault, start)
                : Refusal.AnswerAsync(http, fault, StatusCodes.Status415UnsupportedMediaType, start);
        }

        if (isWeb)
        {
            http.Items[IsWeb] = true;
        }
        else if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.Headers.Upgrade = "h2c";
            return Refusal.AnswerAsync(http, ApiErrors.UnsupportedHttpVersion(http.Request.Protocol), StatusCodes.Status426UpgradeRequired, start);
        }

        return FaultOfTimeout(http.Request.Headers.GrpcTimeout) is { } ofTimeout ? Refusal.AnswerAsync(http, ofTimeout, start) : next(http);
    }

    /// <summary>Whether messages of a content type are protobuf's, in gRPC's frames; the suffix may say so.</summary>
    private static bool IsServed(string? contentType, out bool isWeb)
    {
        isWeb = false;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || (type.Suffix.HasValue && !type.Suffix.Equals("proto", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        var plain = type.Type + "/" + type.SubTypeWithoutSuffix;
        isWeb = plain.Equals("application/grpc-web", StringComparison.OrdinalIgnoreCase) || plain.Equals("application/grpc-web-text", StringComparison.OrdinalIgnoreCase);
        return isWeb || plain.Equals("application/grpc", StringComparison.OrdinalIgnoreCase);
    }

    private static RpcException NotServed(HttpRequest request, string method)
    {
        var given = Connect.IsSpokenBy(request)
            ? "The Connect protocol is not served"
            : string.IsNullOrEmpty(request.ContentType) ? "The request has no Content-Type" : $"Content-Type {ApiErrors.Clipped(request.ContentType, 80)} is not taken";
        var json = JsonRule(method) is { } rule ? $" JSON is at {rule}." : "";
        return ApiErrors.UnsupportedContentType(
            request.ContentType ?? "",
            GrpcTypes,
            $"{given} at {method}. gRPC is served there (application/grpc, over HTTP/2: port 5081 unless configured), and gRPC-Web (application/grpc-web, "
                + $"from browsers: createGrpcWebTransport of @connectrpc/connect-web; port 5080 unless configured).{json}");
    }

    /// <summary>For instance <c>POST /v1/projections:project</c>; null if the method has no JSON form.</summary>
    private static string? JsonRule(string fullMethod)
    {
        var method = Services.SelectMany(service => service.Methods).FirstOrDefault(method => $"/{method.Service.FullName}/{method.Name}" == fullMethod);
        var rule = method?.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        return rule?.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => $"GET {rule.Get}",
            HttpRule.PatternOneofCase.Post => $"POST {rule.Post}",
            HttpRule.PatternOneofCase.Patch => $"PATCH {rule.Patch}",
            HttpRule.PatternOneofCase.Delete => $"DELETE {rule.Delete}",
            _ => null,
        };
    }

    private static RpcException? FaultOfTimeout(Microsoft.Extensions.Primitives.StringValues timeout)
    {
        if (timeout.Count == 0)
        {
            return null;
        }

        if (timeout.Count > 1 || Timeout().Match(timeout.ToString()) is not { Success: true } match)
        {
            return ApiErrors.MalformedHeader(
                "grpc-timeout",
                timeout.ToString(),
                "Give a whole number of at most eight digits and a unit: H, M, S (hours, minutes, seconds), m, u or n (milli-, micro-, nanoseconds), as 30S.");
        }

        // The server's clock has ticks of 100 ns.
        var value = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return value == 0 || (match.Groups[2].ValueSpan is "n" && value < TimeSpan.NanosecondsPerTick) ? ApiErrors.DeadlinePassed() : null;
    }

    private static RpcException? FaultOfJson(HttpContext http)
    {
        var request = http.Request;
        RpcException Fault(string given, string message) => ApiErrors.UnsupportedContentType(given, JsonType, message);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return Fault(request.ContentType ?? "", string.IsNullOrEmpty(request.ContentType)
                ? "The request has no Content-Type. Send application/json."
                : $"Content-Type \"{ApiErrors.Clipped(request.ContentType, 80)}\" cannot be read. Send application/json.");
        }

        if (!type.MediaType.Equals(JsonType, StringComparison.OrdinalIgnoreCase) && !type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        {
            return Fault(request.ContentType!, Refusal.IsGrpc(request)
                ? $"{request.Path} takes JSON, not {ApiErrors.Clipped(request.ContentType!, 80)}. An rpc's address in gRPC and gRPC-Web is /scenarios.v1.SERVICE/RPC."
                : $"Content-Type is {ApiErrors.Clipped(request.ContentType!, 80)}. Send application/json.");
        }

        if (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return Fault(request.ContentType!, $"The charset is {ApiErrors.Clipped(type.Charset.ToString(), 80)}. Send UTF-8.");
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.AcceptEncoding = "identity"; // RFC 9110, section 15.5.16.
            return Fault(coding.ToString(), $"Content-Encoding is {ApiErrors.Clipped(coding.ToString(), 80)}. Send the body as it is.");
        }

        return null;
    }

    [GeneratedRegex("^([0-9]{1,8})([HMSmun])\\z")]
    private static partial Regex Timeout();
}
