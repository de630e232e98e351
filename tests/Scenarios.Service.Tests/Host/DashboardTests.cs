using System.Net;
using System.Text.RegularExpressions;
using Scenarios.Service.Tests.Security;

namespace Scenarios.Service.Tests.Host;

public sealed partial class DashboardTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    [Theory]
    [InlineData("")]
    [InlineData("projections/pfqfqk4mqqdzrubf5xtzp43ru2izzl47")]
    [InlineData("?at=2026-02-01&counts=75000")]
    public async Task Page_AtItsAddresses_IsServedToBeAskedForAgain(string address)
    {
        using var response = await _service.Http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl is { NoCache: true });
        Assert.Contains("<div id=\"page\"><header class=\"top\">", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_NamesAssetsThatAreServedForGood()
    {
        var page = await _service.Http.GetStringAsync(new Uri("", UriKind.Relative));
        var assets = Assets().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.Contains(assets, asset => asset.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(assets, asset => asset.EndsWith(".css", StringComparison.Ordinal));
        foreach (var asset in assets)
        {
            using var response = await _service.Http.GetAsync(new Uri(asset, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Page_AllowsNothingFromElsewhereAndNothingInline()
    {
        using var response = await _service.Http.GetAsync(new Uri("", UriKind.Relative));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("<style|<script(?![^>]* src=)| style=| on[a-z]+=|https?://", page);
    }

    [Fact]
    public async Task Page_ToWhoeverTakesGzip_IsTheSamePageCompressed()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip };
        using var http = new HttpClient(handler) { BaseAddress = _service.HttpAddress };
        var plain = await _service.Http.GetStringAsync(new Uri("", UriKind.Relative));
        var script = Assets().Matches(plain).Select(match => match.Groups[1].Value).First(name => name.EndsWith(".js", StringComparison.Ordinal));
        Assert.Equal(plain, await http.GetStringAsync(new Uri("", UriKind.Relative)));
        Assert.Equal(
            await _service.Http.GetByteArrayAsync(new Uri(script, UriKind.Relative)),
            await http.GetByteArrayAsync(new Uri(script, UriKind.Relative)));

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(script, UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var compressed = await _service.Http.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(compressed.Content.Headers.ContentEncoding));
        Assert.Contains("Accept-Encoding", compressed.Headers.Vary);
    }

    [Fact]
    public async Task Page_ThatTheBrowserHas_IsNotSentAgain()
    {
        using var first = await _service.Http.GetAsync(new Uri("", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("", UriKind.Relative));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("assets/none.js")]
    [InlineData("wwwroot/index.html")]
    [InlineData("v1/nothing")]
    [InlineData("projections")]
    [InlineData("projections/a/b")]
    public async Task Page_ElsewhereThanAtItsAddresses_IsNotThere(string address)
    {
        using var response = await _service.Http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Page_OnTheGrpcListener_IsNotThere()
    {
        using var http = new HttpClient { BaseAddress = _service.GrpcAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [GeneratedRegex("(?:src|href)=\"/(assets/[^\"]+)\"")]
    private static partial Regex Assets();
}

public sealed class SecuredDashboardTests(SecuredFixture fixture) : IClassFixture<SecuredFixture>
{
    [Fact]
    public async Task Page_WhereTokensAreRequired_NeedsNone()
    {
        using var page = await fixture.Service.Http.GetAsync(new Uri("", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var scenarios = await fixture.Service.Http.GetAsync(new Uri("v1/scenarios", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, scenarios.StatusCode);
    }
}
