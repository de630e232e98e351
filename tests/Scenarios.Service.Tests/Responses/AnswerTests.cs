using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;

namespace Scenarios.Service.Tests.Responses;

public sealed class AnswerTests
{
    private static readonly ArrivalModel Founding = new Told().Model;
    private static readonly Assumption Gap75 = new(new ConstantDistribution(75), Resampling.PerBatch);
    private static readonly Assumption Batch15000 = new(new ConstantDistribution(15_000), Resampling.PerBatch);

    private static readonly ArrivalModel ByHand = Founding with { HorizonDays = 365, RotationIntervalDays = Gap75, BatchSize = Batch15000 };

    [Fact]
    public void Headline_OfAMillionFutures_IsTheDesignsSentence() => Assert.Equal(
        "By 17 November 2026 about **83,000 troops** will have been sent in total, very likely (95 %) more than **62,000**; "
        + "passing **50,000** is almost certain (99.7 %), reaching the ceiling of **100,000** very unlikely (13 %).",
        new Told().Headline);

    [Fact]
    public void Headline_OfAThousandFutures_ClaimsNoMoreThanTheyShow()
    {
        var told = new Told { Paths = 1_000 };
        var figures = told.Figures with
        {
            Low = new(62_700, 918),
            Median = new(83_000, 612),
            Threshold = new(0.997, 0.0019),
            Cap = new(0.12, 0.0103),
        };
        Assert.Equal(
            "By 17 November 2026 about **83,000 troops** will have been sent in total, very likely (95 %) more than about **63,000**; "
            + "passing **50,000** is almost certain (over 99 %), reaching the ceiling of **100,000** very unlikely (about 12 %).",
            (told with { Figures = figures }).Headline);
    }

    [Fact]
    public void Headline_OfTenFutures_GivesNoIntervalAndCoarseCounts()
    {
        var told = new Told { Paths = 10 };
        Assert.StartsWith(
            "By 17 November 2026 about **80,000 troops** will have been sent in total; passing",
            (told with { Figures = told.Figures with { Median = new(83_000, 6_100) } }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_Below_TheCeiling_GivesBothEnds()
    {
        var told = new Told();
        Assert.Contains(
            "sent in total, very likely (90 %) between **62,000** and **99,000**; passing",
            (told with { Figures = told.Figures with { High = new(98_700, 30) } }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhereTheLowEndIsAnAtom_SaysAtLeast()
    {
        var told = new Told();
        Assert.Contains(
            "very likely (95 %) at least **15,000**;",
            (told with { Figures = told.Figures with { Low = new(15_000, 0) } }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhereNearlyAllEndAtTheCeiling_SaysItOnce()
    {
        var told = new Told();
        var figures = told.Figures with
        {
            Low = new(100_000, 0),
            Median = new(100_000, 0),
            Cap = new(0.99998839, 3.4e-6),
        };
        Assert.Equal(
            "By 17 November 2026 **100,000 troops** will have been sent in total; "
            + "passing **50,000** is almost certain (99.7 %), reaching the ceiling of **100,000** almost certain (over 99.9 %).",
            (told with { Figures = figures }).Headline);
    }

    [Fact]
    public void Headline_WhereNineOfTenEndAtOneCountBelowTheCeiling_SaysSo()
    {
        var told = new Told();
        var figures = told.Figures with { Low = new(75_000, 0), Median = new(75_000, 0), High = new(75_000, 0) };
        Assert.Contains(
            "**75,000 troops** will have been sent in total, very likely (over 90 %) exactly that;",
            (told with { Figures = figures }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WithoutThresholdAndCap_EndsWithTheInterval()
    {
        var told = new Told { Threshold = null, Model = Founding with { Cap = null } };
        var figures = told.Figures with { Threshold = null, Cap = null, ConstantCap = null, High = new(104_400, 40) };
        Assert.Equal(
            "By 17 November 2026 about **83,000 troops** will have been sent in total, "
            + "very likely (90 %) between **62,000** and **104,000**.",
            (told with { Figures = figures }).Headline);
    }

    [Fact]
    public void Headline_WithAnUncertainCap_NamesNoFigureForIt()
    {
        var told = new Told { Threshold = null };
        var figures = told.Figures with { Threshold = null, ConstantCap = null, High = new(96_000, 40) };
        Assert.EndsWith(
            "**96,000**; reaching the ceiling is very unlikely (13 %).",
            (told with { Figures = figures }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WithACapOnThosePresent_ComparesTheTotalWithNothing()
    {
        var told = new Told { Threshold = null, Model = Founding with { CapBasis = CapBasis.Present } };
        var figures = told.Figures with { Threshold = null, High = new(120_000, 40) };
        Assert.EndsWith(
            "between **62,000** and **120,000**; reaching the ceiling of **100,000** at any one time is very unlikely (13 %).",
            (told with { Figures = figures }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WithAlmostNoChance_HasIt()
    {
        var told = new Told();
        Assert.EndsWith(
            "; passing **50,000** is almost certain (99.7 %), reaching the ceiling of **100,000** has almost no chance (under 0.1 %).",
            (told with { Figures = told.Figures with { Cap = new(1.0667e-4, 1e-5) } }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_OfWhatWasNeverSeen_SaysOfHowMany()
    {
        var told = new Told();
        var headline = (told with { Figures = told.Figures with { Cap = new(0, 9.8e-7) } }).Headline;
        Assert.EndsWith("has almost no chance (none of 1,000,000 futures).", headline, StringComparison.Ordinal);
        Assert.DoesNotContain("impossible", headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_OfAThresholdPassedAtTheStart_SaysSo() => Assert.Contains(
        "; **15,000** is passed from the start, reaching",
        new Told { Threshold = 15_000 }.Headline,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", "By 17 November 2026 the total counted will be about **83,000**, very likely")]
    [InlineData("", "sent", "By 17 November 2026 the total sent will be about **83,000**, very likely")]
    [InlineData("doses", "", "By 17 November 2026 about **83,000 doses** will have been counted in total, very likely")]
    public void Headline_WithoutNounOrVerb_StillReads(string noun, string verb, string start) =>
        Assert.StartsWith(start, new Told { Noun = noun, Verb = verb }.Headline, StringComparison.Ordinal);

    [Fact]
    public void Headline_WithAsterisksInTheNoun_KeepsItsOwnMarkup() =>
        Assert.Contains("**83,000 \u2217\u2217men\u2217\u2217**", new Told { Noun = "**men**" }.Headline, StringComparison.Ordinal);

    [Fact]
    public void Headline_OfACertainScenario_LeavesChanceOut()
    {
        var told = new Told { Model = ByHand, Paths = 1 };
        var figures = told.Figures with
        {
            Low = new(75_000, 0),
            Median = new(75_000, 0),
            High = new(75_000, 0),
            Threshold = new(1, 0.4),
            Cap = new(0, 0.4),
            CapFastestPercentDay = null,
        };
        told = told with { Figures = figures };
        Assert.Equal(
            "By 17 November 2025 **75,000 troops** will have been sent in total; "
            + "**50,000** is passed, the ceiling of **100,000** not reached.",
            told.Headline);
        Assert.Equal("All along, **15,000** are present at any one time: as many leave as arrive.", told.Consequence);
    }

    [Fact]
    public void Headline_OfTightCounts_IsFineEnoughToTellTheEndsApart()
    {
        var told = new Told();
        var figures = told.Figures with { Low = new(83_110, 2), Median = new(83_240, 2), High = new(83_390, 2) };
        Assert.Contains("about **83,200 troops**", (told with { Figures = figures }).Headline, StringComparison.Ordinal);
        Assert.Contains("between **83,100** and **83,400**", (told with { Figures = figures }).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_OfAMillionFutures_IsTheDesignsSentence() => Assert.Equal(
        "100,000 within a year happens in **none of 1,000,000 futures**; the fastest 1 in 100 get there by 26 June 2026. "
        + "All along, **15,000** are present at any one time: as many leave as arrive.",
        new Told().Consequence);

    [Fact]
    public void Consequence_WhereFewerThanOneInAHundredGetThere_NamesNoFastest()
    {
        var told = new Told();
        var figures = told.Figures with { CapWithinYearPaths = 12, CapFastestPercentDay = null };
        Assert.StartsWith(
            "100,000 within a year happens in **12 of 1,000,000 futures**. All along",
            (told with { Figures = figures }).Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_OfAHorizonWithinAYear_SaysNothingOfAYear()
    {
        var told = new Told { Model = Founding with { HorizonDays = 200 } };
        Assert.StartsWith(
            "The fastest 1 in 100 reach the ceiling of **100,000** by 6 February 2025. All along",
            (told with { Figures = told.Figures with { CapFastestPercentDay = 81.9 } }).Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_WithAnUncertainCap_SpeaksOfTheCeiling()
    {
        var told = new Told();
        Assert.StartsWith(
            "Reaching the ceiling within a year happens in **none of 1,000,000 futures**; the fastest",
            (told with { Figures = told.Figures with { ConstantCap = null } }).Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_OfACertainScenarioThatReachesTheCeiling_NamesTheDay()
    {
        var told = new Told { Model = ByHand, Paths = 1_000 };
        var figures = told.Figures with { Cap = new(1, 0.001), CapFastestPercentDay = 360 };
        Assert.StartsWith(
            "The ceiling of **100,000** is reached on 12 November 2025. All along",
            (told with { Figures = figures }).Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_WhereThosePresentVary_GivesTheirMedianAtTheHorizon()
    {
        var told = new Told();
        var figures = told.Figures with { Cap = null, PresentThroughout = null, PresentMedian = new(12_340, 20) };
        Assert.Equal(
            "On 17 November 2026 about **12,000** are present: as many leave as arrive, "
            + "or all that are there if they are fewer.",
            (told with { Figures = figures }).Consequence);
    }

    [Fact]
    public void Consequence_OfReinforcement_SaysThatNobodyLeaves()
    {
        var told = new Told { Model = Founding with { RotationMode = RotationMode.Reinforce } };
        Assert.EndsWith(
            "None leave: all that came are still present.",
            (told with { Figures = told.Figures with { PresentThroughout = null } }).Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_WithoutCapAndMode_IsEmpty()
    {
        var told = new Told { Model = Founding with { RotationMode = RotationMode.Unspecified, Cap = null } };
        var figures = told.Figures with { Cap = null, ConstantCap = null, PresentThroughout = null };
        Assert.Equal("", (told with { Figures = figures }).Consequence);
    }

    /// <summary>Events of which something is open, and one that is known: only then chance is left out of the sentence.</summary>
    public static TheoryData<ArrivalEvent, bool> KnownAndUnknownEvents => new()
    {
        { Halt(new EventTiming.OnDay(100)), true },
        { Halt(new EventTiming.OnDay(-30)), true },
        { Halt(new EventTiming.AfterDays(Gap75)), true },
        { Halt(new EventTiming.Hazard(0)), true },
        { Halt(new EventTiming.WithinHorizon(0)), true },
        { Halt(new EventTiming.Hazard(0.25)) with { Probability = 0 }, true },
        { Halt(new EventTiming.Hazard(0.25)) with { After = "disabled" }, true },
        { Halt(new EventTiming.Hazard(0.25)) with { Halt = false }, true },
        { Halt(new EventTiming.OnDay(100)) with { DurationDays = Gap75 }, true },
        { Halt(new EventTiming.OnDay(100)) with { Probability = 0.5 }, false },
        { Halt(new EventTiming.OnDay(100)) with { DurationDays = Founding.RotationIntervalDays }, false },
        { Halt(new EventTiming.OnDay(100)) with { Halt = false, BatchSizeFactor = 1.25, Probability = 0.5 }, false },
        { Halt(new EventTiming.OnDay(100)) with { Halt = false, CapChange = -20_000, Probability = 0.5 }, false },
        { Halt(new EventTiming.AfterDays(Founding.RotationIntervalDays)), false },
        { Halt(new EventTiming.Hazard(0.25)), false },
        { Halt(new EventTiming.WithinHorizon(1)), false },
    };

    [Theory]
    [MemberData(nameof(KnownAndUnknownEvents))]
    public void Headline_OfConstantsWithAnEvent_LeavesChanceOutWhereTheEventIsKnown(ArrivalEvent happening, bool isKnown)
    {
        var told = new Told { Model = ByHand with { Events = [happening] } };
        var figures = told.Figures with
        {
            Low = new(45_000, 0),
            Median = new(75_000, 0),
            High = new(75_000, 0),
            Threshold = new(0.7, 0.001),
        };
        var headline = (told with { Figures = figures }).Headline;
        Assert.Equal(isKnown, headline.Contains("**50,000** is not passed", StringComparison.Ordinal));
        Assert.Equal(!isKnown, headline.Contains("passing **50,000** is likely (70 %)", StringComparison.Ordinal));
        Assert.Equal(!isKnown, headline.Contains("very likely (90 %) between **45,000** and **75,000**", StringComparison.Ordinal));
    }

    [Fact]
    public void Headline_OfConstantsWithAnEventAfterOneThatMayNotHappen_IsAMatterOfChance()
    {
        ArrivalEvent[] chain =
        [
            Halt(new EventTiming.Hazard(0.25)) with { Id = "first", Halt = false },
            Halt(new EventTiming.AfterDays(Gap75)) with { After = "first" },
        ];
        var told = new Told { Model = ByHand with { Events = [.. chain] } };
        Assert.Contains("passing **50,000** is", told.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WithEventsThatLeaveTheCapAlone_IsTheSentenceWithoutThem() => Assert.Equal(
        (new Told().Headline, new Told().Consequence),
        (WithEvent(Halt(new EventTiming.Hazard(0.25))).Headline, WithEvent(Halt(new EventTiming.Hazard(0.25))).Consequence));

    [Fact]
    public void Headline_WhereEventsMoveTheCap_ComparesNothingWithTheDrawnOne()
    {
        var told = WithEvent(Halt(new EventTiming.OnDay(100)) with { Halt = false, CapChange = 20_000 });
        Assert.EndsWith(
            "very likely (90 %) between **62,000** and **100,000**; "
            + "passing **50,000** is almost certain (99.7 %), reaching the ceiling then in force very unlikely (13 %).",
            told.Headline,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Reaching the ceiling then in force within a year happens in **none of 1,000,000 futures**; the fastest 1 in 100 get there by",
            told.Consequence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhereEventsMoveTheCapOnThosePresent_SaysWhoseCeiling()
    {
        var moved = Halt(new EventTiming.OnDay(100)) with { Halt = false, CapChange = -20_000 };
        Assert.EndsWith(
            "reaching the ceiling then in force on those present very unlikely (13 %).",
            new Told { Model = Founding with { CapBasis = CapBasis.Present, Events = [moved] } }.Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhereAnEventRaisesTheCapFromTheStart_DoesNotSayReachedFromTheStart()
    {
        var model = Founding with { Cap = new(new ConstantDistribution(15_000), Resampling.PerPath) };
        var told = new Told { Model = model };
        told = told with { Figures = told.Figures with { ConstantCap = 15_000, Cap = new(1, 1e-6) } };
        Assert.Contains("the ceiling of **15,000** reached from the start", told.Headline, StringComparison.Ordinal);
        var raised = Halt(new EventTiming.OnDay(-1)) with { Halt = false, CapChange = 50_000 };
        Assert.EndsWith(
            "reaching the ceiling then in force almost certain (all of 1,000,000 futures).",
            (told with { Model = model with { Events = [raised] } }).Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_WhereAnUncertainCapMayCutTheStart_DoesNotSayPassedFromTheStart()
    {
        var told = new Told { Threshold = 15_000, Model = Founding with { Cap = new(Told.Varied, Resampling.PerPath) } };
        Assert.Contains("passing **15,000** is almost certain (99.7 %)", told.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("All along", told.Consequence, StringComparison.Ordinal);
    }

    [Fact]
    public void Consequence_OfTours_GivesTheMedianPresentAtTheHorizon()
    {
        var told = new Told { Model = OnTours(Founding.RotationIntervalDays) };
        var figures = told.Figures with { Cap = null, PresentThroughout = null, PresentMedian = new(31_650, 20) };
        Assert.Equal(
            "On 17 November 2026 about **32,000** are present: each batch leaves at the end of its tour.",
            (told with { Figures = figures }).Consequence);
    }

    [Fact]
    public void Consequence_OfToursThatEmptyTheGround_SaysHowOften()
    {
        var told = new Told { Model = OnTours(Founding.RotationIntervalDays) };
        var figures = told.Figures with { Cap = null, PresentThroughout = null, PresentMedian = new(0, 0) };
        Assert.Equal(
            "On 17 November 2026 none are present in at least half of all futures: each batch leaves at the end of its tour.",
            (told with { Figures = figures }).Consequence);
    }

    [Fact]
    public void Consequence_OfConstantTours_IsCertain()
    {
        var told = new Told { Model = OnTours(Gap75) with { RotationIntervalDays = Gap75, BatchSize = Batch15000 } };
        var figures = told.Figures with { Cap = null, PresentThroughout = null, PresentMedian = new(45_000, 0) };
        Assert.Equal(
            "On 17 November 2026 **45,000** are present: each batch leaves at the end of its tour.",
            (told with { Figures = figures }).Consequence);
    }

    [Theory]
    [InlineData(CapBasis.Cumulative, "**50,000** is not passed")]
    [InlineData(CapBasis.Present, "passing **50,000** is almost certain (99.7 %)")]
    public void Headline_OfConstantsWithUncertainTours_IsCertainUnlessTheCapLimitsThosePresent(CapBasis basis, string passing)
    {
        var model = OnTours(Founding.RotationIntervalDays) with { RotationIntervalDays = Gap75, BatchSize = Batch15000, CapBasis = basis };
        Assert.Contains(passing, new Told { Model = model }.Headline, StringComparison.Ordinal);
    }

    private static ArrivalEvent Halt(EventTiming timing) => new() { Id = "event", Timing = timing, Halt = true };

    private static Told WithEvent(ArrivalEvent happening) => new() { Model = Founding with { Events = [happening] } };

    private static ArrivalModel OnTours(Assumption tour) =>
        Founding with { RotationMode = RotationMode.Reinforce, TourLengthDays = tour };
}
