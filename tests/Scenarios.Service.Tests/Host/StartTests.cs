using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Telemetry;

namespace Scenarios.Service.Tests.Host;

/// <summary>Starts that fail or are broken off, and what a service logs.</summary>
public sealed class StartTests
{
    private static readonly string[] FreePorts = ["--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task O5_ASignalDuringTheStart_EndsItQuietlyWithZero(bool isCommand)
    {
        // A database that takes the connection and says nothing holds the start up for as long as the test wants.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string[] args =
        [
            .. FreePorts, "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:Scenarios=Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=x;Timeout=300",
        ];
        using var process = isCommand ? ServiceProcess.StartCommand(args) : ServiceProcess.Start(args);
        using var connected = await silent.AcceptTcpClientAsync().WaitAsync(RunningService.Patience);

        process.Terminate();

        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Empty(await process.ErrorsAsync());
        Assert.DoesNotContain(await process.OutputAsync(), IsFault);
    }

    [Theory]
    [InlineData("port in use", "address already in use")]
    [InlineData("corrupt file", "is not an SQLite database")]
    [InlineData("folder for a file", "it is a folder")]
    [InlineData("path below a file", "cannot be used")]
    [InlineData("path that nobody may write", "cannot be used")]
    [InlineData("database that is not there", "Failed to connect")]
    [InlineData("host that does not exist", "cannot be used")]
    [InlineData("certificate that is not there", "Could not find file")]
    [InlineData("address of others", "Refused to listen")]
    public async Task O6_AnExpectedFailure_IsTheOneSentence_WithExitCodeOne(string failure, string sentence)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var file = TestFiles.NewDatabase();
        await File.WriteAllTextAsync(file, new string('x', 5_000));
        const string Postgres = "--Storage:Provider=PostgreSql";
        string[] args = failure switch
        {
            "port in use" => [$"--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", FreePorts[1]],
            "corrupt file" => [.. FreePorts, $"--Storage:Path={file}"],
            "folder for a file" => [.. FreePorts, $"--Storage:Path={Path.GetDirectoryName(file)}"],
            "path below a file" => [.. FreePorts, $"--Storage:Path={file}/below.db"],
            "path that nobody may write" => [.. FreePorts, "--Storage:Path=/proc/scenarios/a.db"],
            "database that is not there" => [.. FreePorts, Postgres, "--ConnectionStrings:Scenarios=Host=127.0.0.1;Port=1;Username=x"],
            "host that does not exist" => [.. FreePorts, Postgres, "--ConnectionStrings:Scenarios=Host=nobody.invalid;Username=x"],
            "certificate that is not there" =>
                [FreePorts[0], "--Kestrel:Endpoints:Http:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Http:Certificate:Path={file}.pem"],
            _ => [FreePorts[0], "--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0"],
        };
        using var process = ServiceProcess.Start(args);

        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains(sentence, Assert.Single((await process.ErrorsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain(await process.OutputAsync(), IsFault);
    }

    [Fact]
    public async Task O7_ARecordAsJson_IsALine_WithTimeLevelAndTheTraceOfTheCall()
    {
        var lines = await LogOfAProjectionAsync("json", ClientOfTheTest);

        var records = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(records, record =>
        {
            Assert.InRange(DateTimeOffset.Parse(record.GetProperty("Timestamp").GetString()!), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
            Assert.NotEmpty(record.GetProperty("LogLevel").GetString()!);
            Assert.Equal(JsonValueKind.Array, record.GetProperty("Scopes").ValueKind);
        });
        var finished = Assert.Single(records, record => record.GetProperty("Message").GetString()!.Contains("is Completed", StringComparison.Ordinal));
        Assert.Contains(
            finished.GetProperty("Scopes").EnumerateArray(),
            scope => scope.TryGetProperty("TraceId", out var trace) && trace.GetString() == ClientOfTheTest.TraceId);
    }

    [Fact]
    public async Task O7_ARecordForPeople_BeginsWithItsTime()
    {
        var lines = await LogOfAProjectionAsync("simple", ClientOfTheTest);

        var records = lines.Where(line => !line.StartsWith(' ')).ToList();
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail): ", record));
    }

    private static ClientTrace ClientOfTheTest { get; } = new("3df7651916cd43dd8448eb211c80319c", "e7ad6b7169203331");

    private static async Task<IReadOnlyList<string>> LogOfAProjectionAsync(string formatter, ClientTrace client)
    {
        using var process = await ServiceProcess.StartAsync([.. FreePorts, $"--Logging:Console:FormatterName={formatter}"]);
        using (var channel = GrpcChannel.ForAddress(process.Address))
        {
            await new V1.ProjectionService.ProjectionServiceClient(channel).Project(Ask.Founding(paths: 3_000, seed: 707), client.Call).AllAsync();
        }

        process.Terminate();
        Assert.Equal(0, await process.ExitCodeAsync());
        return await process.OutputAsync();
    }

    private static bool IsFault(string line) => line.Contains("   at ", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal)
        || line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal);
}
