using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Scenarios.Cli.Commands;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Security;

/// <summary>TLS by Kestrel's own configuration.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scenarios-tls-");
    private readonly X509Certificate2 _certificate;
    private readonly TokenIssuer _issuer = new();

    public TlsTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=scenarios.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)); // Its own root.
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
        File.WriteAllText(CertificatePath, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    private string CertificatePath => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyPath => Path.Combine(_folder.FullName, "tls.key");

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TwoListenersWithCertificates_ServeEveryProtocolByTls()
    {
        await using var service = await RunningService.StartAsync(
            [.. _issuer.Settings, .. Listener("Grpc", "https://127.0.0.1:0"), .. Listener("Http", "https://127.0.0.1:0")]);
        using var channel = Trusting(service.GrpcAddress);
        Assert.NotEmpty(await new V1.ProjectionService.ProjectionServiceClient(channel)
            .Project(Asked.Stored, Asked.With(_issuer.Token())).AllAsync());

        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.HttpAddress, "v1/scenarios", HttpVersion.Version11));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.HttpAddress, "metrics", HttpVersion.Version11));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(service.GrpcAddress, "metrics", HttpVersion.Version20));
    }

    [Fact]
    public async Task OneListenerWithACertificate_ServesEveryVersionOfHttp()
    {
        await using var service = await RunningService.StartAsync(
            [.. _issuer.Settings, .. Listener("Grpc", "https://127.0.0.1:0"), ("Kestrel:Endpoints:Grpc:Protocols", "Http1AndHttp2")]);
        using var channel = Trusting(service.GrpcAddress);
        Assert.NotEmpty(await new V1.ProjectionService.ProjectionServiceClient(channel)
            .Project(Asked.Stored, Asked.With(_issuer.Token())).AllAsync());
        Assert.Equal(HttpStatusCode.OK, await GetAsync(service.GrpcAddress, "v1/scenarios", HttpVersion.Version11));
    }

    [Fact]
    public async Task Client_ThatDoesNotTrustTheCertificate_IsNotServed()
    {
        await using var service = await RunningService.StartAsync([.. _issuer.Settings, .. Listener("Grpc", "https://127.0.0.1:0")]);
        var error = await Assert.ThrowsAsync<RpcException>(() =>
            service.Projections.Project(Asked.Stored, Asked.With(_issuer.Token())).AllAsync());
        Assert.Equal(StatusCode.Internal, error.StatusCode); // The client's own word for a handshake that failed.
        Assert.Empty(service.LoggedErrors);
    }

    [Fact]
    public async Task TlsAndTokens_ListenWhereOthersCanReach_WithoutAWarning()
    {
        using var warnings = new Warnings();
        await using (var service = await RunningService.StartAsync(
            warnings, [.. _issuer.Settings, .. Listener("Grpc", "https://0.0.0.0:0"), .. Listener("Http", "https://0.0.0.0:0")]))
        {
            Assert.Equal("0.0.0.0", service.GrpcAddress.Host);
        }

        Assert.Empty(warnings.Messages);
    }

    [Fact]
    public async Task TlsAlone_DoesNotLiftTheLoopbackRule() => await Assert.ThrowsAsync<Scenarios.Service.Security.RefusedAddressException>(
        () => RunningService.StartAsync([.. Listener("Grpc", "https://0.0.0.0:0")]));

    [Fact]
    public async Task Command_WithItsTokenInTheEnvironment_IsAnsweredByTls()
    {
        await using var service = await RunningService.StartAsync([.. _issuer.Settings, .. Listener("Grpc", "https://127.0.0.1:0")]);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SCENARIOS_TOKEN"] = _issuer.Token(), ["SSL_CERT_FILE"] = CertificatePath },
            ArgumentList =
            {
                typeof(CommandLine).Assembly.Location, "project", "scenarios/dprk-rotation", "--server", service.GrpcAddress.ToString(),
                "--paths", "1000",
            },
        };
        using var process = Process.Start(start)!;
        var answers = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("1,000 paths, done.", await answers, StringComparison.Ordinal);
    }

    private (string Key, string Value)[] Listener(string name, string url) =>
    [
        ($"Kestrel:Endpoints:{name}:Url", url),
        ($"Kestrel:Endpoints:{name}:Certificate:Path", CertificatePath),
        ($"Kestrel:Endpoints:{name}:Certificate:KeyPath", KeyPath),
    ];

    private SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 given
                && given.Thumbprint == _certificate.Thumbprint,
        },
    };

    private GrpcChannel Trusting(Uri address) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(), DisposeHttpClient = true });

    private async Task<HttpStatusCode> GetAsync(Uri address, string path, Version version)
    {
        using var http = new HttpClient(Handler()) { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Authorization = new("Bearer", _issuer.Token()) },
        };
        using var response = await http.SendAsync(request).WaitAsync(RunningService.Patience);
        return response.StatusCode;
    }
}
