using Grpc.Core;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Tests.Runs;

/// <summary>One reader, who takes messages when the test says so, and leaves by cancelling as a client does.</summary>
internal sealed class TestReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly IAsyncEnumerator<V1.ProjectResponse> _messages;

    public TestReader(IProjectionRuns runs, ProjectionSpec spec, ReaderOptions options)
    {
        _messages = runs.WatchAsync(spec, options, _leaving.Token).GetAsyncEnumerator();
    }

    /// <summary>The next message; null after the last.</summary>
    public async Task<V1.ProjectResponse?> NextAsync() =>
        await _messages.MoveNextAsync().AsTask().WaitAsync(RunsHost.Patience) ? _messages.Current : null;

    /// <summary>The error that the reader gets, after whatever messages.</summary>
    public async Task<RpcException> ErrorAsync() => await Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (await NextAsync() is not null)
        {
        }
    });

    /// <summary>The last message.</summary>
    public async Task<V1.ProjectResponse> LastAsync()
    {
        V1.ProjectResponse? last = null;
        while (await NextAsync() is { } message)
        {
            last = message;
        }

        return last!;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        try
        {
            await _messages.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // The test failed while it waited for a message.
        }

        _leaving.Dispose();
    }
}
