using Google.Protobuf;
using Grpc.Core;
using Scenarios.Service.Tests.Requests;
using Scenarios.Service.Tests.Runs;

namespace Scenarios.Service.Tests.Host;

public sealed class ProjectionStreamTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly RunningService _service = fixture.Service;

    [Fact]
    public async Task Project_OverGrpc_BeginsWithAThousandPathsAndEndsWithAll()
    {
        var messages = await _service.Projections.Project(Ask.Founding(paths: 20_000, seed: 2), RunningService.InTime).AllAsync();
        Assert.Equal(1_000, messages[0].Projection.Paths);
        Assert.Equal(V1.Progress.Types.State.Running, messages[0].Progress.State);
        Assert.Equal(20_000, messages[^1].Projection.Paths);
        Assert.Equal(V1.Progress.Types.State.Completed, messages[^1].Progress.State);
        Assert.Equal(messages.Select(message => message.Projection.Paths).Order(), messages.Select(message => message.Projection.Paths));
        Assert.Single(messages.Select(message => message.Projection.Name).Distinct());
    }

    [Fact]
    public async Task Project_OverEveryProtocol_GivesTheSameProjection()
    {
        var request = Ask.Founding(finalOnly: true);
        var overGrpc = Assert.Single(await _service.Projections.Project(request, RunningService.InTime).AllAsync());
        var web = new V1.ProjectionService.ProjectionServiceClient(_service.WebChannel);
        var overWeb = Assert.Single(await web.Project(request, RunningService.InTime).AllAsync());
        var overJson = Assert.Single(await JsonLinesAsync(JsonFormatter.Default.Format(request)));

        Assert.Equal(overGrpc.Projection, overWeb.Projection);
        Assert.Equal(overGrpc.Projection, overJson.Projection);
        Assert.Equal(
            overGrpc.Projection,
            await _service.Projections.GetProjectionAsync(new() { Name = overGrpc.Projection.Name }, RunningService.InTime));
        var json = await _service.Http.GetStringAsync(new Uri($"v1/{overGrpc.Projection.Name}", UriKind.Relative));
        Assert.Equal(overGrpc.Projection, JsonParser.Default.Parse<V1.Projection>(json));
    }

    [Fact]
    public async Task Project_OverGrpcWeb_StreamsSnapshots()
    {
        var web = new V1.ProjectionService.ProjectionServiceClient(_service.WebChannel);
        var messages = await web.Project(Ask.Founding(paths: 20_000, seed: 3), RunningService.InTime).AllAsync();
        Assert.Equal(1_000, messages[0].Projection.Paths);
        Assert.Equal(20_000, messages[^1].Projection.Paths);
    }

    [Fact]
    public async Task Project_OverJson_StreamsOneMessageALine()
    {
        var messages = await JsonLinesAsync(
            """{"scenario_name": "scenarios/dprk-rotation", "paths": 20000, "seed": 4, "reportDays": [730]}""");
        Assert.Equal(1_000, messages[0].Projection.Paths);
        Assert.Equal(20_000, messages[^1].Projection.Paths);
    }

    [Fact]
    public async Task Json_OfInt64_IsText()
    {
        using var response = await PostAsync(
            "v1/projections:project", """{"scenario_name": "scenarios/dprk-rotation", "final_only": true, "paths": "1000"}""");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"paths\":\"1000\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_OfTheFoundingScenario_MeetsTheDesignsFiguresAndSentence()
    {
        // dashboard/README.md, computed from 1,000,000 paths of an independent implementation, given with 95 % half-widths: five
        // standard errors of both together.
        var request = new V1.ProjectRequest { ScenarioName = "scenarios/dprk-rotation", Paths = 1_000_000, FinalOnly = true };
        var projection = Assert.Single(await _service.Projections.Project(request, RunningService.InTime).AllAsync()).Projection;
        var horizon = projection.Points[^1].Cumulative;
        double[] figures = [62_230, 74_200, 83_240, 92_930, 100_000];
        double[] halfWidths = [50, 40, 40, 40, 0];
        for (var i = 0; i < figures.Length; i++)
        {
            var error = Math.Sqrt(Math.Pow(halfWidths[i] / 1.96, 2) + Math.Pow(horizon.QuantileStandardErrors[i], 2));
            Assert.InRange(horizon.Quantiles[i], figures[i] - (5 * error), figures[i] + (5 * error));
        }

        Assert.Equal(
            "By 17 November 2026 about **83,000 troops** will have been sent in total, very likely (95 %) more than **62,000**; "
            + "passing **50,000** is almost certain (99.7 %), reaching the ceiling of **100,000** very unlikely (13 %).",
            projection.Headline.Replace('\u00a0', ' '));
        Assert.Equal("almost certain (99.7 %)", projection.Thresholds[0].ReachedInWords.Replace('\u00a0', ' '));
        Assert.All(projection.Points, point => Assert.Equal(15_000, point.Present.Mean));
        Assert.Equal(new Google.Type.Date { Year = 2026, Month = 11, Day = 17 }, projection.Points[^1].Date);
        Assert.False(projection.Cap.FirstPassage[2].HasDay); // Half of the futures never reach the cap.
        Assert.Null(projection.Cap.FirstPassage[2].Date);
    }

    [Theory]
    [InlineData(V1.ProjectRequest.Types.Sampling.PseudoRandom)]
    [InlineData(V1.ProjectRequest.Types.Sampling.QuasiRandom)]
    public async Task ReplayPath_OfAFinishedProjection_TellsThePathThatItCounted(V1.ProjectRequest.Types.Sampling sampling)
    {
        var request = Ask.Founding(paths: 1_000, seed: 11, finalOnly: true);
        request.SamplePathCount = 8;
        request.Sampling = sampling;
        var projection = Assert.Single(await _service.Projections.Project(request, RunningService.InTime).AllAsync()).Projection;
        var replay = await _service.Projections.ReplayPathAsync(
            new() { Projection = projection.Name, PathIndex = 7 }, RunningService.InTime);
        var arrivals = replay.Entries.Where(entry => entry.BatchArrival is { ArrivedCount: > 0 }).ToArray();
        Assert.Equal(projection.SamplePaths[7].Days.Skip(1), arrivals.Select(entry => entry.Day));
        Assert.Equal(projection.SamplePaths[7].Cumulative.Skip(1), arrivals.Select(entry => entry.BatchArrival.Cumulative));
        Assert.All(replay.Entries, entry => Assert.StartsWith("day ", entry.Sentence, StringComparison.Ordinal));
        Assert.Equal(V1.ReplayEntry.WhatOneofCase.HorizonReached, replay.Entries[^1].WhatCase);

        // A scenario alone says nothing of sampling: its paths are pseudo-random.
        var ofScenario = await _service.Projections.ReplayPathAsync(
            new() { Scenario = projection.Scenario, Seed = 11, PathIndex = 7 }, RunningService.InTime);
        Assert.Equal(sampling == V1.ProjectRequest.Types.Sampling.PseudoRandom, ofScenario.Entries.Equals(replay.Entries));
    }

    /// <summary>
    /// A long run of slices and shards on all threads, and one of fewer paths beside it: each is the tally of its prefix, number for
    /// number, whatever of it was computed where.
    /// </summary>
    [Fact]
    public async Task Project_QuasiRandomly_GivesTheBitsOfThePrefixWithErrorsThatShrinkFaster()
    {
        async Task<V1.Projection> Project(V1.ProjectRequest.Types.Sampling sampling, long paths)
        {
            var request = Ask.Founding(paths, seed: 3, finalOnly: true);
            request.Sampling = sampling;
            return Assert.Single(await _service.Projections.Project(request, RunningService.InTime).AllAsync()).Projection;
        }

        var few = await Project(V1.ProjectRequest.Types.Sampling.QuasiRandom, 100_000);
        var many = await Project(V1.ProjectRequest.Types.Sampling.QuasiRandom, 1_000_000);
        var plain = await Project(V1.ProjectRequest.Types.Sampling.PseudoRandom, 1_000_000);
        Assert.NotEqual(plain.Name, many.Name);
        foreach (var projection in (V1.Projection[])[few, many])
        {
            var request = Ask.Founding(projection.Paths, seed: 3, finalOnly: true);
            request.Sampling = V1.ProjectRequest.Types.Sampling.QuasiRandom;
            Assert.Equal(Parsers.Parse(request).Directly(projection.Paths), projection);
        }

        // The means on day 730 differ by five standard errors of both at most: by chance more often once in a million.
        var (exact, near) = (plain.Points[^1].Cumulative, many.Points[^1].Cumulative);
        var error = Math.Sqrt((exact.MeanStandardError * exact.MeanStandardError) + (near.MeanStandardError * near.MeanStandardError));
        Assert.InRange(near.Mean, exact.Mean - (5 * error), exact.Mean + (5 * error));
        Assert.InRange(near.MeanStandardError, 0, exact.MeanStandardError / 2);
    }

    [Fact]
    public async Task ReplayPath_OfMoreArrivalsThanAMessageHolds_IsRefusedSayingWhatFits()
    {
        var scenario = Ask.Endless().Scenario;
        scenario.Assumptions.RotationIntervalDays.Distribution.Exponential.Mean = 0.05;
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _service.Projections.ReplayPathAsync(new() { Scenario = scenario }, RunningService.InTime));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("would fit", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListScenarios_PageByPage_GivesEachOnceInOrder()
    {
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await _service.Scenarios.ListScenariosAsync(new() { PageSize = 1, PageToken = token }, RunningService.InTime);
            names.AddRange(page.Scenarios.Select(scenario => scenario.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        var whole = await _service.Scenarios.ListScenariosAsync(new(), RunningService.InTime);
        Assert.Equal(whole.Scenarios.Select(scenario => scenario.Name), names);
        Assert.Contains("scenarios/dprk-rotation", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    private async Task<List<V1.ProjectResponse>> JsonLinesAsync(string body)
    {
        using var response = await PostAsync("v1/projections:project", body);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return [.. lines.Select(JsonParser.Default.Parse<V1.ProjectResponse>)];
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body) =>
        await _service.Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, null, "application/json"))
            .WaitAsync(RunningService.Patience);
}
