using Scenarios.Engine.Simulation;

namespace Scenarios.Service.Storage;

/// <summary>A scenario as it stands.</summary>
internal sealed class ScenarioRow
{
    /// <summary>The id of <c>scenarios/{id}</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its newest revision.</summary>
    public required string RevisionId { get; init; }

    /// <summary>Number of its newest revision.</summary>
    public required long RevisionNumber { get; init; }

    /// <summary>Name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Size of its newest text in bytes: pages are cut by it.</summary>
    public required int Bytes { get; init; }

    /// <summary>When it was made.</summary>
    public required long CreateTicks { get; init; }

    /// <summary>When its newest revision was made.</summary>
    public required long UpdateTicks { get; init; }

    /// <summary>Its labels.</summary>
    public List<LabelRow> Labels { get; } = [];
}

/// <summary>A text that a scenario has, or had.</summary>
internal sealed class RevisionRow
{
    /// <summary>The scenario.</summary>
    public required string ScenarioId { get; init; }

    /// <summary>The revision's id, and the etag of the scenario while it is the newest.</summary>
    public required string RevisionId { get; init; }

    /// <summary>Counts the scenario's revisions, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>It came with the service, not from a user.</summary>
    public required bool IsBuiltIn { get; init; }

    /// <summary>When it was made.</summary>
    public required long CreateTicks { get; init; }

    /// <summary>The scenario as it was sent, in protobuf, without what only the storage knows.</summary>
    public required byte[] Message { get; init; }
}

/// <summary>A label of a scenario.</summary>
internal sealed class LabelRow
{
    /// <summary>The scenario.</summary>
    public required string ScenarioId { get; init; }

    /// <summary>The label's key.</summary>
    public required string Key { get; init; }

    /// <summary>The label's value.</summary>
    public required string Value { get; init; }
}

/// <summary>What leaves when there is too much of it. A base of entities, none itself.</summary>
internal abstract class RetainedRow
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>About when it was last read, or stored.</summary>
    public required long ReadTicks { get; init; }

    /// <summary>Size of what it holds, in bytes.</summary>
    public required int Bytes { get; init; }
}

/// <summary>A finished projection, by its permanent name, <c>projections/{hash}</c>. Its message comes last: what lists and retention read lies before it.</summary>
internal sealed class ProjectionRow : RetainedRow
{
    /// <summary>The id of the stored scenario that was first asked for by name; empty where it was given inline.</summary>
    public required string ScenarioId { get; init; }

    /// <summary>Its revision; empty where the scenario was given inline.</summary>
    public required string ScenarioRevision { get; init; }

    /// <summary>When it was committed.</summary>
    public required long CreateTicks { get; init; }

    /// <summary>Its paths.</summary>
    public required long Paths { get; init; }

    /// <summary>How its paths are drawn, which the message does not say.</summary>
    public required Sampling Sampling { get; init; }

    /// <summary>Whether its run ended early, at the precision asked for.</summary>
    public required bool IsConverged { get; init; }

    /// <summary>The answer in words.</summary>
    public required string Headline { get; init; }

    /// <summary>The projection in protobuf, as it is sent.</summary>
    public required byte[] Message { get; init; }
}

/// <summary>The tally of a finished run, by its inner key and its number of paths.</summary>
internal sealed class TallyRow : RetainedRow
{
    /// <summary>What it is of.</summary>
    public required string InnerKey { get; init; }

    /// <summary>Its paths.</summary>
    public required long Paths { get; init; }

    /// <summary>The tally, compressed, behind its checksum.</summary>
    public required byte[] Data { get; init; }
}
