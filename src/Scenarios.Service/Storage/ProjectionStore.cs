using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Storage.Listing;

namespace Scenarios.Service.Storage;

/// <summary>A finished projection, to be stored.</summary>
internal sealed record ProjectionDraft
{
    /// <summary>Its permanent name.</summary>
    public required string Name { get; init; }

    /// <summary>The answer in words.</summary>
    public required string Headline { get; init; }

    /// <summary>Its paths.</summary>
    public required long Paths { get; init; }

    /// <summary>How its paths are drawn.</summary>
    public required Sampling Sampling { get; init; }

    /// <summary>Whether its run ended early, at the precision asked for.</summary>
    public required bool IsConverged { get; init; }

    /// <summary>The stored scenario that was asked for by name; empty for none.</summary>
    public required string ScenarioId { get; init; }

    /// <summary>Its revision; empty for none.</summary>
    public required string ScenarioRevision { get; init; }

    /// <summary>The projection in protobuf.</summary>
    public required byte[] Message { get; init; }
}

/// <summary>A projection out of the store.</summary>
/// <param name="Message">The projection in protobuf.</param>
/// <param name="Sampling">How its paths are drawn.</param>
/// <param name="IsConverged">Whether its run ended early, at the precision asked for.</param>
internal sealed record StoredProjection(byte[] Message, Sampling Sampling, bool IsConverged);

/// <summary>
/// Finished projections by their permanent names. What was committed survives the end of this process in any way.
/// </summary>
/// <remarks>
/// Commits of many runs at once share a transaction: a single writer takes all that wait. Losing power may lose the newest ones, but
/// nothing that cannot be computed again to the same bits, which is why a commit does not wait for the disk as a scenario's does.
/// </remarks>
internal sealed class ProjectionStore : IAsyncDisposable
{
    private const int MostWaiting = 256;

    /// <summary>Bounds how long one transaction holds the writer.</summary>
    private const int MostBatchBytes = 8 << 20;

    /// <summary>Compiled once for this database: every request asks it first.</summary>
    private readonly Func<ScenariosDb, string, CancellationToken, Task<StoredProjection?>> _find = EF.CompileAsyncQuery(
        (ScenariosDb db, string name, CancellationToken cancellation) => db.Projections
            .Where(row => row.Name == name)
            .Select(row => new StoredProjection(row.Message, row.Sampling, row.IsConverged))
            .SingleOrDefault());

    private readonly Database _database;
    private readonly Retention _retention;
    private readonly TimeProvider _time;
    private readonly Channel<Commit> _waiting = Channel.CreateBounded<Commit>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Task _writing;

    public ProjectionStore(Database database, Retention retention, TimeProvider time)
    {
        (_database, _retention, _time) = (database, retention, time);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Stores a projection; it is committed when this returns. One that is there already stays: it has the same bits.</summary>
    /// <exception cref="RpcException">STORAGE_UNAVAILABLE.</exception>
    public async Task KeepAsync(ProjectionDraft projection)
    {
        var commit = new Commit(projection);
        try
        {
            await _waiting.Writer.WriteAsync(commit);
        }
        catch (ChannelClosedException)
        {
            throw ApiErrors.Draining(ServiceDrain.RetryAfter); // The service is at its end.
        }

        await commit.Done.Task;
    }

    /// <summary>A projection by its name; null where it is not stored.</summary>
    /// <exception cref="RpcException">STORAGE_UNAVAILABLE.</exception>
    public async Task<StoredProjection?> FindAsync(string name, CancellationToken cancellation)
    {
        var stored = await _database.ReadAsync(db => _find(db, name, cancellation));
        if (stored is not null)
        {
            NoteRead(name);
        }

        return stored;
    }

    /// <summary>Takes note that a projection was read elsewhere, so that it stays longer.</summary>
    public void NoteRead(string name) => _retention.NoteRead(name);

    /// <summary>A page of projections, newest first.</summary>
    /// <exception cref="RpcException">STORAGE_UNAVAILABLE.</exception>
    public Task<ProjectionPage> ListAsync(ProjectionListing listing, CancellationToken cancellation) => _database.ReadAsync(async db =>
    {
        var asked = db.Projections.Where(listing.Filter);
        if (listing.After is var (ticks, name))
        {
            asked = asked.Where(row => row.CreateTicks < ticks || (row.CreateTicks == ticks && string.Compare(row.Name, name) < 0));
        }

        var rows = await asked
            .OrderByDescending(row => row.CreateTicks)
            .ThenByDescending(row => row.Name)
            .Take(listing.Size + 1)
            .Select(row => new { row.Name, row.ScenarioId, row.ScenarioRevision, row.CreateTicks, row.Paths, row.Headline })
            .ToListAsync(cancellation);
        var shown = rows.Take(listing.Size).ToList();
        return new ProjectionPage(
            shown.ConvertAll(row => new V1.ProjectionEntry
            {
                ProjectionName = row.Name,
                ScenarioName = row.ScenarioId.Length == 0 ? "" : new ScenarioName(row.ScenarioId).ToString(),
                ScenarioRevision = row.ScenarioRevision,
                CreateTime = Timestamp.FromDateTime(new DateTime(row.CreateTicks, DateTimeKind.Utc)),
                Paths = row.Paths,
                Headline = row.Headline,
            }),
            rows.Count > listing.Size ? PageToken.After(listing.List, shown[^1].CreateTicks.ToString(), shown[^1].Name) : "");
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var batch = TakeBatch();
            await CommitAsync(batch);
            await _retention.AddedAsync(batch.Sum(commit => (long)commit.Bytes));
        }
    }

    private List<Commit> TakeBatch()
    {
        var batch = new List<Commit>();
        var bytes = 0;
        while (bytes < MostBatchBytes && _waiting.Reader.TryRead(out var commit))
        {
            batch.Add(commit);
            bytes += commit.Bytes;
        }

        return batch;
    }

    private async Task CommitAsync(List<Commit> batch)
    {
        try
        {
            var ticks = _time.GetUtcNow().UtcTicks;
            await _database.WriteAsync(
                Durability.EndOfProcess,
                async db =>
                {
                    foreach (var commit in batch)
                    {
                        await InsertAsync(db, commit.Draft, ticks);
                    }

                    return true;
                },
                CancellationToken.None);
            batch.ForEach(commit => commit.Done.SetResult());
        }
        catch (Exception fault) when (batch.Count == 1 || fault is RpcException)
        {
            batch.ForEach(commit => commit.Done.SetException(fault));
        }
        catch (Exception)
        {
            foreach (var commit in batch)
            {
                await CommitAsync([commit]); // What is wrong with one of them is no concern of the others.
            }
        }
    }

    /// <summary>Another service may store the same one at the same moment: the first stays. Both databases have this statement.</summary>
    private static Task<int> InsertAsync(ScenariosDb db, ProjectionDraft draft, long ticks)
    {
        // PostgreSQL's texts cannot have the character, which an inline scenario's words may.
        var headline = draft.Headline.Replace('\0', '\ufffd');
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO projections (name, scenario_id, scenario_revision, create_ticks, read_ticks, paths, sampling, is_converged, headline, bytes, message)
            VALUES ({draft.Name}, {draft.ScenarioId}, {draft.ScenarioRevision}, {ticks}, {ticks}, {draft.Paths}, {(int)draft.Sampling},
                {draft.IsConverged}, {headline}, {draft.Message.Length}, {draft.Message})
            ON CONFLICT (name) DO NOTHING
            """);
    }

    /// <summary>A projection that waits for its commit.</summary>
    private sealed class Commit(ProjectionDraft draft)
    {
        public ProjectionDraft Draft => draft;

        public int Bytes => draft.Message.Length;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
