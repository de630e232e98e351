using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Scenarios.Service.Api.Notation;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Configuration;

/// <summary>A place in the tree of settings: says what is wrong with what the configuration has there.</summary>
internal abstract class SettingNode
{
    /// <summary>Adds a sentence for each fault at or below a place.</summary>
    public abstract void Check(IConfigurationSection at, SettingFaults faults);

    /// <summary>Lists the keys that can be set at or below a path, for suggestions.</summary>
    public abstract IEnumerable<string> KeysBelow(string path);
}

/// <summary>A section: a fixed set of names.</summary>
internal sealed class SettingSection(IEnumerable<(string Name, SettingNode Node)> children) : SettingNode
{
    private readonly Dictionary<string, SettingNode> _children =
        children.ToDictionary(child => child.Name, child => child.Node, StringComparer.OrdinalIgnoreCase);

    public override void Check(IConfigurationSection at, SettingFaults faults)
    {
        // A variable of the environment such as SERVICE has nothing to do with the section of that name.
        if (at.Value is { Length: > 0 } && !faults.IsOfEnvironment(at.Path))
        {
            faults.Add($"{at.Path} is a section and takes no value of its own. It has {Spoken.Row([.. KeysBelow(at.Path)])}.");
        }

        foreach (var child in at.GetChildren())
        {
            if (_children.TryGetValue(child.Key, out var node))
            {
                node.Check(child, faults);
            }
            else
            {
                faults.AddUnknown(child.Path, Suggestion(at.Path, child.Key));
            }
        }
    }

    public override IEnumerable<string> KeysBelow(string path) => _children.SelectMany(child => child.Value.KeysBelow($"{path}:{child.Key}"));

    private string Suggestion(string path, string name) => NotationNames.Nearest(name, _children.Keys) is { Count: > 0 } nearest
        ? $"Did you mean {NotationNames.Alternatives([.. nearest.Take(3).Select(near => $"{path}:{near}")])}?"
        : $"{path} has {Spoken.Row([.. _children.Keys])}.";
}

/// <summary>A section whose names are free, such as those of Kestrel's endpoints.</summary>
/// <param name="child">What each name has.</param>
/// <param name="usual">The names that suggestions have.</param>
internal sealed class SettingsByName(SettingNode child, params string[] usual) : SettingNode
{
    public override void Check(IConfigurationSection at, SettingFaults faults)
    {
        foreach (var named in at.GetChildren())
        {
            child.Check(named, faults);
        }
    }

    public override IEnumerable<string> KeysBelow(string path) => usual.SelectMany(name => child.KeysBelow($"{path}:{name}"));
}

/// <summary>A list of values, numbered from 0.</summary>
internal sealed class SettingList(SettingNode element) : SettingNode
{
    public override void Check(IConfigurationSection at, SettingFaults faults)
    {
        if (at.Value is { Length: > 0 } value)
        {
            faults.Add(at.Path, value, $"it is a list: give its first value as {at.Path}:0");
        }

        foreach (var item in at.GetChildren())
        {
            if (uint.TryParse(item.Key, out _))
            {
                element.Check(item, faults);
            }
            else
            {
                faults.AddUnknown(item.Path, $"{at.Path} is a list: its values are {at.Path}:0, {at.Path}:1 and so on.");
            }
        }
    }

    public override IEnumerable<string> KeysBelow(string path) => [$"{path}:0"];
}

/// <summary>One value.</summary>
/// <param name="fault">Says what a value must be ("it must be true or false"); null if it is that.</param>
internal sealed class SettingValue(Func<string, string?> fault) : SettingNode
{
    /// <summary>Any text.</summary>
    public static SettingValue Text { get; } = new(_ => null);

    public override void Check(IConfigurationSection at, SettingFaults faults)
    {
        if (at.Value is { } value && fault(value) is { } allowed)
        {
            faults.Add(at.Path, value, allowed);
        }

        foreach (var child in at.GetChildren())
        {
            faults.AddUnknown(child.Path, $"{at.Path} takes one value.");
        }
    }

    public override IEnumerable<string> KeysBelow(string path) => [path];
}

/// <summary>A part of the framework's configuration that the service does not look into.</summary>
internal sealed class OpenSettings : SettingNode
{
    public static OpenSettings Instance { get; } = new();

    public override void Check(IConfigurationSection at, SettingFaults faults)
    {
    }

    public override IEnumerable<string> KeysBelow(string path) => [];
}

/// <summary>The faults of a configuration, in sentences that name what set the value.</summary>
internal sealed class SettingFaults(IConfiguration configuration)
{
    private readonly IConfigurationProvider[] _providers = configuration is IConfigurationRoot root ? [.. root.Providers] : [];
    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Sentences => _sentences;

    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>Adds a value that is not allowed.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, which is shown: no secret.</param>
    /// <param name="allowed">What is allowed, as the end of the sentence.</param>
    public void Add(string key, string value, string allowed) => Add($"{key} is {Shown(value)}{OriginOf(key)}; {allowed}.");

    /// <summary>Adds a key that nothing reads.</summary>
    public void AddUnknown(string key, string suggestion) => Add($"{key}{OriginOf(key)} is not a setting. {suggestion}");

    /// <summary>Whether a variable of the environment set a key.</summary>
    public bool IsOfEnvironment(string key) => ProviderOf(key) is EnvironmentVariablesConfigurationProvider;

    /// <summary>A value in quotes, without characters that would act on a terminal.</summary>
    public static string Shown(string value) =>
        Spoken.Quote(string.Concat(value.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString())));

    private string OriginOf(string key) => ProviderOf(key) switch
    {
        EnvironmentVariablesConfigurationProvider => $" (environment: {key.Replace(":", "__", StringComparison.Ordinal)})",
        CommandLineConfigurationProvider => " (command line)",
        JsonConfigurationProvider json => $" ({json.Source.Path})",
        _ => "",
    };

    private IConfigurationProvider? ProviderOf(string key) => Array.FindLast(
        _providers, provider => provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any());
}
