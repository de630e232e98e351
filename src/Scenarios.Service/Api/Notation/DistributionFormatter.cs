using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scenarios.Service.Api.Notation;

/// <summary>Writes a distribution as canonical text.</summary>
internal static class DistributionFormatter
{
    private static readonly OneofDescriptor FamilyChoice = V1.Distribution.Descriptor.Oneofs.First(oneof => oneof.Name == "family");

    public static string Format(V1.Distribution distribution)
    {
        var family = FormatFamily(distribution);
        return distribution.Truncation switch
        {
            { HasMin: true, HasMax: true } both => $"{family} truncated {Number(both.Min)} to {Number(both.Max)}",
            { HasMin: true } lower => $"{family} truncated at least {Number(lower.Min)}",
            { HasMax: true } upper => $"{family} truncated at most {Number(upper.Max)}",
            _ => family,
        };
    }

    private static string FormatFamily(V1.Distribution distribution)
    {
        switch (distribution.FamilyCase)
        {
            case V1.Distribution.FamilyOneofCase.Constant:
                return Number(distribution.Constant);
            case V1.Distribution.FamilyOneofCase.None or V1.Distribution.FamilyOneofCase.Text:
                throw Incomplete("it has no family, or is a text that was not expanded");
        }

        var field = FamilyChoice.Accessor.GetCaseFieldDescriptor(distribution);
        var message = (IMessage)field.Accessor.GetValue(distribution);
        var candidates = Families.All.Where(family => family.Field == field);
        return (field == Families.Samples.Field ? EmpiricalFamily(distribution.Empirical) : candidates.Single()) switch
        {
            ParameterFamily parameters => FormatParameters(parameters, message),
            ListFamily list => FormatList(list, message),
            var family => throw new InvalidOperationException($"No way to write {family}."),
        };
    }

    private static ListFamily EmpiricalFamily(V1.Empirical empirical) => (empirical.Samples.Count, empirical.Quantiles.Count) switch
    {
        ( > 0, > 0) => throw Incomplete("it has samples and quantiles"),
        ( > 0, _) when empirical.HasMin || empirical.HasMax => throw Incomplete("it has samples and bounds"),
        ( > 0, _) => Families.Samples,
        _ => Families.Quantiles,
    };

    private static string FormatParameters(ParameterFamily family, IMessage message)
    {
        var given = family.Parameters.Except(family.Optional).Where(parameter => parameter.Accessor.HasValue(message)).ToHashSet();
        if (family.Interval?.Accessor.GetValue(message) is V1.Interval interval)
        {
            return given.Count > 0 ? throw Incomplete("it has an interval and parameters")
                : family == Families.LogNormal ? Interval(interval)
                : $"{family.Name}({Interval(interval)})";
        }

        var form = family.Forms.FirstOrDefault(given.SetEquals) ?? throw Incomplete($"it is not one complete form of {family.Usage}");
        var positional = family.Naming == Naming.Positional ? form : [];
        return Call(
            family,
            positional.Select(parameter => Number(ValueOf(parameter, message))),
            form.Except(positional).Concat(family.Optional),
            message);
    }

    private static string FormatList(ListFamily family, IMessage message)
    {
        var entries = (IList)family.List.Accessor.GetValue(message);
        return entries.Count == 0 || !family.Required.All(parameter => parameter.Accessor.HasValue(message))
            ? throw Incomplete($"it is not complete, as {family.Usage}")
            : Call(family, entries.Cast<object>().Select(entry => FormatEntry(family, entry)), family.Parameters, message);
    }

    private static string FormatEntry(ListFamily family, object entry)
    {
        if (entry is double sample)
        {
            return Number(sample);
        }

        var pair = (IMessage)entry;
        if (!family.Key!.Accessor.HasValue(pair) || !family.Value!.Accessor.HasValue(pair))
        {
            throw Incomplete($"an entry of {family.Name} is not complete, as {family.Entry}");
        }

        var value = family.Value.Accessor.GetValue(pair);
        return $"{Number(ValueOf(family.Key, pair))}: {(value is V1.Distribution nested ? Format(nested) : Number((double)value))}";
    }

    private static string Call(Family family, IEnumerable<string> unnamed, IEnumerable<FieldDescriptor> named, IMessage message) =>
        $"{family.Name}({string.Join(", ", unnamed.Concat(
            named.Where(parameter => parameter.Accessor.HasValue(message))
                .Select(parameter => $"{Family.NameOf(parameter)}={Number(ValueOf(parameter, message))}")))})";

    private static string Interval(V1.Interval interval)
    {
        if (!interval.HasLow || !interval.HasHigh)
        {
            throw Incomplete("an end of its interval is missing");
        }

        var ends = $"{Number(interval.Low)} to {Number(interval.High)}";
        return interval.HasProbability ? $"{ends} ({Percentage(interval.Probability)})" : ends;
    }

    // No probability is so large, but a message may hold any number, and its text reads back.
    private static string Percentage(double value) =>
        double.IsFinite(value * 100) ? $"{Decimal(value).Shift(2)} %" : Number(value);

    private static double ValueOf(FieldDescriptor parameter, IMessage message) => (double)parameter.Accessor.GetValue(message);

    private static string Number(double value) => Decimal(value).ToString();

    private static DecimalNumber Decimal(double value) =>
        double.IsFinite(value) ? DecimalNumber.From(value) : throw Incomplete("a number is not finite");

    private static ArgumentException Incomplete(string reason) => new($"The distribution has no text: {reason}.");
}
