using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;

namespace Scenarios.Service.Tests.Host;

/// <summary>Numbers at the ends of what the fields accept, as a caller sees them: right, or refused at their field.</summary>
public sealed class NumberTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    /// <summary>Totals of up to 2e15, which passes 2^50: by constants and by draws. Each draw alone is at most 1e15, by its own rule.</summary>
    public static TheoryData<string, string> TooLarge => new()
    {
        { "0", "1000000000000000" },
        { "0", "uniform(0, 1000000000000000)" },
        { "1000000000000000", "200000000000000" },
        { "0", "pert(0, 900000000000000, 1000000000000000)" },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task N1_N2_ATotalBeyondWhatIsCounted_IsRefusedAtItsField_ByEveryRpc(string initial, string size)
    {
        var scenario = Scenario(initial, size, gap: "1", horizon: 3);
        using var call = _service.Projections.Project(new() { Scenario = scenario, Paths = 10_000, FinalOnly = true }, RunningService.InTime);
        var error = await Assert.ThrowsAsync<RpcException>(call.AllAsync);
        AssertRefused(error);

        var paths = Enumerable.Range(0, 40).Select(path => ReplayAsync(scenario, path)).ToArray();
        var errors = (await Task.WhenAll(paths)).OfType<RpcException>().ToArray();
        Assert.NotEmpty(errors);
        Assert.All(errors, refused => AssertRefused(refused));

        using var body = new StringContent(
            $$"""{"scenario": {{Google.Protobuf.JsonFormatter.Default.Format(scenario)}}, "paths": "10000"}""", Encoding.UTF8, "application/json");
        using var response = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("uniform(0, 1000000000000000)", "900000000000000")]
    [InlineData("1000000000000000", "1000000000000000")]
    public async Task N1_N2_UnderACap_LargeBatchesAreRight(string size, string cap)
    {
        var scenario = Scenario("0", size, gap: "1", horizon: 3);
        scenario.Assumptions.Cap = new() { Distribution = new() { Text = cap } };
        var count = (await ProjectAsync(new() { Scenario = scenario, Paths = 10_000 })).Points[^1].Cumulative;
        Assert.Equal(double.Parse(cap, CultureInfo.InvariantCulture), count.Max);
    }

    [Fact]
    public async Task N3_AnErrorThatPathsDoNotBound_IsInfiniteInEveryProtocol_WithAWarning()
    {
        var scenario = Scenario("normal(100000, 10000) truncated at least 0", "1", gap: "1000", horizon: 1);
        var request = new V1.ProjectRequest { Scenario = scenario, Paths = 100_000, QuantileLevels = { 1e-6, 0.5, 1 - 1e-6 } };
        var projection = await ProjectAsync(request);
        var count = projection.Points[^1].Cumulative;
        Assert.True(Math.Abs(count.Quantiles[0] - 52_466) <= 1.96 * count.QuantileStandardErrors[0], $"{count.Quantiles[0]} +- {count.QuantileStandardErrors[0]}");
        Assert.Equal(double.PositiveInfinity, count.QuantileStandardErrors[2]);
        Assert.InRange(count.QuantileStandardErrors[1], 1, 100);
        var warning = Assert.Single(projection.Warnings, warning => warning.Code == "FEW_PATHS");
        Assert.Equal("quantile_levels", warning.Field);
        Assert.Contains("at least 3,700,000 paths", warning.Message, StringComparison.Ordinal);

        using var json = await JsonAsync(request);
        Assert.Equal("Infinity", Last(json).GetProperty("quantileStandardErrors")[2].GetString());
    }

    [Fact]
    public async Task N3_ASinglePath_SaysThatItTellsNoSpread_AndItsSentenceIsReadable()
    {
        var projection = await ProjectAsync(new() { ScenarioName = "scenarios/dprk-rotation", Paths = 1 });
        Assert.Equal(double.PositiveInfinity, projection.Points[^1].Cumulative.MeanStandardError);
        Assert.Contains(projection.Warnings, warning => warning.Code == "FEW_PATHS");
        Assert.DoesNotContain("NaN", projection.Headline + projection.Consequence, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", projection.Headline + projection.Consequence, StringComparison.Ordinal);
        Assert.Matches(@"about \*\*[1-9]", projection.Headline);
    }

    /// <summary>As a first user met them: an analyst's count of 20 million and one, and one of 15,000.</summary>
    [Fact]
    public async Task N4_N5_NarrowCounts_AreOnTheirAtoms_InFiguresAndSentence()
    {
        var large = await ProjectAsync(new() { Scenario = Scenario("uniform(20000000, 20000001)", "1", "1000", 1), Thresholds = { 20_000_001 }, Paths = 100_000 });
        Assert.InRange(large.Thresholds[0].ReachedProbability, 0.49, 0.51);
        Assert.InRange(large.Points[^1].Cumulative.Mean, 20_000_000.49, 20_000_000.51);

        var small = await ProjectAsync(new() { Scenario = Scenario("uniform(15000, 15003)", "1", "1000", 1), Thresholds = { 15_000 }, Paths = 100_000 });
        var count = small.Points[^1].Cumulative;
        Assert.Equal([15_000.0, 15_001, 15_002, 15_003], [count.Quantiles[0], count.Quantiles[1], count.Quantiles[3], count.Quantiles[4]]);
        Assert.Equal(15_000, count.Min);
        Assert.DoesNotContain("14,99", small.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task N6_WhatIsCertain_IsExactInEveryFieldAndSentence()
    {
        var projection = await ProjectAsync(new() { Scenario = Scenario("0", "1", gap: "1", horizon: 4097), Paths = 1, Thresholds = { 4097 } });
        Assert.Contains("4,097", projection.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("4,098", projection.Headline, StringComparison.Ordinal);
        var count = projection.Points[^1].Cumulative;
        Assert.Equal((4097, 0, 4097, 4097), (count.Mean, count.MeanStandardError, count.Quantiles[0], count.Quantiles[^1]));
        Assert.All(count.QuantileStandardErrors, error => Assert.Equal(0, error));
        Assert.Equal((1, 0), (projection.Thresholds[0].ReachedProbability, projection.Thresholds[0].ReachedProbabilityStandardError));
        Assert.DoesNotContain(projection.Warnings, warning => warning.Code == "FEW_PATHS");
    }

    private static V1.Scenario Scenario(string initial, string size, string gap, double horizon) => new()
    {
        DisplayName = "Ends",
        Noun = "people",
        Verb = "counted",
        StartDate = new() { Year = 2026, Month = 1, Day = 1 },
        HorizonDays = horizon,
        StepDays = horizon,
        Assumptions = new()
        {
            InitialCount = new() { Distribution = new() { Text = initial } },
            BatchSize = new() { Distribution = new() { Text = size } },
            RotationIntervalDays = new() { Distribution = new() { Text = gap } },
        },
    };

    private static void AssertRefused(RpcException error)
    {
        Assert.True(error.StatusCode == StatusCode.InvalidArgument, error.ToString());
        var violation = Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations);
        Assert.True(("scenario.assumptions.batch_size", "OUT_OF_RANGE") == (violation.Field, violation.Reason), violation.ToString());
        Assert.Contains("1,125,899,906,842,624", violation.Description, StringComparison.Ordinal);
    }

    private static JsonElement Last(JsonDocument projection) =>
        projection.RootElement.GetProperty("projection").GetProperty("points").EnumerateArray().Last().GetProperty("cumulative");

    private async Task<RpcException?> ReplayAsync(V1.Scenario scenario, long path)
    {
        try
        {
            await _service.Projections.ReplayPathAsync(new() { Scenario = scenario, PathIndex = path }, RunningService.InTime);
            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }

    private async Task<V1.Projection> ProjectAsync(V1.ProjectRequest request)
    {
        request.FinalOnly = true;
        using var call = _service.Projections.Project(request, RunningService.InTime);
        return Assert.Single(await call.AllAsync()).Projection;
    }

    private async Task<JsonDocument> JsonAsync(V1.ProjectRequest request)
    {
        request.FinalOnly = true;
        using var body = new StringContent(Google.Protobuf.JsonFormatter.Default.Format(request), Encoding.UTF8, "application/json");
        using var response = await _service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), body);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }
}
