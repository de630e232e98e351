using Scenarios.Cli.Output;
using Scenarios.V1;
using Spectre.Console;

namespace Scenarios.Service.Tests.Cli;

public sealed class AnswerTablesTests
{
    [Theory]
    [InlineData(0.3931, 0.0005, "39.31 %", "0.10 %")]
    [InlineData(0.0004, 0.00002, "0.040 %", "0.004 %")]
    [InlineData(0, 0.001, "none of 1,000", "0.2 %")]
    [InlineData(1, 0.001, "all of 1,000", "0.2 %")]
    public void Event_IsShownByItsName_WithItsChanceAndItsError(double probability, double error, string chance, string shownError)
    {
        var projection = Drawn.Straight();
        projection.Scenario.Events.Add(new Event { EventId = "beijing-leverage", DisplayName = "Beijing uses its leverage" });
        projection.Events.Add(new EventOutcome
        {
            EventId = "beijing-leverage",
            Probability = probability,
            ProbabilityStandardError = error,
        });

        var row = Assert.Single(Lines(projection), line => line.Contains("Beijing uses its leverage"));

        Assert.Equal(
            ["Beijing uses its leverage", chance, shownError],
            row.Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(cell => cell.Trim()));
    }

    [Fact]
    public void Event_WithoutAName_IsShownByItsId()
    {
        var projection = Drawn.Straight();
        projection.Scenario.Events.Add(new Event { EventId = "seoul-arms" });
        projection.Events.Add(new EventOutcome { EventId = "seoul-arms", Probability = 0.3 });

        Assert.Contains(Lines(projection), line => line.Contains("seoul-arms"));
    }

    [Theory]
    [InlineData(0, true)] // Tours: those present differ from the total.
    [InlineData(1, false)] // Nobody goes home: they are the total.
    public void Present_WhereItDiffersFromTheTotal_HasATableOfItsOwn(int stay, bool hasTable)
    {
        var projection = Drawn.Straight();
        foreach (var point in projection.Points)
        {
            point.Cumulative.Max = 60_000;
            point.Present = point.Cumulative.Clone();
            point.Present.Mean *= stay;
        }

        Assert.Equal(hasTable, Lines(projection).Any(line => line.StartsWith("Troops present at any one time", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ceiling_ThatAnEventMoves_IsReachedWithoutAFigure()
    {
        var projection = Drawn.Straight();
        Assert.Contains(Lines(projection), line => line.Contains("ceiling 60,000"));

        projection.Scenario.Events.Add(new Event { EventId = "a", Effects = new() { CapChange = -1 } });

        Assert.DoesNotContain(Lines(projection), line => line.Contains("ceiling 60,000"));
        Assert.Contains(Lines(projection), line => line.Contains("ceiling"));
    }

    private static string[] Lines(Projection projection)
    {
        var written = new StringWriter();
        var terminal = Terminals.Pipe(written, TextWriter.Null, width: 120);
        terminal.Write(new Rows(new AnswerTables(projection, terminal).All()));
        return [.. written.ToString().Split('\n').Select(line => line.Trim())];
    }
}
