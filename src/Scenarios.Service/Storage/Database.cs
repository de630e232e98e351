using System.Data.Common;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Storage;

/// <summary>The database of a service: reads, and writes that happen whole or not at all.</summary>
internal abstract partial class Database(ILogger<Database> log) : IDisposable
{
    /// <summary>Size of a write that is tried: more than most projections have.</summary>
    protected const int TriedBytes = 256 << 10;

    /// <summary>Raised with each call that failed.</summary>
    public event Action<StorageFault>? Failed;

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
                // Looking for them writes nothing, so that a service starts on a full disk, too.
                if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
                {
                    await BeforeMigrationAsync(db, cancellation);
                    await db.Database.MigrateAsync(cancellation);
                }
            }

            await fill();
        }
        catch (RpcException fault) when (StorageFaults.Of(fault) is not null)
        {
            throw new StorageException($"{Place} cannot be used: {fault.Status.Detail}", fault);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException or TimeoutException
            || ErrorOf(exception) is not null)
        {
            throw new StorageException($"{Place} cannot be used: {InWords(ErrorOf(exception) ?? exception)}", exception);
        }
    }

    /// <summary>Tries whether a projection could be stored now, without a trace.</summary>
    /// <returns>What keeps it from being stored; null if nothing does.</returns>
    public async Task<StorageFault?> TryWriteAsync()
    {
        using var turn = await EnterWriteAsync(CancellationToken.None);
        try
        {
            await using var db = Open(Durability.EndOfProcess);
            await TryWriteAsync(db);
            return null;
        }
        catch (Exception exception) when (FaultOf(exception) is not null)
        {
            return FaultOf(exception);
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

    /// <summary>Writes <see cref="TriedBytes"/> to the disk and takes them back.</summary>
    protected abstract Task TryWriteAsync(ScenariosDb db);

    /// <summary>Says what an error means for the storage; null for an error that is a fault of the service's own.</summary>
    protected abstract StorageFault? FaultOf(DbException error);

    /// <summary>Says in words what keeps the database from being used.</summary>
    protected virtual string InWords(Exception error) => error.Message;

    /// <summary>The database's own error within what EF Core throws; null if it is none.</summary>
    private static DbException? ErrorOf(Exception? exception)
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
        catch (Exception exception) when (FaultOf(exception) is not null)
        {
            var fault = FaultOf(exception)!.Value;
            LogFault(Place, ApiErrors.UpperSnake(fault.ToString()), exception);
            Failed?.Invoke(fault);
            throw ApiErrors.StorageUnavailable(fault);
        }
    }

    private StorageFault? FaultOf(Exception exception) => ErrorOf(exception) is { } error ? FaultOf(error) : null;

    [LoggerMessage(LogLevel.Error, "{Place} is not available ({Cause})")]
    private partial void LogFault(string place, string cause, Exception exception);
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
