using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Scenarios.Service.Api.BuiltIn;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Storage.Listing;

namespace Scenarios.Service.Storage;

/// <summary>
/// Scenarios and all their revisions. Built-in ones lie in the same tables, put there at start, so that there is one way to find,
/// list and change scenarios. What returned is on disk.
/// </summary>
internal sealed class ScenarioStore(Database database, BuiltInScenarios builtIn, TimeProvider time) : IScenarioCatalog
{
    /// <summary>A page ends where its texts would pass this size: clients refuse messages of more than 4 MiB.</summary>
    private const int MostPageBytes = 3 << 20;

    /// <summary>Puts in the built-in scenarios of this version of the service, where nobody has changed those of an earlier one.</summary>
    public async Task PutBuiltInAsync(CancellationToken cancellation)
    {
        foreach (var scenario in builtIn.All)
        {
            var id = IdOf(scenario);
            var draft = DraftOf(scenario, BuiltInScenarios.RevisionOf(scenario), isBuiltIn: true);
            await database.WriteAsync(
                async db =>
                {
                    if (await db.Revisions.AnyAsync(row => row.ScenarioId == id && row.RevisionId == draft.RevisionId, cancellation))
                    {
                        return false;
                    }

                    var (head, newest) = await HeadAsync(db, id, cancellation);
                    if (head is null)
                    {
                        await InsertAsync(db, id, draft, cancellation);
                        return true;
                    }

                    return newest!.IsBuiltIn && await ReplaceAsync(db, head, draft, cancellation);
                },
                cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<V1.Scenario?> FindAsync(ScenarioName name, CancellationToken cancellationToken)
    {
        var (head, revision) = await database.ReadAsync(db => name.Revision is null
            ? HeadAsync(db, name.Id, cancellationToken)
            : RevisionAsync(db, name.Id, name.Revision, cancellationToken));
        return head is null ? null : ToMessage(name, head.CreateTicks, revision!);
    }

    /// <summary>Makes a scenario.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="text">Its text, valid and without what only the storage knows.</param>
    /// <param name="cancellation">Ends it before it is made.</param>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_EXISTS or STORAGE_UNAVAILABLE.</exception>
    public async Task<V1.Scenario> CreateAsync(string id, V1.Scenario text, CancellationToken cancellation)
    {
        var name = new ScenarioName(id);
        var draft = DraftOf(text, RandomId());
        try
        {
            var isNew = await database.WriteAsync(
                async db =>
                {
                    if (await db.Scenarios.AnyAsync(row => row.Id == id, cancellation))
                    {
                        return false;
                    }

                    await InsertAsync(db, id, draft, cancellation);
                    return true;
                },
                cancellation);
            return isNew ? ToMessage(name, draft.Ticks, draft.ToRow(id, 1)) : throw ApiErrors.ScenarioExists(name.ToString());
        }
        catch (DbUpdateException)
        {
            // Another service may have been faster by a moment.
            await CheckAbsentAsync(id, cancellation);
            throw;
        }
    }

    /// <summary>Checks that a scenario could be made.</summary>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_EXISTS or STORAGE_UNAVAILABLE.</exception>
    public async Task CheckAbsentAsync(string id, CancellationToken cancellation)
    {
        if (await FindAsync(new(id), cancellation) is { } existing)
        {
            throw ApiErrors.ScenarioExists(existing.Name);
        }
    }

    /// <summary>A scenario or a revision.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="etag">The etag that it must have; empty for any.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_NOT_FOUND, ETAG_MISMATCH or STORAGE_UNAVAILABLE.</exception>
    public async Task<V1.Scenario> GetAsync(ScenarioName name, string etag, CancellationToken cancellation)
    {
        var scenario = await FindAsync(name, cancellation) ?? throw ApiErrors.ScenarioNotFound(name.ToString());
        return etag.Length == 0 || etag == scenario.Etag ? scenario : throw ApiErrors.EtagMismatch(scenario.Name, etag, scenario.Etag);
    }

    /// <summary>Makes a revision of a scenario.</summary>
    /// <param name="id">The scenario.</param>
    /// <param name="etag">The etag that it must have; empty for any.</param>
    /// <param name="change">
    /// The new text, valid and without what only the storage knows, of the scenario as it stands. Called anew where another change was
    /// faster and no etag says that it must not be.
    /// </param>
    /// <param name="cancellation">Ends it before it is made.</param>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_NOT_FOUND, ETAG_MISMATCH or STORAGE_UNAVAILABLE.</exception>
    public async Task<V1.Scenario> UpdateAsync(
        string id, string etag, Func<V1.Scenario, V1.Scenario> change, CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await GetAsync(new(id), etag, cancellation);
            var draft = DraftOf(change(stored), RandomId());
            ScenarioRow? head = null;
            var isReplaced = await database.WriteAsync(
                async db =>
                {
                    (head, _) = await HeadAsync(db, id, cancellation);
                    return head?.RevisionId == stored.RevisionId && await ReplaceAsync(db, head, draft, cancellation);
                },
                cancellation);
            if (isReplaced)
            {
                return ToMessage(new(id), head!.CreateTicks, draft.ToRow(id, head.RevisionNumber + 1));
            }
        }
    }

    /// <summary>Deletes a scenario with its revisions.</summary>
    /// <param name="id">The scenario.</param>
    /// <param name="etag">The etag that it must have; empty for any.</param>
    /// <param name="cancellation">Ends it before it is deleted.</param>
    /// <exception cref="Grpc.Core.RpcException">
    /// SCENARIO_NOT_FOUND, ETAG_MISMATCH, SCENARIO_BUILT_IN or STORAGE_UNAVAILABLE.
    /// </exception>
    public async Task DeleteAsync(string id, string etag, CancellationToken cancellation)
    {
        var name = new ScenarioName(id).ToString();
        if (builtIn.Find(name) is not null)
        {
            throw ApiErrors.ScenarioBuiltIn(name);
        }

        while (true)
        {
            var stored = await GetAsync(new(id), etag, cancellation);
            var isDeleted = await database.WriteAsync(
                async db => await db.Scenarios
                    .Where(row => row.Id == id && row.RevisionId == stored.RevisionId)
                    .ExecuteDeleteAsync(cancellation) > 0,
                cancellation);
            if (isDeleted)
            {
                return;
            }
        }
    }

    /// <summary>A page of scenarios as they stand.</summary>
    /// <exception cref="Grpc.Core.RpcException">STORAGE_UNAVAILABLE.</exception>
    public Task<ScenarioPage> ListAsync(ScenarioListing listing, CancellationToken cancellation) => database.ReadAsync(async db =>
    {
        var asked = db.Scenarios.AsNoTracking().Where(listing.Filter);
        var rows = await listing.Order.Sort(listing.After is { } after ? asked.Where(after) : asked)
            .Take(listing.Size + 1)
            .ToListAsync(cancellation);
        var size = CountOf(rows.Select(row => row.Bytes), listing.Size);
        var shown = rows[..size];
        var revisions = await TextsAsync(db, shown.ConvertAll(row => (row.Id, row.RevisionId)), cancellation);
        return new ScenarioPage(
            [
                .. shown
                    .Where(row => revisions.ContainsKey((row.Id, row.RevisionId))) // Deleted this moment.
                    .Select(row => ToMessage(new(row.Id), row.CreateTicks, revisions[(row.Id, row.RevisionId)])),
            ],
            size < rows.Count ? PageToken.After(listing.List, listing.Order.PlaceOf(shown[^1])) : "");
    });

    /// <summary>A page of the revisions of a scenario, newest first.</summary>
    /// <exception cref="Grpc.Core.RpcException">SCENARIO_NOT_FOUND or STORAGE_UNAVAILABLE.</exception>
    public Task<ScenarioPage> ListRevisionsAsync(RevisionListing listing, CancellationToken cancellation) => database.ReadAsync(async db =>
    {
        var (head, _) = await HeadAsync(db, listing.Id, cancellation);
        if (head is null)
        {
            throw ApiErrors.ScenarioNotFound(new ScenarioName(listing.Id).ToString());
        }

        var before = listing.Before ?? long.MaxValue;
        var rows = await db.Revisions
            .Where(row => row.ScenarioId == listing.Id && row.Number < before)
            .OrderByDescending(row => row.Number)
            .Take(listing.Size + 1)
            .Select(row => new { row.RevisionId, row.Number, Bytes = row.Message.Length })
            .ToListAsync(cancellation);
        var size = CountOf(rows.Select(row => row.Bytes), listing.Size);
        var shown = rows[..size];
        var revisions = await TextsAsync(db, shown.ConvertAll(row => (listing.Id, row.RevisionId)), cancellation);
        return new ScenarioPage(
            [
                .. shown
                    .Where(row => revisions.ContainsKey((listing.Id, row.RevisionId)))
                    .Select(row => ToMessage(new(listing.Id, row.RevisionId), head.CreateTicks, revisions[(listing.Id, row.RevisionId)])),
            ],
            size < rows.Count ? PageToken.After(listing.List, shown[^1].Number.ToString()) : "");
    });

    private static string IdOf(V1.Scenario scenario) => scenario.Name[ScenarioName.Collection.Length..];

    private static string RandomId() => Guid.NewGuid().ToString("N")[..12];

    private static async Task<(ScenarioRow? Head, RevisionRow? Newest)> HeadAsync(ScenariosDb db, string id, CancellationToken cancellation)
    {
        var found = await db.Scenarios.AsNoTracking()
            .Where(row => row.Id == id)
            .Join(
                db.Revisions,
                row => new { ScenarioId = row.Id, row.RevisionId },
                revision => new { revision.ScenarioId, revision.RevisionId },
                (row, revision) => new { Head = row, Revision = revision })
            .SingleOrDefaultAsync(cancellation);
        return (found?.Head, found?.Revision);
    }

    private static async Task<(ScenarioRow? Head, RevisionRow? Revision)> RevisionAsync(
        ScenariosDb db, string id, string revisionId, CancellationToken cancellation)
    {
        var found = await db.Revisions.AsNoTracking()
            .Where(row => row.ScenarioId == id && row.RevisionId == revisionId)
            .Join(db.Scenarios, revision => revision.ScenarioId, row => row.Id, (revision, row) => new { Head = row, Revision = revision })
            .SingleOrDefaultAsync(cancellation);
        return (found?.Head, found?.Revision);
    }

    private static async Task<Dictionary<(string Id, string RevisionId), RevisionRow>> TextsAsync(
        ScenariosDb db, List<(string Id, string RevisionId)> revisions, CancellationToken cancellation)
    {
        var scenarios = revisions.ConvertAll(revision => revision.Id).Distinct().ToList();
        var ids = revisions.ConvertAll(revision => revision.RevisionId);
        var rows = await db.Revisions.AsNoTracking()
            .Where(row => scenarios.Contains(row.ScenarioId) && ids.Contains(row.RevisionId))
            .ToListAsync(cancellation);
        return rows.ToDictionary(row => (row.ScenarioId, row.RevisionId));
    }

    private static async Task InsertAsync(
        ScenariosDb db, string id, Draft draft, CancellationToken cancellation)
    {
        db.Add(new ScenarioRow
        {
            Id = id,
            RevisionId = draft.RevisionId,
            RevisionNumber = 1,
            DisplayName = draft.Scenario.DisplayName,
            Bytes = draft.Message.Length,
            CreateTicks = draft.Ticks,
            UpdateTicks = draft.Ticks,
        });
        AddTexts(db, id, 1, draft);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Makes a revision the newest, unless another one was faster.</summary>
    private static async Task<bool> ReplaceAsync(
        ScenariosDb db, ScenarioRow head, Draft draft, CancellationToken cancellation)
    {
        var number = head.RevisionNumber + 1;
        var replaced = await db.Scenarios
            .Where(row => row.Id == head.Id && row.RevisionId == head.RevisionId)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.RevisionId, draft.RevisionId)
                    .SetProperty(row => row.RevisionNumber, number)
                    .SetProperty(row => row.DisplayName, draft.Scenario.DisplayName)
                    .SetProperty(row => row.Bytes, draft.Message.Length)
                    .SetProperty(row => row.UpdateTicks, draft.Ticks),
                cancellation);
        if (replaced == 0)
        {
            return false;
        }

        await db.Labels.Where(label => label.ScenarioId == head.Id).ExecuteDeleteAsync(cancellation);
        AddTexts(db, head.Id, number, draft);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private static void AddTexts(ScenariosDb db, string id, long number, Draft draft)
    {
        db.Add(draft.ToRow(id, number));
        db.AddRange(draft.Scenario.Labels.Select(label => new LabelRow { ScenarioId = id, Key = label.Key, Value = label.Value }));
    }

    /// <summary>How many of the elements go on a page: always one, so that every list comes to its end.</summary>
    private static int CountOf(IEnumerable<int> bytes, int most)
    {
        var sum = 0L;
        return bytes.Take(most).TakeWhile((size, index) => (sum += size) <= MostPageBytes || index == 0).Count();
    }

    private static V1.Scenario ToMessage(ScenarioName name, long createTicks, RevisionRow revision)
    {
        var scenario = V1.Scenario.Parser.ParseFrom(revision.Message);
        scenario.Name = name.ToString();
        scenario.Etag = scenario.RevisionId = revision.RevisionId;
        scenario.CreateTime = TimeOf(createTicks);
        scenario.UpdateTime = TimeOf(revision.CreateTicks);
        return scenario;
    }

    private static Timestamp TimeOf(long ticks) => Timestamp.FromDateTime(new DateTime(ticks, DateTimeKind.Utc));

    private Draft DraftOf(V1.Scenario text, string revisionId, bool isBuiltIn = false)
    {
        var scenario = text.Clone();
        ScenarioParser.ClearOutputOnly(scenario);
        return new(revisionId, scenario, scenario.ToByteArray(), time.GetUtcNow().UtcTicks, isBuiltIn);
    }

    /// <summary>A text that is about to become a revision.</summary>
    private sealed record Draft(string RevisionId, V1.Scenario Scenario, byte[] Message, long Ticks, bool IsBuiltIn)
    {
        public RevisionRow ToRow(string id, long number) => new()
        {
            ScenarioId = id,
            RevisionId = RevisionId,
            Number = number,
            IsBuiltIn = IsBuiltIn,
            CreateTicks = Ticks,
            Message = Message,
        };
    }
}
