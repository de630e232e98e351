using Microsoft.Extensions.Time.Testing;
using Scenarios.Service.Runs.Grains;
using Scenarios.Service.Runs.Readers;

namespace Scenarios.Service.Tests.Runs;

/// <summary>How long a run takes yet, as its readers are told.</summary>
public sealed class RunSpeedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void N7_FromTheSecondSnapshotOn_TheRestIsRightWithinAFactorOfTwo(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            // Compiling and the queue take up to a minute, the paths from half a second on; shards end in lumps of up to a quarter more or less.
            var setUp = random.NextDouble() * 60;
            var paths = (long)Math.Pow(10, 5 + (4 * random.NextDouble()));
            var seconds = 0.5 + (random.NextDouble() * 600);
            var pace = 0.02 + (random.NextDouble() * 0.2);
            var isExtended = random.Next(2) == 0;
            var speed = new RunSpeed();
            var done = isExtended ? paths / 3 : 1_000;
            var time = setUp;
            speed.Observe(TimeSpan.FromSeconds(time), done);
            Assert.Equal(0, speed.PathsPerSecond);

            var rate = (paths - done) / seconds;
            var nextSnapshot = time + pace;
            while (done < paths)
            {
                var shard = Math.Min(paths - done, Math.Max(1, (long)(rate * pace / 4)));
                time += shard / rate * (0.75 + (random.NextDouble() / 2));
                done += shard;
                speed.Observe(TimeSpan.FromSeconds(time), done);
                if (time >= nextSnapshot && done < paths)
                {
                    nextSnapshot = time + pace;
                    Assert.InRange((paths - done) / speed.PathsPerSecond, (paths - done) / rate / 2, (paths - done) / rate * 2);
                }
            }
        }
    }

    [Fact]
    public void N7_AfterAChangeOfSpeed_TheRestIsRightAgainWithinSeconds()
    {
        var speed = new RunSpeed();
        for (var tenth = 0; tenth <= 600; tenth++)
        {
            // A million paths a second, and a tenth of it from the thirtieth second on.
            speed.Observe(TimeSpan.FromSeconds(tenth / 10.0), tenth <= 300 ? tenth * 100_000L : 30_000_000 + ((tenth - 300) * 10_000L));
            if (tenth is > 1 and <= 300)
            {
                Assert.Equal(1e6, speed.PathsPerSecond, 1);
            }
            else if (tenth > 335)
            {
                Assert.Equal(1e5, speed.PathsPerSecond, 1);
            }
        }
    }

    [Fact]
    public async Task N7_AReader_IsToldTheRestAtTheSpeedOfLate_AndNothingBeforeThereIsOne()
    {
        var time = new FakeTimeProvider();
        using var slot = new ReaderSlot(10_000, new(TimeSpan.FromMilliseconds(100), false), time, _ => { });
        slot.Offer(new() { Version = 1, Projection = new() { Paths = 1_000 }, State = V1.Progress.Types.State.Running, PathsPerSecond = 10 });
        Assert.Null((await slot.TakeAsync(default)).Response.Progress.EstimatedRemaining);

        time.Advance(TimeSpan.FromSeconds(1));
        slot.Offer(new()
        {
            Version = 2,
            Projection = new() { Paths = 4_000 },
            State = V1.Progress.Types.State.Running,
            PathsPerSecond = 10,
            RecentPathsPerSecond = 3_000,
        });
        Assert.Equal(TimeSpan.FromSeconds(2), (await slot.TakeAsync(default)).Response.Progress.EstimatedRemaining.ToTimeSpan());
    }

    [Fact]
    public async Task N7_TheFirstSnapshotOfARun_HasNoEstimate_OfOneThatGoesOnNeither()
    {
        await using var host = await RunsHost.StartAsync();
        foreach (var paths in new[] { 3_000_000, 12_000_000 })
        {
            var messages = await host.ReadAsync(Specs.Weekly(paths), TimeSpan.FromMilliseconds(20));
            Assert.Equal(V1.Progress.Types.State.Running, messages[0].Progress.State);
            Assert.Null(messages[0].Progress.EstimatedRemaining);
            Assert.All(messages.Skip(1).SkipLast(1), message => Assert.NotNull(message.Progress.EstimatedRemaining));
            Assert.Equal(TimeSpan.Zero, messages[^1].Progress.EstimatedRemaining.ToTimeSpan());
        }
    }
}
