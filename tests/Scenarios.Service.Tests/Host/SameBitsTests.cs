using Google.Protobuf;

namespace Scenarios.Service.Tests.Host;

public sealed class SameBitsTests
{
    [Fact]
    public async Task SameRequest_WithOneAndTwoEngineThreads_GivesTheSameBytes()
    {
        var request = Ask.Founding(paths: 200_000);
        request.SamplePathCount = 5;
        request.HistogramDays.Add(730);
        var projections = new List<ByteString>();
        foreach (var threads in new[] { "1", "2" })
        {
            await using var service = await RunningService.StartAsync(("Engine:Threads", threads));
            for (var time = 0; time < 2; time++)
            {
                var messages = await service.Projections.Project(request, RunningService.InTime).AllAsync();
                projections.Add(messages[^1].Projection.ToByteString());
            }
        }

        Assert.Single(projections.Distinct());
    }

    [Fact]
    public async Task EverySnapshot_ButForItsName_IsTheFinishedProjectionOfItsPaths()
    {
        await using var service = await RunningService.StartAsync();
        var request = Ask.Founding(paths: 100_000);
        request.UpdateInterval = new() { Nanos = 20_000_000 };
        var snapshots = await service.Projections.Project(request, RunningService.InTime).AllAsync();
        await using var another = await RunningService.StartAsync();
        foreach (var snapshot in snapshots)
        {
            var alone = Ask.Founding(snapshot.Projection.Paths, finalOnly: true);
            var finished = Assert.Single(await another.Projections.Project(alone, RunningService.InTime).AllAsync()).Projection;
            finished.Name = snapshot.Projection.Name;
            Assert.Equal(finished.ToByteString(), snapshot.Projection.ToByteString());
        }
    }
}
