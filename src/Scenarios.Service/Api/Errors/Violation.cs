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

/// <summary>Kinds of rules that a field can break; sent in UPPER_SNAKE as the reason of a field violation.</summary>
public enum ViolationReason
{
    /// <summary>The field must be given.</summary>
    Required,

    /// <summary>NaN or infinite.</summary>
    NotFinite,

    /// <summary>Outside what the field allows.</summary>
    OutOfRange,

    /// <summary>A number that is not one of the enum's.</summary>
    UnknownValue,

    /// <summary>A text that does not have the form the field asks for, or is too long.</summary>
    BadFormat,

    /// <summary>More elements than the field allows.</summary>
    TooMany,

    /// <summary>The same value twice where each may come once.</summary>
    Duplicate,

    /// <summary>Values out of order.</summary>
    NotAscending,

    /// <summary>Given together with, or without, another field that decides about it.</summary>
    Conflict,

    /// <summary>A distribution that can break the rule of its assumption.</summary>
    BreaksRule,

    /// <summary>Refers to something that is not there.</summary>
    UnknownReference,

    /// <summary>Nested too deep.</summary>
    TooDeep,

    /// <summary>Understood, and not served by this version.</summary>
    NotAvailableYet,
}
