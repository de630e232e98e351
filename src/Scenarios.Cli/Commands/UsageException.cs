namespace Scenarios.Cli.Commands;

/// <summary>The command line cannot be carried out as given; the message says what to change.</summary>
internal sealed class UsageException(string message) : Exception(message);
