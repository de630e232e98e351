using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Scenarios.Service.Storage;

/// <summary>An SQLite file, which several processes may use at once.</summary>
internal sealed class SqliteDatabase : Database
{
    // https://www.sqlite.org/rescode.html
    private const int NoPermission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The file of the shared memory cannot grow: an input or output error to SQLite, a full disk to others.</summary>
    private const int NoRoomForSharedMemory = 4_874;

    // How systems say that another process holds a file: Linux, macOS, Windows.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMacOs = 35;
    private const int SharingViolation = unchecked((int)0x8007_0020);

    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);

    private readonly string _path;
    private readonly DbContextOptions<SqliteScenariosDb> _synced;
    private readonly DbContextOptions<SqliteScenariosDb> _unsynced;
    private readonly SemaphoreSlim _writer = new(1);

    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="log">Hears of faults.</param>
    /// <param name="interceptors">EF Core's, for each connection.</param>
    public SqliteDatabase(string path, ILogger<Database> log, params IEnumerable<IInterceptor> interceptors)
        : base(log)
    {
        _path = Path.GetFullPath(path);
        var connection = new SqliteConnectionStringBuilder { DataSource = _path, ForeignKeys = true }.ToString();
        DbContextOptions<SqliteScenariosDb> OptionsFor(string synchronous) => new DbContextOptionsBuilder<SqliteScenariosDb>()
            .UseSqlite(connection).AddInterceptors([new Pragmas(synchronous), .. interceptors]).Options;
        (_synced, _unsynced) = (OptionsFor("FULL"), OptionsFor("NORMAL"));
    }

    /// <inheritdoc/>
    public override string Place => $"The SQLite file {_path}, which Storage:Path (environment: Storage__Path) sets,";

    /// <summary>The file of the user whom this process runs as.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "scenarios",
        "scenarios.db");

    /// <inheritdoc/>
    public override void Dispose()
    {
        using var db = Open(Durability.LossOfPower);
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        _writer.Dispose();
    }

    /// <inheritdoc/>
    protected override ScenariosDb Open(Durability durability) => new SqliteScenariosDb(durability == Durability.LossOfPower ? _synced : _unsynced);

    /// <summary>A lock on a file of its own beside the database: the system lets go of it when the process ends.</summary>
    protected override async Task<IAsyncDisposable> LockForStartAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        while (true)
        {
            try
            {
                return new FileStream($"{_path}-start", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (taken.HResult is WouldBlock or WouldBlockOnMacOs or SharingViolation)
            {
                await Task.Delay(LockRetry, cancellation);
            }
        }
    }

    /// <summary>
    /// EF Core's own lock on migrations is a row, which stays for ever where a process was killed at it. Whoever holds the file's lock
    /// is alone, so such a row is a dead one's.
    /// </summary>
    protected override async Task BeforeMigrationAsync(ScenariosDb db, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);
        await db.Database.ExecuteSqlRawAsync(
            "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL CONSTRAINT \"PK___EFMigrationsLock\" PRIMARY KEY, "
                + "\"Timestamp\" TEXT NOT NULL); DELETE FROM \"__EFMigrationsLock\"",
            cancellation);
    }

    /// <summary>SQLite has one writer at a time; those of this process wait here, without a thread each.</summary>
    protected override async ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        return new Turn(_writer);
    }

    /// <summary>
    /// Fills more pages than the cache is left, so that they go to the log and need room there, and rolls back: they count only with a commit.
    /// </summary>
    protected override async Task TryWriteAsync(ScenariosDb db)
    {
        await db.Database.OpenConnectionAsync();
        try
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA cache_size = 8");
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync("CREATE TABLE tried (data BLOB)");
            await db.Database.ExecuteSqlAsync($"INSERT INTO tried VALUES (zeroblob({TriedBytes}))");
            await transaction.RollbackAsync();
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA cache_size = -2000"); // The default: the connection is used again.
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <inheritdoc/>
    protected override StorageFault? FaultOf(DbException error) => error is not SqliteException sqlite ? null : sqlite switch
    {
        { SqliteExtendedErrorCode: NoRoomForSharedMemory } or { SqliteErrorCode: Full } => StorageFault.DiskFull,
        { SqliteErrorCode: Busy or Locked } => StorageFault.Busy,
        { SqliteErrorCode: ReadOnly } => StorageFault.ReadOnly,
        { SqliteErrorCode: Corrupt or NotADatabase } => StorageFault.Corrupt,
        { SqliteErrorCode: IoError } => StorageFault.IoError,
        { SqliteErrorCode: CannotOpen or NoPermission } => StorageFault.Unreachable,
        _ => null,
    };

    /// <inheritdoc/>
    protected override string InWords(Exception error) => error switch
    {
        _ when Directory.Exists(_path) => "it is a folder. Name a file in it.",
        SqliteException { SqliteErrorCode: NotADatabase } => "it is not an SQLite database. Name another file, or restore it.",
        SqliteException { SqliteErrorCode: Corrupt } => "it is damaged. Restore it from a copy.",
        SqliteException { SqliteErrorCode: ReadOnly } => "it may only be read by the user whom the service runs as.",
        SqliteException { SqliteErrorCode: CannotOpen } => "it may not be opened by the user whom the service runs as.",
        SqliteException { SqliteErrorCode: Full } => "its disk is full. Make room.",
        _ => $"{error.Message.TrimEnd('.')}.",
    };

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }

    /// <summary>
    /// What SQLite forgets with each connection. FULL syncs each commit to disk: what is acknowledged survives the loss of power. NORMAL
    /// hands it to the system, which keeps it when the process ends in any way. Writers in other processes are waited for by SQLite itself.
    /// </summary>
    private sealed class Pragmas(string synchronous) : DbConnectionInterceptor
    {
        private readonly string _commands = $"PRAGMA busy_timeout = 10000; PRAGMA synchronous = {synchronous}";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = _commands;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData); // SQLite has no asynchronous calls.
            return Task.CompletedTask;
        }
    }
}
