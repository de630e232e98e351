using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scenarios.Service;

namespace Scenarios.Benchmarks.Load;

/// <summary>What a service under load says of itself.</summary>
/// <param name="Paths">Paths computed since its start.</param>
/// <param name="Encodings">Snapshots encoded.</param>
/// <param name="Messages">Snapshots handed to readers.</param>
/// <param name="Snapshots">When each snapshot was made, by <see cref="Stopwatch.GetTimestamp"/>, which all processes of a machine share.</param>
internal sealed record ServedFigures(long Paths, long Encodings, long Messages, long[] Snapshots);

/// <summary>
/// The service in this process, for a bench that loads it from another: it says where it listens, answers each line "figures" with
/// <see cref="ServedFigures"/> as JSON, and stops when its input ends. The figures are those of its own metrics.
/// </summary>
internal sealed class ServedHost : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<long> _snapshots = [];
    private long _paths;
    private long _encodings;
    private long _messages;

    private ServedHost()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "scenarios.paths" or "scenarios.reader.messages" or "scenarios.snapshot.duration" or "scenarios.snapshot.encode.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Count(instrument.Name, 1));
        _listener.Start();
    }

    public static async Task<int> ServeAsync(string[] settings)
    {
        using var host = new ServedHost();
        await using var service = ScenariosHost.Build(
            ["--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", "--Service:GracePeriod=00:00:00", .. settings],
            builder => builder.Logging.ClearProviders());
        await service.StartAsync();
        var addresses = service.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Console.WriteLine(string.Join(' ', addresses));
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(JsonSerializer.Serialize(host.Figures()));
        }

        return 0;
    }

    public void Dispose() => _listener.Dispose();

    private void Count(string instrument, long value)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            switch (instrument)
            {
                case "scenarios.paths":
                    _paths += value;
                    break;
                case "scenarios.reader.messages":
                    _messages += value;
                    break;
                case "scenarios.snapshot.encode.duration":
                    _encodings += value;
                    break;
                default:
                    _snapshots.Add(now);
                    break;
            }
        }
    }

    private ServedFigures Figures()
    {
        lock (_gate)
        {
            return new(_paths, _encodings, _messages, [.. _snapshots]);
        }
    }
}
