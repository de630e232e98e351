using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Grpc.Core;
using Grpc.Net.Compression;
using Scenarios.Service.Api.Requests;
using Scenarios.Service.Runs.Readers;

namespace Scenarios.Service.Api;

/// <summary>
/// gzip for messages of gRPC. What readers of a projection share is compressed once for all of them: a message is then that, between two
/// blocks that are stored as they are. A compressed request is read up to the size that any request may have.
/// </summary>
internal sealed class GzipMessages : ICompressionProvider
{
    /// <summary>As grpc-encoding names it.</summary>
    public const string Name = "gzip";

    private const int LongestStoredBlock = ushort.MaxValue;

    /// <summary>The server writes the message that it compresses on the thread that it asks for the compression.</summary>
    [ThreadStatic]
    private static SharedMessage? _written;

    /// <inheritdoc/>
    public string EncodingName => Name;

    /// <summary>Member header of RFC 1952: deflate, no name, no time, an unknown system.</summary>
    private static ReadOnlySpan<byte> Header => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    /// <summary>Completes a message of which a part is shared.</summary>
    /// <param name="context">What the message was written to.</param>
    /// <param name="message">The same message in its parts.</param>
    public static void Complete(SerializationContext context, SharedMessage message)
    {
        _written = message;
        try
        {
            context.Complete();
        }
        finally
        {
            _written = null;
        }
    }

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream outputStream, CompressionLevel? compressionLevel)
    {
        if (_written is not { } message || Math.Max(message.Before.Length, message.After.Length) > LongestStoredBlock)
        {
            return new GZipStream(outputStream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);
        }

        WriteShared(outputStream, message);
        return Stream.Null; // All of the message is there.
    }

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream compressedStream) => new BoundedStream(new GZipStream(compressedStream, CompressionMode.Decompress));

    private static void WriteShared(Stream output, SharedMessage message)
    {
        output.Write(Header);
        WriteStored(output, message.Before.Span, isLast: false);
        output.Write(message.Shared.Deflated);
        WriteStored(output, message.After.Span, isLast: true);
        var check = new Crc32();
        check.Append(message.Before.Span);
        check.Append(message.Shared.Bytes);
        check.Append(message.After.Span);
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, check.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], message.Before.Length + message.Shared.Bytes.Length + message.After.Length);
        output.Write(trailer);
    }

    /// <summary>A block of deflate without compression (RFC 1951, section 3.2.4).</summary>
    private static void WriteStored(Stream output, ReadOnlySpan<byte> bytes, bool isLast)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~bytes.Length);
        output.Write(head);
        output.Write(bytes);
    }

    /// <summary>A message in its parts.</summary>
    /// <param name="Before">Bytes before the shared ones.</param>
    /// <param name="Shared">The shared ones.</param>
    /// <param name="After">Bytes after them.</param>
    public sealed record SharedMessage(ReadOnlyMemory<byte> Before, SharedProjection Shared, ReadOnlyMemory<byte> After);

    /// <summary>Reads a stream up to the size of a request: few bytes can unfold to any number.</summary>
    private sealed class BoundedStream(Stream inner) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _read += read;
            return _read <= RequestCost.MostMessageBytes
                ? read
                : throw new RpcException(new(StatusCode.ResourceExhausted, "The message unfolds beyond the size of a request."));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
