namespace Scenarios.Service.Security;

/// <summary>Whom the listeners are for: the configuration section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Security";

    /// <summary>Whether callers without a token may come from other machines. Default false: then only loopback is listened on.</summary>
    public bool AllowAnonymous { get; set; }
}
