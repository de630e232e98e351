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
        var error = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiErrors.PathNotFound(request.Path),
            StatusCodes.Status405MethodNotAllowed => ApiErrors.MethodNotAllowed(request.Method, request.Path, response.Headers.Allow.ToString()),
            >= 500 => ApiErrors.Failed(),
            var status => ApiErrors.MalformedHttp(status, ReasonPhrases.GetReasonPhrase(status)),
        };
        return TranscodedErrors.AnswerAsync(http, error, response.StatusCode);
    }
}
