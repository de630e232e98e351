using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Scenarios.Service.Runs.Readers;

/// <summary>The bytes of a projection that readers share: encoded when it is stored or first sent, compressed when first sent so, and never again.</summary>
internal sealed class SharedProjection
{
    /// <summary>By the message itself, which all readers of a silo share: the bytes go when the last of them lets go of it.</summary>
    private static readonly ConditionalWeakTable<V1.Projection, SharedProjection> All = [];

    private readonly Lazy<byte[]> _bytes;
    private readonly Lazy<byte[]> _deflated;

    private SharedProjection(byte[] bytes)
        : this(new Lazy<byte[]>(bytes))
    {
    }

    private SharedProjection(Lazy<byte[]> bytes)
    {
        _bytes = bytes;
        _deflated = new(() => DeflatedFrom(bytes.Value));
    }

    private SharedProjection(V1.Projection projection, TraceContext? snapshot, RunInstruments instruments)
        : this(new Lazy<byte[]>(() =>
        {
            using var span = RunTraces.StartEncoding(snapshot, projection.Name);
            var began = Stopwatch.GetTimestamp();
            var bytes = projection.ToByteArray();
            instruments.Encoded(Stopwatch.GetElapsedTime(began));
            return bytes;
        }))
    {
    }

    /// <summary>The encoded projection.</summary>
    public byte[] Bytes => _bytes.Value;

    /// <summary>The same as blocks of deflate, which others can follow: compressed for the first reader that takes gzip, and never again.</summary>
    public byte[] Deflated => _deflated.Value;

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

    /// <summary>What readers of a projection share; null if it belongs to one caller alone.</summary>
    public static SharedProjection? Of(V1.Projection projection) => All.TryGetValue(projection, out var shared) ? shared : null;

    /// <summary>Blocks that end at a byte, and of which none is the last: without its end a stream of deflate can be followed by more.</summary>
    private static byte[] DeflatedFrom(byte[] bytes)
    {
        using var output = new MemoryStream(bytes.Length / 2);
        using var deflate = new DeflateStream(output, CompressionLevel.Fastest);
        deflate.Write(bytes);
        deflate.Flush();
        return output.ToArray();
    }
}
