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

    /// <summary>Shows snapshots until the last, which it returns. If it is cancelled meanwhile, the newest has its tables too.</summary>
    public async Task<ProjectResponse?> ShowAsync(IAsyncEnumerable<ProjectResponse> snapshots, CancellationToken cancellationToken)
    {
        ProjectResponse? last = null;
        try
        {
            if (terminal.IsLive)
            {
                await terminal.ShowLiveAsync(async draw =>
                {
                    await foreach (var snapshot in snapshots.WithCancellation(cancellationToken))
                    {
                        last = snapshot;
                        draw(Picture(snapshot));
                    }
                });
            }
            else
            {
                await foreach (var snapshot in snapshots.WithCancellation(cancellationToken))
                {
                    last = snapshot;
                }
            }
        }
        finally
        {
            if (last is not null)
            {
                if (!terminal.IsLive)
                {
                    terminal.Write(Picture(last));
                }

                terminal.Write(new Rows([.. State(last), new Text(""), .. new AnswerTables(last.Projection, terminal).All()]));
            }
        }

        return last;
    }

    /// <summary>Words and chart of one snapshot, and how far a run is that goes on; no taller than the terminal that shows it live.</summary>
    public IRenderable Picture(ProjectResponse snapshot)
    {
        var projection = snapshot.Projection;
        var errorFactor = ErrorFactor(snapshot);
        _axis = _axis?.Holding(projection) ?? CountAxis.For(projection);
        var words = AnswerText.Of(projection, terminal).ToList();
        var width = terminal.Width;
        FanChart Chart(int plotHeight) => new(projection, _axis, terminal.Ink, plotHeight, errorFactor);
        // One row is left for the prompt, one stands between words and chart, one or two hold the state.
        var room = terminal.Height - words.Sum(paragraph => paragraph.Height(width)) - Chart(LowestPlot).FurnitureHeight(width) - 4;
        // What goes into a pipe has no height to fit into.
        var plotHeight = Math.Clamp(terminal.IsLive ? Math.Min(room, width / 5) : width / 5, LowestPlot, HighestPlot);
        return new Rows([
            .. words,
            new Text(""),
            Chart(plotHeight),
            .. IsFinal(snapshot) || !terminal.IsLive ? [] : State(snapshot),
        ]);
    }

    private static bool IsFinal(ProjectResponse snapshot) => snapshot.Progress.State != Progress.Types.State.Running;

    private static double ErrorFactor(ProjectResponse snapshot) =>
        IsFinal(snapshot) ? Figures.SingleLook : snapshot.Projection.LiveErrorFactor;

    private IEnumerable<IRenderable> State(ProjectResponse snapshot)
    {
        var (projection, progress) = (snapshot.Projection, snapshot.Progress);
        if (IsFinal(snapshot))
        {
            var enough = progress.State == Progress.Types.State.Converged ? "as precise as asked" : "done";
            yield return new Prose(terminal.Shown($"{projection.Paths:#,0} paths, {enough}. {projection.Name}, seed {projection.Seed}"), Ink.Note);
            yield break;
        }

        var done = (int)(BarWidth * progress.PathsCompleted / Math.Max(1, progress.PathsRequested));
        var bar = terminal.Ink.HasUnicode
            ? new string('━', done) + new string('─', BarWidth - done)
            : new string('#', done) + new string('.', BarWidth - done);
        var median = projection.QuantileLevels.IndexOf(0.5);
        var halfWidth = median < 0 ? ""
            : Figures.Computed(0, projection.Points[^1].Cumulative.QuantileStandardErrors[median] * ErrorFactor(snapshot)).HalfWidth;
        var error = halfWidth.Length == 0 ? "" : $", median ± {halfWidth}";
        yield return new Prose(terminal.Shown($"{bar} {progress.PathsCompleted:#,0} of {progress.PathsRequested:#,0} paths{error}"));
    }
}
