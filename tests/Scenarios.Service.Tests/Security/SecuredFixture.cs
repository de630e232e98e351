using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

/// <summary>A service that requires the tokens of an issuer.</summary>
public sealed class SecuredFixture : IAsyncLifetime
{
    private RunningService? _service;

    /// <summary>The service.</summary>
    public RunningService Service => _service!;

    internal TokenIssuer Issuer { get; } = new();

    /// <inheritdoc/>
    public async Task InitializeAsync() =>
        _service = await RunningService.StartAsync([.. Issuer.Settings, ("Cors:AllowedOrigins:0", "https://friend.example")]);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Service.DisposeAsync();
}
