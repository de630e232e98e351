using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>The real service in a process of its own, killed again and again while it is written to.</summary>
public sealed class CrashTests
{
    /// <summary>Environment variable that sets how often the service is killed.</summary>
    public const string KillsVariable = "SCENARIOS_KILLS";

    private const int Writers = 4;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), out var kills) ? kills : 15;

    [Fact]
    public async Task Writes_ThatWereAcknowledged_SurviveTheKillOfTheServiceAtAnyMoment()
    {
        var path = TestFiles.NewDatabase();
        var random = new Random(20241117);
        var acknowledged = new List<V1.Scenario>();
        for (var kill = 0; kill <= Kills; kill++)
        {
            using var process = await ServiceProcess.StartAsync(
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", $"--Storage:Path={path}");
            using var channel = GrpcChannel.ForAddress(process.Address);
            var client = new V1.ScenarioService.ScenarioServiceClient(channel);
            await CheckAsync(client, acknowledged);
            if (kill == Kills)
            {
                break;
            }

            // Others are anywhere in their writes when the last of these is acknowledged.
            var left = random.Next(1, 60);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(client, $"k{kill}-w{writer}", scenario =>
            {
                lock (acknowledged)
                {
                    acknowledged.Add(scenario);
                    if (--left == 0)
                    {
                        process.Kill();
                    }
                }
            })))).WaitAsync(RunningService.Patience);
            await process.ExitCodeAsync();
        }

        Assert.True(acknowledged.Count > 5 * Kills);
    }

    [Fact]
    public async Task Projections_ThatWereAnswered_SurviveTheKillOfTheServiceAtAnyMoment_ToTheByte()
    {
        var path = TestFiles.NewDatabase();
        var random = new Random(20241118);
        var answered = new List<V1.Projection>();
        for (var kill = 0; kill <= Kills; kill++)
        {
            using var process = await ServiceProcess.StartAsync(
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", $"--Storage:Path={path}");
            using var channel = GrpcChannel.ForAddress(process.Address);
            var client = new V1.ProjectionService.ProjectionServiceClient(channel);
            foreach (var projection in answered)
            {
                var kept = await client.GetProjectionAsync(new() { Name = projection.Name }, RunningService.InTime);
                Assert.Equal(projection.ToByteArray(), kept.ToByteArray());
            }

            if (kill == Kills)
            {
                break;
            }

            // The service is killed the moment that one client hears its last message; others are anywhere in theirs.
            var left = random.Next(1, 30);
            var seeds = kill * 1_000L;
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(reader => Task.Run(() => ProjectAsync(
                client,
                seeds + (reader * 100),
                projection =>
                {
                    lock (answered)
                    {
                        answered.Add(projection);
                        if (--left == 0)
                        {
                            process.Kill();
                        }
                    }
                })))).WaitAsync(RunningService.Patience);
            await process.ExitCodeAsync();
        }

        Assert.True(answered.Count > 5 * Kills);
    }

    /// <summary>Projects under one seed after the other until the service is gone.</summary>
    private static async Task ProjectAsync(V1.ProjectionService.ProjectionServiceClient client, long seed, Action<V1.Projection> answer)
    {
        try
        {
            while (true)
            {
                var messages = await client.Project(Ask.Founding(paths: 2_000, seed: ++seed), RunningService.InTime).AllAsync();
                answer(messages[^1].Projection);
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
            // Its connection broke.
        }
    }

    /// <summary>Makes a scenario and changes it until the service is gone.</summary>
    private static async Task WriteAsync(V1.ScenarioService.ScenarioServiceClient client, string id, Action<V1.Scenario> acknowledge)
    {
        try
        {
            var scenario = await client.CreateScenarioAsync(
                new() { ScenarioId = id, Scenario = StoredScenarios.Named("0", ("writer", id)) }, RunningService.InTime);
            for (var i = 1; ; i++)
            {
                acknowledge(scenario);
                var changed = scenario.Clone();
                changed.DisplayName = $"{i}";
                scenario = await client.UpdateScenarioAsync(new() { Scenario = changed }, RunningService.InTime);
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
            // Its connection broke.
        }
    }

    private static async Task CheckAsync(V1.ScenarioService.ScenarioServiceClient client, List<V1.Scenario> acknowledged)
    {
        foreach (var scenario in acknowledged)
        {
            var kept = await client.GetScenarioAsync(new() { Name = $"{scenario.Name}@{scenario.RevisionId}" }, RunningService.InTime);
            kept.Name = scenario.Name;
            Assert.Equal(scenario, kept);
        }

        foreach (var written in acknowledged.GroupBy(scenario => scenario.Name))
        {
            // The last acknowledged one, or the one that was written when the service was killed.
            var newest = int.Parse((await client.GetScenarioAsync(new() { Name = written.Key }, RunningService.InTime)).DisplayName);
            Assert.InRange(newest, written.Count() - 1, written.Count());
        }
    }
}
