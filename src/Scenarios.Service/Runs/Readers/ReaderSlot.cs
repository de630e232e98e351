using System.Diagnostics;
using Scenarios.Service.Api.Errors;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Scenarios.Service.Runs.Readers;

/// <summary>
/// One reader's place at a run: holds the newest snapshot until the reader takes it, never a queue. The first snapshot is not
/// replaced before it was taken, the last is never held back.
/// </summary>
internal sealed class ReaderSlot : IDisposable
{
    /// <summary>A reader that takes nothing for so long is ended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly long _pathsRequested;
    private readonly ReaderOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _patience;
    private readonly Activity? _call = Activity.Current;
    private TaskCompletionSource _signal = NewSignal();
    private RunUpdate? _first;
    private RunUpdate? _newest;
    private DateTimeOffset _nextDue;
    private long _skipped;
    private bool _hasTaken;
    private bool _isListening;
    private bool _isTooSlow;

    /// <param name="pathsRequested">Paths asked for.</param>
    /// <param name="options">What the reader wants.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="tooSlow">Called when it took nothing for 60 s.</param>
    public ReaderSlot(long pathsRequested, ReaderOptions options, TimeProvider time, Action<ReaderSlot> tooSlow)
    {
        _pathsRequested = pathsRequested;
        _options = options;
        _time = time;
        _patience = time.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    if (_isListening || (_first ?? _newest) is null)
                    {
                        return; // It took something just now.
                    }

                    _isTooSlow = true;
                }

                tooSlow(this);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Shortest time between snapshots that it wants; null where it wants the last only.</summary>
    public TimeSpan? Pace => _options.FinalOnly ? null : _options.UpdateInterval;

    /// <summary>Links the reader's call to the run that answers it. The call that started the run has it in its own trace.</summary>
    /// <param name="run">The span of the run; null where it is not traced.</param>
    public void LinkTo(TraceContext? run)
    {
        if (run is not null && _call is not null && run.ToActivityContext() is var context && context.TraceId != _call.TraceId)
        {
            _call.AddLink(new(context));
        }
    }

    /// <summary>Puts an update in; what was not taken yet makes room.</summary>
    public void Offer(RunUpdate update)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            if (!update.IsLast && _options.FinalOnly)
            {
                _skipped++;
                return;
            }

            var wasEmpty = (_first ?? _newest) is null;
            if (!update.IsLast && !_hasTaken && wasEmpty)
            {
                _first = update;
            }
            else
            {
                _skipped += _newest is null ? 0 : 1;
                _newest = update;
            }

            if (wasEmpty && !_isListening)
            {
                _patience.Change(Patience, Timeout.InfiniteTimeSpan);
            }

            signal = _signal;
        }

        signal.TrySetResult();
    }

    /// <summary>Takes the next message, once there is one and the reader's interval has passed.</summary>
    /// <returns>The message, and whether it is the last.</returns>
    /// <exception cref="Grpc.Core.RpcException">The run failed, or the reader is too slow.</exception>
    public async ValueTask<(V1.ProjectResponse Response, bool IsLast)> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task signal;
            TimeSpan? wait = null;
            lock (_gate)
            {
                if (_isTooSlow)
                {
                    throw ApiErrors.ReaderTooSlow(Patience.TotalSeconds);
                }

                var now = _time.GetUtcNow();
                if (_newest?.Failure is { } failure)
                {
                    throw failure.ToException();
                }

                var dueNow = _newest is { IsLast: true } || now >= _nextDue ? _newest : null;
                if ((_first ?? dueNow) is { } update)
                {
                    _newest = _first is null ? null : _newest;
                    _first = null;
                    _hasTaken = true;
                    _nextDue = now + _options.UpdateInterval;
                    _isListening = false;
                    _patience.Change(_newest is null ? Timeout.InfiniteTimeSpan : Patience, Timeout.InfiniteTimeSpan);
                    return (ResponseOf(update), update.IsLast);
                }

                _isListening = true;
                wait = _newest is null ? null : _nextDue - now;
                if (_signal.Task.IsCompleted)
                {
                    _signal = NewSignal();
                }

                signal = _signal.Task;
            }

            if (wait is { } time)
            {
                using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                await Task.WhenAny(signal, Task.Delay(time, _time, due.Token));
                await due.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
            else
            {
                await signal.WaitAsync(cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _patience.Dispose();

    private V1.ProjectResponse ResponseOf(RunUpdate update)
    {
        var paths = update.Projection!.Paths;
        var progress = new V1.Progress
        {
            PathsCompleted = paths,
            PathsRequested = _pathsRequested,
            PathsPerSecond = update.PathsPerSecond,
            State = update.State,
            SnapshotsSkipped = _skipped,
        };
        if (update.IsLast)
        {
            progress.EstimatedRemaining = new();
        }
        else if (update.RecentPathsPerSecond > 0)
        {
            var seconds = Math.Min((_pathsRequested - paths) / update.RecentPathsPerSecond, TimeSpan.FromDays(3650).TotalSeconds);
            progress.EstimatedRemaining = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
        }

        return new() { Projection = update.Projection, Progress = progress };
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
