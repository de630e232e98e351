namespace Scenarios.Service.Storage;

/// <summary>
/// Brings the database up to date while the rest of the service starts; the listeners, which come last, wait for it. Registered after
/// the silo, whose start takes as long.
/// </summary>
internal sealed class StorageStart(Database database, ScenarioStore store, Retention retention) : IHostedLifecycleService
{
    private Task _prepared = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _prepared = Task.Run(
            () => database.PrepareAsync(() => store.PutBuiltInAsync(cancellationToken), cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _prepared;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(retention.MeasureAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
