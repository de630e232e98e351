using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>A service on a database, which can be stopped and started again on the same one.</summary>
public abstract class StoredService : IAsyncLifetime, IAsyncDisposable
{
    private RunningService? _service;
    private (string Key, string Value)[] _settings = [];

    /// <summary>The service.</summary>
    public RunningService Service => _service!;

    /// <inheritdoc/>
    public Task InitializeAsync() => StartAsync([]);

    /// <summary>Another one, on an empty database of its own.</summary>
    /// <param name="settings">Configuration keys and values.</param>
    public async Task<StoredService> StartOnNewDatabaseAsync(params (string Key, string Value)[] settings)
    {
        var other = Another();
        await other.StartAsync(settings);
        return other;
    }

    /// <summary>Stops the service and starts it again.</summary>
    public async Task RestartAsync()
    {
        await Service.DisposeAsync();
        _service = await RunningService.StartAsync(_settings);
    }

    /// <summary>Configuration of an empty database.</summary>
    public abstract Task<(string Key, string Value)[]> NewDatabaseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>A service of the same kind, not started.</summary>
    protected abstract StoredService Another();

    private async Task StartAsync((string Key, string Value)[] settings)
    {
        _settings = [.. await NewDatabaseAsync(), .. settings];
        _service = await RunningService.StartAsync(_settings);
    }
}

/// <summary>On a file.</summary>
public sealed class SqliteService : StoredService
{
    /// <inheritdoc/>
    public override Task<(string Key, string Value)[]> NewDatabaseAsync() =>
        Task.FromResult<(string, string)[]>([("Storage:Path", TestFiles.NewDatabase())]);

    /// <inheritdoc/>
    protected override StoredService Another() => new SqliteService();
}

/// <summary>On a PostgreSQL server.</summary>
public sealed class PostgresService(PostgresServer server) : StoredService
{
    /// <inheritdoc/>
    public override async Task<(string Key, string Value)[]> NewDatabaseAsync() =>
        [("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", await server.NewDatabaseAsync())];

    /// <inheritdoc/>
    protected override StoredService Another() => new PostgresService(server);
}
