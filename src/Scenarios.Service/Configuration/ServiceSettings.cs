using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Scenarios.Service.Api.Notation;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs;
using Scenarios.Service.Security;
using Scenarios.Service.Storage;

namespace Scenarios.Service.Configuration;

/// <summary>
/// All that the service can be configured with. It starts only if every value is allowed and every key of its own sections is read by
/// something: a setting that is ignored is one that somebody relies on.
/// </summary>
internal static class ServiceSettings
{
    /// <summary>The sections in which a key that nothing reads is a fault, whoever set it.</summary>
    private static readonly Dictionary<string, SettingNode> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        [LimitsOptions.Section] = OptionValues.Of<LimitsOptions>(),
        [StorageOptions.Section] = OptionValues.Of<StorageOptions>(),
        [EngineOptions.Section] = OptionValues.Of<EngineOptions>(),
        [ServiceOptions.Section] = OptionValues.Of<ServiceOptions>(),
        [SecurityOptions.Section] = OptionValues.Of<SecurityOptions>(),
        ["Cors"] = new SettingSection([("AllowedOrigins", new SettingList(new SettingValue(Addresses.OriginFault)))]),
        ["Kestrel"] = ListenerSettings(),
        ["Authentication"] = AuthenticationSettings(),
    };

    /// <summary>What the framework reads, by the beginnings of its keys.</summary>
    private static readonly string[] Framework =
    [
        "Logging", "AllowedHosts", "ConnectionStrings", "OTEL_", "urls", "http_ports", "https_ports", "environment", "contentRoot", "webRoot",
        "applicationName", "detailedErrors", "shutdownTimeoutSeconds", "hostBuilder", "captureStartupErrors", "preferHostingUrls",
        "suppressStatusMessages", "hostingStartup", "startupAssembly", "forwardedHeaders_",
    ];

    private static IEnumerable<string> OwnKeys => Own.SelectMany(section => section.Value.KeysBelow(section.Key));

    /// <summary>Checks all of a configuration.</summary>
    /// <param name="configuration">The configuration, whole.</param>
    /// <param name="ofCommandLine">Faults that were found in the command line before.</param>
    /// <exception cref="RefusedSettingsException">With every fault.</exception>
    public static void Check(IConfiguration configuration, IEnumerable<string> ofCommandLine)
    {
        var faults = new SettingFaults(configuration);
        foreach (var sentence in ofCommandLine)
        {
            faults.Add(sentence);
        }

        foreach (var section in configuration.GetChildren())
        {
            if (Own.TryGetValue(section.Key, out var node))
            {
                node.Check(section, faults);
            }
            else if (!IsOfFramework(section.Key))
            {
                CheckMisspelt(section, faults);
            }
        }

        CheckListeners(configuration.GetSection("Kestrel:Endpoints"), faults);
        CheckDatabase(configuration, faults);
        CheckLogging(configuration.GetSection("Logging"), faults);
        CheckExport(configuration, faults);
        if (BearerTokens.AreRequired(configuration) && faults.Sentences.All(sentence => !sentence.StartsWith("Authentication:", StringComparison.Ordinal)))
        {
            foreach (var fault in BearerTokens.Faults(configuration))
            {
                faults.Add(fault);
            }
        }

        if (faults.Sentences.Count > 0)
        {
            throw new RefusedSettingsException(faults.Sentences);
        }
    }

    /// <summary>Says what is wrong with a key of the command line, where nothing but settings of this service can be meant.</summary>
    /// <returns>A sentence, or null if something reads the key or it is refused with its section.</returns>
    public static string? FaultOfKey(string key)
    {
        if (Own.ContainsKey(key.Split(':')[0]) || IsOfFramework(key))
        {
            return null;
        }

        var name = key[(key.LastIndexOf(':') + 1)..];
        var near = NotationNames.Nearest(key, OwnKeys) is { Count: > 0 } whole
            ? whole
            : [.. OwnKeys.Where(own => NotationNames.Nearest(name, [own[(own.LastIndexOf(':') + 1)..]]).Count > 0)];
        var suggestion = near.Count > 0
            ? $"Did you mean {NotationNames.Alternatives([.. near.Take(3).Select(own => $"--{own}")])}?"
            : $"Settings begin with {Spoken.Row([.. Own.Keys], "or")}, as in --{LimitsOptions.Section}:MaxPaths=1000000.";
        return $"--{SettingFaults.Shown(key)[1..^1]} is not a setting. {suggestion}";
    }

    private static bool IsOfFramework(string key) => Framework.Any(start => key.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>The environment has much that is not ours. A section like one of ours that has a key of it is ours, misspelt.</summary>
    private static void CheckMisspelt(IConfigurationSection section, SettingFaults faults)
    {
        foreach (var child in section.GetChildren())
        {
            foreach (var name in NotationNames.Nearest(section.Key, Own.Keys))
            {
                if (Own[name].KeysBelow(name).FirstOrDefault(key => NotationNames.AreSame(key, $"{name}:{child.Key}")) is { } meant)
                {
                    faults.AddUnknown(child.Path, $"Did you mean {meant}?");
                    break;
                }
            }
        }
    }

    private static SettingSection ListenerSettings()
    {
        var certificate = new SettingSection(
        [
            ("Path", SettingValue.Text), ("KeyPath", SettingValue.Text), ("Password", SettingValue.Text), ("Subject", SettingValue.Text),
            ("Store", SettingValue.Text), ("Location", SettingValue.Text), ("AllowInvalid", OptionValues.Switch),
        ]);
        (string, SettingNode)[] defaults =
        [
            ("Protocols", OptionValues.Choice(Enum.GetNames<HttpProtocols>())),
            ("Certificate", certificate),
            ("SslProtocols", new SettingList(OptionValues.Choice(["None", "Tls12", "Tls13"]))),
            ("ClientCertificateMode", OptionValues.Choice(Enum.GetNames<ClientCertificateMode>())),
            ("Sni", OpenSettings.Instance),
        ];
        var endpoint = new SettingSection([("Url", new SettingValue(Addresses.ListenerFault)), .. defaults]);
        return new(
        [
            ("Endpoints", new SettingsByName(endpoint, "Grpc", "Http")),
            ("EndpointDefaults", new SettingSection(defaults)),
            ("Certificates", new SettingsByName(certificate)),
        ]);
    }

    /// <summary>What the framework reads of the scheme, and <c>dotnet user-jwts</c> writes.</summary>
    private static SettingSection AuthenticationSettings()
    {
        var texts = new SettingList(SettingValue.Text);
        var key = new SettingSection(
            [("Id", SettingValue.Text), ("Issuer", SettingValue.Text), ("Value", SettingValue.Text), ("Length", SettingValue.Text)]);
        var bearer = new SettingSection(
        [
            ("Authority", new SettingValue(Addresses.WebFault)), ("MetadataAddress", new SettingValue(Addresses.WebFault)),
            ("ValidIssuer", SettingValue.Text), ("ValidIssuers", texts), ("ValidAudience", SettingValue.Text), ("ValidAudiences", texts),
            ("SigningKeys", new SettingsByName(key, "0")),
            ("RequireHttpsMetadata", OptionValues.Switch), ("MapInboundClaims", OptionValues.Switch), ("SaveToken", OptionValues.Switch),
            ("IncludeErrorDetails", OptionValues.Switch), ("RefreshOnIssuerKeyNotFound", OptionValues.Switch),
            ("BackchannelTimeout", OptionValues.Time), ("RefreshInterval", OptionValues.Time), ("AutomaticRefreshInterval", OptionValues.Time),
            ("Challenge", SettingValue.Text), ("ForwardDefault", SettingValue.Text), ("ForwardAuthenticate", SettingValue.Text),
            ("ForwardChallenge", SettingValue.Text), ("ForwardForbid", SettingValue.Text), ("ForwardSignIn", SettingValue.Text),
            ("ForwardSignOut", SettingValue.Text),
        ]);
        return new([("DefaultScheme", OptionValues.Choice(["Bearer"])), ("Schemes", new SettingSection([("Bearer", bearer)]))]);
    }

    private static void CheckListeners(IConfigurationSection endpoints, SettingFaults faults)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in endpoints.GetChildren())
        {
            var key = $"{endpoint.Path}:Url";
            if (string.IsNullOrWhiteSpace(endpoint["Url"]))
            {
                faults.Add($"{key} is missing: an endpoint needs the address to listen on, such as {Addresses.Example}.");
            }
            else if (Addresses.PlaceOf(endpoint["Url"]!) is { } place && !seen.TryAdd(place, key))
            {
                faults.Add($"{key} is {SettingFaults.Shown(endpoint["Url"]!)}, where {seen[place]} listens already; give each its own port.");
            }
        }
    }

    private static void CheckDatabase(IConfiguration configuration, SettingFaults faults)
    {
        const string Key = $"ConnectionStrings:{StorageOptions.ConnectionName}";
        const string Example = "Host=127.0.0.1;Database=scenarios;Username=scenarios";
        if (!NotationNames.AreSame(configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}"] ?? "", nameof(StorageProvider.PostgreSql)))
        {
            return;
        }

        var given = configuration[Key];
        if (string.IsNullOrWhiteSpace(given))
        {
            var near = NotationNames.Nearest(
                StorageOptions.ConnectionName, configuration.GetSection("ConnectionStrings").GetChildren().Select(child => child.Key));
            faults.Add($"{Key} is missing: Storage:Provider is PostgreSql, so give its address, such as {Example}."
                + (near.Count > 0 ? $" ConnectionStrings:{near[0]} is not a setting." : ""));
            return;
        }

        try
        {
            if (string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(given).Host))
            {
                faults.Add($"{Key} names no Host; write it as in {Example}.");
            }
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The library's text names the keyword, never a value: those are secrets.
            faults.Add($"{Key} cannot be read: {fault.Message.Split('\n')[0].TrimEnd('.', ' ')}; write it as in {Example}.");
        }
    }

    private static void CheckLogging(IConfigurationSection logging, SettingFaults faults)
    {
        var level = OptionValues.Choice(Enum.GetNames<LogLevel>());
        foreach (var levels in logging.GetChildren().Select(child => child.GetSection("LogLevel")).Append(logging.GetSection("LogLevel")))
        {
            foreach (var category in levels.GetChildren().Where(category => category.Value is { Length: > 0 }))
            {
                level.Check(category, faults);
            }
        }

        OptionValues.Choice(["simple", "json", "systemd"]).Check(logging.GetSection("Console:FormatterName"), faults);
        new SettingSection(
        [
            ("TimestampFormat", SettingValue.Text), ("UseUtcTimestamp", OptionValues.Switch), ("IncludeScopes", OptionValues.Switch),
            ("SingleLine", OptionValues.Switch), ("ColorBehavior", OptionValues.Choice(Enum.GetNames<LoggerColorBehavior>())),
            ("JsonWriterOptions", OpenSettings.Instance),
        ]).Check(logging.GetSection("Console:FormatterOptions"), faults);
    }

    private static void CheckExport(IConfiguration configuration, SettingFaults faults)
    {
        foreach (var signal in new[] { "", "TRACES_", "METRICS_", "LOGS_" })
        {
            var endpoint = configuration.GetSection($"OTEL_EXPORTER_OTLP_{signal}ENDPOINT");
            var protocol = configuration.GetSection($"OTEL_EXPORTER_OTLP_{signal}PROTOCOL");
            if (endpoint.Value is { Length: > 0 })
            {
                new SettingValue(Addresses.WebFault).Check(endpoint, faults);
            }

            if (protocol.Value is { Length: > 0 })
            {
                OptionValues.Choice(["grpc", "http/protobuf"]).Check(protocol, faults);
            }
        }
    }
}
