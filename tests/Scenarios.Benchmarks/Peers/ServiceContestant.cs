using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scenarios.Client;
using Scenarios.Service;

namespace Scenarios.Benchmarks.Peers;

/// <summary>The whole service over gRPC on loopback, its client in the same process. Each run has a seed of its own: none is remembered.</summary>
internal sealed class ServiceContestant : IContestant
{
    private readonly PeerCase _case;
    private readonly WebApplication _service;
    private readonly DirectoryInfo _folder;
    private readonly ScenariosClient _client;
    private int _runs;

    private ServiceContestant(PeerCase peerCase, WebApplication service, DirectoryInfo folder)
    {
        _folder = folder;
        _case = peerCase;
        _service = service;
        // Listeners are bound in the order of their names: Grpc before Http.
        _client = new(new Uri(service.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
    }

    public static async Task<ServiceContestant> StartAsync(PeerCase peerCase, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("scenarios-bench-"); // What an earlier bench has stored is not computed again.
        var service = ScenariosHost.Build(
            [
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                "--Service:GracePeriod=00:00:00",
                $"--Engine:Threads={threads}",
                $"--Storage:Path={Path.Combine(folder.FullName, "scenarios.db")}",
            ],
            builder => builder.Logging.ClearProviders());
        await service.StartAsync();
        return new(peerCase, service, folder);
    }

    public async Task<Answer> RunAsync(long paths, int seed) => Read(await ProjectAsync(paths));

    /// <summary>The message itself.</summary>
    public Task<V1.Projection> ProjectAsync(long paths) => _client.ProjectToEndAsync(Request(paths));

    /// <summary>The first message of a run of a million paths.</summary>
    public async Task<Answer> FirstAsync(int seed)
    {
        await foreach (var response in _client.ProjectAsync(Request(1_000_000)))
        {
            return Read(response.Projection);
        }

        throw new InvalidOperationException("The service sent nothing.");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static V1.Assumption Always(double value) => new() { Distribution = new() { Constant = value } };

    private V1.ProjectRequest Request(long paths)
    {
        var weekly = _case == PeerCase.Weekly;
        return new()
        {
            Scenario = new()
            {
                DisplayName = _case.Known.Name,
                StartDate = new Date { Year = 2024, Month = 11, Day = 17 },
                HorizonDays = _case.Known.Model.HorizonDays,
                StepDays = _case.Known.Model.StepDays,
                Thresholds = { _case.Known.Threshold },
                Assumptions = new()
                {
                    InitialCount = Always(weekly ? 15_000 : 0),
                    Cap = Always(100_000),
                    RotationIntervalDays = new()
                    {
                        Distribution = weekly
                            ? new() { LogNormal = new() { Interval = new() { Low = 60, High = 180 } } }
                            : new() { Gamma = new() { Shape = 2, Scale = 3.5 } },
                    },
                    BatchSize = new()
                    {
                        Distribution = weekly
                            ? new() { Triangular = new() { Min = 2000, Mode = 5000, Max = 15_000 } }
                            : new() { Pert = new() { Min = 100, Mode = 400, Max = 1200 } },
                    },
                },
            },
            Paths = paths,
            Seed = ++_runs,
            QuantileLevels = { PeerCase.Levels },
            UpdateInterval = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50)),
        };
    }

    private Answer Read(V1.Projection projection)
    {
        var point = projection.Points[_case.CheckedPoint].Cumulative;
        var passage = projection.Thresholds[0];
        var median = passage.FirstPassage[2];
        return new(
            projection.Paths,
            projection.Points.Sum(p => 2 + p.Cumulative.Quantiles.Count),
            point.Mean,
            point.StandardDeviation,
            [.. point.Quantiles],
            projection.Cap.ReachedProbability,
            passage.ReachedProbability,
            median.HasDay ? median.Day : null);
    }
}
