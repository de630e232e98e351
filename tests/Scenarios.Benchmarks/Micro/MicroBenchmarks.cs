using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Scenarios.Benchmarks.Micro;

/// <summary>The parts of a run by themselves, by BenchmarkDotNet.</summary>
internal static class MicroBenchmarks
{
    /// <summary>Draws, words or changes of one invocation: a block of the kernel.</summary>
    public const int Block = 2048;

    public static void Run()
    {
        // In this process: a generated project would be held to this repository's rules.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkRunner.Run([typeof(DrawBenchmarks), typeof(TallyBenchmarks), typeof(EncodingBenchmarks)], config);
    }

    /// <summary>Memory that stays where it is, on a cache line.</summary>
    internal static unsafe T* Pinned<T>(int count)
        where T : unmanaged
    {
        var memory = NativeMemory.AlignedAlloc((nuint)(count * sizeof(T)), 64);
        NativeMemory.Clear(memory, (nuint)(count * sizeof(T)));
        return (T*)memory;
    }
}
