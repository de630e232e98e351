using System.Text.RegularExpressions;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed partial class CostTests
{
    [Fact]
    public void Gap_OfAThousandthOfADayOverACentury_IsRefusedSayingWhatFits()
    {
        var request = Brief(horizon: 36_525, step: 365.25, gap: new() { Constant = 0.001 }, paths: 100_000_000);
        var refusal = Parsers.Refusal(() => Parsers.Parse(request));
        Assert.Equal("REQUEST_TOO_LARGE", refusal.Reason);
        Assert.Equal("Limits:MaxJumps", refusal.Metadata["limit"]);
        Assert.Equal("3.653e15 expected arrivals", refusal.Metadata["asked"]);
        AssertFits(request, refusal.Metadata["fits"]);
    }

    [Fact]
    public void Paths_TooManyForTheWork_AreRefusedSayingHowManyFit()
    {
        var request = Brief(horizon: 10_000, step: 100, gap: new() { Gamma = new() { Mean = 0.05, StandardDeviation = 0.05 } }, paths: 50_000_000);
        var refusal = Parsers.Refusal(() => Parsers.Parse(request));
        Assert.Equal("Limits:MaxJumps", refusal.Metadata["limit"]);
        AssertFits(request, refusal.Metadata["fits"]);
    }

    [Fact]
    public void Gap_TooShortForTheClock_IsRefusedWithAHorizonThatFits()
    {
        var request = Brief(horizon: 36_525, step: 365.25, gap: new() { Exponential = new() { Mean = 0.001 } }, paths: 1_000);
        var refusal = Parsers.Refusal(() => Parsers.Parse(request));
        Assert.Equal("the engine's clock", refusal.Metadata["limit"]);
        AssertFits(request, refusal.Metadata["fits"]);
    }

    [Theory]
    [InlineData(1e-6, 1_000, "the engine's clock")]
    [InlineData(1e-6, 1_000_000, "Limits:MaxJumps")]
    [InlineData(1e-9, 1_000, "Limits:MaxJumps")]
    public void EventThatShortensGapsToNothing_IsRefusedWithAHorizonThatFits(double factor, int paths, string limit)
    {
        var request = Brief(horizon: 730, step: 7, gap: new() { Exponential = new() { Mean = 90 } }, paths);
        request.Scenario.Events.Add(Shortening(factor));
        var refusal = Parsers.Refusal(() => Parsers.Parse(request));
        Assert.Equal(limit, refusal.Metadata["limit"]);
        AssertFits(request, refusal.Metadata["fits"]);
        request.Scenario.Events[0].Disabled = true;
        Assert.Empty(Parsers.Parse(request).Model.Events);
    }

    [Fact]
    public void Gap_DrawnOncePerPath_IsRefusedWithAHorizonThatFits()
    {
        var request = Brief(horizon: 36_525, step: 365.25, gap: new() { Gamma = new() { Shape = 0.3, Scale = 1 } }, paths: 1_000);
        request.Scenario.Assumptions.RotationIntervalDays.Resampling = Assumption.Types.Resampling.PerPath;
        AssertFits(request, Parsers.Refusal(() => Parsers.Parse(request)).Metadata["fits"]);
    }

    [Fact]
    public void EventsThatShortenGapsTogether_AreCountedTogether()
    {
        var request = Brief(horizon: 730, step: 7, gap: new() { Constant = 90 }, paths: 100_000);
        request.Scenario.Events.Add([Shortening(1e-3, "a"), Shortening(1e-3, "b")]);
        Assert.Equal("the engine's clock", Parsers.Refusal(() => Parsers.Parse(request)).Metadata["limit"]);
        request.Scenario.Events.RemoveAt(1);
        Parsers.Parse(request);
    }

    [Fact]
    public void SamplePaths_WithTours_CountTheirReturns()
    {
        var request = Brief(horizon: 3_650, step: 365, gap: new() { Constant = 20 }, paths: 1_000);
        request.Scenario.Assumptions.RotationMode = Assumptions.Types.RotationMode.Reinforce;
        request.SamplePathCount = 700;
        Parsers.Parse(request);
        request.Scenario.Assumptions.TourLengthDays = new() { Distribution = new() { Constant = 30 } };
        Assert.Equal("message size", Parsers.Refusal(() => Parsers.Parse(request)).Metadata["limit"]);
    }

    [Fact]
    public void Tally_LargerThanTheMemory_IsRefusedSayingHowManyPointsFit()
    {
        var request = Brief(horizon: 10_000, step: 1, gap: new() { Constant = 50 }, paths: 1_000);
        var refusal = Parsers.Refusal(() => Parsers.Parse(request, new() { MemoryBytes = 64 << 20 }));
        Assert.Equal("Limits:MemoryBytes", refusal.Metadata["limit"]);
    }

    [Fact]
    public void Answer_WithTooManySamplePaths_IsRefusedSayingHowManyFit()
    {
        var request = Brief(horizon: 3_650, step: 365, gap: new() { Constant = 1 }, paths: 1_000);
        request.SamplePathCount = 1_000;
        var refusal = Parsers.Refusal(() => Parsers.Parse(request));
        Assert.Equal("message size", refusal.Metadata["limit"]);
        var fits = int.Parse(NumberOfPaths().Match(refusal.Metadata["fits"]).Groups[1].Value.Replace(",", "", StringComparison.Ordinal));
        request.SamplePathCount = fits;
        Assert.Equal(fits, Parsers.Parse(request).SamplePathCount);
        request.SamplePathCount = fits + 1;
        Parsers.Refusal(() => Parsers.Parse(request));
    }

    [Fact]
    public void Answer_WithTooManyPoints_IsRefused()
    {
        var request = Brief(horizon: 15_000, step: 1, gap: new() { Constant = 100 }, paths: 1_000);
        request.QuantileLevels.AddRange(Enumerable.Range(1, 99).Select(i => i / 100.0));
        Assert.Contains("points in time would fit", Parsers.Refusal(() => Parsers.Parse(request, new() { MemoryBytes = long.MaxValue })).Metadata["fits"], StringComparison.Ordinal);
    }

    /// <summary>What is said to fit does fit.</summary>
    private static void AssertFits(ProjectRequest request, string fits)
    {
        var match = PathsAndHorizon().Match(fits);
        Assert.True(match.Success, fits);
        request.Paths = long.Parse(match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal));
        if (match.Groups[2].Success)
        {
            request.Scenario.HorizonDays = double.Parse(match.Groups[2].Value.Replace(",", "", StringComparison.Ordinal));
            request.Scenario.StepDays = request.Scenario.HorizonDays / 100;
        }

        Assert.Equal(request.Paths, Parsers.Parse(request).Paths);
    }

    private static ProjectRequest Brief(double horizon, double step, Distribution gap, long paths) => new()
    {
        Paths = paths,
        Scenario = new()
        {
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            HorizonDays = horizon,
            StepDays = step,
            Assumptions = new()
            {
                RotationIntervalDays = new() { Distribution = gap },
                BatchSize = new() { Distribution = new() { Uniform = new() { Min = 10, Max = 20 } } },
            },
        },
    };

    private static Event Shortening(double factor, string id = "e") =>
        new() { EventId = id, Timing = new() { HazardPerYear = 1 }, Effects = new() { IntervalFactor = factor } };

    [GeneratedRegex(@"^([\d,]+) paths(?: over ([\d.,]+) days)? would fit\.$")]
    private static partial Regex PathsAndHorizon();

    [GeneratedRegex(@"^([\d,]+) sample paths would fit\.$")]
    private static partial Regex NumberOfPaths();
}
