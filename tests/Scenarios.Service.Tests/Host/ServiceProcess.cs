using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Scenarios.Service.Tests.Host;

/// <summary>The service as a process of its own.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly ConcurrentQueue<string> _loggedErrors = new();
    private readonly List<string> _output = [];
    private Task _log = Task.CompletedTask;

    private ServiceProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The gRPC listener.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The HTTP/1.1 listener.</summary>
    public Uri HttpAddress { get; private set; } = null!;

    /// <summary>What was logged as an error since it started: the first line of each, which names the place.</summary>
    public IReadOnlyCollection<string> LoggedErrors => _loggedErrors;

    public static ServiceProcess Start(params string[] args) => Start([], args);

    /// <summary>The command line's <c>serve</c>, which is the same service.</summary>
    public static ServiceProcess StartCommand(params string[] args) => Start([], ["serve", .. args], "scenarios.dll");

    /// <summary>Starts one, without a wait until it listens.</summary>
    public static ServiceProcess Start(
        IEnumerable<KeyValuePair<string, string>> environment, string[] args, string assembly = "Scenarios.Service.dll")
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        Array.ForEach(args, start.ArgumentList.Add);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new(Process.Start(start)!);
    }

    public static Task<ServiceProcess> StartAsync(params string[] args) => StartAsync([], args);

    /// <summary>Starts one that has variables of its own beside those of this process.</summary>
    public static async Task<ServiceProcess> StartAsync(IEnumerable<KeyValuePair<string, string>> environment, params string[] args)
    {
        var service = Start(environment, args);
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (await service._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            service._output.Add(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                if (service.Address is null)
                {
                    service.Address = new(match.Groups[1].Value);
                    continue;
                }

                service.HttpAddress = new(match.Groups[1].Value);
                service._log = service.ReadLogAsync();
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

    /// <summary>Ends it at once, as the system does when memory is short: it has no say.</summary>
    public void Kill() => _process.Kill();

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(RunningService.Patience);
        return _process.ExitCode;
    }

    public Task<string> ErrorsAsync() => _errors.WaitAsync(RunningService.Patience);

    /// <summary>All lines of standard output of one that has ended.</summary>
    public async Task<IReadOnlyList<string>> OutputAsync()
    {
        await (_log.IsCompleted && Address is null ? _log = ReadLogAsync() : _log).WaitAsync(RunningService.Patience);
        return _output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            if (line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal))
            {
                var where = await _process.StandardOutput.ReadLineAsync();
                _output.Add(where ?? "");
                _loggedErrors.Enqueue(line + where);
            }
        }
    }

    [GeneratedRegex(@"Now listening on: ([^\s""]+)")]
    private static partial Regex Listening();
}
