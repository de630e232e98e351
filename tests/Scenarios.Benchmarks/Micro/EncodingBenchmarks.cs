using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Scenarios.Benchmarks.Peers;

namespace Scenarios.Benchmarks.Micro;

/// <summary>A projection as the service sends it, to bytes and back.</summary>
public class EncodingBenchmarks
{
    private V1.Projection _projection = null!;
    private byte[] _bytes = null!;

    [Params("B1", "B2")]
    public string Case { get; set; } = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        await using var service = await ServiceContestant.StartAsync(Case == "B1" ? PeerCase.Weekly : PeerCase.Daily, threads: 1);
        _projection = await service.ProjectAsync(10_000);
        _bytes = _projection.ToByteArray();
    }

    [Benchmark]
    public int Encode()
    {
        _projection.WriteTo(_bytes.AsSpan(0, _projection.CalculateSize()));
        return _bytes.Length;
    }

    [Benchmark]
    public object Decode() => V1.Projection.Parser.ParseFrom(_bytes);
}
