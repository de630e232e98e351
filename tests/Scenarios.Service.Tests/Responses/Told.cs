using System.Collections.Immutable;
using Scenarios.Engine.Distributions;
using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Api.Responses;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Tests.Responses;

/// <summary>A projection to be told in words: the founding scenario's figures at 1,000,000 paths, each changed as a test wants.</summary>
internal sealed record Told
{
    /// <summary>A distribution that is more than one number; sentences look no further.</summary>
    public static readonly Distribution Varied = new SpreadDistribution();

    public long Paths { get; init; } = 1_000_000;

    public string Noun { get; init; } = "troops";

    public string Verb { get; init; } = "sent";

    public ArrivalModel Model { get; init; } = new()
    {
        HorizonDays = 730,
        StepDays = 7,
        InitialCount = new(new ConstantDistribution(15_000), Resampling.PerPath),
        RotationIntervalDays = new(Varied, Resampling.PerBatch),
        BatchSize = new(Varied, Resampling.PerBatch),
        Cap = new(new ConstantDistribution(100_000), Resampling.PerPath),
        RotationMode = RotationMode.Relieve,
    };

    public KeyFigures Figures { get; init; } = new()
    {
        Low = new(62_230, 20),
        Median = new(83_240, 18),
        High = new(100_000, 0),
        Threshold = new(0.997, 0.00006),
        Cap = new(0.128, 0.00034),
        ConstantCap = 100_000,
        CapWithinYearPaths = 0,
        CapFastestPercentDay = 586.4,
        PresentThroughout = 15_000,
    };

    public long? Threshold { get; init; } = 50_000;

    /// <summary>Events of the scenario's message, disabled ones too.</summary>
    public ImmutableArray<V1.Event> Events { get; init; } = [];

    public ImmutableArray<V1.Correlation> Correlations { get; init; } = [];

    /// <summary>How often the model's events happen; by default in two of five futures.</summary>
    public ImmutableArray<EventChance>? Outcomes { get; init; }

    public V1.Projection Message => ProjectionMessage.From(Spec, Summary, []);

    /// <summary>Headline with plain spaces, to be read here.</summary>
    public string Headline => Message.Headline.Replace('\u00a0', ' ');

    public string Consequence => Message.Consequence.Replace('\u00a0', ' ');

    public ProjectionSpec Spec => new()
    {
        Name = "projections/a",
        InnerKey = "a",
        Scenario = new()
        {
            StartDate = new() { Year = 2024, Month = 11, Day = 17 },
            Noun = Noun,
            Verb = Verb,
            Events = { Events },
            Correlations = { Correlations },
        },
        Model = Model,
        Seed = 1,
        Paths = Paths,
        Query = new() { QuantileLevels = [0.5], Thresholds = [], HeadlineThreshold = Threshold },
        TallyThresholds = [],
        ExtraDays = [],
        SamplePathCount = 0,
    };

    private ProjectionSummary Summary => new()
    {
        Paths = Paths,
        LiveErrorFactor = 3,
        Points = ImmutableArray<PointSummary>.Empty,
        Thresholds = [],
        Histograms = [],
        Events = Outcomes ?? [.. Model.Events.Select(happening => new EventChance(happening.Id, new(0.4, 0.0005)))],
        KeyFigures = Figures,
    };

    private sealed record SpreadDistribution : Distribution
    {
        public override double Mean => throw new NotSupportedException();

        public override double Variance => throw new NotSupportedException();

        public override double Min => 1;

        public override double Max => 2;

        public override double Cdf(double x) => throw new NotSupportedException();

        public override double UpperTail(double x) => throw new NotSupportedException();

        public override double Quantile(double p) => throw new NotSupportedException();

        public override double UpperQuantile(double q) => throw new NotSupportedException();
    }
}
