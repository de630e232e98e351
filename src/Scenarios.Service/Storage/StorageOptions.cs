using System.ComponentModel.DataAnnotations;

namespace Scenarios.Service.Storage;

/// <summary>Where scenarios and projections are kept (section <c>Storage</c>).</summary>
public sealed class StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>Name of the connection string for PostgreSQL.</summary>
    public const string ConnectionName = "Scenarios";

    /// <summary>The kind of database.</summary>
    public StorageProvider Provider { get; set; }

    /// <summary>The file of SQLite. Default: scenarios/scenarios.db in the user's data folder.</summary>
    public string Path { get; set; } = "";

    /// <summary>What finished projections and their tallies may take, in bytes. Beyond it they leave, least recently read first.</summary>
    [Range(typeof(long), "0", "1152921504606846976")]
    public long MaxBytes { get; set; } = 2L << 30;
}

/// <summary>Kinds of databases.</summary>
public enum StorageProvider
{
    /// <summary>A file; nothing to install.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, shared by any number of services.</summary>
    PostgreSql,
}
