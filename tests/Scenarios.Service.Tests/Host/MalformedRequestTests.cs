using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Scenarios.Service.Tests.Requests;
using Xunit.Abstractions;

namespace Scenarios.Service.Tests.Host;

public sealed class MalformedRequestTests(ITestOutputHelper output)
{
    private const int CallsAtOnce = 8;

    /// <summary>The first share of the calls fills caches and compiles code.</summary>
    private const int WarmUpShare = 2;

    /// <summary>
    /// What the process may have grown by since the first half of the calls: what its caches may still take in (64 MiB of tallies, 128 MiB of
    /// projections), and garbage. In 100,000 calls a leak of 6 KB a call would show.
    /// </summary>
    private const double MostGrowth = 300e6;

    [Fact]
    public async Task MalformedCalls_OverEveryProtocol_AreAnsweredOrSaidToBeWrong_AndTheServiceServesOn()
    {
        // Small limits: what turns out valid shall not take hours, nor fill caches until the end of the test.
        using var process = await ServiceProcess.StartAsync(
            "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Limits:MaxJumps=20000000", "--Limits:MemoryBytes=67108864", $"--Storage:Path={TestFiles.NewDatabase()}");
        using var calls = new MalformedCalls(process.Address, process.HttpAddress);
        var warmUp = MalformedRequests.Count / WarmUpShare;
        var outcomes = new ConcurrentBag<MalformedOutcome>();

        await SendAsync(calls, 0, warmUp, outcomes);
        var before = await MemoryAsync(process);
        await SendAsync(calls, warmUp, MalformedRequests.Count, outcomes);
        var after = await MemoryAsync(process);

        Report(outcomes, before, after);
        var faults = string.Join('\n', outcomes.Where(outcome => outcome.IsFault));
        Assert.True(faults.Length == 0, faults + '\n' + string.Join('\n', process.LoggedErrors));
        Assert.InRange(outcomes.Count(outcome => outcome.Status == nameof(StatusCode.InvalidArgument)), MalformedRequests.Count / 2, MalformedRequests.Count);
        Assert.Subset(
            outcomes.Where(outcome => outcome.Status == nameof(StatusCode.OK)).Select(outcome => outcome.Method).ToHashSet(),
            MalformedRequests.Methods.Select(method => method.Name).Where(name => name != "GetProjection").ToHashSet()); // Nobody guesses its names.
        Assert.InRange(after.WorkingSet - before.WorkingSet, double.MinValue, MostGrowth);
        using var channel = GrpcChannel.ForAddress(process.Address);
        var health = await new Health.HealthClient(channel).CheckAsync(new(), RunningService.InTime);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        var projections = new V1.ProjectionService.ProjectionServiceClient(channel);
        var whole = FullRequest.Make();
        whole.Paths = 1_000;
        Assert.Equal(1_000, (await projections.Project(whole, RunningService.InTime).AllAsync())[^1].Projection.Paths);
        Assert.Equal("", string.Join('\n', process.LoggedErrors));
        process.Terminate();
        Assert.Equal(0, await process.ExitCodeAsync());
    }

    private static Task SendAsync(MalformedCalls calls, int from, int until, ConcurrentBag<MalformedOutcome> outcomes) => Parallel.ForEachAsync(
        Enumerable.Range(from, until - from),
        new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce },
        async (index, _) => outcomes.Add(await calls.SendAsync(seed: 2, index)));

    /// <summary>Bytes in memory, and bytes of the garbage-collected heap after its last collection.</summary>
    private static async Task<(double WorkingSet, double Heap)> MemoryAsync(ServiceProcess process)
    {
        using var http = new HttpClient { BaseAddress = process.HttpAddress };
        var metrics = (await http.GetStringAsync(new Uri("metrics", UriKind.Relative)).WaitAsync(RunningService.Patience)).Split('\n');
        double Sum(string name) => metrics
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        return (Sum("dotnet_process_memory_working_set_bytes"), Sum("dotnet_gc_last_collection_heap_size_bytes"));
    }

    private void Report(IEnumerable<MalformedOutcome> outcomes, (double WorkingSet, double Heap) before, (double WorkingSet, double Heap) after)
    {
        var text = new StringBuilder();
        foreach (var protocol in outcomes.GroupBy(outcome => outcome.Protocol).OrderBy(protocol => protocol.Key))
        {
            var statuses = protocol.GroupBy(outcome => outcome.Status).OrderByDescending(status => status.Count());
            text.Append($"{protocol.Key}: {protocol.Count():N0} calls: ").AppendJoin(", ", statuses.Select(status => $"{status.Key} {status.Count():N0}")).AppendLine();
        }

        text.Append($"memory {before.WorkingSet / 1e6:N0} MB after half of them, {after.WorkingSet / 1e6:N0} MB after all; heap {before.Heap / 1e6:N0} MB, {after.Heap / 1e6:N0} MB");
        output.WriteLine(text.ToString());
    }
}
