using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Storage;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>Starts on a database that others start on too.</summary>
[Collection(SharedPostgres.Name)]
public sealed class DatabaseStartTests(PostgresServer server)
{
    [Fact]
    public Task Services_StartingAtOnceOnAnEmptyFile_AllServe()
    {
        var path = TestFiles.NewDatabase();
        return StartAtOnceAsync(() => new SqliteDatabase(path, NullLogger<Database>.Instance));
    }

    [Fact]
    public async Task Services_StartingAtOnceOnAnEmptyServer_AllServe()
    {
        var connection = await server.NewDatabaseAsync();
        await StartAtOnceAsync(() => new PostgresDatabase(connection, NullLogger<Database>.Instance));
    }

    [Fact]
    public async Task AService_KilledWhileItMigrated_HoldsUpNobody()
    {
        var path = TestFiles.NewDatabase();
        using (var database = new SqliteDatabase(path, NullLogger<Database>.Instance))
        {
            await database.PrepareAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(RunningService.Patience);
            await database.ReadAsync(db => db.Database.ExecuteSqlRawAsync(
                "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2025-01-01')")).WaitAsync(RunningService.Patience);
        }

        using var next = new SqliteDatabase(path, NullLogger<Database>.Instance);
        await next.PrepareAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(RunningService.Patience);
    }

    [Fact]
    public async Task Commits_AreSyncedToAWriteAheadLog()
    {
        using var database = new SqliteDatabase(TestFiles.NewDatabase(), NullLogger<Database>.Instance);
        await database.PrepareAsync(() => Task.CompletedTask, CancellationToken.None).WaitAsync(RunningService.Patience);
        var (journal, synchronous) = await database.ReadAsync(async db => (
            await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(),
            await db.Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync()))
            .WaitAsync(RunningService.Patience);
        Assert.Equal(("wal", 2), (journal, synchronous)); // 2 is FULL.
    }

    [Fact]
    public async Task Models_AreThoseThatTheMigrationsMake()
    {
        using var sqlite = new SqliteDatabase(TestFiles.NewDatabase(), NullLogger<Database>.Instance);
        using var postgres = new PostgresDatabase(await server.NewDatabaseAsync(), NullLogger<Database>.Instance);
        foreach (var database in new Database[] { sqlite, postgres })
        {
            var differs = database.ReadAsync(db => Task.FromResult(db.Database.HasPendingModelChanges()));
            Assert.False(await differs.WaitAsync(RunningService.Patience));
        }
    }

    [Fact]
    public async Task AFile_ThatIsNoDatabase_IsSaidToBeUnusable()
    {
        var path = TestFiles.NewDatabase();
        await File.WriteAllTextAsync(path, new string('x', 5_000));
        using var process = ServiceProcess.Start(
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", $"--Storage:Path={path}");
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains($"The SQLite file {path}", await process.ErrorsAsync(), StringComparison.Ordinal);
    }

    private static async Task StartAtOnceAsync(Func<Database> open)
    {
        var databases = Enumerable.Range(0, 8).Select(_ => open()).ToArray();
        try
        {
            await Task.WhenAll(databases.Select(database => Task.Run(async () =>
            {
                var store = new ScenarioStore(database, new BuiltInScenarios(), TimeProvider.System);
                await database.PrepareAsync(() => store.PutBuiltInAsync(CancellationToken.None), CancellationToken.None);
                Assert.NotNull(await store.FindAsync(new("dprk-rotation"), CancellationToken.None));
            }))).WaitAsync(RunningService.Patience);
            var revisions = await databases[0].ReadAsync(db => db.Revisions.CountAsync()).WaitAsync(RunningService.Patience);
            Assert.Equal(new BuiltInScenarios().All.Count, revisions);
        }
        finally
        {
            Array.ForEach(databases, database => database.Dispose());
        }
    }
}
