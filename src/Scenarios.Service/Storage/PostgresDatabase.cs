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
    /// <param name="log">Hears of faults.</param>
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

    /// <summary>The server takes room for a table's pages when they are written, not at the commit.</summary>
    protected override async Task TryWriteAsync(ScenariosDb db)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE tried (data bytea)");

        // Sixteen bytes a row that cannot be compressed.
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO tried SELECT decode(string_agg(md5(random()::text), ''), 'hex') FROM generate_series(1, {TriedBytes / 16})");
        await transaction.RollbackAsync();
    }

    /// <inheritdoc/>
    protected override StorageFault? FaultOf(DbException error) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull => StorageFault.DiskFull,
        PostgresErrorCodes.ReadOnlySqlTransaction => StorageFault.ReadOnly,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StorageFault.Corrupt,
        PostgresErrorCodes.IoError => StorageFault.IoError,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.TooManyConnections => StorageFault.Busy,
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege => StorageFault.Unreachable,
        _ => error.IsTransient ? StorageFault.Unreachable : null,
    };

    /// <inheritdoc/>
    protected override string InWords(Exception error) => $"{error.Message.Split('\n')[0].TrimEnd('.')}.";

    private sealed class StartLockHeld(ScenariosDb db, IDbContextTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await db.DisposeAsync();
        }
    }
}
