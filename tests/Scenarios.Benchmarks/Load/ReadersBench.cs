using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;

namespace Scenarios.Benchmarks.Load;

/// <summary>
/// A thousand readers of one run over gRPC, and two hundred different runs asked for at once. Bench and service are processes of their own
/// on one machine.
/// </summary>
/// <remarks>
/// The age of a snapshot is the time from its making, which the service's own metric tells, to the moment when a reader has its message
/// whole. Messages don't say when they were made; but snapshots have ever more paths, so that the k-th that was made is the k-th number of
/// paths that any reader has seen, as long as each was seen by somebody: where the two counts differ, there are no figures.
/// Readers take in each message's bytes but parse its progress only, so that the bench takes as little of the machine as may be.
/// </remarks>
internal static class ReadersBench
{
    private const int Readers = 1_000;
    private const int DifferentRuns = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(TextWriter output)
    {
        await using var service = await ServedProcess.StartAsync();
        using var channel = service.Open();
        var isRight = await ReadTogetherAsync(output, service, channel.CreateCallInvoker());
        isRight &= await AcceptAllAsync(output, new V1.ProjectionService.ProjectionServiceClient(channel));
        return isRight ? 0 : 1;
    }

    private static async Task<bool> ReadTogetherAsync(TextWriter output, ServedProcess service, CallInvoker calls)
    {
        using var leaving = new CancellationTokenSource();
        var seen = new ConcurrentQueue<(long Paths, long At, int Bytes)>();
        var first = ReadAsync(calls, seen, leaving.Token);
        await first.Begun;
        await Task.Delay(Settling);
        var memoryOfOne = service.Megabytes;
        var others = Enumerable.Range(1, Readers - 1).Select(_ => ReadAsync(calls, seen, leaving.Token)).ToList();
        await Task.WhenAll(others.Select(reader => reader.Begun));
        await Task.Delay(Settling);

        var from = Stopwatch.GetTimestamp();
        var (cpuBefore, before) = (service.ProcessorSeconds(), await service.FiguresAsync());
        await Task.Delay(Window);
        var (cpuAfter, after) = (service.ProcessorSeconds(), await service.FiguresAsync());
        var memory = service.Megabytes;
        await leaving.CancelAsync();
        await Task.WhenAll(others.Append(first).Select(reader => reader.Ended));

        var paths = seen.Select(message => message.Paths).Distinct().Order().ToList();
        var made = (await service.FiguresAsync()).Snapshots;
        if (made.Length < paths.Count || made.Length > paths.Count + 1) // The last one may have been made for nobody any more.
        {
            output.WriteLine($"{made.Length} snapshots were made, {paths.Count} were seen: no figures.");
            return false;
        }

        var madeAt = paths.Zip(made).ToDictionary(pair => pair.First, pair => pair.Second);
        var messages = seen.Where(message => madeAt[message.Paths] >= from && madeAt[message.Paths] <= from + (long)(Window.TotalSeconds * Stopwatch.Frequency)).ToList();
        var ages = messages.Select(message => Stopwatch.GetElapsedTime(madeAt[message.Paths], message.At).TotalSeconds).ToList();
        var seconds = Window.TotalSeconds;
        var serving = cpuAfter.Others - cpuBefore.Others;
        output.WriteLine($"{Readers:N0} readers of one run for {seconds:N0} s: {after.Snapshots.Length - before.Snapshots.Length} snapshots of {messages[0].Bytes / 1024.0:N0} KiB, {messages.Count:N0} messages");
        output.WriteLine($"age of a snapshot at the reader: p50 {CallTally.Of(ages, 0.5):N3} s, p99 {CallTally.Of(ages, 0.99):N3} s, longest {ages.Max():N3} s");
        output.WriteLine($"encoded {after.Encodings - before.Encodings} times, handed out {after.Messages - before.Messages:N0} times");
        output.WriteLine($"processor time but for computing: {serving / seconds / Readers * 1e3:N2} ms a second and reader, {serving / (after.Messages - before.Messages) * 1e6:N0} us a message; computing {(cpuAfter.Engine - cpuBefore.Engine) / seconds:N2} cores");
        output.WriteLine($"memory: {memory:N0} MB, {(memory - memoryOfOne) * 1024 / Readers:N0} KiB a reader more than with one");
        return after.Encodings - before.Encodings <= after.Snapshots.Length - before.Snapshots.Length + 1;
    }

    private static (Task Begun, Task Ended) ReadAsync(CallInvoker calls, ConcurrentQueue<(long Paths, long At, int Bytes)> seen, CancellationToken cancellation)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (begun.Task, ReadAllAsync());

        async Task ReadAllAsync()
        {
            try
            {
                using var call = calls.AsyncServerStreamingCall(ProgressOnly, null, new(cancellationToken: cancellation), LoadRequests.Lasting(seed: 1));
                while (await call.ResponseStream.MoveNext(cancellation))
                {
                    seen.Enqueue((call.ResponseStream.Current.Progress.PathsCompleted, Stopwatch.GetTimestamp(), call.ResponseStream.Current.Bytes));
                    begun.TrySetResult();
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException || (ended is RpcException && cancellation.IsCancellationRequested))
            {
                // The window is over.
            }
            catch (RpcException error)
            {
                begun.TrySetException(error);
                throw;
            }
        }
    }

    private static Method<V1.ProjectRequest, ReaderMessage> ProgressOnly { get; } = new(
        MethodType.ServerStreaming,
        V1.ProjectionService.Descriptor.FullName,
        "Project",
        Marshallers.Create<V1.ProjectRequest>(request => request.ToByteArray(), V1.ProjectRequest.Parser.ParseFrom),
        Marshallers.Create<ReaderMessage>((_, _) => throw new NotSupportedException("A client writes no responses."), context => Read(context.PayloadAsReadOnlySequence())));

    /// <summary>Field 1 is the projection, which is left as it is; field 2 the progress.</summary>
    private static ReaderMessage Read(ReadOnlySequence<byte> payload)
    {
        var head = new CodedInputStream(payload.Slice(0, Math.Min(16, payload.Length)).ToArray());
        head.ReadTag();
        var length = head.ReadLength();
        return new(V1.ProjectResponse.Parser.ParseFrom(payload.Slice(head.Position + length)).Progress, (int)payload.Length);
    }

    private static async Task<bool> AcceptAllAsync(TextWriter output, V1.ProjectionService.ProjectionServiceClient projections)
    {
        var runs = new CallTally("runs");
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(1, DifferentRuns).Select(seed => runs.MeasureAsync(async () =>
        {
            var request = LoadRequests.Founding(2_000_000, seed);
            request.FinalOnly = true;
            using var call = projections.Project(request);
            while (await call.ResponseStream.MoveNext())
            {
            }
        })));
        output.WriteLine($"{DifferentRuns} different runs of 2,000,000 paths asked for at once: {runs.Statuses()}; all answered after {Stopwatch.GetElapsedTime(began).TotalSeconds:N1} s");
        return runs.Of("OK") == DifferentRuns;
    }

    private sealed record ReaderMessage(V1.Progress Progress, int Bytes);
}
