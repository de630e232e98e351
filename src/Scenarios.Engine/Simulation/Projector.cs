using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Scenarios.Engine.Model;
using Scenarios.Engine.Randomness;
using Scenarios.Engine.Statistics;

namespace Scenarios.Engine.Simulation;

/// <summary>
/// A scenario compiled for simulation under a seed: simulates any range of its paths into tallies, reads tallies, and
/// replays single paths. All results are functions of (scenario, seed, set of paths).
/// </summary>
/// <remarks>
/// Immutable and safe for use from many threads, each with a tally of its own.
/// </remarks>
public sealed class Projector
{
    /// <summary>Paths that set the range of the bins.</summary>
    public const int PilotPaths = 1000;

    /// <summary>
    /// Most paths of a tally: the squares of this many counts of 2^50 still sum to less than 2^127, and the 32 bits of a
    /// cell hold as many paths.
    /// </summary>
    public const long MostPaths = (1L << 27) - 1;

    private const double YearDays = 365.25;

    private readonly PathLaw _law;
    private readonly TimeGrid _grid;
    private readonly long[] _thresholds;
    private readonly CountBins _bins;
    private readonly CountBins? _presentBins;
    private readonly CountLimits _totalLimits;
    private readonly CountLimits _presentLimits;
    private readonly ConditionalWeakTable<Tally, LaneKernel> _kernels = [];

    /// <summary>Are paths walked in lanes? What a lane cannot hold, and what is not plain, is walked path by path.</summary>
    private readonly bool _inLanes;

    private Projector(PathLaw law, TimeGrid grid, long[] thresholds, CountBins bins, CountBins? presentBins, double arrivalsPerPath)
    {
        _inLanes = law.IsForLanes && LaneKernel.Holds(bins);
        _law = law;
        _grid = grid;
        _thresholds = thresholds;
        _bins = bins;
        _presentBins = presentBins;
        ArrivalsPerPath = arrivalsPerPath;
        _totalLimits = new(TallyBins.LeastInitial(law), [.. grid.Ticks.Select(ticks => TallyBins.MaxTotalBy(law, ticks))], law.IsCertain);
        _presentLimits = new(
            law.Relieves ? TallyBins.LeastInitial(law) : 0, [.. grid.Ticks.Select(ticks => TallyBins.MaxPresentBy(law, ticks))], law.IsCertain);
    }

    /// <summary>Scheduled batches of a path, on average over the first thousand.</summary>
    public double ArrivalsPerPath { get; }

    /// <summary>Size of one tally.</summary>
    public long TallyBytes => CountTally.BytesOf(_bins, _grid.PointCount, IsReplicated)
        + (_presentBins is null ? 0 : CountTally.BytesOf(_presentBins, _grid.PointCount, IsReplicated))
        + ((_thresholds.Length + 1) * PassageTally.BytesOf(_grid.PointCount, IsReplicated));

    private bool IsReplicated => _law.Points is not null;

    /// <summary>Compiles a scenario and looks at its first thousand paths to set the range.</summary>
    /// <param name="model">The scenario.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="thresholds">Counts whose first passage is tallied; distinct.</param>
    /// <param name="extraDays">Days off the scenario's grid that are to be tallied too, each within the horizon.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static Projector Compile(
        ArrivalModel model,
        long seed,
        ImmutableArray<long> thresholds,
        ImmutableArray<double> extraDays,
        CancellationToken cancellation = default) => Compile(model, seed, thresholds, extraDays, Sampling.PseudoRandom, cancellation);

    /// <summary>The same, with paths drawn as said.</summary>
    /// <param name="model">The scenario.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="thresholds">Counts whose first passage is tallied; distinct.</param>
    /// <param name="extraDays">Days off the scenario's grid that are to be tallied too, each within the horizon.</param>
    /// <param name="sampling">How paths are drawn.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="CountTooLargeException">The total of one of the first paths passes 2^50.</exception>
    public static Projector Compile(
        ArrivalModel model,
        long seed,
        ImmutableArray<long> thresholds,
        ImmutableArray<double> extraDays,
        Sampling sampling,
        CancellationToken cancellation = default)
    {
        var law = new PathLaw(model, seed, sampling);
        var pilot = default(PilotObserver);
        var walker = new PathWalker(law, new(law, ahead: true));
        for (var path = 0; path < PilotPaths; path++)
        {
            walker.Walk(path, ref pilot, cancellation);
        }

        var grid = new TimeGrid(model, law.Scale, extraDays);
        var bins = TallyBins.Cumulative(law, pilot.LargestCumulative, grid.PointCount);
        var presentBins = TallyBins.PresentMayChange(law) ? TallyBins.Present(law, pilot.LargestPresent, grid.PointCount) : null;
        return new(law, grid, [.. thresholds], bins, presentBins, pilot.Batches / (double)PilotPaths);
    }

    /// <summary>The scenario's own grid in days: 0, step, 2 step, ... below the horizon, and the horizon.</summary>
    public static IEnumerable<double> GridDays(ArrivalModel model) => TimeGrid.GridDays(model.HorizonDays, model.StepDays);

    /// <summary>Hash of all compiled quantile functions of a scenario: part of a projection's name.</summary>
    public static string TableDigest(ArrivalModel model)
    {
        var law = new PathLaw(model, 0);
        var text = new StringBuilder();
        foreach (var rule in (DrawRule?[])[law.Initial, law.Cap, law.First, law.Gap, law.Size])
        {
            text.Append(rule?.Value.Digest).Append('|').Append(rule?.Factor?.Digest).Append(';');
        }

        if (law.Tour is { } tour)
        {
            text.Append("tour|").Append(tour.Value.Digest).Append('|').Append(tour.Factor?.Digest).Append(';');
        }

        foreach (var digest in law.Events.Digests)
        {
            text.Append("event|").Append(digest).Append(';');
        }

        foreach (var copula in (GaussianCopula?[])[law.PathCopula, law.BatchCopula])
        {
            text.AppendJoin('|', copula?.Coefficients.Select(BitConverter.DoubleToInt64Bits) ?? []);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())));
    }

    /// <summary>An empty tally for paths of this projector.</summary>
    public Tally CreateTally()
    {
        var replicates = IsReplicated ? new Replicates() : null;
        PassageTally CreatePassages() => new(_grid.PointCount, _law.Scale.Ticks(YearDays), replicates);
        return new(
            new(_bins, _grid.PointCount, replicates),
            _presentBins is null ? null : new(_presentBins, _grid.PointCount, replicates),
            [.. _thresholds.Select(_ => CreatePassages())],
            _law.Cap is null ? null : CreatePassages(),
            _law.Events.Count,
            replicates);
    }

    /// <summary>Simulates paths and adds them to a tally. One thread at a time may write to a tally.</summary>
    /// <param name="firstPath">Index of the first path.</param>
    /// <param name="pathCount">Number of paths.</param>
    /// <param name="tally">A tally of this projector. After a cancellation, or an exception, it must be cleared before it is used again.</param>
    /// <param name="cancellation">Ends the work early, within a round of a block.</param>
    /// <exception cref="CountTooLargeException">The total of a path passes 2^50.</exception>
    /// <exception cref="PathTooLargeException">A path has more batches on tour than memory is kept for.</exception>
    public void Simulate(long firstPath, long pathCount, Tally tally, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstPath);
        ArgumentOutOfRangeException.ThrowIfNegative(pathCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pathCount, MostPaths - tally.Paths);
        var kernel = _inLanes ? _kernels.GetValue(tally, CreateKernel) : null;
        var end = firstPath + pathCount;
        if (kernel is not null && tally.Replicates is { } replicates)
        {
            RunByReplicate(kernel, replicates, firstPath, end, cancellation);
        }
        else
        {
            for (var path = firstPath; path < end; path += LaneBlock.Capacity)
            {
                var paths = (int)Math.Min(LaneBlock.Capacity, end - path);
                if (kernel is null)
                {
                    WalkAll(path, paths, tally, cancellation);
                }
                else
                {
                    kernel.Run(path, paths, cancellation);
                }
            }
        }

        tally.Paths += pathCount;
    }

    /// <summary>Gives back what simulating into a tally takes beside it, until it is done again.</summary>
    public void Rest(Tally tally) => _kernels.Remove(tally);

    /// <summary>Gives back all memory of a tally that nobody reads or writes any more. It is of no use from then on.</summary>
    public void Release(Tally tally)
    {
        Rest(tally);
        tally.Release();
    }

    /// <summary>The paths of a block are of one replicate, and their points of one window.</summary>
    private static void RunByReplicate(LaneKernel kernel, Replicates replicates, long firstPath, long end, CancellationToken cancellation)
    {
        const int window = Replicates.Count * ScrambledSobol.Window;
        for (var path = firstPath; path < end;)
        {
            var windowEnd = Math.Min(end, path - (path % window) + window);
            for (var first = path; first < Math.Min(windowEnd, path + Replicates.Count); first++)
            {
                var paths = (int)((windowEnd - first + Replicates.Count - 1) / Replicates.Count);
                replicates.Select((int)(first % Replicates.Count), paths);
                kernel.Run(first, paths, cancellation);
            }

            path = windowEnd;
        }
    }

    /// <summary>The jumps of one path.</summary>
    /// <param name="pathIndex">The path.</param>
    /// <param name="mostJumps">Most jumps to keep.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="PathTooLargeException">The path has more jumps.</exception>
    public SamplePath SamplePath(long pathIndex, int mostJumps = int.MaxValue, CancellationToken cancellation = default)
    {
        var observer = new SampleObserver(_law, _law.Model.RotationMode != RotationMode.Unspecified, mostJumps);
        new PathWalker(_law, new(_law, ahead: false)).Walk(pathIndex, ref observer, cancellation);
        return observer.Path;
    }

    /// <summary>One path, event by event.</summary>
    /// <param name="pathIndex">The path.</param>
    /// <param name="mostBatches">Most batches to keep.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ReplayTooLongException">The path has more batches.</exception>
    public PathReplay Replay(long pathIndex, int mostBatches = int.MaxValue, CancellationToken cancellation = default)
    {
        var observer = new ReplayObserver(_law, _law.Model.RotationMode != RotationMode.Unspecified, mostBatches);
        new PathWalker(_law, new(_law, ahead: false)).Walk(pathIndex, ref observer, cancellation);
        return new(PathDraws(pathIndex), observer.InitialCumulative, observer.Entries);
    }

    /// <summary>Reads a tally.</summary>
    public ProjectionSummary Summarize(Tally tally, SummaryQuery query)
    {
        ImmutableArray<int> points = query.ReportDays.IsDefaultOrEmpty
            ? [.. Enumerable.Range(0, _grid.PointCount)]
            : [.. query.ReportDays.Select(_grid.IndexOf).Distinct()];
        var histogramPoints = query.HistogramDays.Select(day => points.MinBy(point => Math.Abs(_grid.Days[point] - day))).ToArray();
        var levels = query.QuantileLevels;
        var spread = ReplicateSpread.Of(tally);
        ImmutableArray<double> allLevels = [.. levels, .. KeyLevels];
        var reached = new CountsReached(
            query.Thresholds.Union(query.HeadlineThreshold is { } headline ? [headline] : []).Select(count => (count, PassagesOf(tally, count))), tally.Paths);
        var cumulative = new CountSummarizer(tally.Cumulative, tally.Paths, allLevels, histogramPoints, spread, _totalLimits, reached);
        var present = tally.Present is { } presentTally
            ? new CountSummarizer(presentTally, tally.Paths, allLevels, [], spread, _presentLimits, CountsReached.None)
            : null;
        var histograms = histogramPoints.Select(point => (_grid.Days[point], cumulative.HistogramAt(point))).ToArray();
        return new()
        {
            Paths = tally.Paths,
            LiveErrorFactor = spread is null ? StandardErrors.LiveErrorFactor(tally.Paths) : StandardErrors.LiveErrorFactorOfReplicates,
            Points = [.. points.Select(point => new PointSummary(
                _grid.Days[point], Reported(cumulative.At(point), levels)!, Reported(PresentAt(point, cumulative, present), levels)))],
            Thresholds = [.. query.Thresholds.Select(threshold => Passages(tally, threshold).Summarize(levels, points))],
            Cap = tally.Cap is null ? null : Passages(tally, tally.Cap).Summarize(levels, points),
            Histograms = HistogramSummarizer.Join(_bins, histograms, query.HistogramBinCount),
            FewPathLevels = _law.IsCertain ? [] : [.. levels.Where(level => Ranks.AreTooFew(level, tally.Paths))],
            Events = [.. _law.Model.Events.Select(e => new EventChance(e.Id, ChanceOf(tally, e)))],
            KeyFigures = KeyFiguresOf(tally, query, cumulative, present),
        };
    }

    /// <summary>Levels that the sentences need, behind those asked for.</summary>
    private static ReadOnlySpan<double> KeyLevels => [0.05, 0.5, 0.95];

    private static CountSummary? Reported(CountSummary? summary, ImmutableArray<double> levels) => summary is null ? null : summary with
    {
        Quantiles = summary.Quantiles[..levels.Length],
        QuantileStandardErrors = summary.QuantileStandardErrors[..levels.Length],
    };

    private LaneKernel CreateKernel(Tally tally) => new(_law, Target(tally));

    private TallyTarget Target(Tally tally) => new(tally, _grid, _thresholds, _law.CapCountsPresent);

    /// <summary>As <see cref="Simulate"/>, path by path: what lanes are held to.</summary>
    internal void Walk(long firstPath, int paths, Tally tally)
    {
        WalkAll(firstPath, paths, tally, CancellationToken.None);
        tally.Paths += paths;
    }

    private void WalkAll(long firstPath, int paths, Tally tally, CancellationToken cancellation)
    {
        var walker = new PathWalker(_law, new(_law, ahead: true));
        var observer = new TallyObserver(Target(tally));
        for (var i = 0; i < paths; i++)
        {
            tally.Replicates?.Select((int)((firstPath + i) % Replicates.Count), 1);
            walker.Walk(firstPath + i, ref observer, cancellation);
        }
    }

    private CountSummary? PresentAt(int point, CountSummarizer cumulative, CountSummarizer? present) => _law.Model.RotationMode switch
    {
        RotationMode.Unspecified => null,
        RotationMode.Reinforce => present?.At(point) ?? cumulative.At(point),
        _ => present?.At(point) ?? cumulative.At(0), // RELIEVE by batches too small to change who is there.
    };

    private Chance ChanceOf(Tally tally, ArrivalEvent source)
    {
        var happened = tally.Happened[_law.Events.Events.IndexOf(source)];
        return _law.IsCertain ? new(happened / (double)tally.Paths, 0) : StandardErrors.Chance(happened, tally.Paths);
    }

    private PassageTally PassagesOf(Tally tally, long threshold) => tally.Thresholds[Array.IndexOf(_thresholds, threshold)];

    private PassageSummarizer Passages(Tally tally, long threshold) => Passages(tally, PassagesOf(tally, threshold));

    private PassageSummarizer Passages(Tally tally, PassageTally passages) =>
        new(passages, tally.Paths, _law.Scale, ReplicateSpread.Of(tally), _law.IsCertain);

    private KeyFigures KeyFiguresOf(Tally tally, SummaryQuery query, CountSummarizer cumulative, CountSummarizer? present)
    {
        var horizon = _grid.PointCount - 1;
        var key = query.QuantileLevels.Length;
        var cap = tally.Cap is null ? null : Passages(tally, tally.Cap);
        var threshold = query.HeadlineThreshold is { } count ? Passages(tally, count) : null;
        return new()
        {
            Low = cumulative.QuantileAt(horizon, key),
            Median = cumulative.QuantileAt(horizon, key + 1),
            High = cumulative.QuantileAt(horizon, key + 2),
            Threshold = threshold is null ? null : threshold.Chance,
            Cap = cap is null ? null : cap.Chance,
            ConstantCap = _law.ConstantCap >= 0 ? _law.ConstantCap : null,
            CapWithinYearPaths = tally.Cap?.WithinYear ?? 0,
            CapFastestPercentDay = cap?.DayOf(0.01),
            PresentThroughout = _law.Relieves && present is null && _law.ConstantInitial >= 0 ? cumulative.At(0).Max : null,
            PresentMedian = _law.Model.RotationMode switch
            {
                RotationMode.Unspecified => null,
                RotationMode.Reinforce => (present ?? cumulative).QuantileAt(horizon, key + 1),
                _ => present?.QuantileAt(horizon, key + 1) ?? cumulative.QuantileAt(0, key + 1),
            },
            PathsAboveRange = cumulative.PathsAboveRange,
            RangeEnd = _bins.RangeEnd,
        };
    }

    private ImmutableArray<PathDraw> PathDraws(long path)
    {
        var draws = ImmutableArray.CreateBuilder<PathDraw>();

        void Add(string field, DrawRule? rule, double unit)
        {
            if (rule is null)
            {
                return;
            }

            if (rule.PerPath && !rule.Value.IsConstant)
            {
                draws.Add(new(field, rule.Value.Evaluate(_law.PathBits(rule, path)) / unit));
            }

            if (rule.Factor is not null)
            {
                draws.Add(new(field + ".path_factor", _law.PathFactor(rule, path)));
            }
        }

        Add("initial_count", _law.Initial, 1);
        Add("cap", _law.Cap, 1);
        Add("first_arrival_days", _law.First, _law.Scale.TicksPerDay);
        Add("rotation_interval_days", _law.Gap, _law.Scale.TicksPerDay);
        Add("batch_size", _law.Size, 1);
        Add("tour_length_days", _law.Tour, _law.Scale.TicksPerDay);
        return draws.ToImmutable();
    }
}
