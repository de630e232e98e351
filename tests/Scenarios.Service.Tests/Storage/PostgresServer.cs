using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Scenarios.Service.Tests.Host;

namespace Scenarios.Service.Tests.Storage;

/// <summary>A PostgreSQL server of the tests' own, on a free port, with a database for each test that asks.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scenarios-postgres-").FullName;
    private string _connection = "";
    private int _databases;
    private int _port;
    private bool _isRunning;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create($"{_connection};Database=postgres");
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync().WaitAsync(RunningService.Patience);
        return $"{_connection};Database={name}";
    }

    /// <summary>A server that a test has for itself.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        await server.InitializeAsync();
        return server;
    }

    /// <summary>Stops it at once, as a crash would.</summary>
    public async Task StopAsync()
    {
        _isRunning = false;
        await RunAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
    }

    /// <summary>Starts it again where it was.</summary>
    public async Task ResumeAsync()
    {
        await RunAsync(
            "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -k ''", "start");
        _isRunning = true;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("These tests start PostgreSQL as Linux and macOS do.");
        }

        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111); // The server may run as another user.
        _port = FreePort();
        await RunAsync("initdb", "-D", Data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await ResumeAsync();
        _connection = $"Host=127.0.0.1;Port={_port};Username=tests;Include Error Detail=true";
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_isRunning)
        {
            await StopAsync();
        }

        await RunAsync("rm", "-rf", Data);
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program of PostgreSQL, which refuses to be root.</summary>
    private static async Task RunAsync(string program, params string[] args)
    {
        var path = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists)
            : null;
        string[] command = [path ?? program, .. args];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["runuser", "-u", "postgres", "--", .. command];
        }

        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Path.GetTempPath() })
            ?? throw new InvalidOperationException($"{program} did not start.");
        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
        Assert.True(
            process.ExitCode == 0,
            $"{string.Join(' ', command)} ended with {process.ExitCode}. The tests need PostgreSQL: sudo apt-get install -y postgresql");
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPostgres : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
