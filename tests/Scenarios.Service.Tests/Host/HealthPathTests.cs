using System.Diagnostics;
using System.Net;
using Scenarios.Service.Tests.Security;

namespace Scenarios.Service.Tests.Host;

/// <summary>Health for orchestrators.</summary>
public sealed class HealthPathTests
{
    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task O10_Health_IsOpenOnTheHttpListener_WhereTokensAreRequiredToo(string path)
    {
        await using var service = await RunningService.StartAsync([.. new TokenIssuer().Settings]);
        using var answer = await service.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"status":"SERVING","reason":""}""", await answer.Content.ReadAsStringAsync());
        using var head = await service.Http.SendAsync(new(HttpMethod.Head, new Uri(path, UriKind.Relative)));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task O10_TheImagesCheck_AsksTheListener_WithoutAnyOtherProgram()
    {
        await using var service = await RunningService.StartAsync();
        Assert.Equal(0, await CheckAsync($"http://0.0.0.0:{service.HttpAddress.Port}"));
        Assert.Equal(0, await CheckAsync($"https://0.0.0.0:{service.HttpAddress.Port}/")); // It sees that somebody listens.
        Assert.Equal(1, await CheckAsync("http://0.0.0.0:1"));
        Assert.Equal(1, await CheckAsync($"http://0.0.0.0:{service.GrpcAddress.Port}")); // No HTTP/1.1.
    }

    private static async Task<int> CheckAsync(string url)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Scenarios.sln")))
        {
            root = root.Parent!;
        }

        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(root.FullName, "src", "Scenarios.Service", "healthcheck.sh")]) { RedirectStandardError = true };
        start.Environment["Kestrel__Endpoints__Http__Url"] = url;
        start.Environment["PATH"] = ""; // The shell alone.
        using var check = Process.Start(start)!;
        await check.WaitForExitAsync().WaitAsync(RunningService.Patience);
        return check.ExitCode;
    }
}
