namespace Scenarios.Service.Tests.Host;

public sealed class CorsTests
{
    private const string Friend = "https://friend.example";

    [Theory]
    [InlineData(Friend, Friend)]
    [InlineData("https://stranger.example", null)]
    public async Task Origin_IsAllowedWhereItIsConfigured(string origin, string? allowed)
    {
        await using var service = await RunningService.StartAsync(("Cors:AllowedOrigins:0", Friend));
        Assert.Equal(allowed, await AllowedOriginAsync(service, origin));
    }

    [Fact]
    public async Task Origin_WithoutConfiguration_IsTheServicesOwnOnly()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Null(await AllowedOriginAsync(service, Friend));
    }

    private static async Task<string?> AllowedOriginAsync(RunningService service, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("v1/scenarios", UriKind.Relative))
        {
            Headers = { { "Origin", origin } },
        };
        using var response = await service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
    }
}
