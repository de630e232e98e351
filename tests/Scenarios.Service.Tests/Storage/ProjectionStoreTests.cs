using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>What is promised of finished projections, over gRPC and JSON, whichever the database.</summary>
public abstract class ProjectionStoreTests(StoredService stored)
{
    private RunningService Service => stored.Service;

    [Fact]
    public async Task AFinishedProjection_AfterARestart_IsAnsweredAtOnceToTheByte()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var request = Ask.Founding(paths: 20_000, seed: 21);
        request.SamplePathCount = 3;
        request.HistogramDays.Add(365);
        var computed = (await own.Service.Projections.Project(request, RunningService.InTime).AllAsync())[^1];
        Assert.True(computed.Progress.PathsPerSecond > 0);

        await own.RestartAsync();

        var got = await own.Service.Projections.GetProjectionAsync(new() { Name = computed.Projection.Name }, RunningService.InTime);
        Assert.Equal(computed.Projection.ToByteArray(), got.ToByteArray());
        await own.RestartAsync();
        var again = Assert.Single(await own.Service.Projections.Project(request, RunningService.InTime).AllAsync());
        Assert.Equal(computed.Projection.ToByteArray(), again.Projection.ToByteArray());
        Assert.Equal((V1.Progress.Types.State.Completed, 20_000), (again.Progress.State, again.Progress.PathsCompleted));
        Assert.Equal(0, again.Progress.PathsPerSecond); // Nothing was computed.
    }

    [Fact]
    public async Task AFinishedProjection_AfterARestart_IsAnsweredOverJson()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var request = Ask.Founding(paths: 5_000, seed: 22);
        var computed = (await own.Service.Projections.Project(request, RunningService.InTime).AllAsync())[^1].Projection;

        await own.RestartAsync();

        using var body = new StringContent(JsonFormatter.Default.Format(request), null, "application/json");
        using var response = await own.Service.Http.PostAsync(new Uri("v1/projections:project", UriKind.Relative), body)
            .WaitAsync(RunningService.Patience);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(computed, JsonParser.Default.Parse<V1.ProjectResponse>(Assert.Single(lines)).Projection);
        var json = await own.Service.Http.GetStringAsync(new Uri($"v1/{computed.Name}", UriKind.Relative));
        Assert.Equal(computed, JsonParser.Default.Parse<V1.Projection>(json));
    }

    [Fact]
    public async Task AnEarlyStopOfQuasiRandomPaths_AfterARestart_IsStillOne()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var request = Ask.Founding(paths: 1_000_000, seed: 23, finalOnly: true);
        request.Sampling = V1.ProjectRequest.Types.Sampling.QuasiRandom;
        request.TargetPrecision = new() { RelativeHalfWidth = 0.01 };
        var computed = Assert.Single(await own.Service.Projections.Project(request, RunningService.InTime).AllAsync());
        Assert.Equal(V1.Progress.Types.State.Converged, computed.Progress.State);
        var replay = new V1.ReplayPathRequest { Projection = computed.Projection.Name, PathIndex = 5 };
        var replayed = await own.Service.Projections.ReplayPathAsync(replay, RunningService.InTime);

        await own.RestartAsync();

        var again = Assert.Single(await own.Service.Projections.Project(request, RunningService.InTime).AllAsync());
        Assert.Equal((computed.Projection, V1.Progress.Types.State.Converged), (again.Projection, again.Progress.State));
        Assert.Equal(replayed, await own.Service.Projections.ReplayPathAsync(replay, RunningService.InTime)); // Drawn as it was.
    }

    [Fact]
    public async Task Projections_AreListedNewestFirst_ByTheScenarioOfTheirFirstRequest()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var first = await own.Service.CreateAsync("listed", StoredScenarios.Named("Listed"));
        var byName = await ProjectAsync(own.Service, new() { ScenarioName = "scenarios/listed", Paths = 1_000 });
        var change = first.Clone();
        change.Assumptions.Cap.Distribution.Constant = 50_000;
        var second = await own.Service.Scenarios.UpdateScenarioAsync(new() { Scenario = change }, RunningService.InTime);
        var overridden = await ProjectAsync(
            own.Service, new() { ScenarioName = "scenarios/listed", Paths = 2_000, Overrides = { ["cap"] = "60000" } });
        var inline = await ProjectAsync(own.Service, new() { Scenario = StoredScenarios.Named("Inline"), Paths = 3_000 });
        var ofRevision = await ProjectAsync(own.Service, new() { ScenarioName = $"scenarios/listed@{first.RevisionId}", Paths = 4_000 });
        await ProjectAsync(own.Service, new() { Scenario = StoredScenarios.TextOf(first), Paths = 1_000 }); // It has a name already.

        var entries = await ListAsync(own.Service);

        Assert.Equal(
            [
                (ofRevision.Name, "scenarios/listed", first.RevisionId, 4_000),
                (inline.Name, "", "", 3_000),
                (overridden.Name, "scenarios/listed", second.RevisionId, 2_000),
                (byName.Name, "scenarios/listed", first.RevisionId, 1_000L),
            ],
            entries.Select(entry => (entry.ProjectionName, entry.ScenarioName, entry.ScenarioRevision, entry.Paths)));
        Assert.Equal(byName.Headline, entries[^1].Headline);
        Assert.Equal(entries.Select(entry => entry.CreateTime.ToDateTime()).OrderDescending(), entries.Select(entry => entry.CreateTime.ToDateTime()));
        Assert.True(entries[^1].CreateTime.ToDateTime() >= first.CreateTime.ToDateTime());

        var time = entries[1].CreateTime.ToString()[1..^1]; // JSON puts it in quotes.
        foreach (var (filter, paths) in new (string, long[])[]
        {
            ("scenario_name = \"scenarios/listed\"", [4_000, 2_000, 1_000]),
            ("scenario_name = scenarios/another", []),
            ("scenario_name != \"scenarios/listed\"", [3_000]),
            ("scenario_name = \"\"", [3_000]),
            ("scenario_name:list", [4_000, 2_000, 1_000]),
            ($"scenario_revision = \"{second.RevisionId}\"", [2_000]),
            ($"scenario_name:listed AND scenario_revision != \"{second.RevisionId}\"", [4_000, 1_000]),
            ($"create_time > \"{time}\" OR scenario_name = \"\"", [4_000, 3_000]),
            ($"create_time <= '{time}' AND NOT scenario_name:listed", [3_000]),
        })
        {
            Assert.Equal((filter, string.Join(' ', paths)), (filter, string.Join(' ', (await ListAsync(own.Service, filter)).Select(entry => entry.Paths))));
        }

        var query = WebUtility.UrlEncode("scenario_name = \"scenarios/listed\"");
        var json = await own.Service.Http.GetStringAsync(new Uri($"v1/projections?filter={query}&pageSize=2", UriKind.Relative));
        var page = JsonParser.Default.Parse<V1.ListProjectionsResponse>(json);
        Assert.Equal([4_000L, 2_000L], page.Entries.Select(entry => entry.Paths));
        Assert.NotEmpty(page.NextPageToken);
    }

    [Fact]
    public async Task Pages_WhileProjectionsAreMade_GiveEveryOtherOnceInOrder()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var names = new List<string>();
        for (var seed = 1; seed <= 7; seed++)
        {
            names.Insert(0, (await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed))).Name);
        }

        var listed = new List<string>();
        var request = new V1.ListProjectionsRequest { PageSize = 2 };
        do
        {
            var page = await own.Service.Projections.ListProjectionsAsync(request, RunningService.InTime);
            listed.AddRange(page.Entries.Select(entry => entry.ProjectionName));
            request.PageToken = page.NextPageToken;
            await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed: 100 + listed.Count));
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(names, listed);
    }

    [Theory]
    [InlineData("headline:troops", 0, "", "filter")]
    [InlineData("scenario_name > \"scenarios/x\"", 0, "", "filter")]
    [InlineData("scenario_name = x", 0, "", "filter")]
    [InlineData("", -1, "", "page_size")]
    [InlineData("", 0, "abc", "page_token")]
    public async Task AList_ThatCannotBe_IsRefusedAtItsField(string filter, int pageSize, string token, string field)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Service.Projections.ListProjectionsAsync(
            new() { Filter = filter, PageSize = pageSize, PageToken = token }, RunningService.InTime));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(field, error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations.Single().Field);
    }

    [Fact]
    public async Task AToken_OfAnotherFilter_IsRefused()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed: 1));
        await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed: 2));
        var page = await own.Service.Projections.ListProjectionsAsync(new() { PageSize = 1 }, RunningService.InTime);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await own.Service.Projections.ListProjectionsAsync(
            new() { PageToken = page.NextPageToken, Filter = "scenario_name:x" }, RunningService.InTime));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task ProjectionsBeyondMaxBytes_Leave_LeastRecentlyReadFirst()
    {
        var size = (await ProjectAsync(Service, Ask.Founding(paths: 1_000, seed: 1))).CalculateSize();
        const int kept = 8;
        await using var own = await stored.StartOnNewDatabaseAsync(("Storage:MaxBytes", $"{kept * (size + 50)}"));
        var names = new List<string>();
        for (var seed = 1; seed <= 3 * kept; seed++)
        {
            names.Add((await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed))).Name);
            await own.Service.Projections.GetProjectionAsync(new() { Name = names[0] }, RunningService.InTime);
        }

        // Room is made after a commit and before the next: only the last commit may be beyond.
        var listed = (await ListAsync(own.Service)).Select(entry => entry.ProjectionName).ToList();
        Assert.InRange(listed.Count, kept / 2, kept + 1);
        Assert.Equal(names[0], listed[^1]); // The oldest, but read all the time.
        Assert.Equal(names.TakeLast(listed.Count - 1).Reverse(), listed.SkipLast(1));
        await own.RestartAsync();
        await own.Service.Projections.GetProjectionAsync(new() { Name = names[0] }, RunningService.InTime);
        var gone = await Assert.ThrowsAsync<RpcException>(async () =>
            await own.Service.Projections.GetProjectionAsync(new() { Name = names[1] }, RunningService.InTime));
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        Assert.Equal("PROJECTION_NOT_FINISHED", gone.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>().Reason);
        Assert.Equal(names[1], (await ProjectAsync(own.Service, Ask.Founding(paths: 1_000, seed: 2))).Name); // The same again.
    }

    private static async Task<V1.Projection> ProjectAsync(RunningService service, V1.ProjectRequest request) =>
        (await service.Projections.Project(request, RunningService.InTime).AllAsync())[^1].Projection;

    private static async Task<List<V1.ProjectionEntry>> ListAsync(RunningService service, string filter = "") =>
        [.. (await service.Projections.ListProjectionsAsync(new() { Filter = filter }, RunningService.InTime)).Entries];
}

/// <summary>The same on a file.</summary>
public sealed class SqliteProjectionStoreTests(SqliteService stored) : ProjectionStoreTests(stored), IClassFixture<SqliteService>;

/// <summary>The same on a PostgreSQL server.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgresProjectionStoreTests(PostgresService stored) : ProjectionStoreTests(stored), IClassFixture<PostgresService>;
