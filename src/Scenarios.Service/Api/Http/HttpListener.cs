using Microsoft.AspNetCore.Server.Kestrel;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Knows the connections of the listener <c>Kestrel:Endpoints:Http</c>, whatever its address and whatever Host a client names.
/// </summary>
internal sealed class HttpListener
{
    private static readonly HttpListener Instance = new();

    private HttpListener()
    {
    }

    /// <summary>Marks the connections of the endpoint.</summary>
    public static void Mark(EndpointConfiguration endpoint) => endpoint.ListenOptions.Use(next => connection =>
    {
        connection.Features.Set(Instance);
        return next(connection);
    });

    /// <summary>Makes an endpoint unknown to other listeners.</summary>
    public static void Restrict(EndpointBuilder endpoint)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = http =>
        {
            if (http.Features.Get<HttpListener>() is not null)
            {
                return answer(http);
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    }
}
