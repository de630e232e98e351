using System.Collections.Immutable;
using Scenarios.Benchmarks;
using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Simulation;

namespace Scenarios.Engine.Tests.Statistics;

public sealed class TallyFormatTests
{
    private const int Paths = 3_000;

    public static TheoryData<int, Sampling> Scenarios()
    {
        var scenarios = new TheoryData<int, Sampling>();
        for (var number = 0; number < 24; number++)
        {
            scenarios.Add(number, number % 2 == 0 ? Sampling.PseudoRandom : Sampling.QuasiRandom);
        }

        return scenarios;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void ATally_WrittenAndRead_IsExtendedToTheBitsOfAFreshOne(int number, Sampling sampling)
    {
        var projector = Compile(GeneralScenarios.Of(number), sampling);
        var fresh = projector.CreateTally();
        projector.Simulate(0, Paths, fresh);
        var read = projector.CreateTally();
        TallyFormat.Read(new MemoryStream(Written(fresh)), read);
        Assert.Equal(TallyBits.Of(fresh), TallyBits.Of(read));

        projector.Simulate(Paths, 1_777, fresh);
        projector.Simulate(Paths, 1_777, read);
        Assert.Equal(Paths + 1_777, read.Paths);
        Assert.Equal(TallyBits.Of(fresh), TallyBits.Of(read));
        var more = projector.CreateTally();
        projector.Simulate(Paths + 1_777, 500, more);
        fresh.Add(more);
        read.Add(more);
        Assert.Equal(TallyBits.Of(fresh), TallyBits.Of(read));
    }

    [Fact]
    public void ATally_OfAnotherShape_IsRefused()
    {
        var tally = Compile(KnownScenarios.Weekly.Model, Sampling.PseudoRandom).CreateTally();
        var written = Written(tally);
        foreach (var other in (Projector[])
        [
            Compile(KnownScenarios.Weekly.Model, Sampling.QuasiRandom),
            Compile(KnownScenarios.Weekly.Model with { StepDays = 14 }, Sampling.PseudoRandom),
            Compile(KnownScenarios.Weekly.Model with { Cap = null }, Sampling.PseudoRandom),
            Projector.Compile(KnownScenarios.Weekly.Model, 1, [50_000], []),
            Projector.Compile(KnownScenarios.Weekly.Model, 1, [50_000, 60_000], [10.5]),
        ])
        {
            Assert.Throws<InvalidDataException>(() => TallyFormat.Read(new MemoryStream(written), other.CreateTally()));
        }
    }

    [Fact]
    public void AForm_ThatIsCutOrGoesOnOrIsOfAnotherVersion_IsRefused()
    {
        var projector = Compile(KnownScenarios.Weekly.Model, Sampling.PseudoRandom);
        var tally = projector.CreateTally();
        projector.Simulate(0, Paths, tally);
        var written = Written(tally);
        byte[] later = [2 << 1, .. written[1..]];
        foreach (var wrong in (byte[][])[[], written[..^1], written[..(written.Length / 2)], [.. written, 0], later])
        {
            Assert.Throws<InvalidDataException>(() => TallyFormat.Read(new MemoryStream(wrong), projector.CreateTally()));
        }
    }

    private static Projector Compile(ArrivalModel model, Sampling sampling) =>
        Projector.Compile(model, 1, [50_000, 60_000], ImmutableArray<double>.Empty, sampling);

    private static byte[] Written(Tally tally)
    {
        using var stream = new MemoryStream();
        TallyFormat.Write(tally, stream);
        return stream.ToArray();
    }
}
