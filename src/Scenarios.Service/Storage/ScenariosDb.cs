using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Scenarios.Service.Storage;

/// <summary>
/// The tables, the same in every database. One subclass per provider, because each has migrations of its own. Times are UTC ticks:
/// SQLite neither orders nor compares DateTimeOffset.
/// </summary>
internal abstract class ScenariosDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>What can be filtered and sorted on of each scenario, and which revision is its newest.</summary>
    public DbSet<ScenarioRow> Scenarios => Set<ScenarioRow>();

    /// <summary>Every text that a scenario ever had.</summary>
    public DbSet<RevisionRow> Revisions => Set<RevisionRow>();

    /// <summary>Labels of the newest revisions.</summary>
    public DbSet<LabelRow> Labels => Set<LabelRow>();

    /// <summary>Finished projections.</summary>
    public DbSet<ProjectionRow> Projections => Set<ProjectionRow>();

    /// <summary>Tallies of finished runs.</summary>
    public DbSet<TallyRow> Tallies => Set<TallyRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ScenarioRow>(scenario =>
        {
            scenario.ToTable("scenarios").HasKey(row => row.Id);
            scenario.HasIndex(row => new { row.DisplayName, row.Id });
            scenario.HasIndex(row => new { row.CreateTicks, row.Id });
            scenario.HasIndex(row => new { row.UpdateTicks, row.Id });
            scenario.HasMany<RevisionRow>().WithOne().HasForeignKey(row => row.ScenarioId);
            scenario.HasMany(row => row.Labels).WithOne().HasForeignKey(row => row.ScenarioId);
        });
        modelBuilder.Entity<RevisionRow>(revision =>
        {
            revision.ToTable("scenario_revisions").HasKey(row => new { row.ScenarioId, row.RevisionId });
            revision.HasIndex(row => new { row.ScenarioId, row.Number }).IsUnique();
        });
        modelBuilder.Entity<LabelRow>(label =>
        {
            label.ToTable("scenario_labels").HasKey(row => new { row.ScenarioId, row.Key });
            label.HasIndex(row => new { row.Key, row.Value });
        });
        modelBuilder.Entity<ProjectionRow>(projection =>
        {
            projection.ToTable("projections").HasKey(row => row.Name);
            projection.HasIndex(row => new { row.CreateTicks, row.Name });
            projection.HasIndex(row => new { row.ScenarioId, row.CreateTicks, row.Name });
            projection.HasIndex(row => new { row.ReadTicks, row.Name, row.Bytes }); // All that retention reads.
        });
        modelBuilder.Entity<TallyRow>(tally =>
        {
            tally.ToTable("tallies").HasKey(row => row.Name);
            tally.HasIndex(row => new { row.InnerKey, row.Paths });
            tally.HasIndex(row => new { row.ReadTicks, row.Name, row.Bytes });
        });
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(LowerSnake(property.Name));
        }
    }

    private static string LowerSnake(string pascal)
    {
        var snake = new StringBuilder(pascal.Length + 8);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}

/// <summary>The tables in an SQLite file. Its texts compare by their UTF-8 bytes.</summary>
internal sealed class SqliteScenariosDb(DbContextOptions<SqliteScenariosDb> options) : ScenariosDb(options);

/// <summary>The tables in PostgreSQL.</summary>
internal sealed class PostgresScenariosDb(DbContextOptions<PostgresScenariosDb> options) : ScenariosDb(options)
{
    /// <summary>Texts compare by their UTF-8 bytes, as in SQLite, whatever language the database was made for.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation("C");
}
