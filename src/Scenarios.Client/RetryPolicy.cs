namespace Scenarios.Client;

/// <summary>Waits as long as the service says, or longer from one time to the next, and gives up in the end.</summary>
internal sealed class RetryPolicy(ScenariosClientOptions options)
{
    /// <summary>Waits before the same request is sent again.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="retries">How many retries went before, without an answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ScenariosException">The error itself, where trying again does not help or has not helped.</exception>
    public async Task WaitOrThrowAsync(ScenariosException error, int retries, CancellationToken cancellationToken)
    {
        if (!error.IsTransient || retries >= options.MaxRetries)
        {
            throw error;
        }

        var wait = error.RetryDelay ?? Backoff(retries);
        options.OnRetry?.Invoke(error, wait);
        await Task.Delay(wait, options.TimeProvider, cancellationToken);
    }

    private TimeSpan Backoff(int retries)
    {
        var longest = Math.Min(options.FirstBackoff.TotalSeconds * Math.Pow(2, retries), options.LongestBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
