using System.Data.Common;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Scenarios.Service.Storage;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>What a service says, and does, while its database cannot be used.</summary>
[Collection(SharedPostgres.Name)]
public sealed class StorageFaultTests(PostgresServer server)
{
    private const string NoMorePages = "PRAGMA max_page_count = 1";
    private const string AnyPages = "PRAGMA max_page_count = 1073741823";

    [Fact]
    public async Task O8_AFullDisk_IsNamed_HealthSaysSo_AndItRecoversByItself()
    {
        var connections = new Connections();
        await using var service = await RunningService.StartAsync(connections);
        await service.Projections.Project(Ask.Founding(paths: 2_000, seed: 1), RunningService.InTime).AllAsync();
        using var health = new Health.HealthClient(service.Channel).Watch(new(), RunningService.InTime);
        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.Serving);

        connections.Command = NoMorePages;
        var ofRun = await Assert.ThrowsAsync<RpcException>(() => service.Projections.Project(Ask.Founding(paths: 2_000, seed: 2), RunningService.InTime).AllAsync());
        var ofScenario = await Assert.ThrowsAsync<RpcException>(() => CreateLargeAsync(service));

        foreach (var error in new[] { ofRun, ofScenario })
        {
            AssertFault(error, "DISK_FULL", TimeSpan.FromSeconds(30));
            Assert.Contains("is full", error.Status.Detail, StringComparison.Ordinal);
        }

        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.NotServing);
        using (var ready = await service.Http.GetAsync(new Uri("health/ready", UriKind.Relative)))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("STORAGE_DISK_FULL", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var live = await service.Http.GetAsync(new Uri("health/live", UriKind.Relative)))
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, live.StatusCode);
        }

        // What is stored can be read.
        Assert.Single(await service.Projections.Project(Ask.Founding(paths: 2_000, seed: 1), RunningService.InTime).AllAsync());
        Assert.Contains(
            "scenarios_storage_faults_total{otel_scope_name=\"Scenarios\",cause=\"DISK_FULL\"}",
            await service.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)),
            StringComparison.Ordinal);

        connections.Command = AnyPages;
        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.Serving);
        await CreateLargeAsync(service);
        await service.Projections.Project(Ask.Founding(paths: 2_000, seed: 2), RunningService.InTime).AllAsync();
    }

    [Theory]
    [InlineData("PRAGMA query_only = 1", "READ_ONLY", 30)]
    [InlineData(NoMorePages, "DISK_FULL", 30)]
    public async Task O8_EveryFaultOfAWrite_HasItsOwnCause(string command, string cause, int seconds)
    {
        var connections = new Connections();
        await using var service = await RunningService.StartAsync(connections);
        connections.Command = command;

        AssertFault(await Assert.ThrowsAsync<RpcException>(() => CreateLargeAsync(service)), cause, TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task O8_ADatabaseHeldByAnotherWriter_IsBusy_AndTheServiceServes()
    {
        var path = TestFiles.NewDatabase();
        var connections = new Connections();
        await using var service = await RunningService.StartAsync(connections, ("Storage:Path", path));
        await using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await other.OpenAsync();
            using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            connections.Command = "PRAGMA busy_timeout = 0";

            AssertFault(await Assert.ThrowsAsync<RpcException>(() => CreateLargeAsync(service)), "BUSY", TimeSpan.FromSeconds(1));
        }

        var health = await new Health.HealthClient(service.Channel).CheckAsync(new(), RunningService.InTime);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task O8_AFileThatWasOverwritten_IsCorrupt()
    {
        var path = TestFiles.NewDatabase();
        var connections = new Connections();
        await using var service = await RunningService.StartAsync(connections, ("Storage:Path", path));
        connections.Command = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = 0";
        await service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime);
        SqliteConnection.ClearAllPools();
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            await file.WriteAsync(new byte[file.Length]);
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Scenarios.GetScenarioAsync(new() { Name = "scenarios/dprk-rotation" }, RunningService.InTime));
        AssertFault(error, "CORRUPT", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task O8_AServerThatWasStopped_IsUnreachable_AndTheServiceRecovers()
    {
        await using var own = await PostgresServer.StartAsync();
        await using var service = await RunningService.StartAsync(
            ("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", await own.NewDatabaseAsync()));
        using var health = new Health.HealthClient(service.Channel).Watch(new(), RunningService.InTime);
        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.Serving);
        await own.StopAsync();

        AssertFault(await Assert.ThrowsAsync<RpcException>(() => CreateLargeAsync(service)), "UNREACHABLE", TimeSpan.FromSeconds(1));
        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.NotServing);
        await own.ResumeAsync();
        await StatusAsync(health, HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task O8_AWriteThatIsTried_LeavesNothingBehind()
    {
        using var sqlite = new SqliteDatabase(TestFiles.NewDatabase(), NullLogger<Database>.Instance);
        using var postgres = new PostgresDatabase(await server.NewDatabaseAsync(), NullLogger<Database>.Instance);
        foreach (var database in new Database[] { sqlite, postgres })
        {
            await database.PrepareAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(RunningService.Patience);

            Assert.Null(await database.TryWriteAsync().WaitAsync(RunningService.Patience));

            await Assert.ThrowsAnyAsync<DbException>(() => database.ReadAsync(db => db.Database.ExecuteSqlRawAsync("SELECT * FROM tried")));
        }
    }

    private static async Task CreateLargeAsync(RunningService service) => await service.Scenarios.CreateScenarioAsync(
        new()
        {
            ScenarioId = "large",
            Scenario = new(Ask.Endless().Scenario) { Description = new string('d', 5_000) },
        },
        RunningService.InTime);

    private static async Task StatusAsync(AsyncServerStreamingCall<HealthCheckResponse> health, HealthCheckResponse.Types.ServingStatus status)
    {
        Assert.True(await health.ResponseStream.MoveNext().WaitAsync(RunningService.Patience));
        Assert.Equal(status, health.ResponseStream.Current.Status);
    }

    private static void AssertFault(RpcException error, string cause, TimeSpan retryAfter)
    {
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        var info = error.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal(("STORAGE_UNAVAILABLE", cause), (info.Reason, info.Metadata["cause"]));
        Assert.Equal(retryAfter, error.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan());
    }

    /// <summary>Runs a command on each connection before it is used: SQLite has limits of a connection that stand for those of a disk.</summary>
    private sealed class Connections : DbConnectionInterceptor
    {
        public volatile string Command = "";

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (Command.Length > 0)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = Command;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
