using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Notation;

/// <summary>A family of distributions as the notation writes it: its name, and its arguments in parentheses.</summary>
/// <param name="Name">The name in canonical text.</param>
/// <param name="Field">The field of <see cref="V1.Distribution"/> that holds it.</param>
internal abstract record Family(string Name, FieldDescriptor Field)
{
    /// <summary>How a call is written, for messages.</summary>
    public abstract string Usage { get; }

    /// <summary>Every parameter that an argument may name.</summary>
    public abstract IEnumerable<FieldDescriptor> Parameters { get; }

    /// <summary>The short name of a parameter, as canonical text has it.</summary>
    public static string NameOf(FieldDescriptor parameter) => parameter.Name switch
    {
        "standard_deviation" => "sd",
        "log_standard_deviation" => "log_sd",
        "lower_bound" => "lower",
        "upper_bound" => "upper",
        var name => name,
    };

    /// <summary>The parameter of that name, short or as in the message; null where there is none.</summary>
    public FieldDescriptor? FindParameter(string name) =>
        Parameters.FirstOrDefault(
            parameter => NotationNames.AreSame(name, NameOf(parameter)) || NotationNames.AreSame(name, parameter.Name));

    protected string Call(IEnumerable<string> arguments) => $"{Name}({string.Join(", ", arguments)})";
}

/// <summary>A family given by parameters in one of several forms.</summary>
/// <param name="Name">The name in canonical text.</param>
/// <param name="Field">The field of <see cref="V1.Distribution"/> that holds it.</param>
/// <param name="Forms">The complete sets of parameters, exactly one of which is given.</param>
/// <param name="Optional">Parameters with a default, beside any form; always named.</param>
/// <param name="Interval">The interval that can stand in place of a form; null where the family has none.</param>
/// <param name="Naming">Whether the first form can be given by position.</param>
internal sealed record ParameterFamily(
    string Name,
    FieldDescriptor Field,
    IReadOnlyList<IReadOnlyList<FieldDescriptor>> Forms,
    IReadOnlyList<FieldDescriptor> Optional,
    FieldDescriptor? Interval,
    Naming Naming) : Family(Name, Field)
{
    public override IEnumerable<FieldDescriptor> Parameters => Forms.SelectMany(form => form).Concat(Optional);

    /// <summary>The parameters that unnamed arguments stand for, in order.</summary>
    public IReadOnlyList<FieldDescriptor> Positional => Naming == Naming.Required ? [] : Forms[0];

    public override string Usage => NotationNames.Alternatives(
    [
        .. Forms.Select((form, index) => Call(
            form.Select(parameter => index == 0 && Naming != Naming.Required ? NameOf(parameter) : $"{NameOf(parameter)}=...")
                .Concat(Optional.Select(parameter => $"[{NameOf(parameter)}=...]")))),
        .. Interval is null ? Array.Empty<string>() : [Call(["low to high"])],
    ]);
}

/// <summary>Whether a family's parameters go by position or by name.</summary>
internal enum Naming
{
    /// <summary>By position in canonical text: everybody means the same by the order.</summary>
    Positional,

    /// <summary>
    /// By position if the writer likes, by name in canonical text: some tools take a rate where ours takes a scale or a mean.
    /// </summary>
    Canonical,

    /// <summary>By name only: by position, one half of the readers would understand something else.</summary>
    Required,
}

/// <summary>A family given by a list: plain values, or pairs "key: value".</summary>
/// <param name="Name">The name in canonical text.</param>
/// <param name="Field">The field of <see cref="V1.Distribution"/> that holds it.</param>
/// <param name="List">The repeated field.</param>
/// <param name="Key">The entry's number before the colon; null for a list of plain values.</param>
/// <param name="Value">The entry's value after the colon, a number or a distribution; null for a list of plain values.</param>
/// <param name="Required">Named parameters that must follow.</param>
/// <param name="Optional">Named parameters that may follow.</param>
internal sealed record ListFamily(
    string Name,
    FieldDescriptor Field,
    FieldDescriptor List,
    FieldDescriptor? Key,
    FieldDescriptor? Value,
    IReadOnlyList<FieldDescriptor> Required,
    IReadOnlyList<FieldDescriptor> Optional) : Family(Name, Field)
{
    public override IEnumerable<FieldDescriptor> Parameters => Required.Concat(Optional);

    public override string Usage => Call(
    [
        Entry, Entry, "...",
        .. Required.Select(parameter => $"{NameOf(parameter)}=..."),
        .. Optional.Select(parameter => $"[{NameOf(parameter)}=...]"),
    ]);

    /// <summary>How one entry is written, for messages.</summary>
    public string Entry => Key is null || Value is null ? "value" : $"{Key.Name}: {Value.Name}";
}

/// <summary>All families: the one table that parser, formatter and messages go by.</summary>
internal static class Families
{
    public static ParameterFamily LogNormal { get; } = ByParameters(
        "log_normal", Naming.Required, [["mean", "standard_deviation"], ["log_mean", "log_standard_deviation"]], interval: true);

    public static ListFamily Samples { get; } = ByList("samples", "empirical", "samples", null, null);

    public static ListFamily Quantiles { get; } =
        ByList("quantiles", "empirical", "quantiles", "probability", "value", required: ["min", "max"]);

    public static ListFamily Mixture { get; } = ByList("mixture", "mixture", "components", "weight", "distribution");

    /// <summary>Every family with a name, in the order of the message.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        ByParameters("uniform", Naming.Positional, [["min", "max"]]),
        ByParameters("triangular", Naming.Positional, [["min", "mode", "max"]]),
        ByParameters("pert", Naming.Positional, [["min", "mode", "max"]], optional: ["shape"]),
        ByParameters("normal", Naming.Positional, [["mean", "standard_deviation"]], interval: true),
        LogNormal,
        ByParameters("gamma", Naming.Canonical, [["shape", "scale"], ["mean", "standard_deviation"]], interval: true),
        ByParameters("weibull", Naming.Canonical, [["shape", "scale"], ["mean", "standard_deviation"]], interval: true),
        ByParameters("exponential", Naming.Canonical, [["mean"]]),
        ByParameters("beta", Naming.Positional, [["alpha", "beta"]], optional: ["min", "max"]),
        ByParameters("poisson", Naming.Positional, [["mean"]]),
        ByParameters("negative_binomial", Naming.Required, [["mean", "dispersion"]]),
        ByList("discrete", "discrete", "outcomes", "weight", "value"),
        Samples,
        Quantiles,
        ByList("metalog", "metalog", "quantiles", "probability", "value", optional: ["lower_bound", "upper_bound"]),
        Mixture,
    ];

    /// <summary>The family of that name; null where there is none.</summary>
    public static Family? Find(string name) => All.FirstOrDefault(family => NotationNames.AreSame(family.Name, name));

    private static ParameterFamily ByParameters(
        string name, Naming naming, string[][] forms, string[]? optional = null, bool interval = false)
    {
        var field = FamilyField(name);
        return new ParameterFamily(
            name,
            field,
            [.. forms.Select(form => Fields(field, form))],
            Fields(field, optional ?? []),
            interval ? Fields(field, ["interval"])[0] : null,
            naming);
    }

    private static ListFamily ByList(
        string name, string fieldName, string list, string? key, string? value, string[]? required = null, string[]? optional = null)
    {
        var field = FamilyField(fieldName);
        var listField = Fields(field, [list])[0];
        return new ListFamily(
            name,
            field,
            listField,
            key is null ? null : Fields(listField, [key])[0],
            value is null ? null : Fields(listField, [value])[0],
            Fields(field, required ?? []),
            Fields(field, optional ?? []));
    }

    private static FieldDescriptor FamilyField(string name) => V1.Distribution.Descriptor.FindFieldByName(name);

    private static FieldDescriptor[] Fields(FieldDescriptor owner, string[] names) =>
        [.. names.Select(owner.MessageType.FindFieldByName)];
}
