namespace Scenarios.Service;

/// <summary>Counts the calls that a drain waits for: those of the API, not those that only watch its health.</summary>
public sealed class CallsUnderWay
{
    private const string ApiPrefix = "/scenarios.";

    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource? _none;

    /// <summary>Counts a call until the result is disposed of.</summary>
    /// <param name="fullMethod">For instance <c>/scenarios.v1.ProjectionService/Project</c>.</param>
    public IDisposable? Begin(string fullMethod)
    {
        if (!fullMethod.StartsWith(ApiPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        lock (_lock)
        {
            _count++;
        }

        return new Call(this);
    }

    /// <summary>Completes as soon as no call is under way.</summary>
    public Task WhenNoneAsync()
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask : (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _none?.SetResult();
                _none = null;
            }
        }
    }

    private sealed class Call(CallsUnderWay calls) : IDisposable
    {
        private CallsUnderWay? _calls = calls;

        public void Dispose() => Interlocked.Exchange(ref _calls, null)?.End();
    }
}
