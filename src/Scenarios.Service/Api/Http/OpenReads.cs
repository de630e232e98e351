using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Scenarios.Service.Api.Http;

/// <summary>
/// Ends the reads of a gRPC-Web request's body that are left open. The library's reader of Base64 (Grpc.AspNetCore.Web 2.85, Base64PipeReader)
/// throws on bytes that are none without ending its read; Kestrel then cannot drain the body, logs an error, and closes the connection
/// unannounced, which loses the client's next request on it.
/// </summary>
internal sealed class OpenReads : PipeReader, IRequestBodyPipeFeature
{
    private const string GrpcWeb = "application/grpc-web";

    private readonly PipeReader _body;
    private ReadOnlySequence<byte>? _open;

    private OpenReads(PipeReader body) => _body = body;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>Comes before gRPC-Web, whose reader reads from this one.</summary>
    public static void UseOpenReads(IApplicationBuilder app) => app.Use((http, next) =>
        http.Request.ContentType?.StartsWith(GrpcWeb, StringComparison.OrdinalIgnoreCase) == true ? InvokeAsync(http, next) : next(http));

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed)
    {
        _open = null;
        _body.AdvanceTo(consumed);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _open = null;
        _body.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await _body.ReadAsync(cancellationToken);
        _open = result.Buffer;
        return result;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var isRead = _body.TryRead(out result);
        _open = isRead ? result.Buffer : _open;
        return isRead;
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _body.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _open = null;
        _body.Complete(exception);
    }

    private static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var reads = new OpenReads(http.Request.BodyReader);
        http.Features.Set<IRequestBodyPipeFeature>(reads);
        await next(http);
        if (reads._open is { } read)
        {
            reads.AdvanceTo(read.End);
        }
    }
}
