using System.Runtime.CompilerServices;

namespace Scenarios.Engine.Randomness;

/// <summary>What a random word is for. Two purposes never share a word, so no draw shifts another.</summary>
internal enum DrawPurpose : uint
{
    /// <summary>High half: the gap before batch k; low half: its size.</summary>
    Batch = 1,

    /// <summary>High half: does batch k come at all? The low half is free.</summary>
    Skip = 2,

    /// <summary>High half: the value of a path; low half: its path factor. Likewise the purposes below.</summary>
    InitialCount = 3,
    Cap = 4,
    FirstArrival = 5,
    RotationInterval = 6,
    BatchSize = 7,
    TourLength = 8,

    /// <summary>High half: the tour of batch k. The low half is free.</summary>
    BatchTour = 9,

    /// <summary>High half: the initial contingent's own tour. The low half is free.</summary>
    InitialTour = 10,

    /// <summary>By event: high half: does it happen at all? The low half is free.</summary>
    EventChance = 11,

    /// <summary>
    /// By event: its days or waiting time, and the path factor of its days; or whether it happens within the horizon, and when.
    /// </summary>
    EventTime = 12,

    /// <summary>By event: how long it lasts, and the path factor of that.</summary>
    EventDuration = 13,

    /// <summary>By dimension: the scrambles of quasi-random points.</summary>
    Scramble = 14,
}

/// <summary>
/// Counter-based random numbers: a word is a function of (seed, purpose, index, path) and of nothing else, so that any
/// draw of any path can be made again, alone and anywhere.
/// </summary>
/// <remarks>
/// For a given key the words of paths 0, 1, 2, ... are the SplitMix64 sequence that starts from the key (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014); the key itself is three rounds of the same mix.
/// </remarks>
internal static class CounterRandom
{
    /// <summary>2^64 divided by the golden ratio, odd: SplitMix64's increment.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>First multiplier of SplitMix64's finaliser (Stafford's variant 13).</summary>
    public const ulong Mix1 = 0xBF58476D1CE4E5B9;

    /// <summary>Second multiplier of SplitMix64's finaliser.</summary>
    public const ulong Mix2 = 0x94D049BB133111EB;

    /// <summary>SplitMix64's finaliser: a bijection in which every input bit flips half of the output bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * Mix1;
        z = (z ^ (z >> 27)) * Mix2;
        return z ^ (z >> 31);
    }

    /// <summary>The key of a purpose and index under a seed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Key(ulong seed, DrawPurpose purpose, long index) =>
        Mix(Mix(Mix(seed + Golden) + ((ulong)purpose * Mix1)) + ((ulong)index * Mix2));

    /// <summary>The word of a path under a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word(ulong key, long path) => Mix(key + (((ulong)path + 1) * Golden));
}
