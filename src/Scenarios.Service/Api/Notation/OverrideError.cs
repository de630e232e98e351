namespace Scenarios.Service.Api.Notation;

/// <summary>Why an override can't be applied.</summary>
/// <param name="Key">Its key; empty where all of them together are the trouble.</param>
/// <param name="Position">The number of the offending character in its value, counted from 0; null where the key is wrong.</param>
/// <param name="Reason">The kind of rule that it breaks.</param>
/// <param name="Message">What was found, what is allowed and how to mend it.</param>
public sealed record OverrideError(string Key, int? Position, ViolationReason Reason, string Message);
