using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Scenarios.Service.Api.Notation;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Configuration;

/// <summary>
/// Settings by the types that they are bound to: a value must be what the binder reads, and within the <see cref="RangeAttribute"/> of its
/// property, which every number and every time has.
/// </summary>
internal static partial class OptionValues
{
    /// <summary>The section that an options type is bound to.</summary>
    public static SettingSection Of<TOptions>() => new(typeof(TOptions)
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Select(property => (property.Name, (SettingNode)NodeOf(property))));

    /// <summary>True or false.</summary>
    public static SettingValue Switch { get; } = Parsed<bool>("it must be true or false", _ => "");

    /// <summary>A time that is not bounded.</summary>
    public static SettingValue Time { get; } = Parsed<TimeSpan>("it must be a time such as 00:00:20", TimeMend);

    /// <summary>One of an enum's names, as they are written or in any case.</summary>
    public static SettingValue Choice(IReadOnlyList<string> names) => new(given => names.Contains(given.Trim(), StringComparer.OrdinalIgnoreCase)
        ? null
        : $"it must be {NotationNames.Alternatives(names)}");

    private static SettingValue NodeOf(PropertyInfo property)
    {
        var type = property.PropertyType;
        var range = property.GetCustomAttribute<RangeAttribute>();
        return type == typeof(string) ? SettingValue.Text
            : type == typeof(bool) ? Switch
            : type.IsEnum ? Choice(Enum.GetNames(type))
            : type == typeof(TimeSpan) ? InRange(type, range!, TimeMend, what: "a time", example: ", such as 00:00:20")
            : type == typeof(double) ? InRange(type, range!, given => NumberMend(given, range!), what: "a number")
            : type == typeof(int) || type == typeof(long) ? InRange(
                type,
                range!,
                given => NumberMend(given, range!),
                what: property.Name.EndsWith("Bytes", StringComparison.Ordinal) ? "a whole number of bytes" : "a whole number")
            : throw new NotSupportedException($"{property.DeclaringType} has a property of type {type}, whose values cannot be checked.");
    }

    private static SettingValue InRange(Type type, RangeAttribute range, Func<string, string> mend, string what, string example = "")
    {
        _ = range.IsValid(null); // Reads the bounds, which are texts until then.
        var text = $"it must be {what} from {Shown(range.Minimum)} to {Shown(range.Maximum)}{example}";
        return new(given => Read(type, given) is { } value && range.IsValid(value) ? null : text + mend(given));
    }

    private static SettingValue Parsed<T>(string text, Func<string, string> mend) => new(given => Read(typeof(T), given) is null ? text + mend(given) : null);

    /// <summary>Reads a value as the binder does; null if it cannot.</summary>
    private static object? Read(Type type, string given)
    {
        try
        {
            // A time without colons would be days.
            return type == typeof(TimeSpan) && !given.Contains(':')
                ? null
                : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(given);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Shown(object bound) => bound switch
    {
        TimeSpan => $"{bound}",
        int or long => $"{bound:N0}",
        _ => Spoken.Number(Convert.ToDouble(bound, CultureInfo.InvariantCulture)),
    };

    /// <summary>The number that was meant by 2GB, 1e6 or 1,000.</summary>
    private static string NumberMend(string given, RangeAttribute range)
    {
        if (NumberWithUnit().Match(given) is not { Success: true } match
            || !double.TryParse(match.Groups["number"].Value.Replace(",", "").Replace("_", "").Replace(" ", ""), CultureInfo.InvariantCulture, out var number))
        {
            return "";
        }

        var power = "kmgt".IndexOf(char.ToLowerInvariant(match.Groups["unit"].Value is [var letter, ..] ? letter : ' ')) + 1;
        var meant = number * Math.Pow(match.Groups["binary"].Success ? 1024 : 1000, power);
        return meant == Math.Floor(meant) && meant < 1e18 && range.IsValid(Convert.ChangeType(meant, range.OperandType, CultureInfo.InvariantCulture))
            ? $": write {meant.ToString("0", CultureInfo.InvariantCulture)}"
            : "";
    }

    private static string TimeMend(string given) =>
        double.TryParse(given.TrimEnd('s', ' '), CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
            ? $": write {TimeSpan.FromSeconds(seconds)} for {Spoken.Number(seconds)} s"
            : "";

    [GeneratedRegex(@"^\s*(?<number>[\d][\d,_ ]*(\.\d+)?([eE]\+?\d+)?)\s*(?<unit>[kKmMgGtT](?<binary>i)?)?[bB]?\s*$")]
    private static partial Regex NumberWithUnit();
}
