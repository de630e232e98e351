namespace Scenarios.Service.Configuration;

/// <summary>
/// Settings of a command line, <c>--Key=Value</c> or <c>--Key Value</c>. The framework would leave out what it cannot read, and take a key for
/// the value of the one before.
/// </summary>
/// <param name="Args">What can be read, for the framework.</param>
/// <param name="Faults">A sentence for each argument that cannot, or that sets what nothing reads.</param>
internal sealed record CommandLineSettings(string[] Args, IReadOnlyList<string> Faults)
{
    private const string Dashes = "--";

    /// <summary>Reads a command line.</summary>
    public static CommandLineSettings Read(IReadOnlyList<string> args)
    {
        var readable = new List<string>();
        var faults = new List<string>();
        for (var index = 0; index < args.Count; index++)
        {
            var argument = args[index];
            var shown = SettingFaults.Shown(argument)[1..^1];
            var equals = argument.IndexOf('=');
            var key = (equals < 0 ? argument : argument[..equals]).TrimStart('-', '/');
            if (key.Length == 0 || !argument.StartsWith(Dashes, StringComparison.Ordinal))
            {
                faults.Add($"{shown} is not a setting: write --Key=Value, as in --Limits:MaxPaths=1000000.");
                continue;
            }

            string value;
            if (equals >= 0)
            {
                value = argument[(equals + 1)..];
            }
            else if (index + 1 < args.Count && !args[index + 1].StartsWith(Dashes, StringComparison.Ordinal))
            {
                value = args[++index];
            }
            else
            {
                faults.Add(ServiceSettings.FaultOfKey(key) ?? $"{shown} has no value: write {shown}=VALUE.");
                continue;
            }

            if (ServiceSettings.FaultOfKey(key) is { } fault)
            {
                faults.Add(fault);
            }
            else
            {
                readable.Add($"{Dashes}{key}={value}");
            }
        }

        return new([.. readable], faults);
    }
}
