using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>What the scenario service promises, over gRPC, whichever the database.</summary>
public abstract class ScenarioStoreTests(StoredService stored)
{
    private RunningService Service => stored.Service;

    [Fact]
    public async Task AScenario_ThatWasMade_IsGotAsItWasSent()
    {
        var sent = StoredScenarios.Named("As sent", ("theatre", "kursk"));
        var made = await Service.CreateAsync("as-sent", sent);
        Assert.Equal("scenarios/as-sent", made.Name);
        Assert.Equal(sent, StoredScenarios.TextOf(made));
        Assert.NotEmpty(made.Etag);
        Assert.NotEmpty(made.RevisionId);
        Assert.Equal(made.CreateTime, made.UpdateTime);
        Assert.Equal(made, await Service.GetAsync("scenarios/as-sent"));
    }

    [Fact]
    public async Task AScenario_OfATakenName_IsNotMade()
    {
        await Service.CreateAsync("taken", StoredScenarios.Named("First"));
        var refused = await RefusalAsync(Service.CreateAsync("taken", StoredScenarios.Named("Second")));
        Assert.Equal((StatusCode.AlreadyExists, "SCENARIO_EXISTS"), refused);
        Assert.Equal("First", (await Service.GetAsync("scenarios/taken")).DisplayName);
    }

    [Fact]
    public async Task CreationsOfOneName_AtTheSameTime_MakeOne()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(i => TriedAsync(Service.CreateAsync("contended", StoredScenarios.Named($"{i}")))));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes, outcome => Assert.True(outcome is null or (StatusCode.AlreadyExists, "SCENARIO_EXISTS")));
    }

    [Fact]
    public async Task AScenario_ThatBreaksRules_IsRefusedWithAllOfThem()
    {
        var broken = StoredScenarios.Named("Nul \0", ("key", "\0"));
        broken.StepDays = -1;
        var error = await Assert.ThrowsAsync<RpcException>(() => Service.CreateAsync("Upper", broken));
        Assert.Equal(
            ["scenario.display_name", "scenario.labels[\"key\"]", "scenario.step_days", "scenario_id"],
            FieldsOf(error));
    }

    [Fact]
    public async Task ValidateOnly_ChangesNothing()
    {
        var checkedOnly = await Service.Scenarios.CreateScenarioAsync(
            new() { ScenarioId = "checked-only", Scenario = StoredScenarios.Named("Checked"), ValidateOnly = true }, RunningService.InTime);
        Assert.Equal(("scenarios/checked-only", ""), (checkedOnly.Name, checkedOnly.Etag));
        Assert.Equal((StatusCode.NotFound, "SCENARIO_NOT_FOUND"), await RefusalAsync(Service.GetAsync("scenarios/checked-only")));

        var made = await Service.CreateAsync("checked", StoredScenarios.Named("Before"));
        var change = Change(made, "After", "display_name");
        change.ValidateOnly = true;
        Assert.Equal("After", (await Service.Scenarios.UpdateScenarioAsync(change, RunningService.InTime)).DisplayName);
        Assert.Equal(made, await Service.GetAsync("scenarios/checked"));
        var taken = Service.Scenarios.CreateScenarioAsync(
            new() { ScenarioId = "checked", Scenario = StoredScenarios.Named("Checked"), ValidateOnly = true }, RunningService.InTime);
        Assert.Equal((StatusCode.AlreadyExists, "SCENARIO_EXISTS"), await RefusalAsync(taken.ResponseAsync));
    }

    [Fact]
    public async Task AnUpdate_MakesARevision_AndKeepsTheTextBefore()
    {
        var first = await Service.CreateAsync("revised", StoredScenarios.Named("First", ("desk", "east"), ("theatre", "kursk")));
        var change = new V1.UpdateScenarioRequest
        {
            Scenario = new()
            {
                Name = first.Name,
                Etag = first.Etag,
                Assumptions = new() { Cap = new() { Distribution = new() { Text = "60000" } } },
            },
            UpdateMask = FieldMask.FromString("assumptions.cap,labels.desk"),
        };
        var second = await Service.Scenarios.UpdateScenarioAsync(change, RunningService.InTime);

        var expected = StoredScenarios.Named("First", ("theatre", "kursk"));
        expected.Assumptions.Cap = new() { Distribution = new() { Text = "60000" } };
        Assert.Equal(expected, StoredScenarios.TextOf(second));
        Assert.Equal(first.CreateTime, second.CreateTime);
        Assert.NotEqual(first.Etag, second.Etag);
        Assert.Equal(second, await Service.GetAsync("scenarios/revised"));
        var before = await Service.GetAsync($"scenarios/revised@{first.RevisionId}");
        Assert.Equal($"scenarios/revised@{first.RevisionId}", before.Name);
        Assert.Equal(StoredScenarios.TextOf(first), StoredScenarios.TextOf(before));
        Assert.Equal((StatusCode.NotFound, "SCENARIO_NOT_FOUND"), await RefusalAsync(Service.GetAsync("scenarios/revised@0")));
    }

    [Fact]
    public async Task Projections_OfAStoredScenarioAndOfARevision_AreThoseOfTheirTexts()
    {
        var first = await Service.CreateAsync("projected", StoredScenarios.Named("Projected"));
        var change = first.Clone();
        change.Assumptions.Cap.Distribution.Constant = 20_000;
        var second = await Service.Scenarios.UpdateScenarioAsync(new() { Scenario = change }, RunningService.InTime);
        foreach (var (name, text) in new[]
        {
            (first.Name, second), ($"{first.Name}@{first.RevisionId}", first), ($"{first.Name}@{second.RevisionId}", second),
        })
        {
            var byName = await ProjectAsync(new() { ScenarioName = name, Paths = 1_000, FinalOnly = true });
            var inline = await ProjectAsync(new() { Scenario = text, Paths = 1_000, FinalOnly = true });
            Assert.Equal(inline, byName);
            var replay = await Service.Projections.ReplayPathAsync(new() { ScenarioName = name }, RunningService.InTime);
            Assert.Equal(await Service.Projections.ReplayPathAsync(new() { Scenario = text }, RunningService.InTime), replay);
        }
    }

    [Fact]
    public async Task AnUpdate_WithAStaleEtag_IsAborted()
    {
        var first = await Service.CreateAsync("stale", StoredScenarios.Named("First"));
        var second = await Service.Scenarios.UpdateScenarioAsync(Change(first, "Second", "display_name"), RunningService.InTime);
        var late = Service.Scenarios.UpdateScenarioAsync(Change(first, "Late", "display_name"), RunningService.InTime);
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH"), await RefusalAsync(late.ResponseAsync));
        Assert.Equal(second, await Service.GetAsync("scenarios/stale"));
    }

    [Fact]
    public async Task UpdatesWithOneEtag_AtTheSameTime_MakeOneRevision()
    {
        var first = await Service.CreateAsync("raced", StoredScenarios.Named("First"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TriedAsync(
            Service.Scenarios.UpdateScenarioAsync(Change(first, $"{i}", "display_name"), RunningService.InTime).ResponseAsync)));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes, outcome => Assert.True(outcome is null or (StatusCode.Aborted, "ETAG_MISMATCH")));
        Assert.Equal(2, (await RevisionsAsync("scenarios/raced")).Count);
    }

    [Fact]
    public async Task UpdatesWithoutEtag_OfDifferentFields_AtTheSameTime_AllStay()
    {
        var first = await Service.CreateAsync("merged", StoredScenarios.Named("First"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Service.Scenarios.UpdateScenarioAsync(
            new()
            {
                Scenario = new() { Name = first.Name, Labels = { ["n" + i] = "x" } },
                UpdateMask = FieldMask.FromString($"labels.n{i}"),
            },
            RunningService.InTime).ResponseAsync));
        Assert.Equal(20, (await Service.GetAsync("scenarios/merged")).Labels.Count);
        Assert.Equal(21, (await RevisionsAsync("scenarios/merged")).Count);
    }

    [Fact]
    public async Task AnUpdate_ThatBreaksARule_ChangesNothing()
    {
        var first = await Service.CreateAsync("unbroken", StoredScenarios.Named("First"));
        var broken = new V1.UpdateScenarioRequest
        {
            Scenario = new() { Name = first.Name, StepDays = 1_000 },
            UpdateMask = FieldMask.FromString("step_days,assumptions.batch_size"),
        };
        var error = await Assert.ThrowsAsync<RpcException>(
            () => Service.Scenarios.UpdateScenarioAsync(broken, RunningService.InTime).ResponseAsync);
        Assert.Equal(
            ["scenario.assumptions.batch_size", "scenario.step_days"],
            FieldsOf(error));
        Assert.Equal(first, await Service.GetAsync("scenarios/unbroken"));
    }

    [Fact]
    public async Task ADeletedScenario_IsGoneWithItsRevisions_AndItsNameIsFree()
    {
        var first = await Service.CreateAsync("deleted", StoredScenarios.Named("First", ("theatre", "kursk")));
        var second = await Service.Scenarios.UpdateScenarioAsync(Change(first, "Second", "display_name"), RunningService.InTime);
        var stale = Service.Scenarios.DeleteScenarioAsync(new() { Name = first.Name, Etag = first.Etag }, RunningService.InTime);
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH"), await RefusalAsync(stale.ResponseAsync));
        await Service.Scenarios.DeleteScenarioAsync(new() { Name = first.Name, Etag = second.Etag }, RunningService.InTime);

        var gone = (StatusCode.NotFound, "SCENARIO_NOT_FOUND");
        Assert.Equal(gone, await RefusalAsync(Service.GetAsync(first.Name)));
        Assert.Equal(gone, await RefusalAsync(Service.GetAsync($"{first.Name}@{first.RevisionId}")));
        Assert.Equal(gone, await RefusalAsync(RevisionsAsync(first.Name)));
        var again = Service.Scenarios.DeleteScenarioAsync(new() { Name = first.Name }, RunningService.InTime);
        Assert.Equal(gone, await RefusalAsync(again.ResponseAsync));
        var late = Service.Scenarios.UpdateScenarioAsync(Change(second, "Third", "display_name"), RunningService.InTime);
        Assert.Equal(gone, await RefusalAsync(late.ResponseAsync));
        Assert.Equal("Again", (await Service.CreateAsync("deleted", StoredScenarios.Named("Again"))).DisplayName);
    }

    [Fact]
    public async Task ABuiltInScenario_IsUpdatedOverTheEmbeddedOne_AlsoAfterARestart_AndNeverDeleted()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        const string name = "scenarios/dprk-rotation";
        var embedded = await own.Service.GetAsync(name);
        var changed = await own.Service.Scenarios.UpdateScenarioAsync(Change(embedded, "Mine", "display_name"), RunningService.InTime);
        await own.RestartAsync();
        Assert.Equal(changed, await own.Service.GetAsync(name));
        Assert.Equal(StoredScenarios.TextOf(embedded), StoredScenarios.TextOf(await own.Service.GetAsync($"{name}@{embedded.RevisionId}")));
        var deletion = own.Service.Scenarios.DeleteScenarioAsync(new() { Name = name }, RunningService.InTime);
        Assert.Equal((StatusCode.FailedPrecondition, "SCENARIO_BUILT_IN"), await RefusalAsync(deletion.ResponseAsync));
    }

    [Fact]
    public async Task Revisions_PageByPage_AreNewestFirst()
    {
        var scenario = await Service.CreateAsync("paged", StoredScenarios.Named("0"));
        for (var i = 1; i < 5; i++)
        {
            scenario = await Service.Scenarios.UpdateScenarioAsync(Change(scenario, $"{i}", "display_name"), RunningService.InTime);
        }

        var revisions = await RevisionsAsync(scenario.Name, pageSize: 2);
        Assert.Equal(["4", "3", "2", "1", "0"], revisions.Select(revision => revision.DisplayName));
        Assert.Equal($"{scenario.Name}@{scenario.RevisionId}", revisions[0].Name);
        Assert.All(revisions, revision => Assert.Equal(scenario.CreateTime, revision.CreateTime));
    }

    [Theory]
    [InlineData("")]
    [InlineData("display_name desc")]
    [InlineData("create_time desc, name")]
    [InlineData("display_name, create_time desc")]
    public async Task Pages_UnderInsertsAndDeletions_GiveEveryOtherScenarioOnce(string order)
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        for (var i = 0; i < 7; i++)
        {
            await own.Service.CreateAsync($"kept-{i}", StoredScenarios.Named($"{i % 3}", ("kept", "yes")));
        }

        var listed = new List<string>();
        var request = new V1.ListScenariosRequest { PageSize = 2, OrderBy = order };
        for (var i = 0; i == 0 || request.PageToken.Length > 0; i++)
        {
            var page = await own.Service.Scenarios.ListScenariosAsync(request, RunningService.InTime);
            listed.AddRange(page.Scenarios.Where(scenario => scenario.Labels.ContainsKey("kept")).Select(scenario => scenario.Name));
            request.PageToken = page.NextPageToken;
            await own.Service.CreateAsync($"a-before-{i}", StoredScenarios.Named("0"));
            await own.Service.CreateAsync($"z-after-{i}", StoredScenarios.Named("2"));
            await own.Service.Scenarios.DeleteScenarioAsync(new() { Name = $"scenarios/a-before-{i}" }, RunningService.InTime);
            Assert.True(i < 30);
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"scenarios/kept-{i}"), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Order_OfTexts_IsThatOfTheirBytes()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        string[] names = ["a", "B", "ä", "Z", "b", "1", "😀", "\uFF5E", ""];
        for (var i = 0; i < names.Length; i++)
        {
            await own.Service.CreateAsync($"text-{i}", StoredScenarios.Named(names[i]));
        }

        var listed = await own.Service.Scenarios.ListScenariosAsync(
            new() { OrderBy = "display_name", Filter = "name:text-" }, RunningService.InTime);
        Assert.Equal(["", "1", "B", "Z", "a", "b", "ä", "\uFF5E", "😀"], listed.Scenarios.Select(scenario => scenario.DisplayName));
    }

    [Fact]
    public async Task Filters_FindWhatTheySay()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        await own.Service.CreateAsync("one", StoredScenarios.Named("Rotation one", ("theatre", "kursk"), ("any key", "x y")));
        await own.Service.CreateAsync("two", StoredScenarios.Named("100%_\"two\"", ("theatre", "donbas"), ("draft", "")));
        var three = await own.Service.CreateAsync("three", StoredScenarios.Named("rotation three"));
        var time = three.CreateTime.ToString()[1..^1]; // JSON puts it in quotes.
        foreach (var (filter, expected) in new (string, string[])[]
        {
            ("  ", ["one", "three", "two"]),
            ("name = scenarios/one", ["one"]),
            ("name != \"scenarios/one\"", ["three", "two"]),
            ("name:t", ["three", "two"]),
            ("display_name:rotation", ["three"]),
            ("display_name = 'Rotation one'", ["one"]),
            ("display_name:\"%_\\\"\"", ["two"]),
            ("display_name:\"_ne\"", []),
            ("labels.theatre = kursk", ["one"]),
            ("labels.theatre != kursk", ["three", "two"]),
            ("labels.theatre:\"o\"", ["two"]),
            ("labels.\"any key\" = \"x y\"", ["one"]),
            ("labels:draft", ["two"]),
            ("-labels:draft", ["one", "three"]),
            ("NOT labels:draft labels:theatre", ["one"]),
            ("labels:draft OR labels.theatre=kursk", ["one", "two"]),
            ("name:o AND labels:draft OR labels.theatre=kursk", ["one", "two"]),
            ("labels.theatre=kursk OR labels:draft AND display_name:two", ["two"]),
            ("labels.theatre=kursk OR (labels:draft AND display_name:two)", ["one", "two"]),
            ($"create_time >= \"{time}\"", ["three"]),
            ($"create_time < \"{time}\"", ["one", "two"]),
            ($"update_time = \"{time}\"", ["three"]),
            ("create_time > \"2020-01-01T00:00:00+02:00\"", ["one", "three", "two"]),
            ("update_time <= '2020-01-01T00:00:00.5Z'", []),
        })
        {
            var listed = await own.Service.Scenarios.ListScenariosAsync(
                new() { Filter = filter.Trim().Length == 0 ? "-name:dprk" : $"({filter}) AND -name:dprk" }, RunningService.InTime);
            var found = listed.Scenarios.Select(scenario => scenario.Name["scenarios/".Length..]);
            Assert.Equal((filter, string.Join(' ', expected)), (filter, string.Join(' ', found)));
        }
    }

    [Fact]
    public async Task Pages_OfLargeScenarios_FitAMessage()
    {
        await using var own = await stored.StartOnNewDatabaseAsync();
        var evidence = Enumerable.Repeat(new V1.Evidence { Claim = new string('ä', 5_000) }, 64).ToArray();
        var large = StoredScenarios.Named("Large");
        large.Assumptions.Cap.Evidence.Add(evidence);
        large.Assumptions.BatchSize.Evidence.Add(evidence); // 1.2 MiB.
        for (var i = 0; i < 4; i++)
        {
            await own.Service.CreateAsync($"large-{i}", large);
        }

        var first = await own.Service.Scenarios.ListScenariosAsync(new() { Filter = "name:large" }, RunningService.InTime);
        Assert.Equal(2, first.Scenarios.Count);
        var second = await own.Service.Scenarios.ListScenariosAsync(
            new() { Filter = "name:large", PageToken = first.NextPageToken }, RunningService.InTime);
        Assert.Equal((2, ""), (second.Scenarios.Count, second.NextPageToken));
    }

    private static V1.UpdateScenarioRequest Change(V1.Scenario scenario, string displayName, string mask) => new()
    {
        Scenario = new() { Name = scenario.Name, Etag = scenario.Etag, DisplayName = displayName },
        UpdateMask = FieldMask.FromString(mask),
    };

    private static IEnumerable<string> FieldsOf(RpcException error) =>
        error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal);

    private static async Task<(StatusCode Status, string Reason)?> TriedAsync(Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (RpcException error)
        {
            return (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "");
        }
    }

    private static async Task<(StatusCode Status, string Reason)?> RefusalAsync(Task call)
    {
        var refusal = await TriedAsync(call);
        Assert.NotNull(refusal);
        return refusal;
    }

    private async Task<V1.Projection> ProjectAsync(V1.ProjectRequest request) =>
        (await Service.Projections.Project(request, RunningService.InTime).AllAsync())[^1].Projection;

    private async Task<List<V1.Scenario>> RevisionsAsync(string name, int pageSize = 0)
    {
        var revisions = new List<V1.Scenario>();
        var request = new V1.ListScenarioRevisionsRequest { Name = name, PageSize = pageSize };
        do
        {
            var page = await Service.Scenarios.ListScenarioRevisionsAsync(request, RunningService.InTime);
            revisions.AddRange(page.Scenarios);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return revisions;
    }
}

/// <summary>The same on a file.</summary>
public sealed class SqliteScenarioStoreTests(SqliteService stored) : ScenarioStoreTests(stored), IClassFixture<SqliteService>;

/// <summary>The same on a PostgreSQL server.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgresScenarioStoreTests(PostgresService stored) : ScenarioStoreTests(stored), IClassFixture<PostgresService>;
