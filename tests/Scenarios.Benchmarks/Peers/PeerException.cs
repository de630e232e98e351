namespace Scenarios.Benchmarks.Peers;

/// <summary>A contestant cannot run, or stopped.</summary>
internal sealed class PeerException(string message) : Exception(message);
