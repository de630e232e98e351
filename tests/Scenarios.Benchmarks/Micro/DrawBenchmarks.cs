using BenchmarkDotNet.Attributes;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Simulation;

namespace Scenarios.Benchmarks.Micro;

/// <summary>Random numbers and quantile tables, a time per draw: in lanes and alone.</summary>
public unsafe class DrawBenchmarks
{
    private readonly QuantileFunction _gaps = QuantileCompiler.Compile(LogNormalDistribution.FromInterval(60, 180, 0.9)!);
    private readonly QuantileFunction _kinked = QuantileCompiler.Compile(
        new PiecewiseLinearDistribution(10, [(0.25, 40), (0.5, 60), (0.75, 90)], 200));

    private readonly int* _ids = MicroBenchmarks.Pinned<int>(MicroBenchmarks.Block);
    private readonly int* _high = MicroBenchmarks.Pinned<int>(MicroBenchmarks.Block);
    private readonly int* _low = MicroBenchmarks.Pinned<int>(MicroBenchmarks.Block);
    private readonly float* _values = MicroBenchmarks.Pinned<float>(MicroBenchmarks.Block);
    private long _first;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < MicroBenchmarks.Block; i++)
        {
            _ids[i] = i;
        }

        WordsInLanes();
    }

    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public void WordsInLanes() => LaneQuantiles.Words(
        CounterRandom.Key(1, DrawPurpose.Batch, 3), _first++, stride: 1, _ids, _high, _low, MicroBenchmarks.Block);

    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public ulong WordsAlone()
    {
        var key = CounterRandom.Key(1, DrawPurpose.Batch, _first++);
        var all = 0UL;
        for (var i = 0; i < MicroBenchmarks.Block; i++)
        {
            all ^= CounterRandom.Word(key, i);
        }

        return all;
    }

    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public void LogNormalInLanes() => LaneQuantiles.Of(_gaps, _high, _values, MicroBenchmarks.Block);

    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public void PiecewiseLinearInLanes() => LaneQuantiles.Of(_kinked, _high, _values, MicroBenchmarks.Block);

    [Benchmark(OperationsPerInvoke = MicroBenchmarks.Block)]
    public double LogNormalAlone()
    {
        var sum = 0.0;
        for (var i = 0; i < MicroBenchmarks.Block; i++)
        {
            sum += _gaps.Evaluate(_high[i]);
        }

        return sum;
    }

    /// <summary>Another distribution each time: known ones are kept.</summary>
    [Benchmark]
    public object CompileLogNormal() => QuantileCompiler.Compile(LogNormalDistribution.FromInterval(60, 180 + (1e-6 * ++_first), 0.9)!);
}
