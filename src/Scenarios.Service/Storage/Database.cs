using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Storage;

/// <summary>The database of a service: reads, and writes that happen whole or not at all.</summary>
internal abstract partial class Database(ILogger<Database> log) : IDisposable
{
    /// <summary>When to try again after an outage.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Where it is, for people; without secrets.</summary>
    public abstract string Place { get; }

    /// <summary>Brings the tables up to date, whichever of several services that start at once comes first.</summary>
    /// <param name="fill">What else belongs in before anybody reads; called by one service at a time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StorageException">It cannot be used as configured.</exception>
    public async Task PrepareAsync(Func<Task> fill, CancellationToken cancellation)
    {
        try
        {
            await using var alone = await LockForStartAsync(cancellation);
            await using (var db = Open(Durability.LossOfPower))
            {
                await BeforeMigrationAsync(db, cancellation);
                await db.Database.MigrateAsync(cancellation);
            }

            await fill();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException || FaultOf(exception) is not null)
        {
            throw new StorageException($"{Place} cannot be used: {(FaultOf(exception) ?? exception).Message}", exception);
        }
    }

    /// <summary>Reads.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public Task<T> ReadAsync<T>(Func<ScenariosDb, Task<T>> read) => UseAsync(Durability.LossOfPower, read);

    /// <summary>Writes in a transaction, which survives the loss of power when this returns.</summary>
    /// <inheritdoc cref="WriteAsync(Durability, Func{ScenariosDb, Task{bool}}, CancellationToken)"/>
    public Task<bool> WriteAsync(Func<ScenariosDb, Task<bool>> write, CancellationToken cancellation) =>
        WriteAsync(Durability.LossOfPower, write, cancellation);

    /// <summary>Writes in a transaction.</summary>
    /// <param name="durability">What the writes survive when this returns.</param>
    /// <param name="write">The writes, and whether they shall stay.</param>
    /// <param name="cancellation">Ends it before the commit.</param>
    /// <returns>What <paramref name="write"/> returned.</returns>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public async Task<bool> WriteAsync(Durability durability, Func<ScenariosDb, Task<bool>> write, CancellationToken cancellation)
    {
        using var turn = await EnterWriteAsync(cancellation);
        return await UseAsync(durability, async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            if (!await write(db))
            {
                return false;
            }

            await transaction.CommitAsync(cancellation);
            return true;
        });
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A connection, opened when it is first used.</summary>
    /// <param name="durability">What commits on it survive.</param>
    protected abstract ScenariosDb Open(Durability durability);

    /// <summary>Waits until no other service that starts is at it; held until disposed, or until the process ends in any way.</summary>
    protected abstract Task<IAsyncDisposable> LockForStartAsync(CancellationToken cancellation);

    /// <summary>What has to be right before migrations are looked for.</summary>
    protected abstract Task BeforeMigrationAsync(ScenariosDb db, CancellationToken cancellation);

    /// <summary>Waits for the turn to write.</summary>
    protected abstract ValueTask<IDisposable?> EnterWriteAsync(CancellationToken cancellation);

    /// <summary>Can the same be expected to work later?</summary>
    protected abstract bool IsOutage(DbException fault);

    /// <summary>The database's own fault within what EF Core throws; null where it is none.</summary>
    private static DbException? FaultOf(Exception? exception)
    {
        while (exception is not (null or DbException))
        {
            exception = exception.InnerException;
        }

        return exception as DbException;
    }

    private async Task<T> UseAsync<T>(Durability durability, Func<ScenariosDb, Task<T>> use)
    {
        try
        {
            await using var db = Open(durability);
            return await use(db);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            LogOutage(Place, exception);
            throw ApiErrors.StorageUnavailable(RetryAfter);
        }
    }

    private bool IsOutage(Exception exception) => FaultOf(exception) is { } fault && IsOutage(fault);

    [LoggerMessage(LogLevel.Error, "{Place} is not available")]
    private partial void LogOutage(string place, Exception exception);
}

/// <summary>What a commit survives.</summary>
internal enum Durability
{
    /// <summary>Everything but the loss of the disk: a commit waits for the disk.</summary>
    LossOfPower,

    /// <summary>The end of this process in any way. Where power is lost the newest commits may be, each of them whole.</summary>
    EndOfProcess,
}

/// <summary>The storage cannot be used as configured; says why.</summary>
public sealed class StorageException(string message, Exception? cause = null) : Exception(message, cause);
