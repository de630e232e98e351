namespace Scenarios.Service.Configuration;

/// <summary>A configuration that the service does not start with; the message has a line for each setting that breaks a rule.</summary>
public sealed class RefusedSettingsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>A sentence for each fault: the key, the value given, and what is allowed.</summary>
    public IReadOnlyList<string> Faults => faults;
}
