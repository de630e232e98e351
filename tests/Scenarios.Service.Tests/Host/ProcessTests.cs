using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Net.Client;

namespace Scenarios.Service.Tests.Host;

public sealed partial class ProcessTests
{
    [Fact]
    public async Task Process_AskedToStopBySigterm_EndsItsStreamsAndExitsWithZero()
    {
        using var process = await ServiceProcess.StartAsync(
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0");
        using var channel = GrpcChannel.ForAddress(process.Address);
        var client = new V1.ProjectionService.ProjectionServiceClient(channel);
        using var stream = client.Project(Ask.Founding(paths: 2_000_000), RunningService.InTime);
        await stream.FirstAsync();

        process.Terminate();
        var rest = await stream.AllAsync();
        Assert.Equal(V1.Progress.Types.State.Completed, rest[^1].Progress.State);
        Assert.Equal(2_000_000, rest[^1].Projection.Paths);
        Assert.Equal(0, await process.ExitCodeAsync());
    }

    [Fact]
    public async Task Process_ThatMayNotListen_SaysWhyAndExitsWithOne()
    {
        using var process = ServiceProcess.Start(
            "--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0", "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0");
        Assert.Equal(1, await process.ExitCodeAsync());
        Assert.Contains("Refused to listen on 0.0.0.0", await process.ErrorsAsync(), StringComparison.Ordinal);
    }

    /// <summary>The service as a process of its own.</summary>
    private sealed partial class ServiceProcess : IDisposable
    {
        private readonly Process _process;
        private readonly Task<string> _errors;

        private ServiceProcess(Process process)
        {
            _process = process;
            _errors = process.StandardError.ReadToEndAsync();
        }

        public Uri Address { get; private set; } = null!;

        public static ServiceProcess Start(params string[] args)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            };
            start.ArgumentList.Add(typeof(ScenariosHost).Assembly.Location);
            Array.ForEach(args, start.ArgumentList.Add);
            return new(Process.Start(start)!);
        }

        public static async Task<ServiceProcess> StartAsync(params string[] args)
        {
            var service = Start(args);
            using var patience = new CancellationTokenSource(RunningService.Patience);
            while (await service._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (Listening().Match(line) is { Success: true } match)
                {
                    service.Address = new(match.Groups[1].Value);
                    _ = service._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return service;
                }
            }

            throw new InvalidOperationException("The service ended before it listened: " + await service._errors);
        }

        public void Terminate()
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public async Task<int> ExitCodeAsync()
        {
            await _process.WaitForExitAsync().WaitAsync(RunningService.Patience);
            return _process.ExitCode;
        }

        public Task<string> ErrorsAsync() => _errors.WaitAsync(RunningService.Patience);

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        [GeneratedRegex(@"Now listening on: (\S+)")]
        private static partial Regex Listening();
    }
}
