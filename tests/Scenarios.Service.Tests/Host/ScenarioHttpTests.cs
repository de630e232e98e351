using System.Net;
using System.Text.Json;

namespace Scenarios.Service.Tests.Host;

/// <summary>The scenario service as JSON over HTTP.</summary>
public sealed class ScenarioHttpTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private const string Body =
        """
        {"display_name": "By HTTP", "start_date": {"year": 2024, "month": 11, "day": 17}, "horizon_days": 364, "step_days": 7, "labels": {"a": "1"},
         "assumptions": {"rotation_interval_days": {"distribution": {"text": "60 to 180"}}, "batch_size": {"distribution": {"constant": 5000}}}}
        """;

    [Fact]
    public async Task AScenario_IsMadeChangedListedAndDeleted()
    {
        var made = await SendAsync(HttpMethod.Post, "v1/scenarios?scenario_id=by-http", Body);
        Assert.Equal("scenarios/by-http", made.GetProperty("name").GetString());
        var etag = made.GetProperty("etag").GetString();

        var changed = await SendAsync(
            HttpMethod.Patch, "v1/scenarios/by-http?updateMask=displayName,assumptions.cap", $$"""{"displayName": "Changed", "etag": "{{etag}}"}""");
        Assert.Equal("Changed", changed.GetProperty("displayName").GetString());
        Assert.Equal(364, changed.GetProperty("horizonDays").GetDouble());

        var stale = await SendAsync(HttpMethod.Patch, "v1/scenarios/by-http", $$"""{"displayName": "Late", "etag": "{{etag}}"}""", HttpStatusCode.Conflict);
        Assert.Contains("has changed", stale.GetProperty("message").GetString(), StringComparison.Ordinal);
        var revision = await SendAsync(HttpMethod.Get, $"v1/scenarios/by-http@{etag}");
        Assert.Equal("By HTTP", revision.GetProperty("displayName").GetString());
        var revisions = await SendAsync(HttpMethod.Get, "v1/scenarios/by-http:listRevisions?page_size=1");
        Assert.Equal("Changed", revisions.GetProperty("scenarios")[0].GetProperty("displayName").GetString());
        var listed = await SendAsync(HttpMethod.Get, "v1/scenarios?filter=labels.a%3D1&order_by=update_time%20desc");
        Assert.Equal(1, listed.GetProperty("scenarios").GetArrayLength());

        await SendAsync(HttpMethod.Delete, "v1/scenarios/by-http");
        await SendAsync(HttpMethod.Get, "v1/scenarios/by-http", status: HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("POST", "v1/scenarios?scenario_id=x", """{"display_nam": "x"}""", "display_nam")]
    [InlineData("POST", "v1/scenarios?scenario_id=x&validate_only=maybe", Body, "validate_only")]
    [InlineData("PATCH", "v1/scenarios/dprk-rotation?update_mask=display_Name", "{}", "update_mask")]
    [InlineData("PATCH", "v1/scenarios/dprk-rotation?mask=displayName", "{}", "mask")]
    [InlineData("GET", "v1/scenarios/dprk-rotation?page=1", null, "page")]
    public async Task WhatIsNoPartOfARequest_IsRefused(string method, string path, string? body, string named)
    {
        var refused = await SendAsync(new(method), path, body, HttpStatusCode.BadRequest);
        Assert.Contains(named, refused.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, null, "application/json");
        using var response = await fixture.Service.Http.SendAsync(request).WaitAsync(RunningService.Patience);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, answer);
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.Clone();
    }
}
