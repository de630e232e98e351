namespace Scenarios.Client;

/// <summary>How patient a client is, and what it shows who it is with.</summary>
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

    /// <summary>
    /// Asked for the bearer token of each request, and of each retry, so that it may be renewed while the client lives. Default null:
    /// no token is sent. Only for a client that opens its own channel; another channel's credentials are its maker's.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? Token { get; init; }

    /// <summary>
    /// Send the token over http to another machine too, where everybody on the way can read it. Default false: that is refused.
    /// Over https, and over http on the loopback interface, it is always sent.
    /// </summary>
    public bool AllowPlaintextToken { get; init; }

    /// <summary>Clock of the waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told of each retry before its wait: the error, and how long the wait is.</summary>
    public Action<ScenariosException, TimeSpan>? OnRetry { get; init; }
}
