namespace Scenarios.Service;

/// <summary>
/// Says whether the service is on its way out. While draining it takes no new work, health is NOT_SERVING, and what runs may end
/// until the grace period is over.
/// </summary>
public sealed class ServiceDrain : IDisposable
{
    private readonly CancellationTokenSource _began = new();
    private readonly CancellationTokenSource _graceEnded = new();

    /// <summary>
    /// What a refused client is told to wait before it asks again: by then another instance serves, or this one restarted.
    /// </summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>No new work is taken.</summary>
    public bool IsDraining => _began.IsCancellationRequested;

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Began => _began.Token;

    /// <summary>Cancelled when what still runs must end now.</summary>
    public CancellationToken GraceEnded => _graceEnded.Token;

    /// <summary>Begins to drain.</summary>
    public void Begin() => _began.Cancel();

    /// <summary>Ends the grace period.</summary>
    public void EndGrace()
    {
        _began.Cancel();
        _graceEnded.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _began.Dispose();
        _graceEnded.Dispose();
    }
}
