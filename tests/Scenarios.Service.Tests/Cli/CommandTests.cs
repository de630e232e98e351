using System.Diagnostics;
using Google.Protobuf;
using Scenarios.Service.Tests.Host;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Cli;

public sealed class CommandTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private string Server => fixture.Service.GrpcAddress.ToString();

    [Fact]
    public async Task Project_IntoAPipe_PrintsTheFinalAnswerAlone()
    {
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "20000"]);

        Assert.Equal(0, ran.ExitCode);
        Assert.Equal("", ran.Errors);
        Assert.DoesNotContain('\u001b', ran.Answers);
        Assert.DoesNotContain("**", ran.Answers);
        Assert.Contains("20,000 paths, done.", ran.Answers);
        Assert.Single(ran.Answers.Split('\n'), line => line.Contains("ceiling 100,000 ▔"));
        Assert.Contains("By 17 November 2026 about 83,000 troops", ran.Answers);
        Assert.Contains("17 Nov 2026", ran.Answers);
        Assert.Contains("very unlikely (13", ran.Answers);
    }

    [Fact]
    public async Task ProjectJson_IsTheProjectionThatTheServiceKeeps()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "5000", "--seed", "7", "--quantile-levels", "0.1,0.9",
             "--thresholds", "40000", "60000", "--report-days", "365", "--report-days", "730", "--json"]);

        Assert.Equal(0, ran.ExitCode);
        var projection = JsonParser.Default.Parse<Projection>(ran.Answers);
        var kept = await fixture.Service.Projections.GetProjectionAsync(new() { Name = projection.Name }, RunningService.InTime);
        Assert.Equal(kept, projection);
        Assert.Equal(5000, projection.Paths);
        Assert.Equal(7, projection.Seed);
        Assert.Equal([0.1, 0.9], projection.QuantileLevels);
        Assert.Equal([40_000, 60_000], projection.Thresholds.Select(threshold => threshold.Count));
        Assert.Equal([365, 730], projection.Points.Select(point => point.Day));
    }

    [Fact]
    public async Task ProjectQuasiRandom_IsTheProjectionOfThatSampling()
    {
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "5000", "--quasi-random", "--json"]);
        Assert.Equal(0, ran.ExitCode);
        using var call = fixture.Service.Projections.Project(
            new()
            {
                ScenarioName = "scenarios/dprk-rotation",
                Paths = 5000,
                FinalOnly = true,
                Sampling = ProjectRequest.Types.Sampling.QuasiRandom,
            },
            RunningService.InTime);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(call.ResponseStream.Current.Projection, JsonParser.Default.Parse<Projection>(ran.Answers));
    }

    [Fact]
    public async Task ProjectStreamJson_IsASnapshotALineUntilTheLast()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "300000", "--seed", "11", "--stream-json"]);

        var lines = ran.Answers.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var snapshots = lines.Select(JsonParser.Default.Parse<ProjectResponse>).ToList();
        Assert.True(snapshots.Count >= 2, $"{snapshots.Count} snapshots");
        Assert.Equal(snapshots.Select(s => s.Progress.PathsCompleted).Order(), snapshots.Select(s => s.Progress.PathsCompleted));
        Assert.Equal(Progress.Types.State.Completed, snapshots[^1].Progress.State);
    }

    [Fact]
    public async Task Project_OfJsonOnStandardInput_EqualsTheStoredScenario()
    {
        var stored = await fixture.Service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime);
        string[] options = ["--server", Server, "--paths", "2000", "--json"];

        var inline = await Terminals.RunAsync(["project", "-", .. options], input: JsonFormatter.Default.Format(stored));
        var named = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", .. options]);

        Assert.Equal((0, ""), (inline.ExitCode, inline.Errors));
        Assert.Equal(JsonParser.Default.Parse<Projection>(named.Answers), JsonParser.Default.Parse<Projection>(inline.Answers));
    }

    [Fact]
    public async Task Target_ThatIsMetEarly_StopsEarly()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "1000000", "--target", "1%", "--json"]);

        Assert.InRange(JsonParser.Default.Parse<Projection>(ran.Answers).Paths, 1_000, 999_999);
    }

    [Fact]
    public async Task Violations_AreAllToldAtTheirFields()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server, "--quantile-levels", "1.5", "--paths", "-5"]);

        Assert.Equal(2, ran.ExitCode);
        Assert.Equal("", ran.Answers);
        Assert.Contains("The request breaks 2 rules:", ran.Errors);
        Assert.Contains("  quantile_levels[0]", ran.Errors);
        Assert.Contains("  paths", ran.Errors);
    }

    [Fact]
    public async Task Set_ChangesTheScenario_AsOverridesOfTheRequestDo()
    {
        string[] set =
            ["--set", "cap=60000", "--set", "rotation_interval_days = 45 to 90", "--set", "events.beijing-leverage.disabled=false"];
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "2000", .. set, "--json"]);

        Assert.Equal((0, ""), (ran.ExitCode, ran.Errors));
        var asked = new ProjectRequest
        {
            ScenarioName = "scenarios/dprk-rotation",
            Paths = 2000,
            FinalOnly = true,
            Overrides =
            {
                ["cap"] = "60000",
                ["rotation_interval_days"] = "45 to 90",
                ["events.beijing-leverage.disabled"] = "false",
            },
        };
        using var call = fixture.Service.Projections.Project(asked, RunningService.InTime);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RunningService.Patience));
        var projection = JsonParser.Default.Parse<Projection>(ran.Answers);
        Assert.Equal(call.ResponseStream.Current.Projection, projection);
        Assert.Equal(60_000, projection.Scenario.Assumptions.Cap.Distribution.Constant);
        Assert.Equal("beijing-leverage", Assert.Single(projection.Events).EventId);
    }

    [Fact]
    public async Task Set_ThatEnablesAnEvent_ShowsHowOftenItHappens()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server, "--paths", "20000",
             "--set", "events.beijing-leverage.disabled=false"]);

        Assert.Contains("Events: this share of futures sees them", ran.Answers);
        // 1 - exp(-0.25 * 730 / 365.25) = 39.3 %; six standard errors are 2.1 points.
        var row = Assert.Single(ran.Answers.Split('\n'), line => line.Contains("Beijing uses its leverage"));
        var share = double.Parse(row.Split("leverage")[1].Split('%')[0].Trim());
        Assert.InRange(share, 37, 42);
    }

    [Fact]
    public async Task Set_ThatCannotBeRead_IsShownWithAMarkUnderTheCharacter()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", Server,
             "--set", "cap=60 too 90", "--set", "step_days=0 days", "--set", "nothing=1"]);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Answers));
        Assert.Contains("The request breaks 3 rules:", ran.Errors);
        Assert.Contains("  --set cap=60 too 90\n               ^\n", ran.Errors);
        Assert.Contains("  --set step_days=0 days\n                    ^\n", ran.Errors);
        Assert.Contains("  --set nothing=1\n      This", ran.Errors);
    }

    [Theory]
    [InlineData(3, "scenarios/none", "project", "scenarios/none")]
    [InlineData(2, "scenarios/missing-file", "project", "missing-file")]
    [InlineData(2, "not a scenario in JSON", "project", "-")]
    [InlineData(2, "--thresholds: many", "project", "scenarios/dprk-rotation", "--thresholds", "many")]
    [InlineData(2, "--server nowhere", "project", "scenarios/dprk-rotation", "--server", "nowhere")]
    [InlineData(2, "--target: soon", "project", "scenarios/dprk-rotation", "--target", "soon")]
    [InlineData(2, "one of --json", "project", "scenarios/dprk-rotation", "--json", "--stream-json")]
    [InlineData(2, "--help", "project")]
    public async Task Mistakes_HaveTheirExitCodeAndAreNamed(int exitCode, string named, params string[] args)
    {
        string[] complete = args.Contains("--server") ? args : [.. args, "--server", Server];

        var ran = await Terminals.RunAsync(complete, input: "{\"no_such_field\": 1}");

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(named, ran.Errors);
        Assert.Equal("", ran.Answers);
    }

    [Fact]
    public async Task I1_AFileThatAPersonWrites_IsProjected_AndItsFaultsAreToldAtTheirPlaces()
    {
        string[] command = ["project", "-", "--server", Server, "--paths", "1000"];
        const string Scenario = """
            { // Fifteen days are enough.
              "start_date": "2025-03-01", "horizon_days": 15, "step_days": 5,
              "assumptions": {"rotation_interval_days": "3-9 days", "batch_size": 20,},
            }
            """;

        var projected = await Terminals.RunAsync(command, input: Scenario);
        Assert.Equal((0, ""), (projected.ExitCode, projected.Errors));
        Assert.Contains("1,000 paths, done.", projected.Answers);

        var refused = await Terminals.RunAsync(command, input: Scenario.Replace("2025-03-01", "1.3.2025").Replace("horizon_days", "horizn_days"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("standard input is not a scenario in JSON:\n  start_date (line 2, column 17)\n      \"1.3.2025\" is not a date. Write it as \"2024-11-17\".\n", refused.Errors);
        Assert.Contains("  horizn_days (line 2, column 29)\n      There is no such field. Did you mean horizon_days?", refused.Errors);
    }

    [Fact]
    public async Task I1_AFolder_IsSaidToBeOne() =>
        Assert.Contains("is a folder", (await Terminals.RunAsync(["project", ".", "--server", Server])).Errors);

    [Fact]
    public async Task Replay_TellsThePathInSentencesUpToTheHorizon()
    {
        var ran = await Terminals.RunAsync(["replay", "scenarios/dprk-rotation", "3", "--server", Server]);

        Assert.Equal(0, ran.ExitCode);
        var expected = await fixture.Service.Projections.ReplayPathAsync(
            new() { ScenarioName = "scenarios/dprk-rotation", PathIndex = 3 }, RunningService.InTime);
        Assert.Equal(
            string.Join(' ', expected.Entries.Select(entry => entry.Sentence)).Split(),
            ran.Answers.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Replay_OfToursAndEvents_TellsWhoGoesHomeAndWhatStopsArrivals()
    {
        const string Scenario = """
            {"start_date": {"year": 2025, "month": 3, "day": 1}, "horizon_days": 100, "step_days": 10,
             "assumptions": {
               "rotation_interval_days": {"distribution": {"constant": 30}}, "batch_size": {"distribution": {"constant": 200}},
               "rotation_mode": "REINFORCE", "tour_length_days": {"distribution": {"constant": 45}}},
             "events": [{"event_id": "storm", "display_name": "A storm closes the road",
               "timing": {"date": {"year": 2025, "month": 4, "day": 20}}, "effects": {"halt": true}}]}
            """;

        var ran = await Terminals.RunAsync(["replay", "-", "0", "--server", Server], input: Scenario);

        Assert.Equal((0, ""), (ran.ExitCode, ran.Errors));
        // Lines longer than the terminal are folded.
        Assert.Equal(
            "day 0: the start; 0 in total, 0 present "
            + "day 30: 200 arrive for 45 days; 200 in total, 200 present "
            + "day 50: A storm closes the road, for good; arrivals stop "
            + "day 60: a batch of 200 does not come: A storm closes the road; 200 in total, 200 present "
            + "day 75: the 200 of batch 1 leave after the tour; 200 in total, 0 present "
            + "day 90: a batch of 200 does not come: A storm closes the road; 200 in total, 0 present "
            + "day 100: the horizon; 200 in total, 0 present",
            string.Join(' ', ran.Answers.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Health_OfAServiceThatServes_SaysSo()
    {
        Assert.Equal(new Ran(0, "SERVING\n", ""), await Terminals.RunAsync(["health", "--server", Server]));
        Assert.Equal(4, (await Terminals.RunAsync(["health", "--server", "http://127.0.0.1:1"])).ExitCode);
    }

    [Fact]
    public async Task Process_WithoutServer_HostsTheServiceAndWritesNoControlCodes()
    {
        using var process = Start("project", "scenarios/dprk-rotation", "--paths", "1000");
        var (answers, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);

        Assert.Equal((0, ""), (process.ExitCode, await errors.WaitAsync(RunningService.Patience)));
        Assert.DoesNotContain('\u001b', await answers.WaitAsync(RunningService.Patience));
        Assert.Contains("1,000 paths, done.", await answers);
    }

    [Fact]
    public async Task Process_OnCtrlC_CancelsAndEndsWith130()
    {
        using var process = Start(
            "project", "scenarios/dprk-rotation", "--server", Server, "--paths", "50000000", "--seed", "99", "--stream-json");
        // The first snapshot says that the stream is under way.
        Assert.NotNull(await process.StandardOutput.ReadLineAsync().WaitAsync(RunningService.Patience));

        using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString()]);
        var rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);

        Assert.Equal(130, process.ExitCode);
        Assert.DoesNotContain("COMPLETED", await rest.WaitAsync(RunningService.Patience));
        Assert.Equal("", await process.StandardError.ReadToEndAsync().WaitAsync(RunningService.Patience));
    }

    /// <summary>Where the tests themselves run in the background, SIGINT is ignored, and a process inherits that unless told otherwise.</summary>
    private static Process Start(params string[] args) => Process.Start(
        new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "scenarios.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
}
