using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs.Compute;

namespace Scenarios.Service.Storage;

/// <summary>
/// Tallies of finished runs, compressed, by inner key and number of paths: a request for more paths goes on from there, after a
/// restart too.
/// </summary>
/// <remarks>
/// <para>
/// A tally is worth storing where computing it again takes at least <see cref="LeastNanoseconds"/> of one thread, and twenty times as long
/// as writing it down and reading it back. B2 of quality.md, 7.5 MB, becomes 0.9 MB in 20 ms and comes back in 20 ms, or 6 ns
/// a byte in all; a million of its paths take 0.9 s, and those of B1 30 ms, so that its tallies are stored from some seven million paths on.
/// </para>
/// <para>
/// One thread of lower priority than all but the engine's writes them down, one after another, after the last message was sent: what waits
/// is a handful, and the rest is let go. A crash may lose a tally, never a projection; what is lost is computed again.
/// </para>
/// <para>
/// A row is the SHA-256 of what it is of and of what follows, then <see cref="TallyFormat"/> in Brotli. One that is not as it was
/// written, or of another form, is left alone with a warning.
/// </para>
/// </remarks>
internal sealed partial class TallyStore : IDisposable
{
    /// <summary>Less than this is computed again sooner than it is noticed.</summary>
    public const double LeastNanoseconds = 0.2e9;

    private const double NanosecondsPerByte = 6;

    private const double TimesWorth = 20;

    private const int MostWaiting = 4;

    /// <summary>One row takes at most this share of Storage:MaxBytes, and holds the writer no longer than so many bytes take.</summary>
    private const int LeastPerBound = 16;

    private const long MostRowBytes = 32L << 20;

    private readonly Database _database;
    private readonly Retention _retention;
    private readonly RunAdmission _admission;
    private readonly TimeProvider _time;
    private readonly ILogger<TallyStore> _log;
    private readonly long _mostBytes;
    private readonly BlockingCollection<string> _waiting = new(MostWaiting);
    private readonly Thread _thread;

    public TallyStore(
        Database database, Retention retention, RunAdmission admission, IOptions<StorageOptions> options, TimeProvider time, ILogger<TallyStore> log)
    {
        (_database, _retention, _admission, _time, _log) = (database, retention, admission, time, log);
        _mostBytes = Math.Min(MostRowBytes, options.Value.MaxBytes / LeastPerBound);
        _thread = new(WriteAll) { IsBackground = true, Name = "tallies" };
        _thread.Start();
    }

    /// <summary>Is a tally worth storing?</summary>
    /// <param name="nanoseconds">Time of one thread that computing it again would take, less what is stored of it.</param>
    /// <param name="tallyBytes">Its size in memory.</param>
    public static bool IsWorth(double nanoseconds, long tallyBytes) =>
        nanoseconds >= Math.Max(LeastNanoseconds, TimesWorth * NanosecondsPerByte * tallyBytes);

    /// <summary>Has the tally of a run stored, which <see cref="RunAdmission"/> keeps. Returns at once.</summary>
    public void Store(string innerKey)
    {
        try
        {
            _waiting.TryAdd(innerKey);
        }
        catch (InvalidOperationException)
        {
            // The service is at its end.
        }
    }

    /// <summary>Paths of the largest stored tally of at most so many; null where there is none.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public Task<long?> FindPathsAsync(string innerKey, long mostPaths, CancellationToken cancellation) => _database.ReadAsync(
        db => db.Tallies.Where(row => row.InnerKey == innerKey && row.Paths <= mostPaths).MaxAsync(row => (long?)row.Paths, cancellation));

    /// <summary>A stored tally, still compressed; null where it is gone or not whole.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public async Task<CompressedTally?> FindAsync(string innerKey, long paths, CancellationToken cancellation)
    {
        var name = NameOf(innerKey, paths);
        var data = await _database.ReadAsync(
            db => db.Tallies.Where(row => row.Name == name).Select(row => row.Data).SingleOrDefaultAsync(cancellation));
        if (data is null)
        {
            return null;
        }

        if (data.Length < SHA256.HashSizeInBytes
            || !data.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(ChecksumOf(innerKey, paths, data.AsSpan(SHA256.HashSizeInBytes))))
        {
            LogUnusable(name, "Its checksum is another.");
            return null;
        }

        _retention.NoteTallyRead(name);
        return new(this, name, data);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private static string NameOf(string innerKey, long paths) => $"{innerKey}/{paths}";

    private static byte[] ChecksumOf(string innerKey, long paths, ReadOnlySpan<byte> compressed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, paths);
        hash.AppendData(Encoding.UTF8.GetBytes(innerKey));
        hash.AppendData(number);
        hash.AppendData(compressed);
        return hash.GetHashAndReset();
    }

    private void WriteAll()
    {
        ThreadPriorities.LowerCaller();
        foreach (var innerKey in _waiting.GetConsumingEnumerable())
        {
            try
            {
                Write(innerKey);
            }
            catch (Exception fault) // It is computed again where it is needed.
            {
                LogNotStored(innerKey, fault);
            }
        }
    }

    private void Write(string innerKey)
    {
        using var borrowed = _admission.Borrow(innerKey);
        if (borrowed is null)
        {
            return; // Another run goes on with it, or it had to make room.
        }

        var paths = borrowed.Tally.Paths;
        var data = Compress(innerKey, borrowed.Tally);
        if (data.Length > _mostBytes)
        {
            return;
        }

        var row = new TallyRow
        {
            Name = NameOf(innerKey, paths),
            InnerKey = innerKey,
            Paths = paths,
            ReadTicks = _time.GetUtcNow().UtcTicks,
            Bytes = data.Length,
            Data = data,
        };
        var write = _database.WriteAsync(
            Durability.EndOfProcess,
            async db => await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO tallies (name, inner_key, paths, read_ticks, bytes, data)
                VALUES ({row.Name}, {row.InnerKey}, {row.Paths}, {row.ReadTicks}, {row.Bytes}, {row.Data})
                ON CONFLICT (name) DO NOTHING
                """) > 0,
            CancellationToken.None);
        var isNew = write.GetAwaiter().GetResult();
        borrowed.NoteStored();
        if (isNew)
        {
            _retention.AddedAsync(row.Bytes).GetAwaiter().GetResult();
        }
    }

    private static byte[] Compress(string innerKey, Tally tally)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[SHA256.HashSizeInBytes]); // The checksum's place.
        using (var brotli = new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            TallyFormat.Write(tally, brotli);
        }

        var data = buffer.ToArray();
        ChecksumOf(innerKey, tally.Paths, data.AsSpan(SHA256.HashSizeInBytes)).CopyTo(data, 0);
        return data;
    }

    [LoggerMessage(LogLevel.Warning, "The stored tally {Name} cannot be used, and is computed again: {Fault}")]
    private partial void LogUnusable(string name, string fault);

    [LoggerMessage(LogLevel.Warning, "The tally of run {InnerKey} was not stored")]
    private partial void LogNotStored(string innerKey, Exception fault);

    /// <summary>A stored tally, as it came out of the database.</summary>
    internal sealed class CompressedTally(TallyStore store, string name, byte[] data)
    {
        /// <summary>Unfolds it into an empty tally of the same run. Takes time.</summary>
        /// <returns>False where it is none of that run's: then the tally is of no use until it is cleared.</returns>
        public bool TryReadInto(Tally tally)
        {
            try
            {
                var skipped = SHA256.HashSizeInBytes;
                using var brotli = new BrotliStream(new MemoryStream(data, skipped, data.Length - skipped), CompressionMode.Decompress);
                TallyFormat.Read(brotli, tally);
                return true;
            }
            catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
            {
                store.LogUnusable(name, fault.Message);
                return false;
            }
        }
    }
}
