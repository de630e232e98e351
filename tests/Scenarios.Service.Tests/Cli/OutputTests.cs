using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Scenarios.Cli.Commands;
using Scenarios.Cli.Output;
using Scenarios.Client;
using Scenarios.Service.Tests.Host;
using Scenarios.V1;
using Progress = Scenarios.V1.Progress;

namespace Scenarios.Service.Tests.Cli;

public sealed class OutputTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private string Server => fixture.Service.GrpcAddress.ToString();

    [Theory]
    [InlineData("/dev/full", 1, "Standard output cannot be written", "project", "scenarios/dprk-rotation", "--paths", "1000", "--json")]
    [InlineData("/dev/full", 1, "Standard output cannot be written", "project", "scenarios/dprk-rotation", "--paths", "1000")]
    [InlineData("/dev/full", 1, "Standard output cannot be written", "replay", "scenarios/dprk-rotation", "1")]
    [InlineData("/dev/full", 1, "Standard output cannot be written", "health")]
    [InlineData("/dev/null", 2, "is a folder", "project", ".")]
    [InlineData("/dev/null", 2, "There is no file", "project", "./none.json")]
    public async Task L3_OutputAndInput_ThatFail_EndInASentence(string output, int exitCode, string said, params string[] args)
    {
        var ran = await ShellAsync($"\"$0\" \"$@\" > {output}", [.. args, "--server", Server]);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(said, ran.Errors);
        Assert.DoesNotContain("   at ", ran.Errors);
        Assert.Single(ran.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task L3_HelpIntoAFullDisk_EndsInASentence()
    {
        var ran = await ShellAsync("\"$0\" \"$@\" > /dev/full", ["--help"]);

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("Standard output cannot be written", ran.Errors);
        Assert.DoesNotContain("   at ", ran.Errors);
    }

    [Fact]
    public async Task L3_PipeThatIsClosed_EndsTheCommandQuietly()
    {
        // The stream would go on for minutes if the closed pipe did not end it.
        var ran = await ShellAsync(
            "set -o pipefail; \"$0\" \"$@\" | head -1 > /dev/null",
            ["project", "scenarios/dprk-rotation", "--paths", "100000000", "--seed", "77", "--stream-json", "--server", Server]);

        Assert.Equal((141, ""), (ran.ExitCode, ran.Errors));
    }

    [Theory]
    [InlineData("1k", 1_000)]
    [InlineData("0.002M", 2_000)]
    [InlineData("1_500", 1_500)]
    [InlineData("2e3", 2_000)]
    public async Task L3_Paths_AreTakenAsTheNotationHasThem(string paths, int count)
    {
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", Server, "--paths", paths]);

        Assert.Equal((0, ""), (ran.ExitCode, ran.Errors));
        Assert.Contains($"{count:#,0} paths, done.", ran.Answers);
    }

    [Theory]
    [InlineData("--paths", "1,000")]
    [InlineData("--paths", "1.5")]
    [InlineData("--paths", "many")]
    [InlineData("--thresholds", "50,000")]
    [InlineData("--seed", "1e300")]
    public async Task L3_Numbers_ThatAreNone_AreNamed(string option, string given)
    {
        var ran = await Terminals.RunAsync(["project", "scenarios/dprk-rotation", "--server", Server, option, given]);

        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(option, ran.Errors);
        Assert.Contains("is not a whole number", ran.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L3_CancelledInAPipe_PrintsTheNewestSnapshot(bool json)
    {
        static async IAsyncEnumerable<ProjectResponse> Cancelled()
        {
            foreach (var paths in new[] { 1_000, 2_000 })
            {
                await Task.CompletedTask;
                var projection = Drawn.Straight();
                projection.Paths = paths;
                yield return new()
                {
                    Projection = projection,
                    Progress = new() { State = Progress.Types.State.Running, PathsCompleted = paths, PathsRequested = 9_000 },
                };
            }

            throw new OperationCanceledException();
        }

        var written = new StringWriter();
        var terminal = Terminals.Pipe(written, TextWriter.Null);

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => json ? ProjectCommand.PrintLastAsync(Cancelled(), terminal) : new ProjectionView(terminal).ShowAsync(Cancelled(), default));

        Assert.Single(Regex.Matches(written.ToString(), json ? "\"paths\": \"2000\"" : "2,000 of 9,000 paths"));
        Assert.Contains(json ? "\"points\"" : "mean", written.ToString());
    }

    [Fact]
    public async Task L4_TheJsonListener_IsToldApart()
    {
        var ran = await Terminals.RunAsync(
            ["project", "scenarios/dprk-rotation", "--server", fixture.Service.HttpAddress.ToString()]);

        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(fixture.Service.HttpAddress.ToString(), ran.Errors);
        Assert.Contains("JSON listener", ran.Errors);
        Assert.Contains("5081", ran.Errors);
        var health = await Terminals.RunAsync(["health", "--server", fixture.Service.HttpAddress.ToString()]);
        Assert.Contains("JSON listener", health.Errors);
    }

    [Fact]
    public async Task C4_ConnectionErrors_NameTheAddressAndTheLikelyCause()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        (Uri Address, string Cause, bool Wrong)[] cases =
        [
            (new($"http://127.0.0.1:{port}"), "Nobody listens", false),
            (fixture.Service.HttpAddress, "JSON listener", true),
            (new UriBuilder(fixture.Service.GrpcAddress) { Scheme = "https" }.Uri, "begins with http", true),
        ];
        foreach (var (address, cause, wrong) in cases)
        {
            using var client = new ScenariosClient(address, new() { MaxRetries = 0 });

            var error = await Assert.ThrowsAsync<ScenariosException>(
                () => client.GetScenarioAsync("scenarios/x").WaitAsync(RunningService.Patience));

            Assert.Contains(address.OriginalString, error.Message);
            Assert.Contains(cause, error.Message);
            Assert.Equal(wrong, error.IsWrongAddress);
            Assert.Equal(!wrong, error.IsTransient);
        }
    }

    private static async Task<Ran> ShellAsync(string script, params string[] args)
    {
        var start = new ProcessStartInfo("bash", ["-c", script.Replace("\"$0\"", "dotnet \"$0\""), Path.Combine(AppContext.BaseDirectory, "scenarios.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (answers, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
        return new(process.ExitCode, await answers, await errors);
    }
}
