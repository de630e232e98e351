using Scenarios.Cli.Charts;
using Scenarios.V1;
using Spectre.Console;
using Spectre.Console.Rendering;
using Progress = Scenarios.V1.Progress;

namespace Scenarios.Cli.Output;

/// <summary>A projection on the terminal: it sharpens in place while snapshots arrive, and ends in tables.</summary>
internal sealed class ProjectionView(Terminal terminal)
{
    private const int LowestPlot = 8;

    private const int HighestPlot = 24;

    private const int BarWidth = 20;

    private CountAxis? _axis;

    /// <summary>Shows snapshots until the last, which it returns.</summary>
    public async Task<ProjectResponse?> ShowAsync(IAsyncEnumerable<ProjectResponse> snapshots, CancellationToken cancellationToken)
    {
        ProjectResponse? last = null;
        if (terminal.IsLive)
        {
            await terminal.Answers.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
            {
                await foreach (var snapshot in snapshots.WithCancellation(cancellationToken))
                {
                    last = snapshot;
                    live.UpdateTarget(Picture(snapshot));
                }
            });
        }
        else
        {
            await foreach (var snapshot in snapshots.WithCancellation(cancellationToken))
            {
                last = snapshot;
            }

            if (last is not null)
            {
                terminal.Answers.Write(Picture(last));
            }
        }

        if (last is not null)
        {
            terminal.Answers.WriteLine();
            terminal.Answers.Write(new Rows(new AnswerTables(last.Projection, terminal).All()));
        }

        return last;
    }

    /// <summary>Words, chart and state of one snapshot, no taller than the terminal that shows it live.</summary>
    public IRenderable Picture(ProjectResponse snapshot)
    {
        var projection = snapshot.Projection;
        var final = snapshot.Progress.State != Progress.Types.State.Running;
        var errorFactor = final ? Figures.SingleLook : projection.LiveErrorFactor;
        _axis = _axis?.Holding(projection) ?? CountAxis.For(projection);
        var words = AnswerText.Of(projection, terminal).ToList();
        var width = terminal.Answers.Profile.Width;
        var wordRows = words.Sum(paragraph => Segment.SplitLines(paragraph.GetSegments(terminal.Answers), width).Count);
        // One row is left for the prompt, one stands between words and chart, one holds the state.
        var room = terminal.Answers.Profile.Height - wordRows - FanChart.FurnitureHeight - 3;
        // What goes into a pipe has no height to fit into.
        var plotHeight = Math.Clamp(terminal.IsLive ? Math.Min(room, width / 5) : width / 5, LowestPlot, HighestPlot);
        return new Rows([
            .. words,
            new Text(""),
            new FanChart(projection, _axis, terminal.Ink, plotHeight, errorFactor),
            State(snapshot, final, errorFactor),
        ]);
    }

    private Markup State(ProjectResponse snapshot, bool final, double errorFactor)
    {
        var (projection, progress) = (snapshot.Projection, snapshot.Progress);
        if (final)
        {
            var enough = progress.State == Progress.Types.State.Converged ? "as precise as asked" : "done";
            return new($"[dim]{projection.Paths:#,0} paths, {enough}. {Markup.Escape(projection.Name)}, seed {projection.Seed}[/]");
        }

        var done = (int)(BarWidth * progress.PathsCompleted / Math.Max(1, progress.PathsRequested));
        var bar = terminal.Ink.HasUnicode
            ? new string('━', done) + "[dim]" + new string('─', BarWidth - done) + "[/]"
            : new string('#', done) + new string('.', BarWidth - done);
        var median = projection.QuantileLevels.IndexOf(0.5);
        var (_, halfWidth) = median < 0 ? default
            : Figures.Computed(0, projection.Points[^1].Cumulative.QuantileStandardErrors[median] * errorFactor);
        var error = string.IsNullOrEmpty(halfWidth) ? "" : $", median ± {halfWidth}";
        return new($"{bar} {terminal.Shown($"{progress.PathsCompleted:#,0} of {progress.PathsRequested:#,0} paths{error}")}");
    }
}
