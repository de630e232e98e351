using Scenarios.Cli.Charts;
using Scenarios.V1;

namespace Scenarios.Cli.Output;

/// <summary>The answer in words, as the service puts it.</summary>
internal static class AnswerText
{
    /// <summary>Where the projection starts, quietly; the answer; what follows from it.</summary>
    public static IEnumerable<Prose> Of(Projection projection, Terminal terminal)
    {
        var title = projection.Scenario.DisplayName.Length > 0 ? projection.Scenario.DisplayName : "Projection";
        var start = projection.Scenario.StartDate is { } date ? " from " + Figures.AsDate(date).ToString("d MMMM yyyy") : "";
        yield return new(terminal.Shown($"{title}: projection{start}, if the assumptions hold"), Ink.Note);
        yield return new(terminal.Shown(projection.Headline));
        if (projection.Consequence.Length > 0)
        {
            yield return new(terminal.Shown(projection.Consequence));
        }
    }
}
