using Scenarios.Cli.Charts;
using Scenarios.Cli.Output;
using Scenarios.V1;
using Spectre.Console;
using Spectre.Console.Rendering;
using Progress = Scenarios.V1.Progress;

namespace Scenarios.Service.Tests.Cli;

public sealed class FanChartTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Chart_AtAnyWidth_FitsAndNamesItsLines(int width)
    {
        var rows = Drawn.Rows(Drawn.Straight(), width);

        Assert.All(rows, row => Assert.Equal(width, row.Length));
        Assert.Contains(rows, row => row.Contains("ceiling 60,000"));
        Assert.Contains(rows, row => row.Contains("50,000") && row.Contains("half below"));
        Assert.Contains(rows, row => row.Contains("35,000") && row.Contains("1 in 20 below"));
        Assert.Contains(rows, row => row.Contains("45,000") && row.Contains("1 in 4 below"));
        Assert.Contains(rows, row => row.Contains("55,000") && row.Contains("1 in 4 above"));
    }

    [Fact]
    public void Bands_AlongTheDates_Widen()
    {
        var rows = Drawn.Rows(Drawn.Straight(), 80);
        var left = rows[^2].IndexOf('└') + 1;
        var right = rows[^2].LastIndexOf('─');

        var heights = Enumerable.Range(0, 6).Select(i => Drawn.BandHeight(rows, left + ((right - left) * i / 6))).ToArray();

        Assert.Equal(heights.Order(), heights);
        Assert.Equal(1, heights[0]);
        Assert.True(heights[^1] >= 5, $"the last is {heights[^1]} rows high");
    }

    [Fact]
    public void Quantile_AboveTheCeilingsShare_SaysHowManyEndThere()
    {
        var projection = Drawn.Straight();
        projection.Points[^1].Cumulative.Quantiles[4] = 60_000;
        projection.Points[^1].Cumulative.QuantileStandardErrors[4] = 0;

        var rows = Drawn.Rows(projection, 120);

        Assert.Contains(rows, row => row.Contains("60,000 exact") && row.Contains("13 % end here"));
    }

    [Theory]
    [InlineData(20_000, false, "ceiling 60,000 before events", false)]
    [InlineData(20_000, true, "ceiling 60,000", true)]
    [InlineData(0, false, "ceiling 60,000", true)]
    public void Ceiling_ThatAnEventMoves_IsTheOneBeforeEvents_AndNobodyEndsThere(
        double change, bool disabled, string label, bool endsThere)
    {
        var projection = Drawn.Straight();
        projection.Points[^1].Cumulative.Quantiles[4] = 60_000;
        projection.Points[^1].Cumulative.QuantileStandardErrors[4] = 0;
        projection.Scenario.Events.Add(new Event { EventId = "a", Disabled = disabled, Effects = new() { CapChange = change } });

        var rows = Drawn.Rows(projection, 120);

        Assert.Contains(rows, row => row.Contains($" {label} ▔"));
        Assert.Equal(endsThere, rows.Any(row => row.Contains("end here")));
    }

    [Fact]
    public void Present_OnTheEdgeOfARow_StaysInOneRow()
    {
        var projection = Drawn.Straight();
        foreach (var point in projection.Points)
        {
            point.Cumulative.Quantiles.Clear();
            point.Cumulative.Quantiles.Add(Enumerable.Repeat(60_000.0, 5));
            // A quarter of the scale, the edge between the fourth and the fifth of 16 rows, but for rounding.
            var present = 15_000 - (1e-10 * (point.Day % 2));
            point.Present = new() { Quantiles = { Enumerable.Repeat(present, 5) }, QuantileStandardErrors = { new double[5] } };
        }

        Assert.Single(Drawn.Rows(projection, 80), row => row.Contains('╌'));
    }

    [Fact]
    public void Threshold_WhereTheMedianCrosses_IsMarkedAndDated()
    {
        var rows = Drawn.Rows(Drawn.Straight(), 120);

        var row = Assert.Single(rows, row => row.Contains('○'));
        Assert.Contains("30,000: even chance by 2 Jul 2025", row);
        // The median passes 30,000 half way through the year.
        var left = rows[^2].IndexOf('└') + 1;
        var right = rows[^2].LastIndexOf('─');
        Assert.Equal(0.5, (row.IndexOf('○') - left) / (double)(right - left), 0.05);
    }

    [Fact]
    public void Dates_UnderTheAxis_AreAtTheirTicks()
    {
        var rows = Drawn.Rows(Drawn.Straight(), 120);

        var july = rows[^1].IndexOf("Jul", StringComparison.Ordinal) + 1;
        Assert.Equal('┬', rows[^2][july]);
        Assert.Contains("Jan 2025", rows[^1]);
    }

    [Fact]
    public void Figures_OfAnEarlySnapshot_ShowOnlyTheDigitsKnown()
    {
        var projection = Drawn.Straight();
        projection.Points[^1].Cumulative.Quantiles[2] = 51_234;
        projection.Points[^1].Cumulative.QuantileStandardErrors[2] = 400;

        var early = Drawn.Rows(projection, 120, errorFactor: projection.LiveErrorFactor);
        projection.Points[^1].Cumulative.QuantileStandardErrors[2] = 20;
        var late = Drawn.Rows(projection, 120);

        Assert.Contains(early, row => row.Contains("51,200 ±1,200"));
        Assert.Contains(late, row => row.Contains("51,230 ±40"));
    }

    [Fact]
    public void Scale_WhileSnapshotsArrive_HoldsStillUntilOneNeedsMore()
    {
        var projection = Drawn.Straight();
        projection.Scenario.Assumptions.Cap = null;
        projection.Cap = null;
        var axis = CountAxis.For(projection);
        var lower = projection.Clone();
        lower.Points[^1].Cumulative.Quantiles[4] = 60_000;
        var higher = projection.Clone();
        higher.Points[^1].Cumulative.Quantiles[4] = 70_000;

        Assert.Same(axis, axis.Holding(lower));
        Assert.Equal(70_000, axis.Holding(higher).Top);
    }

    [Fact]
    public void Ascii_IsAllThatAPlainTerminalGets()
    {
        var rows = Drawn.Rows(Drawn.Straight(), 80, Ink.For(colours: true, unicode: false, lightPaper: false));

        Assert.All(rows, row => Assert.All(row, glyph => Assert.InRange(glyph, ' ', '~')));
        Assert.Contains(rows, row => row.Contains('#'));
    }

    [Fact]
    public void AllConstant_IsALineWithOneLabel()
    {
        var projection = Drawn.Straight();
        foreach (var summary in projection.Points.Select(point => point.Cumulative))
        {
            for (var i = 0; i < summary.Quantiles.Count; i++)
            {
                summary.Quantiles[i] = 20_000;
                summary.QuantileStandardErrors[i] = 0;
            }
        }

        var rows = Drawn.Rows(projection, 120);

        Assert.Contains("over 90 % here", Assert.Single(rows, row => row.Contains("20,000 exact")));
    }

    [Fact]
    public void Picture_InALowTerminal_IsNoTallerThanIt()
    {
        var terminal = Terminals.Pipe(TextWriter.Null, TextWriter.Null, live: true);
        var projection = Drawn.Straight();
        projection.Headline = string.Join(' ', Enumerable.Repeat("a **headline** of several lines", 6));
        var snapshot = new ProjectResponse { Projection = projection, Progress = new() { State = Progress.Types.State.Running } };

        var picture = new ProjectionView(terminal).Picture(snapshot);

        Assert.InRange(Segment.SplitLines(picture.GetSegments(Terminals.Console(TextWriter.Null, live: true))).Count, 20, 23);
    }

    [Fact]
    public void LevelMedian_BetweenTwoDots_StaysLevel()
    {
        var heights = new[] { 2.25, 2.25 - 1e-12, 2.25 + 1e-12 };

        var cells = new BrailleLine(column => heights[Math.Abs((int)(2 * column)) % 3], columns: 12, rows: 4).ToList();

        Assert.Equal(12, cells.Count);
        Assert.Single(cells.Select(cell => cell.Glyph).Distinct());
    }

    [Fact]
    public void OneReportedDay_IsDrawnToo()
    {
        var projection = Drawn.Straight();
        while (projection.Points.Count > 1)
        {
            projection.Points.RemoveAt(0);
        }

        Assert.Contains(Drawn.Rows(projection, 80), row => row.Contains("50,000 half below"));
    }

    [Theory]
    [InlineData(83_239, 38, "83,240", "40")]
    [InlineData(83_000, 1_150, "83,000", "1,200")]
    [InlineData(15_000, 0, "15,000", "")]
    [InlineData(15_042, 0.3, "15,042", "1")]
    [InlineData(15_042, 17.2, "15,042", "18")]
    [InlineData(54_865, 19.3, "54,870", "20")]
    public void Counts_AreRoundedToWhatTheirErrorLeaves(double count, double halfWidth, string shown, string error) =>
        Assert.Equal(new Figure(shown, error), Figures.Computed(count, halfWidth));

    [Theory]
    [InlineData(0.05, "1 in 20 below")]
    [InlineData(0.5, "half below")]
    [InlineData(0.9, "1 in 10 above")]
    [InlineData(0.37, "37 % below")]
    public void Levels_AreSaidAsShares(double level, string words) => Assert.Equal(words, Figures.LevelInWords(level));

    [Theory]
    [InlineData(730, 50)]
    [InlineData(730, 120)]
    [InlineData(30, 50)]
    [InlineData(36_500, 80)]
    public void DateTicks_HaveRoomForTheirLabels(double horizon, int columns)
    {
        var ticks = DateAxis.Ticks(new DateOnly(2024, 11, 17), horizon, columns);

        Assert.True(ticks.Count >= 2, $"{ticks.Count} ticks");
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(
            (pair.Second.Day - pair.First.Day) / horizon * columns >= (pair.First.Label.Length + pair.Second.Label.Length) / 2.0));
    }
}
