global using ViolationReason = Scenarios.V1.ViolationReason;

namespace Scenarios.Service.Api.Errors;

/// <summary>A rule that a request breaks, at its field.</summary>
/// <param name="Field">Proto field path, for instance <c>scenario.assumptions.batch_size.distribution.triangular.mode</c>.</param>
/// <param name="Reason">The kind of rule.</param>
/// <param name="Problem">What was given and what is allowed, in a sentence.</param>
/// <param name="Mend">How to mend it, in a sentence.</param>
public sealed record Violation(string Field, ViolationReason Reason, string Problem, string Mend)
{
    /// <summary>Problem and mend together, as a person reads them.</summary>
    public string Description => $"{Problem} {Mend}";

    /// <summary>The same mends as values to give instead, where there are any: alternatives.</summary>
    public IReadOnlyList<MendingText> Texts { get; init; } = [];
}

/// <summary>A value that would be allowed where one was refused.</summary>
/// <param name="Label">What giving it does, for a button: "Leave out below 1".</param>
/// <param name="Text">The distribution in notation.</param>
public sealed record MendingText(string Label, string Text);
