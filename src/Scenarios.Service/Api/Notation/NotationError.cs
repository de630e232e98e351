namespace Scenarios.Service.Api.Notation;

/// <summary>Why a text is not in the notation.</summary>
/// <param name="Position">
/// Where: the index of the offending character, from 0; the text's length where something is missing at its end.
/// </param>
/// <param name="Message">What was found, what is allowed and how to mend it, in sentences for the person who wrote the text.</param>
public sealed record NotationError(int Position, string Message);

/// <summary>Carries a <see cref="NotationError"/> out of a recursive descent; it never leaves this namespace.</summary>
internal sealed class NotationException(int position, string message) : Exception(message)
{
    public NotationError Error { get; } = new(position, message);
}
