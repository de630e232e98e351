using Scenarios.Service.Runs.Grains;

namespace Scenarios.Service.Runs.Readers;

/// <summary>
/// One projection on this silo: asks its run once for all local readers and hands each update to their slots. Ends with the
/// last update, or with the last reader.
/// </summary>
internal sealed partial class ProjectionFeed(
    ProjectionSpec spec, IRunGrain run, RunInstruments instruments, ServiceDrain drain, ILogger<ProjectionFeed> log)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ReaderSlot> _readers = [];
    private RunTicket? _ticket;
    private RunUpdate? _newest;
    private TimeSpan? _pace;
    private bool _isClosed;

    /// <summary>Adds a reader, who gets the newest snapshot at once.</summary>
    /// <returns>False where the feed has ended.</returns>
    public bool TryJoin(ReaderSlot reader)
    {
        RunTicket? ticket;
        TimeSpan? pace;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _readers.Add(reader);
            reader.LinkTo(_ticket?.Run);
            if (_newest is not null)
            {
                reader.Offer(_newest);
            }

            (ticket, pace) = ChangedPace();
        }

        TellPace(ticket, pace);
        return true;
    }

    /// <summary>Takes a reader away.</summary>
    /// <returns>True where it was the last: the feed has then ended.</returns>
    public bool Leave(ReaderSlot reader)
    {
        RunTicket? ticket;
        TimeSpan? pace;
        bool isLast;
        lock (_gate)
        {
            if (!_readers.Remove(reader) || _isClosed)
            {
                return false;
            }

            isLast = _isClosed = _readers.Count == 0;
            (ticket, pace) = isLast ? (_ticket, null) : ChangedPace();
        }

        if (!isLast)
        {
            TellPace(ticket, pace);
        }
        else if (ticket is not null)
        {
            _ = TryTell(run.LeaveAsync(ticket));
        }

        return isLast;
    }

    /// <summary>Asks the run for updates until there are no more. Throws nothing.</summary>
    public async Task PumpAsync()
    {
        try
        {
            if (await JoinAsync() is { } ticket)
            {
                var seen = ticket.Seen;
                while (await run.NextAsync(ticket, seen) is { } update)
                {
                    seen = update.Version;
                    Deliver(update);
                    if (update.IsLast)
                    {
                        break;
                    }
                }
            }
        }
        catch (Exception lost) // The run's silo, or ours, is going away; or it is a fault.
        {
            if (!drain.IsDraining)
            {
                LogLost(log, spec.Name, lost);
            }

            Deliver(new() { Version = long.MaxValue, Failure = drain.IsDraining ? RunFailure.Draining : RunFailure.Fault });
        }
    }

    private async Task<RunTicket?> JoinAsync()
    {
        TimeSpan? pace;
        lock (_gate)
        {
            pace = _pace = ShortestPace();
        }

        var ticket = await run.JoinAsync(spec, pace, RunTraces.CallerOfRun());
        bool isClosed;
        RunTicket? changed;
        lock (_gate)
        {
            _ticket = ticket;
            foreach (var reader in _readers)
            {
                reader.LinkTo(ticket.Run);
            }

            isClosed = _isClosed;
            (changed, pace) = ChangedPace();
        }

        if (isClosed)
        {
            await run.LeaveAsync(ticket);
            return null;
        }

        TellPace(changed, pace);
        return ticket;
    }

    private void Deliver(RunUpdate update)
    {
        if (update.Projection is { } projection)
        {
            SharedProjection.Share(projection, update.Snapshot, instruments);
        }

        lock (_gate)
        {
            _newest = update;
            _isClosed |= update.IsLast;
            foreach (var reader in _readers)
            {
                reader.Offer(update);
            }
        }
    }

    private TimeSpan? ShortestPace() => _readers.Select(reader => reader.Pace).Min();

    /// <summary>The ticket where the run has to be told of another pace, else null; and the pace.</summary>
    private (RunTicket? Ticket, TimeSpan? Pace) ChangedPace()
    {
        var pace = ShortestPace();
        if (_ticket is null || pace == _pace)
        {
            return (null, pace);
        }

        _pace = pace;
        return (_ticket, pace);
    }

    private void TellPace(RunTicket? ticket, TimeSpan? pace)
    {
        if (ticket is not null)
        {
            _ = TryTell(run.SetPaceAsync(ticket, pace));
        }
    }

    /// <summary>A run that cannot be told is gone: whoever waits for its next update learns that.</summary>
    private async Task TryTell(Task telling)
    {
        try
        {
            await telling;
        }
        catch (Exception lost)
        {
            LogLost(log, spec.Name, lost);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The run of {Projection} cannot be reached")]
    private static partial void LogLost(ILogger log, string projection, Exception lost);
}
