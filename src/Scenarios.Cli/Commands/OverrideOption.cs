using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Scenarios.Cli.Commands;

/// <summary>
/// <c>--set KEY=VALUE</c>: a change to the scenario for one request, in the text notation. The service reads keys and values;
/// an error that names a character of a value is shown under it.
/// </summary>
internal static partial class OverrideOption
{
    /// <summary>The option.</summary>
    public static Option<Dictionary<string, string>> Create() => new("--set")
    {
        Description = "Change the scenario for this request; repeatable: cap=60000, \"rotation_interval_days=45 to 90\", "
            + "events.beijing-leverage.disabled=false. All keys: ProjectRequest.overrides in protos/.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var overrides = new Dictionary<string, string>();
            foreach (var given in result.Tokens.Select(token => token.Value))
            {
                var (key, equals, value) = (given.Split('=')[0].Trim(), given.IndexOf('='), given[(given.IndexOf('=') + 1)..]);
                if (equals < 0 || key.Length == 0)
                {
                    result.AddError($"--set {given}: give KEY=VALUE, such as cap=60000.");
                }
                else if (!overrides.TryAdd(key, value))
                {
                    result.AddError($"--set {given}: {key} is set twice.");
                }
            }

            return overrides;
        },
    };

    /// <summary>
    /// The override that a violation is about, with a mark under the character it names; null where it is about something else.
    /// </summary>
    /// <param name="field">The violation's field.</param>
    /// <param name="description">Its words.</param>
    /// <param name="overrides">What was set.</param>
    public static (string Given, string Mark)? Shown(string field, string description, IReadOnlyDictionary<string, string> overrides)
    {
        if (Field().Match(field) is not { Success: true } at || !overrides.TryGetValue(at.Groups["key"].Value, out var value))
        {
            return null;
        }

        var given = $"{at.Groups["key"].Value}={value}";
        return Character().Match(description) is { Success: true } named
            ? (given, new string(' ', Before(given, given.Length - value.Length, int.Parse(named.Groups["index"].Value, NumberStyles.AllowThousands))) + "^")
            : (given, "");
    }

    /// <summary>Cells of a terminal before a character, a code point, of a value.</summary>
    /// <param name="given">Key and value.</param>
    /// <param name="start">Index of the value.</param>
    /// <param name="character">The character's number in the value, from 0.</param>
    private static int Before(string given, int start, int character)
    {
        var shown = given[..start] + string.Concat(given[start..].EnumerateRunes().Take(character));
        return shown.GetCellWidth();
    }

    [GeneratedRegex(@"^overrides\[""(?<key>.*)""\]$", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();

    [GeneratedRegex(@" cannot be read at character (?<index>[\d,]+), counted from 0:", RegexOptions.ExplicitCapture)]
    private static partial Regex Character();
}
