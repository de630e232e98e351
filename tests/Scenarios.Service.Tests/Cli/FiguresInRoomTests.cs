using System.Globalization;
using System.Text.RegularExpressions;
using Scenarios.Cli.Charts;
using Scenarios.Cli.Output;
using Scenarios.V1;
using Spectre.Console;
using Progress = Scenarios.V1.Progress;

namespace Scenarios.Service.Tests.Cli;

public sealed partial class FiguresInRoomTests
{
    public static TheoryData<int> Widths => [.. new[] { 20, 24, 30, 36, 40, 47, 54, 60, 66, 72, 80, 90, 100, 120, 140, 200 }];

    [Theory]
    [MemberData(nameof(Widths))]
    public void T2_NoNumber_IsBrokenOrCut_AtAnyMagnitude(int width)
    {
        for (var magnitude = 1.0; magnitude <= 1e15; magnitude *= 10)
        {
            foreach (var factor in new[] { 1.0, 2.617, 9.999 })
            {
                var projection = Scaled(magnitude * factor);
                var lines = Shown(projection, width);
                var allowed = Allowed(projection);

                foreach (Match number in lines.SelectMany(line => Numbers().Matches(EndShare().Replace(line, ""))))
                {
                    Assert.True(allowed.Contains(number.Value), $"{number.Value} at {width} columns, {magnitude * factor}:\n{string.Join('\n', lines)}");
                }

                Assert.DoesNotContain(lines, line => line.Contains('…'));
                if (width >= 40)
                {
                    Assert.All(lines, line => Assert.True(FigureTable.Cells(line) <= width, $"{line} is wider than {width}"));
                }
            }
        }
    }

    [Theory]
    [InlineData("100", 100)]
    [InlineData("", 80)]
    [InlineData("0", 80)]
    [InlineData("-5", 80)]
    [InlineData("wide", 80)]
    [InlineData("7", 20)]
    public void T2_Columns_IsHonoured(string variable, int columns) => Assert.Equal(columns, Terminal.Columns(variable, 80));

    [Theory]
    [InlineData(8.6098, 0.0039 * 1.96, "8.610", "0.008")]
    [InlineData(0.5, 0.031, "0.50", "0.04")]
    [InlineData(1_217_345, 120, "1,217,350", "120")]
    [InlineData(7.5, 0, "7.5", "")]
    [InlineData(12, 0, "12", "")]
    [InlineData(0.00042, 0.00003, "0.00042", "0.00003")]
    [InlineData(123.4, double.PositiveInfinity, "123", "unknown")]
    public void T3_Means_HaveDecimalsDownToTheirError(double mean, double halfWidth, string shown, string error) =>
        Assert.Equal(new Figure(shown, error), Figures.ComputedMean(mean, halfWidth));

    [Fact]
    public void T3_AnyMean_IsAsNearToWhatIsShownAsItsError()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var mean = Math.Pow(10, (random.NextDouble() * 18) - 3);
            var halfWidth = mean * Math.Pow(10, -random.NextDouble() * 6);
            var figure = Figures.ComputedMean(mean, halfWidth);
            var (value, error) = (double.Parse(figure.Value, CultureInfo.InvariantCulture), double.Parse(figure.HalfWidth, CultureInfo.InvariantCulture));

            Assert.True(error >= halfWidth * (1 - 1e-6) && error <= Math.Max(halfWidth * 2, 1.01e-6), $"{mean} +- {halfWidth}: {figure}");
            Assert.True(Math.Abs(value - mean) <= Math.Max(error, 1e-6) / 2 * 1.0001, $"{mean} +- {halfWidth}: {figure}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void T4_Labels_AreWholeOrMoved(int width)
    {
        const string Name = "The convoy of the second quarter is held at the border for longer than anybody says";
        var projection = Scaled(9);
        projection.Scenario.Events.Add(new Event { EventId = "e", DisplayName = Name });
        projection.Events.Add(new EventOutcome { EventId = "e", Probability = 0.5, ProbabilityStandardError = 0.01 });
        projection.Scenario.Noun = "doctors of the second relief convoy";
        // All end in one point: the label is "over 90 % here".
        for (var i = 0; i < 5; i++)
        {
            projection.Points[^1].Cumulative.Quantiles[i] = 9;
        }

        var lines = Shown(projection, width);
        var text = Regex.Replace(string.Join(' ', lines), @"\s+", " ");

        Assert.Contains(Name, text);
        Assert.Contains("50 %", text.Replace('\u00a0', ' '));
        Assert.Contains("doctors of the second relief convoy sent in total", text);
        Assert.All(lines.Where(line => line.Contains("over 9")), line => Assert.Contains("over 90 % here", line));
    }

    private static string[] Shown(Projection projection, int width)
    {
        var written = new StringWriter();
        var terminal = Terminals.Pipe(written, TextWriter.Null, width: width);
        terminal.Write(new ProjectionView(terminal).Picture(new() { Projection = projection, Progress = new() { State = Progress.Types.State.Completed } }));
        terminal.Write(new Rows(new AnswerTables(projection, terminal).All()));
        return written.ToString().Split('\n');
    }

    /// <summary>The straight projection, to that many.</summary>
    private static Projection Scaled(double most)
    {
        var projection = Drawn.Straight();
        projection.Headline = $"By 1 January 2026 **about {Figures.Count(most)} troops** will have been sent in total.";
        foreach (var summary in projection.Points.Select(point => point.Cumulative))
        {
            summary.Mean *= most / 65_000;
            summary.MeanStandardError *= most / 65_000;
            for (var i = 0; i < summary.Quantiles.Count; i++)
            {
                summary.Quantiles[i] = Math.Max(0, Math.Floor(summary.Quantiles[i] * most / 65_000));
                summary.QuantileStandardErrors[i] *= most / 65_000;
            }
        }

        projection.Thresholds[0].Count = (long)Math.Ceiling(most / 2);
        projection.Scenario.Assumptions.Cap.Distribution.Constant = Math.Ceiling(most * 0.9);
        return projection;
    }

    /// <summary>Every number that may stand anywhere, whole.</summary>
    private static HashSet<string> Allowed(Projection projection)
    {
        var allowed = new HashSet<string>();
        void Add(string text)
        {
            foreach (Match number in Numbers().Matches(text))
            {
                allowed.Add(number.Value);
            }
        }

        Add(projection.Headline);
        Add("95 % 5 % 25 % 50 % 75 % 1 in 20 1 in 4 99 % 13 % 10^9 10^12 12 0 90 % 30 20 70 40 60 80");
        for (var day = 1; day <= 31; day++)
        {
            Add(day.ToString(CultureInfo.InvariantCulture));
        }

        Add("2025 2026 74 under 0.1 %");
        foreach (var count in projection.Thresholds.Select(threshold => (double)threshold.Count).Append(projection.Scenario.Assumptions.Cap.Distribution.Constant))
        {
            Add(Figures.Count(count) + " " + Figures.ShortExact(count));
        }

        for (var rows = 4; rows <= 24; rows++)
        {
            foreach (var tick in CountAxis.For(projection).Ticks(rows, 3))
            {
                Add(Figures.Count(tick) + " " + Figures.ShortExact(tick));
            }
        }

        foreach (var summary in projection.Points.Select(point => point.Cumulative))
        {
            var half = summary.MeanStandardError * Figures.SingleLook;
            Add($"{Figures.ComputedMean(summary.Mean, half)} {Figures.ShortMean(summary.Mean, half)}");
            for (var i = 0; i < summary.Quantiles.Count; i++)
            {
                var error = summary.QuantileStandardErrors[i] * Figures.SingleLook;
                Add($"{Figures.Computed(summary.Quantiles[i], error)} {Figures.Short(summary.Quantiles[i], error)} {Figures.Short(error, error)}");
            }
        }

        return allowed;
    }

    [GeneratedRegex(@"\d[\d,.]*\d|\d")]
    private static partial Regex Numbers();

    /// <summary>The share of futures that end at one count is checked elsewhere.</summary>
    [GeneratedRegex(@"over \d+ % here")]
    private static partial Regex EndShare();
}
