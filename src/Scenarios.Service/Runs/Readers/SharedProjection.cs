using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Scenarios.Service.Runs.Readers;

/// <summary>The bytes of a projection that readers share: encoded when it is stored or first sent, and never again.</summary>
internal sealed class SharedProjection
{
    /// <summary>By the message itself, which all readers of a silo share: the bytes go when the last of them lets go of it.</summary>
    private static readonly ConditionalWeakTable<V1.Projection, SharedProjection> All = [];

    private readonly Lazy<byte[]> _bytes;

    private SharedProjection(byte[] bytes) => _bytes = new(bytes);

    private SharedProjection(V1.Projection projection, TraceContext? snapshot, RunInstruments instruments) => _bytes = new(() =>
    {
        using var span = RunTraces.StartEncoding(snapshot, projection.Name);
        var began = Stopwatch.GetTimestamp();
        var bytes = projection.ToByteArray();
        instruments.Encoded(Stopwatch.GetElapsedTime(began));
        return bytes;
    });

    /// <summary>Has a projection encoded once for all who are sent it.</summary>
    /// <param name="projection">The message that all of them get.</param>
    /// <param name="snapshot">The span in which it was made; null where it is to have none.</param>
    /// <param name="instruments">Measure the encoding.</param>
    public static void Share(V1.Projection projection, TraceContext? snapshot, RunInstruments instruments) =>
        All.GetValue(projection, shared => new(shared, snapshot, instruments));

    /// <summary>Has a projection sent as it is stored.</summary>
    /// <param name="projection">The message that all get.</param>
    /// <param name="bytes">What it was read from.</param>
    public static void Share(V1.Projection projection, byte[] bytes) => All.GetValue(projection, _ => new(bytes));

    /// <summary>The bytes of a projection; null where it is nobody's but the caller's.</summary>
    public static byte[]? BytesOf(V1.Projection projection) => All.TryGetValue(projection, out var shared) ? shared._bytes.Value : null;
}
