using Scenarios.Service.Security;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Health for orchestrators, on the HTTP listener: <c>/health/live</c> answers as long as the process can, <c>/health/ready</c> with 503 and the
/// reason while the service takes no new work. By gRPC it is <c>grpc.health.v1</c>.
/// </summary>
internal static class HealthPaths
{
    /// <summary>Maps the two paths, open to everybody.</summary>
    public static void MapHealthPaths(this WebApplication app)
    {
        var health = app.Services.GetRequiredService<ServiceHealth>();
        Map("/health/live", () => null);
        Map("/health/ready", () => health.Problem);

        void Map(string path, Func<string?> problem) => app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], http =>
        {
            var found = problem();
            http.Response.StatusCode = found is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.CacheControl = "no-store";
            return http.Response.WriteAsJsonAsync(new Dictionary<string, string>
            {
                ["status"] = found is null ? "SERVING" : "NOT_SERVING",
                ["reason"] = found ?? "",
            });
        }).WithMetadata(Access.Open).Add(HttpListener.Restrict);
    }
}
