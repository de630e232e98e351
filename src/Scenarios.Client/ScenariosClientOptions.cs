namespace Scenarios.Client;

/// <summary>How patient a client is.</summary>
public sealed record ScenariosClientOptions
{
    /// <summary>
    /// How often a request is sent again, one time after the other without an answer, before the error is thrown. Default 5;
    /// 0 for never. A stream that brought a message starts counting anew when it breaks.
    /// </summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>
    /// Wait before the first retry where the service does not say how long, doubled each time. Default 0.1 s. Half of each
    /// wait is left to chance, so that the clients of a service that fell do not all return at once.
    /// </summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Longest wait before a retry where the service does not say how long. Default 5 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Clock of the waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told of each retry before its wait: the error, and how long the wait is.</summary>
    public Action<ScenariosException, TimeSpan>? OnRetry { get; init; }
}
