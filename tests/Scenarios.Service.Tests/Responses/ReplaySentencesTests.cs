using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Responses;

namespace Scenarios.Service.Tests.Responses;

public sealed class ReplaySentencesTests
{
    private static readonly BatchReplay Batch = new(1, 74.9, 74.9, 9_310, false, 9_310, 9_310, 24_310, 15_000);

    private static readonly BatchReplay Halted =
        Batch with { Halted = true, ArrivedCount = 0, ReturnedCount = 0, Cumulative = 15_000 };

    private static readonly V1.Event[] Events =
    [
        new() { EventId = "beijing-leverage", DisplayName = "Beijing uses its leverage", Effects = new() { Halt = true } },
        new()
        {
            EventId = "seoul-arms",
            DisplayName = "Seoul arms Ukraine",
            Effects = new() { IntervalFactor = 0.8, BatchSizeFactor = 1.25 },
        },
        new() { EventId = "cap-up", Effects = new() { CapChange = 20_000, IntervalFactor = 1 } },
        new() { EventId = "cap-down", Effects = new() { CapChange = -20_000, BatchSizeFactor = 0 } },
        new() { EventId = "winter", Effects = new() { Halt = true, IntervalFactor = 1234.5 } },
        new() { EventId = "nothing", Effects = new() { IntervalFactor = 1, BatchSizeFactor = 1 } },
    ];

    [Fact]
    public void N8_Sentences_FitAnyNounAndOne()
    {
        string[] told =
        [
            Relieving(Batch), Relieving(Batch with { ReturnedCount = 5_000 }), Relieving(Batch with { ReturnedCount = 0 }),
            Relieving(Batch with { DrawnCount = 0, ArrivedCount = 0, ReturnedCount = 0 }), Reinforcing(new TourEndReplay(200, 0, 15_000, 20_000, 5_000)),
            Reinforcing(new TourEndReplay(200, 3, 1, 20_000, 5_000)), Relieving(Batch with { DrawnCount = 1, ArrivedCount = 1, ReturnedCount = 1 }),
        ];
        Assert.All(told, sentence => Assert.DoesNotMatch("\\b(home|nobody|who|people|somebody)\\b", sentence));
        Assert.StartsWith("day 200: the 1 of batch 3 leaves after the tour", told[5], StringComparison.Ordinal);
        Assert.StartsWith("day 74: 1 arrives, as many leave", told[6], StringComparison.Ordinal);
    }

    [Fact]
    public void Arrival_ThatRelieves_IsToldAsTheModelTellsIt() =>
        Assert.Equal("day 74: 9,310 arrive, as many leave; 24,310 in total, 15,000 present", Relieving(Batch));

    [Fact]
    public void Arrival_OfMoreThanArePresent_SendsAllOfThemHome() => Assert.Equal(
        "day 74: 9,310 arrive, the 5,000 there leave; 14,310 in total, 9,310 present",
        Relieving(Batch with { ReturnedCount = 5_000, Cumulative = 14_310, Present = 9_310 }));

    [Fact]
    public void Arrival_WhereNobodyIsPresent_SendsNobodyHome() => Assert.Equal(
        "day 74: 9,310 arrive, none are there to leave; 9,310 in total, 9,310 present",
        Relieving(Batch with { ReturnedCount = 0, Cumulative = 9_310, Present = 9_310 }));

    [Fact]
    public void Arrival_WithLittleRoom_IsPartial() => Assert.Equal(
        "day 360: 10,000 of 15,000 arrive, the ceiling leaves no more room, as many leave; 100,000 in total, 15,000 present",
        Relieving(Batch with { Day = 360, DrawnCount = 15_000, ArrivedCount = 10_000, ReturnedCount = 10_000, Cumulative = 100_000 }));

    [Fact]
    public void Arrival_WithoutRoom_DoesNotCome() => Assert.Equal(
        "day 74: none of 9,310 arrive, the ceiling leaves no room; 20,000 in total, 20,000 present",
        Reinforcing(Batch with { ArrivedCount = 0, ReturnedCount = 0, Cumulative = 20_000, Present = 20_000 }));

    [Fact]
    public void Batch_ThatIsSkipped_SendsNobodyHomeEither() => Assert.Equal(
        "day 74: a batch of 9,310 does not come; 15,000 in total, 15,000 present",
        Relieving(Batch with { Skipped = true, ArrivedCount = 0, ReturnedCount = 0, Cumulative = 15_000 }));

    [Fact]
    public void Arrival_WithoutRotationMode_SaysNothingOfThosePresent() => Assert.Equal(
        "day 74: 9,310 arrive; 24,310 in total",
        Reinforcing(Batch with { ReturnedCount = 0, Present = null }));

    [Theory]
    [InlineData(180.0, "for 180 days")]
    [InlineData(183.27, "for 183.3 days")]
    [InlineData(1_200.0, "for 1,200 days")]
    [InlineData(1.0, "for 1 day")]
    [InlineData(0.01, "for less than 0.1 days")]
    public void Arrival_OnATour_SaysHowLongItStays(double tour, string stay) => Assert.Equal(
        $"day 74: 9,310 arrive {stay}; 24,310 in total, 24,310 present",
        Reinforcing(Batch with { ReturnedCount = 0, Present = 24_310, TourLengthDays = tour }));

    [Theory]
    [InlineData(3, "day 200: the 9,310 of batch 3 leave after the tour; 33,620 in total, 24,310 present")]
    [InlineData(0, "day 200: the initial 9,310 leave after the tour; 33,620 in total, 24,310 present")]
    public void End_OfATour_ChangesThosePresentAlone(long batch, string sentence) =>
        Assert.Equal(sentence, Reinforcing(new TourEndReplay(200.2, batch, 9_310, 33_620, 24_310)));

    [Theory]
    [InlineData("beijing-leverage", 120.6, null, "day 120: Beijing uses its leverage, for good; arrivals stop")]
    [InlineData("beijing-leverage", 0.0, 90.0, "day 0: Beijing uses its leverage, for 90 days; arrivals stop")]
    [InlineData("seoul-arms", 120.6, 90.25, "day 120: Seoul arms Ukraine, for 90.3 days; gaps × 0.8, batches × 1.25")]
    [InlineData("cap-up", 120.6, null, "day 120: cap-up, for good; ceiling +20,000")]
    [InlineData("cap-down", 120.6, null, "day 120: cap-down, for good; batches × 0, ceiling −20,000")]
    [InlineData("winter", 120.6, null, "day 120: winter, for good; arrivals stop, gaps × 1,234.5")]
    [InlineData("nothing", 120.6, null, "day 120: nothing, for good; nothing else changes")]
    [InlineData("seoul-arms", -30.0, null, "day −30, before the start: Seoul arms Ukraine, for good; gaps × 0.8, batches × 1.25")]
    [InlineData("seoul-arms", -1_500.0, null, "day −1,500, before the start: Seoul arms Ukraine, for good; gaps × 0.8, batches × 1.25")]
    public void Event_ThatHappens_SaysForHowLongAndWhatItChanges(string id, double day, double? duration, string sentence) =>
        Assert.Equal(sentence, Reinforcing(new EventStartReplay(day, id, duration)));

    [Fact]
    public void Batches_ThatEventsStop_NameThem_UntilTheLastOfThemIsOver()
    {
        ReplayEntry[] path =
        [
            new EventStartReplay(-20, "winter", 60),
            Halted with { Day = 10 },
            new EventStartReplay(30, "beijing-leverage", 100),
            new EventStartReplay(35, "seoul-arms", 50),
            Halted with { Day = 38 },
            new EventEndReplay(40, "winter"),
            Halted with { Day = 50, Skipped = true },
            new EventEndReplay(85, "seoul-arms"),
            new EventEndReplay(130, "beijing-leverage"),
            Batch with { Day = 140 },
        ];
        var sentences = new ReplaySentences(Events, relieves: true);
        Assert.Equal(
            [
                "day −20, before the start: winter, for 60 days; arrivals stop, gaps × 1,234.5",
                "day 10: a batch of 9,310 does not come: winter; 15,000 in total, 15,000 present",
                "day 30: Beijing uses its leverage, for 100 days; arrivals stop",
                "day 35: Seoul arms Ukraine, for 50 days; gaps × 0.8, batches × 1.25",
                "day 38: a batch of 9,310 does not come: winter and Beijing uses its leverage; 15,000 in total, 15,000 present",
                "day 40: the effects of \"winter\" end; arrivals stay stopped: Beijing uses its leverage",
                "day 50: a batch of 9,310 does not come: Beijing uses its leverage; 15,000 in total, 15,000 present",
                "day 85: the effects of \"Seoul arms Ukraine\" end",
                "day 130: the effects of \"Beijing uses its leverage\" end; arrivals go on",
                "day 140: 9,310 arrive, as many leave; 24,310 in total, 15,000 present",
            ],
            path.Select(sentences.Of));
    }

    [Theory]
    [InlineData("cap", 98_340.4, "day 0: drawn for the whole path: ceiling 98,340")]
    [InlineData("first_arrival_days", 63.24, "day 0: drawn for the whole path: first arrival on day 63.2")]
    [InlineData("rotation_interval_days.path_factor", 1.0717, "day 0: drawn for the whole path: factor on the gap 1.072")]
    [InlineData("batch_size.path_factor", 0.9, "day 0: drawn for the whole path: factor on the batch size 0.900")]
    [InlineData("tour_length_days", 183.27, "day 0: drawn for the whole path: tour 183.3 days")]
    [InlineData("tour_length_days.path_factor", 0.9, "day 0: drawn for the whole path: factor on the tour 0.900")]
    public void Draw_OfThePath_IsNamedAndRounded(string field, double value, string sentence) =>
        Assert.Equal(sentence, ReplaySentences.Of(new PathDraw(field, value)));

    [Fact]
    public void End_OfThePath_GivesItsState() =>
        Assert.Equal("day 730: the horizon; 83,240 in total, 15,000 present", ReplaySentences.OfHorizon(730.5, 83_240, 15_000));

    private static string Relieving(ReplayEntry entry) => new ReplaySentences(Events, relieves: true).Of(entry);

    private static string Reinforcing(ReplayEntry entry) => new ReplaySentences(Events, relieves: false).Of(entry);
}
