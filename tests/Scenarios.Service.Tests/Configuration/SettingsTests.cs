using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Scenarios.Service.Configuration;
using Scenarios.Service.Runs;
using Scenarios.Service.Security;
using Scenarios.Service.Storage;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Configuration;

/// <summary>What the service says of a configuration that it does not start with.</summary>
public sealed class SettingsTests
{
    private static readonly (string Section, Type Type)[] Sections =
    [
        (LimitsOptions.Section, typeof(LimitsOptions)), (StorageOptions.Section, typeof(StorageOptions)),
        (EngineOptions.Section, typeof(EngineOptions)), (ServiceOptions.Section, typeof(ServiceOptions)),
        (SecurityOptions.Section, typeof(SecurityOptions)),
    ];

    private static IEnumerable<(string Key, PropertyInfo Property)> Settings =>
        Sections.SelectMany(section => section.Type.GetProperties().Where(property => property.CanWrite)
            .Select(property => ($"{section.Section}:{property.Name}", property)));

    [Fact]
    public void O1_EveryNumberOutOfItsRange_IsRefused_AllAtOnce()
    {
        foreach (var isAbove in new[] { false, true })
        {
            var given = Settings
                .Where(setting => setting.Property.GetCustomAttribute<RangeAttribute>() is not null)
                .Select(setting => (setting.Key, Value: BesideRange(setting.Property, isAbove)))
                .ToArray();

            var faults = FaultsOf(given);

            Assert.Equal(given.Length, faults.Count);
            Assert.All(given, setting => Assert.Contains(faults, fault =>
                fault.StartsWith($"{setting.Key} is \"{setting.Value}\"", StringComparison.Ordinal) && fault.Contains(" from ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void O1_EveryEndOfARange_IsTaken() => Assert.All([false, true], isMaximum => Assert.Empty(FaultsOf([.. Settings
        .Where(setting => setting.Property.GetCustomAttribute<RangeAttribute>() is not null)
        .Select(setting => (setting.Key, EndOfRange(setting.Property, isMaximum)))])));

    [Fact]
    public void O1_EveryNumberAndTime_HasARange() => Assert.All(
        Settings.Where(setting => setting.Property.PropertyType != typeof(string) && setting.Property.PropertyType != typeof(bool) && !setting.Property.PropertyType.IsEnum),
        setting => Assert.NotNull(setting.Property.GetCustomAttribute<RangeAttribute>()));

    [Theory]
    [InlineData("Storage:MaxBytes", "lots", "a whole number of bytes from 0 to ")]
    [InlineData("Storage:MaxBytes", "2GiB", "write 2147483648")]
    [InlineData("Limits:MemoryBytes", "512 MB", "write 512000000")]
    [InlineData("Limits:MaxPaths", "1e6", "write 1000000")]
    [InlineData("Limits:MaxPaths", "1,000", "write 1000")]
    [InlineData("Limits:MaxPaths", "", "a whole number")]
    [InlineData("Limits:MaxPaths", "99999999999999999999", "a whole number")]
    [InlineData("Limits:MaxJumps", "NaN", "a number from 1 to ")]
    [InlineData("Storage:Provider", "Postgres", "it must be Sqlite or PostgreSql")]
    [InlineData("Storage:Provider", "1", "it must be Sqlite or PostgreSql")]
    [InlineData("Security:AllowAnonymous", "yes", "it must be true or false")]
    [InlineData("Service:GracePeriod", "20", "write 00:00:20 for 20 s")]
    [InlineData("Service:GracePeriod", "20s", "write 00:00:20 for 20 s")]
    [InlineData("Service:GracePeriod", "soon", "a time from 00:00:00")]
    [InlineData("Cors:AllowedOrigins", "https://a.example", "give its first value as Cors:AllowedOrigins:0")]
    [InlineData("Cors:AllowedOrigins:0", "https://a.example/", "write https://a.example")]
    [InlineData("Cors:AllowedOrigins:0", "a.example", "it must be an origin")]
    [InlineData("Authentication:Schemes:Bearer:Authority", "login", "an address that begins with https://")]
    [InlineData("Authentication:Schemes:Bearer:MapInboundClaims", "1", "it must be true or false")]
    [InlineData("Logging:LogLevel:Default", "Loud", "it must be Trace, Debug")]
    [InlineData("Logging:Console:FormatterName", "jsn", "it must be simple, json or systemd")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317x", "an address that begins with https://")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http", "it must be grpc or http/protobuf")]
    [InlineData("Limits:MaxPaths", "\u001b[31m", "\\u001b[31m")]
    public void O2_AMalformedValue_IsRefused_WithItsKey_TheValue_AndWhatIsAllowed(string key, string value, string allowed)
    {
        var fault = Assert.Single(FaultsOf((key, value)));
        Assert.StartsWith($"{key} is \"", fault, StringComparison.Ordinal);
        Assert.Contains(allowed, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(fault, char.IsControl);
    }

    [Theory]
    [InlineData("", "is missing")]
    [InlineData("Host=h;Prot=5432", "cannot be read")]
    [InlineData("Host=h;Port=many", "cannot be read")]
    [InlineData("Database=scenarios;Password=hidden", "names no Host")]
    public void O2_ThePlaceOfPostgreSql_IsChecked_AndNeverShown(string connection, string problem)
    {
        var fault = Assert.Single(FaultsOf(("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", connection)));
        Assert.StartsWith("ConnectionStrings:Scenarios", fault, StringComparison.Ordinal);
        Assert.Contains(problem, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:notaport", "its port must be a number")]
    [InlineData("http://127.0.0.1:65536", "its port must be a number")]
    [InlineData("http://127.0.0.1:", "its port must be a number")]
    [InlineData("http://[::1]:x", "its port must be a number")]
    [InlineData("http://127.0.0.1:-1", "its port must be a number")]
    [InlineData("http://300.1.1.1:5080", "its host must be")]
    [InlineData("http://127.0.0:5080", "its host must be")]
    [InlineData("http://:5080", "its host must be")]
    [InlineData("http://localhost:0", "write 127.0.0.1")]
    [InlineData("127.0.0.1:5080", "it must be an address to listen on")]
    [InlineData("ftp://127.0.0.1:5080", "it must be an address to listen on")]
    [InlineData("http://127.0.0.1:5080/path", "it must be an address to listen on")]
    public void O3_AnAddressToListenOn_IsSaidToBeWrong_ByWhatIsWrongWithIt(string url, string problem)
    {
        foreach (var key in new[] { "Kestrel:Endpoints:Grpc:Url", "Kestrel:Endpoints:Http:Url", "Kestrel:Endpoints:Another:Url" })
        {
            var fault = Assert.Single(FaultsOf((key, url)));
            Assert.StartsWith($"{key} is \"{url}\"", fault, StringComparison.Ordinal);
            Assert.Contains(problem, fault, StringComparison.Ordinal);
            Assert.DoesNotContain("Refused to listen", fault, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("HTTP://127.0.0.1:5080/")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("https://*:443")]
    [InlineData("http://+:80")]
    [InlineData("http://scenarios.internal:5080")]
    [InlineData("http://unix:/tmp/scenarios.sock")]
    public void O3_AnAddressThatKestrelTakes_IsTaken(string url) => Assert.Empty(FaultsOf(("Kestrel:Endpoints:Http:Url", url)));

    [Fact]
    public void O3_TwoEndpointsOnOnePort_AreRefused() => Assert.Contains("listens already", Assert.Single(FaultsOf(
        ("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:5081"))), StringComparison.Ordinal);

    [Fact]
    public void O4_EveryMisspeltKey_IsRefused_WithTheOneThatWasMeant()
    {
        string[] keys =
        [
            .. Settings.Select(setting => setting.Key), "Cors:AllowedOrigins", "Kestrel:Endpoints:Grpc:Protocols",
            "Authentication:Schemes:Bearer:ValidAudiences", "Authentication:Schemes:Bearer:Authority",
        ];
        var random = new Random(16);
        foreach (var key in keys)
        {
            var name = key[(key.LastIndexOf(':') + 1)..];
            var at = random.Next(1, name.Length - 1);
            string[] slips = [name.Remove(at, 1), name.Insert(at, "x"), $"{name[..at]}{(name[at] == 'q' ? 'z' : 'q')}{name[(at + 1)..]}"];
            foreach (var slip in slips)
            {
                var misspelt = key[..^name.Length] + slip;
                var fault = Assert.Single(FaultsOf((misspelt, "1")), found => found.StartsWith(misspelt, StringComparison.Ordinal));
                Assert.Contains("is not a setting. Did you mean ", fault, StringComparison.Ordinal);
                Assert.Contains(key, fault, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Limit:MaxPaths", "Limits:MaxPaths")]
    [InlineData("Strage:Path", "Storage:Path")]
    [InlineData("Authentification:Schemes", "")]
    [InlineData("Limits:MaxPaths:More", "takes one value")]
    [InlineData("Limits:Nothing", "Limits has MaxPaths")]
    [InlineData("Authentication:Schemes:Barer:Authority", "Authentication:Schemes:Bearer")]
    public void O4_AKeyThatNothingReads_IsRefused(string key, string suggestion)
    {
        var faults = FaultsOf((key, "1"));
        if (suggestion.Length > 0)
        {
            Assert.Contains(suggestion, Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--Limit:MaxPaths=3", "Did you mean --Limits:MaxPaths?")]
    [InlineData("--MaxPaths=3", "Did you mean --Limits:MaxPaths?")]
    [InlineData("--Limits:MaxPath=3", "Did you mean Limits:MaxPaths?")]
    [InlineData("--nonsense=3", "is not a setting")]
    [InlineData("--Security:AllowAnonymous", "has no value")]
    [InlineData("MaxPaths", "write --Key=Value")]
    [InlineData("-p=3", "write --Key=Value")]
    public void O4_AnArgumentThatNothingReads_IsRefused(string argument, string suggestion)
    {
        var refusal = Assert.Throws<RefusedSettingsException>(() => ScenariosHost.Build([argument]));
        Assert.Contains(suggestion, Assert.Single(refusal.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void O4_AKeyWithoutAValue_DoesNotTakeTheNextKeyForIt()
    {
        var refusal = Assert.Throws<RefusedSettingsException>(() => ScenariosHost.Build(["--Security:AllowAnonymous", "--Limits:MaxPath=3"]));
        Assert.Equal(2, refusal.Faults.Count);
    }

    [Fact]
    public void O4_TheEnvironmentOfOthers_IsLeftAlone() => Assert.Empty(FaultsOf(
        ("SERVICE_PORT", "tcp://10.0.0.1"), ("PATH", "/bin"), ("MyApp:Path", "1"), ("Serilog:MinimumLevel", "Loud"), ("AllowedHosts", "*")));

    [Theory]
    [InlineData("environment")]
    [InlineData("command line")]
    [InlineData("command")]
    public async Task O1_ARefusedConfiguration_IsToldInALineEach_WithExitCodeTwo(string by)
    {
        (string Key, string Value)[] settings = [("Limits:MaxPaths", "-5"), ("Storage:MaxBytes", "lots"), ("Limits:MaxPath", "3")];
        string[] arguments = [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
        using var process = by switch
        {
            "environment" => ServiceProcess.Start(
                settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value), []),
            "command" => ServiceProcess.StartCommand(arguments),
            _ => ServiceProcess.Start(arguments),
        };

        Assert.Equal(2, await process.ExitCodeAsync());
        var lines = (await process.ErrorsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(settings.Length, lines.Length);
        Assert.All(settings, setting => Assert.Contains(lines, line => line.StartsWith($"{setting.Key} ", StringComparison.Ordinal)));
        Assert.Empty(await process.OutputAsync());
    }

    /// <summary>The faults of a configuration that is the service's own otherwise.</summary>
    private static IReadOnlyList<string> FaultsOf(params (string Key, string Value)[] settings)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(
                [
                    new("Kestrel:Endpoints:Grpc:Url", "http://127.0.0.1:5081"), new("Authentication:Schemes:Bearer:ValidIssuer", "https://issuer.example"),
                    new("Authentication:Schemes:Bearer:ValidAudience", "scenarios"),
                    new("Authentication:Schemes:Bearer:SigningKeys:0:Issuer", "https://issuer.example"),
                    new("Authentication:Schemes:Bearer:SigningKeys:0:Value", Convert.ToBase64String(new byte[32])),
                ])
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build();
            ServiceSettings.Check(configuration, []);
            return [];
        }
        catch (RefusedSettingsException refused)
        {
            return [.. refused.Faults.Where(fault => !fault.EndsWith(":Url is missing: an endpoint needs the address to listen on, such as http://127.0.0.1:5081.", StringComparison.Ordinal))];
        }
    }

    private static RangeAttribute RangeOf(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>()!;
        _ = range.IsValid(null);
        return range;
    }

    private static string EndOfRange(PropertyInfo property, bool isMaximum)
    {
        var range = RangeOf(property);
        return string.Create(CultureInfo.InvariantCulture, $"{(isMaximum ? range.Maximum : range.Minimum)}");
    }

    private static string BesideRange(PropertyInfo property, bool isAbove)
    {
        var range = RangeOf(property);
        return (isAbove ? range.Maximum : range.Minimum) switch
        {
            TimeSpan time => $"{time + (isAbove ? TimeSpan.FromSeconds(1) : -TimeSpan.FromSeconds(1))}",
            double number => (isAbove ? number * 2 : number - 1).ToString(CultureInfo.InvariantCulture),
            var number => (Convert.ToDecimal(number, CultureInfo.InvariantCulture) + (isAbove ? 1 : -1)).ToString(CultureInfo.InvariantCulture),
        };
    }
}
