using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Scenarios.Service.Storage;

/// <summary>
/// For <c>dotnet ef migrations add NAME --project src/Scenarios.Service --context SqliteScenariosDb -o Storage/Migrations/Sqlite</c>
/// and the same with <c>PostgresScenariosDb</c> and <c>Postgres</c>: neither needs a database.
/// </summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteScenariosDb>
{
    /// <inheritdoc/>
    public SqliteScenariosDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteScenariosDb>().UseSqlite().Options);
}

/// <inheritdoc cref="SqliteDesignTime"/>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresScenariosDb>
{
    /// <inheritdoc/>
    public PostgresScenariosDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresScenariosDb>().UseNpgsql().Options);
}
