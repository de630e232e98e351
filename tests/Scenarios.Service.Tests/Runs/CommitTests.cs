using Google.Rpc;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Scenarios.Service.Tests.Host;
using Scenarios.Service.Tests.Storage;

namespace Scenarios.Service.Tests.Runs;

/// <summary>Last messages and the commits before them.</summary>
[Collection(SharedPostgres.Name)]
public sealed class CommitTests(PostgresServer server)
{
    [Fact]
    public async Task TheLastMessage_WaitsForTheCommit()
    {
        var path = TestFiles.NewDatabase();
        await using var host = await RunsHost.StartAsync(settings: ("Storage:Path", path));
        var spec = Specs.Weekly(20_000);
        await using var otherWriter = await OtherWriter.HoldAsync(path);
        await using var reader = host.Watch(spec);
        Assert.Equal(V1.Progress.Types.State.Running, (await reader.NextAsync())!.Progress.State);
        await host.ComputedAsync(20_000);

        var next = reader.LastAsync();
        Assert.Null(await host.Runs.FindFinishedAsync(spec.Name, default));
        Assert.False(next.IsCompleted);

        await otherWriter.DisposeAsync();
        Assert.Equal(spec.Directly(20_000), (await next).Projection);
        Assert.NotNull(await host.Runs.FindFinishedAsync(spec.Name, default));
    }

    [Fact]
    public async Task AReader_WhoComesAfterAllLeftDuringTheCommit_GetsTheLastMessage()
    {
        var path = TestFiles.NewDatabase();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(time: new FakeTimeProvider(), calls: calls, settings: ("Storage:Path", path));
        var spec = Specs.Weekly(20_000);
        await using var otherWriter = await OtherWriter.HoldAsync(path);
        Task<V1.ProjectResponse?> left;
        await using (var first = host.Watch(spec, finalOnly: true))
        {
            left = first.NextAsync();
            await host.ComputedAsync(20_000);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await calls.ReturnedAsync("LeaveAsync");
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        calls.After = method => _ = method == "JoinAsync" && joined.TrySetResult();
        await using var second = host.Watch(spec, finalOnly: true);
        var last = second.NextAsync();
        await joined.Task.WaitAsync(RunsHost.Patience);
        await otherWriter.DisposeAsync();

        Assert.Equal(spec.Directly(20_000), (await last)!.Projection);
        Assert.Equal(20_000, host.Paths);
    }

    [Fact]
    public async Task AnAnswer_WhoseCommitFails_IsUnavailable_AndIsGivenLaterWithoutComputingAgain()
    {
        await using var own = await PostgresServer.StartAsync();
        var calls = new GrainCalls();
        await using var host = await RunsHost.StartAsync(
            calls: calls,
            settings: [("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", await own.NewDatabaseAsync())]);
        calls.Before = method =>
        {
            if (method == "ComputeAsync")
            {
                calls.Before = _ => { };
                Assert.True(Task.Run(own.StopAsync).Wait(RunsHost.Patience)); // Not on the grain's scheduler, which waits here.
            }
        };
        var spec = Specs.Weekly(1_000);

        await using var reader = host.Watch(spec);
        var error = await reader.ErrorAsync();

        AssertUnavailable(error);
        await host.NoRunsAsync();
        await using var another = host.Watch(Specs.Weekly(2_000));
        AssertUnavailable(await another.ErrorAsync()); // It cannot even be looked for.
        await own.ResumeAsync();
        Assert.Equal(spec.Directly(1_000), (await host.ReadAsync(spec))[^1].Projection);
        Assert.Equal(1_000, host.Paths);
    }

    [Fact]
    public async Task ServicesOnOneDatabase_AnswerWhatEitherHasFinished()
    {
        (string, string)[] settings =
            [("Storage:Provider", "PostgreSql"), ("ConnectionStrings:Scenarios", await server.NewDatabaseAsync())];
        await using var one = await RunsHost.StartAsync(settings: settings);
        await using var other = await RunsHost.StartAsync(settings: settings);
        var spec = Specs.Weekly(5_000);

        var both = await Task.WhenAll(one.ReadAsync(spec), other.ReadAsync(spec)); // Perhaps computed twice, stored once.
        Assert.Equal(both[0][^1].Projection, both[1][^1].Projection);
        var more = Specs.Weekly(6_000);
        await one.ReadAsync(more);
        var before = other.Paths;
        Assert.Equal(more.Directly(6_000), Assert.Single(await other.ReadAsync(more)).Projection);
        Assert.Equal(before, other.Paths);
    }

    private static void AssertUnavailable(RpcException error)
    {
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("STORAGE_UNAVAILABLE", error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
    }

    /// <summary>Holds SQLite's one writer, as another process may, until it is disposed.</summary>
    private sealed class OtherWriter(SqliteConnection connection) : IAsyncDisposable
    {
        public static async Task<OtherWriter> HoldAsync(string path)
        {
            var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            await connection.OpenAsync();
            using var begin = connection.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            return new(connection);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
