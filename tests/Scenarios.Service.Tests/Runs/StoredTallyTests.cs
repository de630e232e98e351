using Microsoft.EntityFrameworkCore;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Runs;
using Scenarios.Service.Storage;
using Scenarios.Service.Tests.Host;
using Scenarios.Service.Tests.Storage;

namespace Scenarios.Service.Tests.Runs;

/// <summary>Tallies that are stored, and runs that go on from them when nothing is in memory any more.</summary>
[Collection(SharedPostgres.Name)]
public sealed class StoredTallyTests(PostgresServer server)
{
    /// <summary>Half a second of one thread, on any machine long enough to be worth storing.</summary>
    private const long Paths = 80_000;

    [Theory]
    [InlineData(StorageProvider.Sqlite, Sampling.PseudoRandom)]
    [InlineData(StorageProvider.Sqlite, Sampling.QuasiRandom)]
    [InlineData(StorageProvider.PostgreSql, Sampling.PseudoRandom)]
    [InlineData(StorageProvider.PostgreSql, Sampling.QuasiRandom)]
    public async Task MorePathsOfAStoredProjection_AfterARestart_AreAddedToItsTally_ToTheBitsOfAFreshOne(StorageProvider provider, Sampling sampling)
    {
        var settings = await NewDatabaseAsync(provider);
        await RunAsync(settings, Spec(Paths, sampling));
        await using var host = await RunsHost.StartAsync(settings: settings);
        var more = Spec(Paths + 30_000, sampling);

        var messages = await host.ReadAsync(more);

        Assert.Equal(30_000, host.Paths);
        Assert.Equal(more.Directly(Paths + 30_000), messages[^1].Projection);
        var levels = Spec(Paths, sampling).Named("levels") with { Query = more.Query with { QuantileLevels = [0.1, 0.9] } };
        Assert.Equal(levels.Directly(Paths), (await host.ReadAsync(levels))[^1].Projection); // From what is still stored of fewer.
        Assert.Equal(30_000, host.Paths);
    }

    [Fact]
    public async Task AnEarlyStop_AfterARestart_IsThatOfAFreshRun()
    {
        var settings = await NewDatabaseAsync(StorageProvider.Sqlite);
        await RunAsync(settings, Spec(Paths, Sampling.PseudoRandom));
        await using var host = await RunsHost.StartAsync(settings: settings);
        var spec = Spec(2 * Paths, Sampling.PseudoRandom).Named("early") with { TargetPrecision = new(0.01, null) };

        var last = (await host.ReadAsync(spec))[^1];

        Assert.Equal(V1.Progress.Types.State.Converged, last.Progress.State);
        Assert.True(last.Projection.Paths < Paths);
        Assert.Equal(spec.Directly(last.Projection.Paths), last.Projection);
    }

    [Theory]
    [InlineData("UPDATE tallies SET data = substr(data, 1, length(data) - 1)")]
    [InlineData("UPDATE tallies SET data = x''")]
    [InlineData("UPDATE tallies SET data = CAST(substr(data, 1, 1000) || x'00' || substr(data, 1002) AS BLOB)")]
    [InlineData("UPDATE tallies SET inner_key = substr(inner_key, 1, length(inner_key) - 1) || '2', name = substr(inner_key, 1, length(inner_key) - 1) || '2/80000'")]
    public async Task ATally_ThatIsNotAsItWasWritten_OrOfAnotherSeed_IsNotUsed(string change)
    {
        var settings = await NewDatabaseAsync(StorageProvider.Sqlite);
        await RunAsync(settings, Spec(Paths, Sampling.PseudoRandom));
        await using var host = await RunsHost.StartAsync(settings: settings);
        Assert.Equal(1, await host.Service<Database>().ReadAsync(db => db.Database.ExecuteSqlRawAsync(change)));
        var seed = change.Contains("inner_key", StringComparison.Ordinal) ? 2 : 1;
        var more = Spec(Paths + 1_000, Sampling.PseudoRandom, seed);

        Assert.Equal(more.Directly(Paths + 1_000), (await host.ReadAsync(more, finalOnly: true))[^1].Projection);
        Assert.Equal(Paths + 1_000, host.Paths);
    }

    [Theory]
    [InlineData(StorageProvider.Sqlite)]
    [InlineData(StorageProvider.PostgreSql)]
    public async Task TalliesBeyondMaxBytes_Leave_LeastRecentlyReadFirst(StorageProvider provider)
    {
        const int kept = 20;
        var settings = await NewDatabaseAsync(provider);
        await RunAsync(settings, Spec(Paths, Sampling.PseudoRandom));
        var (bound, projection) = (0L, 0);
        await using (var filled = await RunsHost.StartAsync(settings: settings))
        {
            await filled.Service<Database>().WriteAsync(
                async db =>
                {
                    await db.Tallies.ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadTicks, 0));
                    var own = await db.Tallies.SingleAsync();
                    projection = await db.Projections.SumAsync(row => row.Bytes);
                    bound = (kept * own.Bytes) + (3 * projection); // There will be two more.
                    db.Tallies.AddRange(Enumerable.Range(1, 2 * kept).Select(ticks => new TallyRow
                    {
                        Name = $"{ticks}",
                        InnerKey = $"{ticks}",
                        Paths = own.Paths,
                        ReadTicks = ticks,
                        Bytes = own.Bytes,
                        Data = own.Data,
                    }));
                    return await db.SaveChangesAsync() > 0;
                },
                CancellationToken.None);
        }

        await using var host = await RunsHost.StartAsync(settings: [.. settings, ("Storage:MaxBytes", $"{bound}")]);
        await host.ReadAsync(Spec(Paths + 1_000, Sampling.PseudoRandom));
        Assert.Equal(1_000, host.Paths); // The oldest tally was read.
        await host.ReadAsync(Spec(1_000, Sampling.PseudoRandom, seed: 2)); // Room is made after a commit and before the next: it was once.

        var (tallies, bytes) = await host.Service<Database>().ReadAsync(async db => (
            await db.Tallies.OrderByDescending(row => row.ReadTicks).Select(row => row.ReadTicks).ToListAsync(),
            await db.Tallies.SumAsync(row => (long)row.Bytes) + await db.Projections.SumAsync(row => (long)row.Bytes)));
        Assert.InRange(bytes, bound / 2, bound + (2 * projection)); // The last commit may be beyond.
        Assert.True(tallies[0] > 2 * kept);
        Assert.InRange(tallies.Count, kept / 2, 2 * kept);
        Assert.Equal(Enumerable.Range(1, 2 * kept).Reverse().Take(tallies.Count - 1).Select(ticks => (long)ticks), tallies.Skip(1));
    }

    /// <summary>Scenarios stored before control characters were refused are projected still; a text of PostgreSQL has no U+0000.</summary>
    [Theory]
    [InlineData(StorageProvider.Sqlite)]
    [InlineData(StorageProvider.PostgreSql)]
    public async Task AProjection_OfWordsThatTextsCannotHave_IsStored(StorageProvider provider)
    {
        var settings = await NewDatabaseAsync(provider);
        var spec = Specs.Weekly(1_000);
        spec.Scenario.Noun = "men\0";
        V1.Projection computed;
        await using (var host = await RunsHost.StartAsync(settings: settings))
        {
            computed = (await host.ReadAsync(spec))[^1].Projection;
        }

        Assert.Contains("\0", computed.Headline, StringComparison.Ordinal);
        await using var restarted = await RunsHost.StartAsync(settings: settings);
        var stored = await restarted.Service<Database>().ReadAsync(db => db.Projections.SingleAsync());
        Assert.Equal(computed.Headline.Replace('\0', '\ufffd'), stored.Headline);
        var found = await restarted.Service<ProjectionStore>().FindAsync(spec.Name, CancellationToken.None);
        Assert.Equal(computed, V1.Projection.Parser.ParseFrom(found!.Message));
    }

    [Theory]
    [InlineData(0.19e9, 1 << 20, false)]
    [InlineData(0.21e9, 1 << 20, true)]
    [InlineData(0.8e9, 7_450_000, false)]
    [InlineData(0.9e9, 7_450_000, true)]
    public void ATally_IsWorthStoring_WhereComputingItAgainTakesLonger(double nanoseconds, long bytes, bool isWorth) =>
        Assert.Equal(isWorth, TallyStore.IsWorth(nanoseconds, bytes));

    /// <summary>A long run with a small tally.</summary>
    private static ProjectionSpec Spec(long paths, Sampling sampling, long seed = 1)
    {
        var spec = Specs.Long(paths, seed);
        spec = spec with { Model = spec.Model with { StepDays = 73 } };
        return sampling == Sampling.PseudoRandom ? spec
            : spec.Named("quasi") with { Sampling = sampling, InnerKey = $"{spec.InnerKey}/quasi" };
    }

    /// <summary>Runs a projection on a service that then stops, with all it has to write down.</summary>
    private static async Task RunAsync((string, string)[] settings, ProjectionSpec spec)
    {
        await using var host = await RunsHost.StartAsync(settings: settings);
        await host.ReadAsync(spec, finalOnly: true);
        await host.NoRunsAsync();
    }

    private async Task<(string, string)[]> NewDatabaseAsync(StorageProvider provider) => provider == StorageProvider.Sqlite
        ? [("Storage:Path", TestFiles.NewDatabase())]
        : [("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", await server.NewDatabaseAsync())];
}
