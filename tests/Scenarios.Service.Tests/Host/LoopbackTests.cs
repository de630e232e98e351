using Scenarios.Service.Security;

namespace Scenarios.Service.Tests.Host;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0")]
    [InlineData("Kestrel:Endpoints:Grpc:Url", "http://[::]:0")]
    [InlineData("Kestrel:Endpoints:Grpc:Url", "http://*:0")]
    [InlineData("Kestrel:Endpoints:Another:Url", "http://0.0.0.0:0")]
    public async Task Address_ThatOthersCanReach_IsRefusedSayingHowToAllowIt(string key, string url)
    {
        var refusal = await Assert.ThrowsAsync<RefusedAddressException>(() => RunningService.StartAsync((key, url)));
        Assert.Contains("Security:AllowAnonymous=true", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_ThatOthersCanReach_IsTakenWhereStrangersAreAllowed()
    {
        await using var service = await RunningService.StartAsync(
            ("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0"), ("Security:AllowAnonymous", "true"));
        Assert.Equal("0.0.0.0", service.HttpAddress.Host);
    }

    [Fact]
    public async Task Address_OfLocalhost_IsTaken()
    {
        await using var service = await RunningService.StartAsync(("Kestrel:Endpoints:Http:Url", "http://[::1]:0"));
        Assert.Equal("[::1]", service.HttpAddress.Host);
    }
}
