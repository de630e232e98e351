using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Scenarios.Service.Api;
using Scenarios.Service.Runs;
using Scenarios.Service.Runs.Readers;
using Scenarios.Service.Tests.Runs;

namespace Scenarios.Service.Tests.Telemetry;

public sealed class SharedEncodingTests
{
    [Fact]
    public void AMessage_OfSharedBytes_IsThatOfTheGeneratedCode()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<RunInstruments>().BuildServiceProvider();
        var response = new V1.ProjectResponse
        {
            Projection = Specs.Weekly(1_000).Directly(1_000),
            Progress = new() { PathsCompleted = 1_000, PathsRequested = 2_000, State = V1.Progress.Types.State.Running, SnapshotsSkipped = 3 },
        };
        var expected = response.ToByteArray();
        Assert.Equal(expected, Written(response)); // Not shared yet.

        SharedProjection.Share(response.Projection, snapshot: null, services.GetRequiredService<RunInstruments>());

        Assert.Equal(expected, Written(response));
        Assert.Same(SharedProjection.Of(response.Projection)!.Bytes, SharedProjection.Of(response.Projection)!.Bytes);
    }

    [Fact]
    public void E7_SharedBytes_AreCompressedOnce_AndUnfoldToTheMessage()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<RunInstruments>().BuildServiceProvider();
        var response = new V1.ProjectResponse
        {
            Projection = Specs.Weekly(1_000).Directly(1_000),
            Progress = new() { PathsCompleted = 1_000, PathsRequested = 2_000, State = V1.Progress.Types.State.Running },
        };
        var plain = response.ToByteArray();
        SharedProjection.Share(response.Projection, snapshot: null, services.GetRequiredService<RunInstruments>());
        var context = new Payload { Compression = new() };
        SharedProjectionMethod.Write(response, context);
        var packed = context.Packed.ToArray();

        using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var message = new MemoryStream();
        unpacked.CopyTo(message);
        Assert.Equal(plain, message.ToArray());
        Assert.Equal(Crc32.HashToUInt32(plain), BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 8)));
        Assert.Equal(plain.Length, BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(packed.Length - 4)));
        var shared = SharedProjection.Of(response.Projection)!;
        Assert.Same(shared.Deflated, shared.Deflated);
        Assert.True(packed.AsSpan().IndexOf(shared.Deflated) > 0);
    }

    private static byte[] Written(V1.ProjectResponse response)
    {
        var context = new Payload();
        SharedProjectionMethod.Write(response, context);
        Assert.Equal(context.Length, context.Bytes.WrittenCount);
        return context.Bytes.WrittenSpan.ToArray();
    }

    private sealed class Payload : SerializationContext
    {
        public int Length { get; private set; }

        public ArrayBufferWriter<byte> Bytes { get; } = new();

        public override void SetPayloadLength(int payloadLength) => Length = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => Bytes;

        public GzipMessages? Compression { get; init; }

        public MemoryStream Packed { get; } = new();

        /// <summary>As the server does it.</summary>
        public override void Complete()
        {
            using var compression = Compression?.CreateCompressionStream(Packed, null);
            compression?.Write(Bytes.WrittenSpan);
        }
    }
}
