using Scenarios.Cli.Charts;
using Scenarios.V1;
using Spectre.Console;

namespace Scenarios.Cli.Output;

/// <summary>The answer in words, as the service puts it.</summary>
internal static class AnswerText
{
    /// <summary>Where the projection starts, quietly; the answer; what follows from it.</summary>
    public static IEnumerable<Markup> Of(Projection projection, Terminal terminal)
    {
        var title = projection.Scenario.DisplayName.Length > 0 ? projection.Scenario.DisplayName : "Projection";
        var start = projection.Scenario.StartDate is { } date ? " from " + Figures.AsDate(date).ToString("d MMMM yyyy") : "";
        yield return new($"[dim]{Markup.Escape(terminal.Shown($"{title}: projection{start}, if the assumptions hold"))}[/]");
        yield return Emphasised(projection.Headline, terminal);
        if (projection.Consequence.Length > 0)
        {
            yield return Emphasised(projection.Consequence, terminal);
        }
    }

    /// <summary>The service's one piece of markup, <c>**emphasis**</c>, as bold.</summary>
    public static Markup Emphasised(string words, Terminal terminal)
    {
        var parts = terminal.Shown(words).Split("**").Select(Markup.Escape);
        return new(string.Concat(parts.Select((part, i) => i % 2 == 1 ? $"[bold]{part}[/]" : part)));
    }
}
