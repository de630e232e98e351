using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Scenarios.Service.Storage;

/// <summary>A PostgreSQL database, which any number of services may use at once.</summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>Key of the advisory lock: "scenario" in ASCII. Any number would do, but the same in every service.</summary>
    private const long StartLock = 0x7363_656e_6172_696f;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    private readonly NpgsqlDataSource _source;
    private readonly DbContextOptions<PostgresScenariosDb> _options;

    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <param name="log">Hears of outages.</param>
    public PostgresDatabase(string connectionString, ILogger<Database> log)
        : base(log)
    {
        _source = NpgsqlDataSource.Create(connectionString);
        _options = new DbContextOptionsBuilder<PostgresScenariosDb>().UseNpgsql(_source).Options;
    }

    /// <inheritdoc/>
    public override string Place => "The PostgreSQL database that ConnectionStrings:Scenarios names";

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();

    /// <summary>A server's end is not this process's: its commits wait for its disk as it is configured, whatever they have to survive.</summary>
    protected override ScenariosDb Open(Durability durability) => new PostgresScenariosDb(_options);

    /// <summary>An advisory lock of a transaction, which ends with the connection at the latest.</summary>
    protected override async Task<IAsyncDisposable> LockForStartAsync(CancellationToken cancellation)
    {
        var db = Open(Durability.LossOfPower);
        try
        {
            db.Database.SetCommandTimeout(LongestStart);
            var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({StartLock})", cancellation);
            return new StartLockHeld(db, transaction);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Task BeforeMigrationAsync(ScenariosDb db, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellation) => default;

    /// <inheritdoc/>
    protected override bool IsOutage(DbException fault) => fault.IsTransient;

    private sealed class StartLockHeld(ScenariosDb db, IDbContextTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await db.DisposeAsync();
        }
    }
}
