using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.WebUtilities;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Http;

/// <summary>Gives answers that the framework leaves empty the shape of all other errors: unknown paths, wrong methods, bodies that break off.</summary>
internal static class BareAnswers
{
    /// <summary>Comes before routing, so that it sees every answer.</summary>
    public static void UseBareAnswers(this IApplicationBuilder app)
    {
        app.UseStatusCodePages(pages => FillAsync(pages.HttpContext));
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (BadHttpRequestException exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
            {
                http.Response.StatusCode = exception.StatusCode;
            }
        });
    }

    private static Task FillAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (response.StatusCode == StatusCodes.Status404NotFound && MethodsAt(http) is { Length: > 0 } methods)
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = methods;
        }

        var error = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiErrors.PathNotFound(request.Path),
            StatusCodes.Status405MethodNotAllowed => ApiErrors.MethodNotAllowed(request.Method, request.Path, response.Headers.Allow.ToString()),
            >= 500 => ApiErrors.Failed(),
            var status => ApiErrors.MalformedHttp(status, ReasonPhrases.GetReasonPhrase(status)),
        };
        return TranscodedErrors.AnswerAsync(http, error, response.StatusCode);
    }

    /// <summary>
    /// Methods that the address takes. The gRPC server's route for unknown services, which has two segments and any method, comes before the
    /// framework's own answer and then matches nothing.
    /// </summary>
    private static string MethodsAt(HttpContext http) => string.Join(", ", http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => http.GetEndpoint() is null && endpoint.RoutePattern is { RawText: { } pattern, ParameterPolicies.Count: 0 }
            && new TemplateMatcher(TemplateParser.Parse(pattern), []).TryMatch(http.Request.Path, []))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
        .Distinct()
        .Order());
}
