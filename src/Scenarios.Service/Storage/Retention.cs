using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Storage;

/// <summary>
/// Bounds what finished projections and the tallies of their runs take (<c>Storage:MaxBytes</c>): beyond it they leave, least recently read
/// first.
/// </summary>
/// <remarks>
/// What counts is messages and compressed tallies, not what a database needs beside them. Reads are noted in memory and written down now and then: a read costs no
/// write, and a crash forgets the newest of them only.
/// </remarks>
internal sealed partial class Retention : IAsyncDisposable
{
    /// <summary>Of the bound, this share is made free at once, and added before what is there is summed up anew.</summary>
    private const int Parts = 16;

    /// <summary>Rows that one transaction changes: it holds the writer of SQLite.</summary>
    private const int MostRows = 200;

    /// <summary>Reads that are noted at most; further ones wait for their next time.</summary>
    private const int MostNoted = 20_000;

    private static readonly TimeSpan NotePeriod = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger<Retention> _log;
    private readonly long _mostBytes;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private HashSet<string> _readProjections = [];
    private HashSet<string> _readTallies = [];
    private long? _bytes;
    private long _measuredBytes = -1;
    private long _sumAgainAt;

    public Retention(
        Database database, IOptions<StorageOptions> options, TimeProvider time, RunInstruments instruments, ILogger<Retention> log)
    {
        (_database, _time, _log, _mostBytes) = (database, time, log, options.Value.MaxBytes);
        instruments.ObserveBytes(
            "scenarios.storage.size",
            "Stored projections and tallies, once they were summed up.",
            () => Interlocked.Read(ref _measuredBytes) is >= 0 and var bytes ? [new(bytes)] : []);
        instruments.ObserveBytes("scenarios.storage.limit", "What they may take, Storage:MaxBytes.", () => [new(_mostBytes)]);
        _timer = time.CreateTimer(_ => _ = InTurnAsync(WriteReadsAsync), null, NotePeriod, NotePeriod);
    }

    /// <summary>Takes note that a projection was read.</summary>
    public void NoteRead(string name)
    {
        lock (_gate)
        {
            if (_readProjections.Count < MostNoted)
            {
                _readProjections.Add(name);
            }
        }
    }

    /// <summary>Takes note that a tally was read, which happens in place of long computing only.</summary>
    public void NoteTallyRead(string name)
    {
        lock (_gate)
        {
            _readTallies.Add(name);
        }
    }

    /// <summary>
    /// Sums up what is there, which may take its time: nobody waits for it. Room is made at the first commit and no sooner: who comes
    /// first may still read what has to leave then. Throws nothing.
    /// </summary>
    public Task MeasureAsync() => InTurnAsync(async () =>
    {
        if (_bytes is null)
        {
            Interlocked.Exchange(ref _measuredBytes, await SumAsync());
        }
    });

    /// <summary>Takes note of what was added, and makes room where it is too much. Throws nothing.</summary>
    public Task AddedAsync(long bytes) => InTurnAsync(async () =>
    {
        _bytes += bytes;
        Publish();
        if (_bytes is null || _bytes > _sumAgainAt)
        {
            await MakeRoomAsync();
        }
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await InTurnAsync(WriteReadsAsync);
        _turn.Dispose();
    }

    /// <summary>Does what can be done later as well: where the database is away, it is done later.</summary>
    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            LogLater(fault);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Others may have added and removed too, on the same database: only its own sum tells.</summary>
    private async Task MakeRoomAsync()
    {
        var bytes = await SumAsync();
        if (bytes > _mostBytes)
        {
            await WriteReadsAsync();
            var excess = bytes - (_mostBytes - (_mostBytes / Parts));
            var left = 0L;
            while (left < excess && await RemoveAsync(excess - left) is > 0 and var removed)
            {
                left += removed;
            }

            LogRemoved(left, _mostBytes);
            bytes = await SumAsync();
        }

        _bytes = bytes;
        Publish();
        _sumAgainAt = Math.Min(_mostBytes, bytes + (_mostBytes / Parts));
    }

    private void Publish() => Interlocked.Exchange(ref _measuredBytes, _bytes ?? -1);

    private Task<long> SumAsync() => _database.ReadAsync(async db =>
        await db.Projections.SumAsync(row => (long)row.Bytes) + await db.Tallies.SumAsync(row => (long)row.Bytes));

    /// <summary>Removes some of those that were not read for longest.</summary>
    /// <returns>Their size.</returns>
    private async Task<long> RemoveAsync(long excess)
    {
        var removed = 0L;
        await _database.WriteAsync(
            Durability.EndOfProcess,
            async db =>
            {
                // The oldest of either are the oldest of both.
                var oldest = (await OldestAsync(db.Projections)).Concat(await OldestAsync(db.Tallies)).OrderBy(row => row.ReadTicks).Take(MostRows);
                var leaving = oldest.TakeWhile(row => removed < excess && (removed += row.Bytes) > 0).Select(row => row.Name).ToList();
                await db.Projections.Where(row => leaving.Contains(row.Name)).ExecuteDeleteAsync();
                await db.Tallies.Where(row => leaving.Contains(row.Name)).ExecuteDeleteAsync();
                return true;
            },
            CancellationToken.None);
        return removed;
    }

    private static Task<List<(string Name, long ReadTicks, int Bytes)>> OldestAsync<TRow>(DbSet<TRow> rows)
        where TRow : RetainedRow => rows
        .OrderBy(row => row.ReadTicks)
        .ThenBy(row => row.Name)
        .Take(MostRows)
        .Select(row => new ValueTuple<string, long, int>(row.Name, row.ReadTicks, row.Bytes))
        .ToListAsync();

    private async Task WriteReadsAsync()
    {
        HashSet<string> projections;
        HashSet<string> tallies;
        lock (_gate)
        {
            (projections, tallies, _readProjections, _readTallies) = (_readProjections, _readTallies, [], []);
        }

        await WriteReadsAsync(projections, db => db.Projections);
        await WriteReadsAsync(tallies, db => db.Tallies);
    }

    private async Task WriteReadsAsync<TRow>(HashSet<string> read, Func<ScenariosDb, DbSet<TRow>> rows)
        where TRow : RetainedRow
    {
        var ticks = _time.GetUtcNow().UtcTicks;
        foreach (var names in read.Chunk(MostRows))
        {
            await _database.WriteAsync(
                Durability.EndOfProcess,
                async db => await rows(db)
                    .Where(row => names.Contains(row.Name) && row.ReadTicks < ticks)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadTicks, ticks)) > 0,
                CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Information, "Projections and tallies of {Bytes} bytes left, for there were more than Storage:MaxBytes, {MostBytes}")]
    private partial void LogRemoved(long bytes, long mostBytes);

    [LoggerMessage(LogLevel.Warning, "Stored projections and tallies could not be looked after; that is tried again later")]
    private partial void LogLater(Exception fault);
}
