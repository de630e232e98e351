using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Scenarios.Service.Tests.Host;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task Reader_WhoTakesNoByteMore_IsEndedAfterAMinute_ThoughTheWriteCannotEnd()
    {
        var time = new FakeTimeProvider();
        await using var service = await RunningService.StartAsync(time);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var readers = ListenTo(service, change => _ = change < 0 && left.TrySetResult());

        // A megabyte and more: far beyond the 64 KiB that an HTTP/2 stream takes in unread.
        var request = Ask.Endless();
        request.Scenario.StepDays = 1;
        request.QuantileLevels.AddRange(Enumerable.Range(1, 20).Select(level => level / 21.0));
        using var call = service.Projections.Project(request, RunningService.InTime);
        await call.ResponseHeadersAsync.WaitAsync(RunningService.Patience); // The first message is being written.
        Assert.False(left.Task.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(60));

        await left.Task.WaitAsync(RunningService.Patience);
        await Assert.ThrowsAsync<RpcException>(call.AllAsync);
        Assert.DoesNotContain(service.LoggedErrors, error => !error.StartsWith("Orleans.", StringComparison.Ordinal)); // To which the clock has leapt.
    }

    private static MeterListener ListenTo(RunningService service, Action<long> readersChanged)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "scenarios.readers.active" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) => readersChanged(change));
        listener.Start();
        return listener;
    }
}
