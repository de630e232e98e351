using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Options;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Notation;
using Scenarios.Service.Runs;
using Samplings = Scenarios.V1.ProjectRequest.Types.Sampling;
using Source = Scenarios.V1.ProjectRequest.SourceOneofCase;

namespace Scenarios.Service.Api.Requests;

/// <summary>Parses requests for projections: finds everything that breaks a rule, and bounds the cost.</summary>
public sealed class ProjectRequestParser(IOptions<LimitsOptions> limits, IScenarioCatalog scenarios)
{
    private const long DefaultPaths = 100_000;
    private const int DefaultHistogramBins = 50;
    private const int MostHistogramBins = 500;
    private const int MostHistogramDays = 200;
    private const int MostLevels = 99;
    private const int MostSamplePaths = 1_000;
    private const double ShortestUpdateSeconds = 0.02;
    private const double LongestUpdateSeconds = 3_600;

    private static readonly double[] DefaultLevels = [0.05, 0.25, 0.5, 0.75, 0.95];
    private static readonly TimeSpan DefaultUpdateInterval = TimeSpan.FromSeconds(0.1);

    private readonly LimitsOptions _limits = limits.Value;

    /// <summary>What to project, and what this reader wants of it.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST, SCENARIO_NOT_FOUND or REQUEST_TOO_LARGE.</exception>
    public async ValueTask<(ProjectionSpec Spec, ReaderOptions Reader)> ParseAsync(
        V1.ProjectRequest request, CancellationToken cancellationToken)
    {
        var root = RequestField.Root();
        var stored = request.SourceCase == Source.ScenarioName
            ? await scenarios.NamedAsync(root, request.ScenarioName, cancellationToken)
            : null;
        return Parse(root, request, stored);
    }

    /// <summary>The same of a request that names no scenario, but gives it.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST or REQUEST_TOO_LARGE.</exception>
    public (ProjectionSpec Spec, ReaderOptions Reader) ParseInline(V1.ProjectRequest request) =>
        Parse(RequestField.Root(), request, stored: null);

    private (ProjectionSpec Spec, ReaderOptions Reader) Parse(RequestField root, V1.ProjectRequest request, V1.Scenario? stored)
    {
        var scenario = ParseSource(root, request, stored);
        var projected = new V1.ProjectRequest
        {
            Paths = ParsePaths(root.At("paths"), request.Paths),
            Seed = request.HasSeed ? request.Seed : 1,
            QuantileLevels = { ParseLevels(root, request.QuantileLevels) },
            Thresholds = { request.Thresholds },
            Sampling = ParseSampling(root.At("sampling"), request.Sampling),
            HistogramBinCount = ParseBinCount(root.At("histogram_bin_count"), request),
            SamplePathCount = request.SamplePathCount,
            TargetPrecision = ParseTarget(root.At("target_precision"), request.TargetPrecision),
        };
        ScenarioParser.CheckThresholds(root, "thresholds", request.Thresholds);
        var mostSamplePaths = Math.Min(MostSamplePaths, Math.Max(projected.Paths, 0));
        new Bounds(0, mostSamplePaths).Allow(root.At("sample_path_count"), request.SamplePathCount);
        var horizon = scenario?.Model.HorizonDays ?? Bounds.Largest;
        CheckDays(root, "report_days", request.ReportDays, horizon, _limits.MaxGridPoints, isDistinct: true);
        CheckDays(root, "histogram_days", request.HistogramDays, horizon, MostHistogramDays, isDistinct: false);
        var reader = new ReaderOptions(ParseUpdateInterval(root.At("update_interval"), request.UpdateInterval), request.FinalOnly);
        root.ThrowIfViolated();

        return (SpecOf(root, projected, request, scenario!) with { Origin = OriginOf(stored) }, reader);
    }

    /// <summary>A stored scenario has the name by which it was asked for, perhaps with its revision.</summary>
    private static ScenarioOrigin OriginOf(V1.Scenario? stored) =>
        stored is null ? default : new(stored.Name[ScenarioName.Collection.Length..].Split('@')[0], stored.RevisionId);

    /// <summary>Joins what stands in the request with what the scenario says.</summary>
    private ProjectionSpec SpecOf(RequestField root, V1.ProjectRequest projected, V1.ProjectRequest request, ParsedScenario scenario)
    {
        var model = scenario.Model;
        double[] grid = [.. Projector.GridDays(model)];
        double[] asked = [.. request.ReportDays.Select(day => day == 0 ? 0 : day).Order()];
        ImmutableArray<double> extra = [.. asked.Where(day => Array.BinarySearch(grid, day) < 0)];
        if (grid.Length + extra.Length > _limits.MaxGridPoints)
        {
            root.At("report_days").Report(
                ViolationReason.TooMany,
                $"{Spoken.Number(extra.Length)} days lie off the grid, which has {Spoken.Number(grid.Length)} points; at most "
                    + $"{Spoken.Number(_limits.MaxGridPoints)} points are allowed in all (Limits:MaxGridPoints).",
                "Leave days out, or take a longer step_days.");
            root.ThrowIfViolated();
        }

        var points = asked.Length == 0 ? grid : asked;
        var isWholeGrid = asked.Length == 0 || (extra.Length == 0 && asked.Length == grid.Length);
        projected.Scenario = scenario.AsProjected;
        projected.ReportDays.AddRange(isWholeGrid ? [] : asked);
        projected.HistogramDays.AddRange(request.HistogramDays.Select(day => Nearest(points, day)));
        if (projected.Thresholds.Count == 0)
        {
            projected.Thresholds.AddRange(scenario.AsProjected.Thresholds);
        }

        long? headline = scenario.AsProjected.Thresholds.Count > 0 ? scenario.AsProjected.Thresholds[0] : null;
        ImmutableArray<long> tallied = [.. projected.Thresholds.Concat(headline is { } count ? [count] : []).Distinct().Order()];
        RequestCost.Check(model, SamplingOf(projected), projected, tallied.Length, extra.Length, points.Length, _limits);

        var digest = Projector.TableDigest(model);
        return new()
        {
            Name = ContentAddress.NameOf(projected, digest),
            InnerKey = ContentAddress.InnerKeyOf(scenario.AsProjected, digest, projected.Seed, projected.Sampling, tallied, extra),
            Scenario = scenario.AsProjected,
            Model = model,
            Seed = projected.Seed,
            Sampling = SamplingOf(projected),
            Paths = projected.Paths,
            Query = new()
            {
                QuantileLevels = [.. projected.QuantileLevels],
                ReportDays = [.. projected.ReportDays],
                Thresholds = [.. projected.Thresholds],
                HeadlineThreshold = headline,
                HistogramDays = [.. projected.HistogramDays],
                HistogramBinCount = projected.HistogramBinCount,
            },
            TallyThresholds = tallied,
            ExtraDays = extra,
            SamplePathCount = projected.SamplePathCount,
            TargetPrecision = projected.TargetPrecision is { } target
                ? new(
                    target.HasRelativeHalfWidth ? target.RelativeHalfWidth : null,
                    target.HasQuantileHalfWidth ? target.QuantileHalfWidth : null)
                : null,
        };
    }

    private ParsedScenario? ParseSource(RequestField root, V1.ProjectRequest request, V1.Scenario? stored)
    {
        switch (request.SourceCase)
        {
            case Source.ScenarioName:
                return stored is null ? null : ParseOverridden(root, root.Stored("scenario_name"), stored, request.Overrides);
            case Source.Scenario:
                return ParseOverridden(root, root.At("scenario"), request.Scenario, request.Overrides);
            default:
                root.At("scenario").Report(
                    ViolationReason.Required,
                    "It is not said what to project.",
                    "Give scenario, or scenario_name with the name of a stored one.");
                return null;
        }
    }

    private ParsedScenario? ParseOverridden(RequestField root, RequestField field, V1.Scenario scenario, IReadOnlyDictionary<string, string> overrides)
    {
        ParsedScenario? ParseChanged(V1.Scenario changed, IEnumerable<string> keys) => ScenarioParser.Parse(
            field.WithOverrides(OverriddenPaths.Of(scenario, changed, keys)), changed, _limits.MaxGridPoints);

        if (ScenarioOverrides.TryApply(scenario, overrides, out var overridden, out var errors))
        {
            return ParseChanged(overridden, overrides.Keys);
        }

        foreach (var error in errors)
        {
            ReportOverride(root, overrides, error);
        }

        // With the other overrides, so that all that is wrong is said at once.
        var others = overrides.Where(pair => errors.All(error => error.Key != pair.Key)).ToDictionary();
        if (others.Count < overrides.Count && ScenarioOverrides.TryApply(scenario, others, out var rest, out _))
        {
            ParseChanged(rest, others.Keys);
        }

        return null;
    }

    private static void ReportOverride(RequestField root, IReadOnlyDictionary<string, string> overrides, OverrideError error)
    {
        var at = error.Reason == ViolationReason.TooMany ? root.At("overrides") : root.Entry("overrides", error.Key);
        if (error.Position is { } character)
        {
            DistributionText.ReportUnreadable(at, overrides[error.Key], character, error.Message);
        }
        else
        {
            at.Report(error.Reason, "This override cannot be applied:", error.Message);
        }
    }

    private long ParsePaths(RequestField field, long paths)
    {
        if (paths == 0)
        {
            return Math.Min(DefaultPaths, _limits.MaxPaths);
        }

        return new Bounds(1, _limits.MaxPaths).Allow(field, paths) ? paths : DefaultPaths;
    }

    private static IEnumerable<double> ParseLevels(RequestField root, RepeatedField<double> levels)
    {
        if (!Texts.CheckCount(root.At("quantile_levels"), levels.Count, MostLevels))
        {
            return levels;
        }

        for (var i = 0; i < levels.Count; i++)
        {
            var field = root.At("quantile_levels", i);
            if (Bounds.OpenUnit.Allow(field, levels[i]) && i > 0 && levels[i] <= levels[i - 1])
            {
                field.Report(
                    ViolationReason.NotAscending,
                    $"{Spoken.Number(levels[i])} is not above the level before it, {Spoken.Number(levels[i - 1])}.",
                    "List the levels in ascending order, each once.");
            }
        }

        return levels.Count == 0 ? DefaultLevels : levels;
    }

    private static Samplings ParseSampling(RequestField field, Samplings sampling)
    {
        Texts.CheckEnum(field, sampling);
        return sampling == Samplings.Unspecified ? Samplings.PseudoRandom : sampling;
    }

    private static Sampling SamplingOf(V1.ProjectRequest projected) =>
        projected.Sampling == Samplings.QuasiRandom ? Sampling.QuasiRandom : Sampling.PseudoRandom;

    /// <summary>The number of bins; without a histogram it says nothing and counts as the default.</summary>
    private static int ParseBinCount(RequestField field, V1.ProjectRequest request)
    {
        new Bounds(0, MostHistogramBins).Allow(field, request.HistogramBinCount);
        return request.HistogramBinCount == 0 || request.HistogramDays.Count == 0 ? DefaultHistogramBins : request.HistogramBinCount;
    }

    private static V1.TargetPrecision? ParseTarget(RequestField field, V1.TargetPrecision? target)
    {
        if (target is null || (!target.HasRelativeHalfWidth && !target.HasQuantileHalfWidth))
        {
            return null;
        }

        if (target.HasRelativeHalfWidth)
        {
            Bounds.OpenUnit.Allow(field.At("relative_half_width"), target.RelativeHalfWidth);
        }

        if (target.HasQuantileHalfWidth)
        {
            Bounds.Positive.Allow(field.At("quantile_half_width"), target.QuantileHalfWidth);
        }

        return target.Clone();
    }

    private static void CheckDays(RequestField root, string name, RepeatedField<double> days, double horizon, int most, bool isDistinct)
    {
        if (!Texts.CheckCount(root.At(name), days.Count, most))
        {
            return;
        }

        var allowed = new Bounds(0, horizon);
        var seen = new HashSet<double>();
        for (var i = 0; i < days.Count; i++)
        {
            if (allowed.Allow(root.At(name, i), days[i]) && isDistinct && !seen.Add(days[i]))
            {
                root.At(name, i).Report(
                    ViolationReason.Duplicate,
                    $"Day {Spoken.Number(days[i])} is given twice.",
                    "Give every day once.");
            }
        }
    }

    private static TimeSpan ParseUpdateInterval(RequestField field, Google.Protobuf.WellKnownTypes.Duration? interval)
    {
        if (interval is null)
        {
            return DefaultUpdateInterval;
        }

        var seconds = interval.Seconds + (interval.Nanos * 1e-9);
        if (Math.Abs((long)interval.Nanos) > 999_999_999 || (interval.Seconds > 0 && interval.Nanos < 0) || (interval.Seconds < 0 && interval.Nanos > 0))
        {
            field.Report(
                ViolationReason.BadFormat,
                $"{Spoken.Number(interval.Seconds)} seconds and {Spoken.Number(interval.Nanos)} nanoseconds are no duration.",
                "Give nanos from 0 to 999,999,999, of the same sign as seconds.");
            return DefaultUpdateInterval;
        }

        return new Bounds(ShortestUpdateSeconds, LongestUpdateSeconds).Allow(field, seconds) ? interval.ToTimeSpan() : DefaultUpdateInterval;
    }

    /// <summary>The nearest reported point; of two equally near the earlier.</summary>
    private static double Nearest(double[] points, double day)
    {
        var index = Array.BinarySearch(points, day);
        if (index >= 0)
        {
            return points[index];
        }

        var next = ~index;
        return next == 0 ? points[0]
            : next == points.Length || day - points[next - 1] <= points[next] - day ? points[next - 1]
            : points[next];
    }
}
