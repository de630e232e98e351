using Scenarios.Cli.Charts;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Cli;

/// <summary>A made-up projection whose fan is straight, and charts of it.</summary>
internal static class Drawn
{
    private const string BandGlyphs = "░▒";

    /// <summary>
    /// From 10,000 on 1 January 2025 to 50,000 (median) a year later, half of all within 5,000 and nine in ten within 15,000 of it;
    /// threshold 30,000, ceiling 60,000.
    /// </summary>
    public static Projection Straight()
    {
        var start = new DateOnly(2025, 1, 1);
        var projection = new Projection
        {
            Name = "projections/straight",
            Headline = "By 1 January 2026 **about 50,000 troops** will have been sent in total.",
            Scenario = new Scenario
            {
                Noun = "troops",
                Verb = "sent",
                StartDate = ToDate(start),
                HorizonDays = 365,
                Assumptions = new() { Cap = new() { Distribution = new() { Constant = 60_000 } } },
            },
            Seed = 1,
            Paths = 1000,
            QuantileLevels = { 0.05, 0.25, 0.5, 0.75, 0.95 },
            LiveErrorFactor = 3,
        };
        for (var day = 0; day <= 365; day += 5)
        {
            var share = day / 365.0;
            var median = 10_000 + (40_000 * share);
            projection.Points.Add(new ProjectionPoint
            {
                Day = day,
                Date = ToDate(start.AddDays(day)),
                Cumulative = new()
                {
                    Mean = median,
                    MeanStandardError = 100 * share,
                    Quantiles = { new[] { -15_000, -5_000, 0, 5_000, 15_000 }.Select(offset => median + (offset * share)) },
                    QuantileStandardErrors = { Enumerable.Repeat(100 * share, 5) },
                },
            });
        }

        projection.Thresholds.Add(new ThresholdPassage
        {
            Count = 30_000,
            ReachedProbability = 0.99,
            ReachedInWords = "almost certain (99 %)",
            FirstPassage =
            {
                projection.QuantileLevels.Select(level => new PassageQuantile { Level = level, Day = 182, Date = ToDate(new(2025, 7, 2)) }),
            },
        });
        projection.Cap = new() { ReachedProbability = 0.13, ReachedInWords = "very unlikely (13 %)" };
        projection.Cap.FirstPassage.Add(projection.QuantileLevels.Select(level => new PassageQuantile { Level = level }));
        return projection;
    }

    /// <summary>The rows of a chart.</summary>
    public static string[] Rows(Projection projection, int width, Ink? ink = null, int plotHeight = 16, double errorFactor = 1.96)
    {
        var canvas = new FanChart(projection, CountAxis.For(projection), ink ?? Shades, plotHeight, errorFactor).Draw(width)!;
        return [.. Enumerable.Range(0, canvas.Height).Select(Row)];

        string Row(int row) => string.Concat(Enumerable.Range(0, canvas.Width).Select(column => canvas[column, row].Glyph));
    }

    /// <summary>No colours, but more than ASCII.</summary>
    public static Ink Shades { get; } = Ink.For(colours: false, unicode: true, lightPaper: false);

    /// <summary>How many rows of a column lie within the bands or on the median.</summary>
    public static int BandHeight(string[] rows, int column) =>
        rows.Count(row => BandGlyphs.Contains(row[column]) || row[column] is >= '\u2801' and <= '\u28ff');

    private static Google.Type.Date ToDate(DateOnly date) => new() { Year = date.Year, Month = date.Month, Day = date.Day };
}
