using System.Runtime.InteropServices;
using Scenarios.Engine.Randomness;

namespace Scenarios.Benchmarks;

/// <summary>
/// Streams of the engine's random words for batteries of tests, each in another order of its counters: what a run consumes is
/// some mixture of these.
/// </summary>
internal static class RandomWords
{
    private const int Seed = 17;

    private delegate ulong WordAt(ulong position);

    /// <summary>The orders, and what they say.</summary>
    public static IReadOnlyDictionary<string, string> Orders { get; } = new Dictionary<string, string>
    {
        ["path-major"] = "64 batches of path 0, then those of path 1, ...",
        ["round-major"] = "batch 0 of 2,048 paths, batch 1 of the same, ... 64 batches, then the next 2,048 paths: the kernel's order",
        ["paths"] = "one batch of paths 0, 1, 2, ...: SplitMix64's own sequence",
        ["batches"] = "batches 0, 1, 2, ... of one path: each from another key",
        ["seeds"] = "one batch of one path under seeds 0, 1, 2, ...",
        ["purposes"] = "every purpose for batch 0 of path 0, of path 1, ...",
        ["high-halves"] = "the halves that gaps are drawn from, round-major",
        ["low-halves"] = "the halves that sizes are drawn from, round-major",
    };

    /// <summary>Writes little-endian words until nobody reads on.</summary>
    /// <param name="order">One of <see cref="Orders"/>.</param>
    /// <param name="output">Takes the bytes.</param>
    public static void Write(string order, Stream output)
    {
        var words = new ulong[1 << 13];
        var halves = new uint[words.Length];
        var shift = order switch { "high-halves" => 32, "low-halves" => 0, _ => -1 };
        var at = Word(order);
        try
        {
            for (var position = 0UL; ; position += (ulong)words.Length)
            {
                for (var i = 0; i < words.Length; i++)
                {
                    words[i] = at(position + (ulong)i);
                }

                if (shift < 0)
                {
                    output.Write(MemoryMarshal.AsBytes<ulong>(words));
                    continue;
                }

                for (var i = 0; i < words.Length; i++)
                {
                    halves[i] = (uint)(words[i] >> shift);
                }

                output.Write(MemoryMarshal.AsBytes<uint>(halves));
            }
        }
        catch (IOException)
        {
            // The battery has seen enough and closed the pipe.
        }
    }

    private static WordAt Word(string order)
    {
        const int Batches = 64;
        const int Block = 2048;
        var keys = Enumerable.Range(0, Batches).Select(batch => CounterRandom.Key(Seed, DrawPurpose.Batch, batch)).ToArray();
        var purposes = Enum.GetValues<DrawPurpose>().Select(purpose => CounterRandom.Key(Seed, purpose, 0)).ToArray();
        return order switch
        {
            "path-major" => i => CounterRandom.Word(keys[i % Batches], (long)(i / Batches)),
            "paths" => i => CounterRandom.Word(keys[0], (long)i),
            "batches" => i => CounterRandom.Word(CounterRandom.Key(Seed, DrawPurpose.Batch, (long)i), 0),
            "seeds" => i => CounterRandom.Word(CounterRandom.Key(i, DrawPurpose.Batch, 0), 0),
            "purposes" => i => CounterRandom.Word(purposes[i % (ulong)purposes.Length], (long)(i / (ulong)purposes.Length)),
            _ => i => CounterRandom.Word(keys[i / Block % Batches], (long)((i / (Block * Batches) * Block) + (i % Block))),
        };
    }
}
