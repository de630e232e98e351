using System.Diagnostics.Metrics;
using Scenarios.Service.Api.Errors;
using Scenarios.Service.Telemetry;

namespace Scenarios.Service.Storage;

/// <summary>
/// Knows whether the database can be written. From a fault on it tries a write now and then, which leaves nothing behind: whoever asks for
/// health sends no other calls until it is good again.
/// </summary>
internal sealed partial class StorageWatch : IHostedService, IAsyncDisposable
{
    /// <summary>From a fault to the first try, for faults that pass at once.</summary>
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TryPeriod = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly ILogger<StorageWatch> _log;
    private readonly Meter _meter;
    private readonly Counter<long> _faults;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private StorageFault? _fault;
    private bool _isTrying;

    public StorageWatch(Database database, TimeProvider time, IMeterFactory meters, ILogger<StorageWatch> log)
    {
        (_database, _log) = (database, log);
        _meter = meters.Create(ScenariosTelemetry.Name);
        _faults = _meter.CreateCounter<long>("scenarios.storage.faults", "{fault}", "Calls that the database failed, by cause.");
        _timer = time.CreateTimer(_ => _ = TryAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised when <see cref="Fault"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Why the database cannot be used; null if it can.</summary>
    public StorageFault? Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _database.Failed += Note;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _database.Failed -= Note;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _meter.Dispose();
    }

    private void Note(StorageFault fault)
    {
        _faults.Add(1, new KeyValuePair<string, object?>("cause", ApiErrors.UpperSnake(fault.ToString())));
        if (fault != StorageFault.Busy)
        {
            Set(fault);
        }
    }

    private void Set(StorageFault? fault)
    {
        lock (_gate)
        {
            if (_fault == fault)
            {
                return;
            }

            if (_fault is null)
            {
                _timer.Change(FirstTry, TryPeriod);
            }
            else if (fault is null)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            _fault = fault;
        }

        if (fault is { } cause)
        {
            LogFault(_database.Place, ApiErrors.UpperSnake(cause.ToString()));
        }
        else
        {
            LogGood(_database.Place);
        }

        Changed?.Invoke();
    }

    private async Task TryAsync()
    {
        if (Interlocked.Exchange(ref _isTrying, true))
        {
            return;
        }

        try
        {
            Set(await _database.TryWriteAsync());
        }
        catch (Exception fault) // It is tried again.
        {
            LogTry(fault);
        }
        finally
        {
            Volatile.Write(ref _isTrying, false);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Place} cannot be used ({Cause}): health is NOT_SERVING until a write succeeds")]
    private partial void LogFault(string place, string cause);

    [LoggerMessage(LogLevel.Information, "{Place} can be used again")]
    private partial void LogGood(string place);

    [LoggerMessage(LogLevel.Warning, "A write could not be tried")]
    private partial void LogTry(Exception fault);
}
