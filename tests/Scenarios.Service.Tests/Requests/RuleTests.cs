using Google.Protobuf.Reflection;
using Scenarios.V1;
using Date = Google.Type.Date;
using Distribution = Scenarios.V1.Distribution;

namespace Scenarios.Service.Tests.Requests;

/// <summary>One case per rule: what is done to a valid request, at which field it is reported, and as what.</summary>
public sealed class RuleTests
{
    private const string Scenario = "scenario";
    private const string Assume = "scenario.assumptions";
    private const string Gap = "scenario.assumptions.rotation_interval_days.distribution";
    private const string Size = "scenario.assumptions.batch_size.distribution";

    private static readonly (string Field, string Reason, Action<ProjectRequest> Break)[] Rules =
    [
        // The request itself.
        ("scenario", "REQUIRED", r => r.ClearSource()),
        ("scenario_name", "REQUIRED", r => r.ScenarioName = ""),
        ("scenario_name", "BAD_FORMAT", r => r.ScenarioName = "dprk-rotation"),
        ("scenario_name", "BAD_FORMAT", r => r.ScenarioName = "scenarios/Upper"),
        ("scenario_name", "BAD_FORMAT", r => r.ScenarioName = "scenarios/ends-\n"),
        ("scenario_name", "BAD_FORMAT", r => r.ScenarioName = "scenarios/dprk-rotation@"),
        ("overrides", "TOO_MANY", r => r.Overrides.Add(Enumerable.Range(0, 257).ToDictionary(i => $"k{i}", _ => ""))),
        ("overrides[\"cpa\"]", "UNKNOWN_REFERENCE", r => r.Overrides.Add("cpa", "60000")),
        ("overrides[\"events.fith.disabled\"]", "UNKNOWN_REFERENCE", r => r.Overrides.Add("events.fith.disabled", "true")),
        ("overrides[\"cap.path_factor\"]", "CONFLICT", r => r.Overrides.Add(new Dictionary<string, string> { ["cap"] = "none", ["cap.path_factor"] = "2" })),
        ("overrides[\"correlations.cap\"]", "BAD_FORMAT", r => r.Overrides.Add("correlations.cap", "0.5")),
        ("overrides[\"cap\"]", "BAD_FORMAT", r => r.Overrides.Add("cap", "60,000")),
        ("overrides[\"cap\"]", "NOT_ASCENDING", r => r.Overrides.Add("cap", "uniform(5, 3)")),
        ("overrides[\"horizon_days\"]", "OUT_OF_RANGE", r => r.Overrides.Add("horizon_days", "0")),
        ("overrides[\"horizon_days\"]", "OUT_OF_RANGE", r => r.Overrides.Add("horizon_days", "5")),
        ("overrides[\"thresholds\"]", "DUPLICATE", r => r.Overrides.Add("thresholds", "5, 5")),
        ("overrides[\"initial_count\"]", "CONFLICT", r => r.Overrides.Add(new Dictionary<string, string> { ["initial_count"] = "2000", ["cap"] = "1000" })),
        ("overrides[\"cap\"]", "CONFLICT", r => r.Overrides.Add("cap", "1000")),
        ("overrides[\"cap\"]", "CONFLICT", r => r.Overrides.Add("cap", "none")),
        ("overrides[\"rotation_mode\"]", "CONFLICT", r => r.Overrides.Add("rotation_mode", "RELIEVE")),
        ("overrides[\"batch_size.path_factor\"]", "BREAKS_RULE", r => r.Overrides.Add("batch_size.path_factor", "normal(1, 0.3)")),
        ("overrides[\"tour_length_days.resampling\"]", "CONFLICT", r => (r.Scenario.Correlations[1], r.Overrides["tour_length_days.resampling"]) = (new() { A = "batch_size", B = "tour_length_days" }, "PER_PATH")),
        ("overrides[\"correlations.cap.first_arrival_days\"]", "OUT_OF_RANGE", r => r.Overrides.Add("correlations.cap.first_arrival_days", "2")),
        ("overrides[\"correlations.batch_size.tour_length_days\"]", "CONFLICT", r => r.Overrides.Add(new Dictionary<string, string> { ["correlations.batch_size.tour_length_days"] = "0.9", ["correlations.tour_length_days.rotation_interval_days"] = "0.9" })),
        ("overrides[\"events.first.duration_days\"]", "BREAKS_RULE", r => r.Overrides.Add("events.first.duration_days", "0")),
        ("overrides[\"events.second.after\"]", "CONFLICT", r => r.Overrides.Add("events.second.after", "second")),
        ("overrides[\"events.second.timing.date\"]", "CONFLICT", r => r.Overrides.Add("events.second.timing.date", "2025-01-01")),
        ("paths", "OUT_OF_RANGE", r => r.Paths = -1),
        ("paths", "OUT_OF_RANGE", r => r.Paths = 100_000_001),
        ("quantile_levels[1]", "NOT_ASCENDING", r => r.QuantileLevels[1] = 0.1),
        ("quantile_levels[0]", "OUT_OF_RANGE", r => r.QuantileLevels[0] = 0),
        ("quantile_levels[2]", "OUT_OF_RANGE", r => r.QuantileLevels[2] = 1),
        ("quantile_levels[1]", "NOT_FINITE", r => r.QuantileLevels[1] = double.NaN),
        ("quantile_levels", "TOO_MANY", r => r.QuantileLevels.AddRange(Enumerable.Range(1, 100).Select(i => 0.9 + (i * 1e-4)))),
        ("thresholds[0]", "OUT_OF_RANGE", r => r.Thresholds[0] = -1),
        ("thresholds[0]", "OUT_OF_RANGE", r => r.Thresholds[0] = long.MaxValue),
        ("thresholds[1]", "DUPLICATE", r => r.Thresholds.Add(40_000)),
        ("thresholds", "TOO_MANY", r => r.Thresholds.AddRange(Enumerable.Range(1, 64).Select(i => (long)i))),
        ("report_days[0]", "OUT_OF_RANGE", r => r.ReportDays[0] = 728.5),
        ("report_days[0]", "OUT_OF_RANGE", r => r.ReportDays[0] = -1),
        ("report_days[3]", "DUPLICATE", r => r.ReportDays.Add(365)),
        ("report_days", "TOO_MANY", r => r.ReportDays.AddRange(Enumerable.Range(0, 20_000).Select(i => 0.0003 + (i * 0.03)))),
        ("report_days", "TOO_MANY", r => r.ReportDays.AddRange(Enumerable.Range(0, 19_950).Select(i => 0.0003 + (i * 0.03)))),
        ("sample_path_count", "OUT_OF_RANGE", r => r.SamplePathCount = -1),
        ("sample_path_count", "OUT_OF_RANGE", r => r.SamplePathCount = 1_001),
        ("sample_path_count", "OUT_OF_RANGE", r => r.Paths = 10),
        ("histogram_days[1]", "OUT_OF_RANGE", r => r.HistogramDays[1] = 729),
        ("histogram_days", "TOO_MANY", r => r.HistogramDays.AddRange(Enumerable.Range(0, 200).Select(i => (double)i))),
        ("histogram_bin_count", "OUT_OF_RANGE", r => r.HistogramBinCount = 501),
        ("histogram_bin_count", "OUT_OF_RANGE", r => r.HistogramBinCount = -1),
        ("target_precision.relative_half_width", "OUT_OF_RANGE", r => r.TargetPrecision.RelativeHalfWidth = 0),
        ("target_precision.relative_half_width", "OUT_OF_RANGE", r => r.TargetPrecision.RelativeHalfWidth = 1),
        ("target_precision.quantile_half_width", "OUT_OF_RANGE", r => r.TargetPrecision.QuantileHalfWidth = 0),
        ("sampling", "UNKNOWN_VALUE", r => r.Sampling = (ProjectRequest.Types.Sampling)9),
        ("update_interval", "OUT_OF_RANGE", r => r.UpdateInterval = new() { Nanos = 19_999_999 }),
        ("update_interval", "OUT_OF_RANGE", r => r.UpdateInterval = new() { Seconds = 3_601 }),
        ("update_interval", "OUT_OF_RANGE", r => r.UpdateInterval = new() { Seconds = -1 }),
        ("update_interval", "BAD_FORMAT", r => r.UpdateInterval = new() { Seconds = 1, Nanos = -5 }),
        ("update_interval", "BAD_FORMAT", r => r.UpdateInterval = new() { Nanos = int.MinValue }),

        // The scenario's texts and times.
        ($"{Scenario}.display_name", "BAD_FORMAT", r => r.Scenario.DisplayName = new('x', 201)),
        ($"{Scenario}.description", "BAD_FORMAT", r => r.Scenario.Description = new('x', 10_001)),
        ($"{Scenario}.noun", "BAD_FORMAT", r => r.Scenario.Noun = new('x', 41)),
        ($"{Scenario}.verb", "BAD_FORMAT", r => r.Scenario.Verb = new('x', 41)),
        ($"{Scenario}.start_date", "REQUIRED", r => r.Scenario.StartDate = null),
        ($"{Scenario}.start_date", "OUT_OF_RANGE", r => r.Scenario.StartDate = new() { Year = 2023, Month = 2, Day = 29 }),
        ($"{Scenario}.start_date", "OUT_OF_RANGE", r => r.Scenario.StartDate = new() { Year = 2023, Month = 2 }),
        ($"{Scenario}.horizon_days", "OUT_OF_RANGE", r => r.Scenario.HorizonDays = 0),
        ($"{Scenario}.horizon_days", "OUT_OF_RANGE", r => r.Scenario.HorizonDays = 0.0005),
        ($"{Scenario}.horizon_days", "OUT_OF_RANGE", r => r.Scenario.HorizonDays = 8_000 * 365.25),
        ($"{Scenario}.horizon_days", "NOT_FINITE", r => r.Scenario.HorizonDays = double.PositiveInfinity),
        ($"{Scenario}.step_days", "OUT_OF_RANGE", r => r.Scenario.StepDays = 0),
        ($"{Scenario}.step_days", "OUT_OF_RANGE", r => r.Scenario.StepDays = 729),
        ($"{Scenario}.step_days", "NOT_FINITE", r => r.Scenario.StepDays = double.NaN),
        ($"{Scenario}.step_days", "TOO_MANY", r => r.Scenario.StepDays = 0.0364),
        ($"{Scenario}.step_days", "TOO_MANY", r => r.Scenario.StepDays = 1e-300),
        ($"{Scenario}.thresholds[1]", "DUPLICATE", r => r.Scenario.Thresholds[1] = 50_000),
        ($"{Scenario}.observations", "NOT_AVAILABLE_YET", r => r.Scenario.Observations.Add(new Observation())),
        ($"{Scenario}.labels", "TOO_MANY", r => r.Scenario.Labels.Add(Enumerable.Range(0, 64).ToDictionary(i => $"k{i}", _ => ""))),
        ($"{Scenario}.labels[\"\"]", "REQUIRED", r => r.Scenario.Labels.Add("", "x")),
        ($"{Scenario}.labels[\"desk\"]", "BAD_FORMAT", r => r.Scenario.Labels["desk"] = new('x', 64)),

        // Assumptions.
        (Assume, "REQUIRED", r => r.Scenario.Assumptions = null),
        ($"{Assume}.rotation_interval_days", "REQUIRED", r => r.Scenario.Assumptions.RotationIntervalDays = null),
        ($"{Assume}.batch_size", "REQUIRED", r => r.Scenario.Assumptions.BatchSize = null),
        ($"{Assume}.batch_size.distribution", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution = null),
        ($"{Assume}.batch_size.distribution", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution = new()),
        ($"{Assume}.batch_size.resampling", "UNKNOWN_VALUE", r => r.Scenario.Assumptions.BatchSize.Resampling = (Assumption.Types.Resampling)3),
        ($"{Assume}.initial_count.resampling", "CONFLICT", r => r.Scenario.Assumptions.InitialCount.Resampling = Assumption.Types.Resampling.PerBatch),
        ($"{Assume}.cap.resampling", "CONFLICT", r => r.Scenario.Assumptions.Cap.Resampling = Assumption.Types.Resampling.PerBatch),
        ($"{Assume}.first_arrival_days.resampling", "CONFLICT", r => r.Scenario.Assumptions.FirstArrivalDays.Resampling = Assumption.Types.Resampling.PerBatch),
        ($"{Assume}.initial_count.distribution", "CONFLICT", r => r.Scenario.Assumptions.Cap.Distribution = new() { Constant = 14_999 }),
        ($"{Assume}.initial_count.distribution.constant", "BREAKS_RULE", r => r.Scenario.Assumptions.InitialCount.Distribution.Constant = -1),
        ($"{Assume}.cap.distribution.constant", "BREAKS_RULE", r => r.Scenario.Assumptions.Cap.Distribution = new() { Constant = -1 }),
        ($"{Assume}.cap_basis", "CONFLICT", r => PresentWithoutMode(r.Scenario.Assumptions)),
        ($"{Assume}.cap_basis", "UNKNOWN_VALUE", r => r.Scenario.Assumptions.CapBasis = (Assumptions.Types.CapBasis)7),
        ($"{Assume}.rotation_mode", "UNKNOWN_VALUE", r => r.Scenario.Assumptions.RotationMode = (Assumptions.Types.RotationMode)(-1)),
        ($"{Assume}.cap_basis_evidence[0].source", "BAD_FORMAT", r => r.Scenario.Assumptions.CapBasisEvidence[0].Source = new('x', 501)),
        ($"{Assume}.rotation_mode_evidence[0].claim", "BAD_FORMAT", r => r.Scenario.Assumptions.RotationModeEvidence[0].Claim = new('x', 5_001)),
        ($"{Assume}.tour_length_days", "CONFLICT", r => r.Scenario.Assumptions.RotationMode = Assumptions.Types.RotationMode.Relieve),
        ($"{Assume}.tour_length_days", "CONFLICT", r => r.Scenario.Assumptions.RotationMode = Assumptions.Types.RotationMode.Unspecified),
        ($"{Assume}.tour_length_days.distribution", "BREAKS_RULE", r => r.Scenario.Assumptions.TourLengthDays.Distribution = Normal(100, 50)),
        ($"{Assume}.tour_length_days.path_factor.constant", "BREAKS_RULE", r => r.Scenario.Assumptions.TourLengthDays.PathFactor = new() { Constant = 0 }),
        ($"{Assume}.skip_probability", "OUT_OF_RANGE", r => r.Scenario.Assumptions.SkipProbability = 1),
        ($"{Assume}.skip_probability", "OUT_OF_RANGE", r => r.Scenario.Assumptions.SkipProbability = -0.1),
        ($"{Assume}.first_arrival_days.distribution.constant", "BREAKS_RULE", r => r.Scenario.Assumptions.FirstArrivalDays.Distribution = new() { Constant = 0 }),
        ($"{Assume}.rotation_interval_days.path_factor", "BREAKS_RULE", r => r.Scenario.Assumptions.RotationIntervalDays.PathFactor = Normal(1, 0.3)),
        ($"{Assume}.rotation_interval_days.path_factor", "OUT_OF_RANGE", r => r.Scenario.Assumptions.RotationIntervalDays.PathFactor = new() { Uniform = new() { Min = 1, Max = 2e6 } }),
        ($"{Assume}.initial_count.path_factor", "OUT_OF_RANGE", r => (r.Scenario.Assumptions.InitialCount.Distribution, r.Scenario.Assumptions.InitialCount.PathFactor) = (new() { Constant = 1e15 }, new() { Constant = 2 })),
        ($"{Assume}.initial_count.evidence[0].kind", "UNKNOWN_VALUE", r => r.Scenario.Assumptions.InitialCount.Evidence[0].Kind = (Evidence.Types.Kind)3),
        ($"{Assume}.initial_count.evidence[0].uri", "BAD_FORMAT", r => r.Scenario.Assumptions.InitialCount.Evidence[0].Uri = new('x', 2_001)),
        ($"{Assume}.initial_count.evidence[0].date", "OUT_OF_RANGE", r => r.Scenario.Assumptions.InitialCount.Evidence[0].Date = new() { Year = 2024, Day = 3 }),
        ($"{Assume}.initial_count.evidence[0].date", "OUT_OF_RANGE", r => r.Scenario.Assumptions.InitialCount.Evidence[0].Date = new() { Year = 2024, Month = 13 }),
        ($"{Assume}.initial_count.evidence", "TOO_MANY", r => r.Scenario.Assumptions.InitialCount.Evidence.AddRange(Enumerable.Range(0, 64).Select(_ => new Evidence()))),

        // Support: what a distribution may not reach.
        (Gap, "BREAKS_RULE", r => SetGap(r, Normal(90, 40))),
        (Gap, "BREAKS_RULE", r => SetGap(r, new() { Poisson = new() { Mean = 3 } })),
        (Gap, "BREAKS_RULE", r => SetGap(r, new() { Uniform = new() { Min = -1, Max = 10 } })),
        (Gap, "BREAKS_RULE", r => SetGap(r, new() { Normal = Normal(90, 40).Normal, Truncation = new() { Min = -5 } })),
        ($"{Gap}.constant", "BREAKS_RULE", r => SetGap(r, new() { Constant = 0 })),
        (Gap, "OUT_OF_RANGE", r => SetGap(r, new() { LogNormal = new() { LogMean = 30, LogStandardDeviation = 10 } })),
        (Size, "BREAKS_RULE", r => SetSize(r, Normal(5_000, 2_000))),
        (Size, "BREAKS_RULE", r => SetSize(r, new() { Empirical = new() { Samples = { 1, -2 } } })),

        // Distributions.
        ($"{Size}.constant", "NOT_FINITE", r => SetSize(r, new() { Constant = double.NaN })),
        ($"{Size}.constant", "OUT_OF_RANGE", r => SetSize(r, new() { Constant = 2e15 })),
        ($"{Size}.uniform.min", "REQUIRED", r => SetSize(r, new() { Uniform = new() { Max = 1 } })),
        ($"{Size}.uniform.max", "REQUIRED", r => SetSize(r, new() { Uniform = new() { Min = 1 } })),
        ($"{Size}.uniform.min", "NOT_ASCENDING", r => SetSize(r, new() { Uniform = new() { Min = 2, Max = 1 } })),
        ($"{Size}.uniform.min", "NOT_ASCENDING", r => SetSize(r, new() { Uniform = new() { Min = 1, Max = 1 } })),
        ($"{Size}.uniform.max", "NOT_FINITE", r => SetSize(r, new() { Uniform = new() { Min = 1, Max = double.PositiveInfinity } })),
        ($"{Size}.triangular.mode", "OUT_OF_RANGE", r => r.Scenario.Assumptions.BatchSize.Distribution.Triangular.Mode = 20_000),
        ($"{Size}.triangular.mode", "OUT_OF_RANGE", r => r.Scenario.Assumptions.BatchSize.Distribution.Triangular.Mode = 1_000),
        ($"{Size}.triangular.min", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution.Triangular.ClearMin()),
        ($"{Size}.triangular.max", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution.Triangular.ClearMax()),
        ($"{Size}.pert.shape", "OUT_OF_RANGE", r => SetSize(r, new() { Pert = new() { Min = 1, Mode = 2, Max = 3, Shape = 0 } })),
        ($"{Size}.pert.mode", "REQUIRED", r => SetSize(r, new() { Pert = new() { Min = 1, Max = 3 } })),
        ($"{Size}.pert.min", "NOT_ASCENDING", r => SetSize(r, new() { Pert = new() { Min = 4, Mode = 2, Max = 3 } })),
        ($"{Size}.pert.max", "REQUIRED", r => SetSize(r, new() { Pert = new() { Min = 1, Mode = 2 } })),
        ($"{Size}.normal", "REQUIRED", r => SetSize(r, new() { Normal = new() })),
        ($"{Size}.normal.standard_deviation", "REQUIRED", r => SetSize(r, new() { Normal = new() { Mean = 1 } })),
        ($"{Size}.normal.mean", "REQUIRED", r => SetSize(r, new() { Normal = new() { StandardDeviation = 1 } })),
        ($"{Size}.normal.standard_deviation", "OUT_OF_RANGE", r => SetSize(r, Normal(1, 0))),
        ($"{Size}.normal", "CONFLICT", r => SetSize(r, new() { Normal = new() { Mean = 1, Interval = new() { Low = 1, High = 2 } } })),
        ($"{Size}.normal.interval.low", "REQUIRED", r => SetSize(r, new() { Normal = new() { Interval = new() { High = 2 } } })),
        ($"{Size}.normal.interval.high", "REQUIRED", r => SetSize(r, new() { Normal = new() { Interval = new() { Low = 2 } } })),
        ($"{Size}.normal.interval.low", "NOT_ASCENDING", r => SetSize(r, new() { Normal = new() { Interval = new() { Low = 2, High = 1 } } })),
        ($"{Size}.normal.interval.probability", "OUT_OF_RANGE", r => SetSize(r, new() { Normal = new() { Interval = new() { Low = 1, High = 2, Probability = 1 } } })),
        ($"{Size}.log_normal", "REQUIRED", r => SetSize(r, new() { LogNormal = new() })),
        ($"{Size}.log_normal", "CONFLICT", r => SetSize(r, new() { LogNormal = new() { Mean = 1, StandardDeviation = 1, LogMean = 1, LogStandardDeviation = 1 } })),
        ($"{Size}.log_normal.mean", "OUT_OF_RANGE", r => SetSize(r, new() { LogNormal = new() { Mean = 0, StandardDeviation = 1 } })),
        ($"{Size}.log_normal.standard_deviation", "REQUIRED", r => SetSize(r, new() { LogNormal = new() { Mean = 1 } })),
        ($"{Size}.log_normal.log_mean", "REQUIRED", r => SetSize(r, new() { LogNormal = new() { LogStandardDeviation = 1 } })),
        ($"{Size}.log_normal.log_standard_deviation", "OUT_OF_RANGE", r => SetSize(r, new() { LogNormal = new() { LogMean = 1, LogStandardDeviation = 11 } })),
        ($"{Size}.log_normal.interval.low", "OUT_OF_RANGE", r => SetSize(r, new() { LogNormal = new() { Interval = new() { Low = 0, High = 1 } } })),
        ($"{Size}.log_normal.interval", "OUT_OF_RANGE", r => SetSize(r, new() { LogNormal = new() { Interval = new() { Low = 1e-9, High = 1e15, Probability = 0.05 } } })),
        ($"{Size}.gamma", "REQUIRED", r => SetSize(r, new() { Gamma = new() })),
        ($"{Size}.gamma.shape", "OUT_OF_RANGE", r => SetSize(r, new() { Gamma = new() { Shape = 0.01, Scale = 1 } })),
        ($"{Size}.gamma.scale", "REQUIRED", r => SetSize(r, new() { Gamma = new() { Shape = 1 } })),
        ($"{Size}.gamma.mean", "OUT_OF_RANGE", r => SetSize(r, new() { Gamma = new() { Mean = -1, StandardDeviation = 1 } })),
        ($"{Size}.gamma.standard_deviation", "OUT_OF_RANGE", r => SetSize(r, new() { Gamma = new() { Mean = 1, StandardDeviation = 5 } })),
        ($"{Size}.gamma.standard_deviation", "OUT_OF_RANGE", r => SetSize(r, new() { Gamma = new() { Mean = 1, StandardDeviation = 0.0009 } })),
        ($"{Size}.gamma.interval", "OUT_OF_RANGE", r => SetSize(r, new() { Gamma = new() { Interval = new() { Low = 1, High = 1.0000001 } } })),
        ($"{Size}.weibull", "CONFLICT", r => SetSize(r, new() { Weibull = new() { Shape = 1, Mean = 1 } })),
        ($"{Size}.weibull.shape", "OUT_OF_RANGE", r => SetSize(r, new() { Weibull = new() { Shape = 0.01, Scale = 1 } })),
        ($"{Size}.weibull.scale", "OUT_OF_RANGE", r => SetSize(r, new() { Weibull = new() { Shape = 1, Scale = 0 } })),
        ($"{Size}.weibull.mean", "REQUIRED", r => SetSize(r, new() { Weibull = new() { StandardDeviation = 1 } })),
        ($"{Size}.weibull.standard_deviation", "OUT_OF_RANGE", r => SetSize(r, new() { Weibull = new() { Mean = 1, StandardDeviation = 500 } })),
        ($"{Size}.weibull.interval", "OUT_OF_RANGE", r => SetSize(r, new() { Weibull = new() { Interval = new() { Low = 1, High = 1.00001 } } })),
        ($"{Size}.exponential.mean", "REQUIRED", r => SetSize(r, new() { Exponential = new() })),
        ($"{Size}.beta.alpha", "OUT_OF_RANGE", r => SetSize(r, new() { Beta = new() { Alpha = 0, Beta_ = 1 } })),
        ($"{Size}.beta.beta", "REQUIRED", r => SetSize(r, new() { Beta = new() { Alpha = 1 } })),
        ($"{Size}.beta.min", "NOT_ASCENDING", r => SetSize(r, new() { Beta = new() { Alpha = 1, Beta_ = 1, Min = 2 } })),
        ($"{Size}.beta.max", "NOT_FINITE", r => SetSize(r, new() { Beta = new() { Alpha = 1, Beta_ = 1, Max = double.NaN } })),
        ($"{Size}.poisson.mean", "OUT_OF_RANGE", r => SetSize(r, new() { Poisson = new() { Mean = 1e7 } })),
        ($"{Size}.negative_binomial.mean", "REQUIRED", r => SetSize(r, new() { NegativeBinomial = new() { Dispersion = 1 } })),
        ($"{Size}.negative_binomial.dispersion", "OUT_OF_RANGE", r => SetSize(r, new() { NegativeBinomial = new() { Mean = 1, Dispersion = 0.001 } })),
        ($"{Size}.discrete.outcomes", "REQUIRED", r => SetSize(r, new() { Discrete = new() })),
        ($"{Size}.discrete.outcomes[0].value", "REQUIRED", r => SetSize(r, new() { Discrete = new() { Outcomes = { new Discrete.Types.Outcome { Weight = 1 } } } })),
        ($"{Size}.discrete.outcomes[0].weight", "OUT_OF_RANGE", r => SetSize(r, new() { Discrete = new() { Outcomes = { new Discrete.Types.Outcome { Value = 1, Weight = 0 } } } })),
        ($"{Size}.discrete.outcomes", "TOO_MANY", r => SetSize(r, new() { Discrete = Outcomes(10_001) })),
        ($"{Size}.empirical", "REQUIRED", r => SetSize(r, new() { Empirical = new() })),
        ($"{Size}.empirical", "CONFLICT", r => SetSize(r, new() { Empirical = new() { Samples = { 1 }, Min = 0 } })),
        ($"{Size}.empirical.samples[1]", "NOT_FINITE", r => SetSize(r, new() { Empirical = new() { Samples = { 1, double.NaN } } })),
        ($"{Size}.empirical.min", "REQUIRED", r => SetSize(r, Quantiles(null, 10, (0.5, 5)))),
        ($"{Size}.empirical.max", "REQUIRED", r => SetSize(r, Quantiles(0, null, (0.5, 5)))),
        ($"{Size}.empirical.max", "NOT_ASCENDING", r => SetSize(r, Quantiles(0, 4, (0.5, 5)))),
        ($"{Size}.empirical.quantiles", "REQUIRED", r => SetSize(r, Quantiles(0, 4))),
        ($"{Size}.empirical.quantiles[0].value", "NOT_ASCENDING", r => SetSize(r, Quantiles(6, 10, (0.5, 5)))),
        ($"{Size}.empirical.quantiles[1].value", "NOT_ASCENDING", r => SetSize(r, Quantiles(0, 10, (0.5, 5), (0.6, 4)))),
        ($"{Size}.empirical.quantiles[1].probability", "NOT_ASCENDING", r => SetSize(r, Quantiles(0, 10, (0.5, 5), (0.5, 6)))),
        ($"{Size}.empirical.quantiles[0].probability", "OUT_OF_RANGE", r => SetSize(r, Quantiles(0, 10, (1, 5)))),
        ($"{Size}.metalog.quantiles", "REQUIRED", r => SetSize(r, new() { Metalog = new() })),
        ($"{Size}.metalog.quantiles", "REQUIRED", r => SetSize(r, Metalog((0.1, 5), (0.9, 9)))),
        ($"{Size}.metalog.quantiles", "TOO_MANY", r => SetSize(r, Metalog([.. Enumerable.Range(1, 17).Select(i => (i / 20.0, (double)i))]))),
        ($"{Size}.metalog.quantiles", "OUT_OF_RANGE", r => SetSize(r, Metalog((0.1, 5), (0.5, 5.1), (0.9, 9)))),
        ($"{Size}.metalog.quantiles[0].probability", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution = Unfinished(m => m.ClearProbability())),
        ($"{Size}.metalog.quantiles[0].value", "REQUIRED", r => r.Scenario.Assumptions.BatchSize.Distribution = Unfinished(m => m.ClearValue())),
        ($"{Size}.metalog.quantiles[2].probability", "OUT_OF_RANGE", r => SetSize(r, Metalog((0.1, 5), (0.5, 6), (1, 9)))),
        ($"{Size}.metalog.quantiles[1].probability", "NOT_ASCENDING", r => SetSize(r, Metalog((0.1, 5), (0.1, 6), (0.9, 9)))),
        ($"{Size}.metalog.quantiles[1].value", "NOT_ASCENDING", r => SetSize(r, Metalog((0.1, 5), (0.5, 5), (0.9, 9)))),
        ($"{Size}.metalog.quantiles[1].value", "NOT_FINITE", r => SetSize(r, Metalog((0.1, 5), (0.5, double.NaN), (0.9, 9)))),
        ($"{Size}.metalog.lower_bound", "NOT_ASCENDING", r => SetSize(r, Bounded(Metalog((0.1, 5), (0.5, 6), (0.9, 9)), 5, null))),
        ($"{Size}.metalog.lower_bound", "NOT_FINITE", r => SetSize(r, Bounded(Metalog((0.1, 5), (0.5, 6), (0.9, 9)), double.NaN, null))),
        ($"{Size}.metalog.upper_bound", "NOT_ASCENDING", r => SetSize(r, Bounded(Metalog((0.1, 5), (0.5, 6), (0.9, 9)), null, 9))),
        ($"{Size}.metalog.upper_bound", "OUT_OF_RANGE", r => SetSize(r, Bounded(Metalog((0.1, 5), (0.5, 6), (0.9, 9)), null, 1e16))),
        (Size, "BREAKS_RULE", r => SetSize(r, Metalog((0.1, 5), (0.5, 6), (0.9, 9)))),
        ($"{Size}.text", "BAD_FORMAT", r => SetSize(r, Text(""))),
        ($"{Size}.text", "BAD_FORMAT", r => SetSize(r, Text("15,000"))),
        ($"{Size}.text", "BAD_FORMAT", r => SetSize(r, Text(new('1', 2_001)))),
        ($"{Size}.text", "NOT_ASCENDING", r => SetSize(r, Text("uniform(5, 3)"))),
        ($"{Size}.text", "BREAKS_RULE", r => SetSize(r, Text("-1"))),
        ($"{Size}.text", "BREAKS_RULE", r => SetSize(r, Text("normal(100, 50)"))),
        ($"{Size}.text", "OUT_OF_RANGE", r => SetSize(r, Text("2e15"))),
        ($"{Size}.text", "OUT_OF_RANGE", r => SetSize(r, Text("uniform(0, 1) truncated at least 2"))),
        ($"{Size}.truncation", "OUT_OF_RANGE", r => SetSize(r, new() { Text = "uniform(0, 1)", Truncation = new() { Min = 2 } })),
        ($"{Size}.truncation", "CONFLICT", r => SetSize(r, new() { Text = "5 to 10 truncated at least 2", Truncation = new() { Max = 20 } })),
        ($"{Size}.mixture.components[1].distribution.text", "BAD_FORMAT", r => SetSize(r, Mixture(Text("1"), Text("one")))),
        ($"{Size}.mixture.components[0].distribution.text", "TOO_DEEP", r => SetSize(r, Mixture(Text("mixture(1: mixture(1: mixture(1: mixture(1: 5))))")))),
        ($"{Assume}.batch_size.path_factor.text", "BREAKS_RULE", r => r.Scenario.Assumptions.BatchSize.PathFactor = Text("normal(1, 0.3)")),
        ($"{Scenario}.events[1].timing.days.distribution.text", "BAD_FORMAT", r => r.Scenario.Events[1].Timing.Days.Distribution = Text("soon")),
        ($"{Scenario}.events[0].duration_days.distribution.text", "BREAKS_RULE", r => r.Scenario.Events[0].DurationDays.Distribution = Text("0")),
        ($"{Size}.mixture.components", "REQUIRED", r => SetSize(r, new() { Mixture = new() })),
        ($"{Size}.mixture.components", "TOO_MANY", r => SetSize(r, Mixture([.. Enumerable.Repeat(new Distribution { Constant = 1 }, 101)]))),
        ($"{Size}.mixture.components[0].weight", "REQUIRED", r => SetSize(r, new() { Mixture = new() { Components = { new Mixture.Types.Component { Distribution = new() { Constant = 1 } } } } })),
        ($"{Size}.mixture.components[1].distribution", "REQUIRED", r => SetSize(r, Mixture(new Distribution { Constant = 1 }, new Distribution()))),
        ($"{Size}{string.Concat(Enumerable.Repeat(".mixture.components[0].distribution", 4))}.mixture", "TOO_DEEP", r => SetSize(r, Mixture(Mixture(Mixture(Mixture(Mixture(new Distribution { Constant = 1 }))))))),
        ($"{Size}.truncation", "OUT_OF_RANGE", r => r.Scenario.Assumptions.BatchSize.Distribution.Truncation = new() { Min = 20_000 }),
        ($"{Size}.truncation.min", "NOT_ASCENDING", r => r.Scenario.Assumptions.BatchSize.Distribution.Truncation = new() { Min = 9_000, Max = 3_000 }),
        ($"{Size}.truncation.min", "NOT_FINITE", r => r.Scenario.Assumptions.BatchSize.Distribution.Truncation = new() { Min = double.NegativeInfinity }),
        ($"{Size}.truncation.max", "NOT_FINITE", r => r.Scenario.Assumptions.BatchSize.Distribution.Truncation = new() { Max = double.NaN }),

        // Correlations.
        ($"{Scenario}.correlations", "TOO_MANY", r => r.Scenario.Correlations.AddRange(Enumerable.Range(0, 14).Select(_ => r.Scenario.Correlations[0].Clone()))),
        ($"{Scenario}.correlations[0].a", "REQUIRED", r => r.Scenario.Correlations[0].A = ""),
        ($"{Scenario}.correlations[0].a", "UNKNOWN_REFERENCE", r => r.Scenario.Correlations[0].A = "skip_probability"),
        ($"{Scenario}.correlations[0].b", "REQUIRED", r => r.Scenario.Correlations[0].B = ""),
        ($"{Scenario}.correlations[0].b", "UNKNOWN_REFERENCE", r => r.Scenario.Correlations[0].B = "Batch_size"),
        ($"{Scenario}.correlations[0].b", "CONFLICT", r => r.Scenario.Correlations[0].B = "rotation_interval_days"),
        ($"{Scenario}.correlations[1].a", "UNKNOWN_REFERENCE", r => r.Scenario.Assumptions.Cap = null),
        ($"{Scenario}.correlations[1].b", "UNKNOWN_REFERENCE", r => (r.Scenario.Assumptions.InitialCount, r.Scenario.Correlations[1].B) = (null, "initial_count")),
        ($"{Scenario}.correlations[1]", "DUPLICATE", r => r.Scenario.Correlations[1] = new() { A = "batch_size", B = "rotation_interval_days", RankCorrelation = 0.1 }),
        ($"{Scenario}.correlations[1]", "CONFLICT", r => r.Scenario.Correlations[1].A = "batch_size"),
        ($"{Scenario}.correlations[0]", "CONFLICT", r => r.Scenario.Assumptions.BatchSize.Resampling = Assumption.Types.Resampling.PerPath),
        ($"{Scenario}.correlations[0].rank_correlation", "OUT_OF_RANGE", r => r.Scenario.Correlations[0].RankCorrelation = 1.01),
        ($"{Scenario}.correlations[0].rank_correlation", "OUT_OF_RANGE", r => r.Scenario.Correlations[0].RankCorrelation = -1.01),
        ($"{Scenario}.correlations[0].rank_correlation", "NOT_FINITE", r => r.Scenario.Correlations[0].RankCorrelation = double.NaN),
        ($"{Scenario}.correlations", "CONFLICT", r => Contradict(r.Scenario)),

        // Events.
        ($"{Scenario}.events", "TOO_MANY", r => r.Scenario.Events.AddRange(Enumerable.Range(0, 61).Select(_ => r.Scenario.Events[3].Clone()))),
        ($"{Scenario}.events[3].event_id", "REQUIRED", r => r.Scenario.Events[3].EventId = ""),
        ($"{Scenario}.events[3].event_id", "BAD_FORMAT", r => r.Scenario.Events[3].EventId = "Fourth"),
        ($"{Scenario}.events[3].event_id", "DUPLICATE", r => r.Scenario.Events[3].EventId = "first"),
        ($"{Scenario}.events[0].display_name", "BAD_FORMAT", r => r.Scenario.Events[0].DisplayName = new('x', 201)),
        ($"{Scenario}.events[0].evidence[0].source", "BAD_FORMAT", r => r.Scenario.Events[0].Evidence[0].Source = new('x', 501)),
        ($"{Scenario}.events[3].timing", "REQUIRED", r => r.Scenario.Events[3].Timing = null),
        ($"{Scenario}.events[3].timing", "REQUIRED", r => r.Scenario.Events[3].Timing = new()),
        ($"{Scenario}.events[3].timing.probability_within_horizon", "OUT_OF_RANGE", r => r.Scenario.Events[3].Timing.ProbabilityWithinHorizon = 1.1),
        ($"{Scenario}.events[2].timing.date", "OUT_OF_RANGE", r => r.Scenario.Events[2].Timing.Date = new Date { Year = 2025, Month = 2, Day = 30 }),
        ($"{Scenario}.events[1].timing.days.distribution", "BREAKS_RULE", r => r.Scenario.Events[1].Timing.Days.Distribution = Normal(10, 20)),
        ($"{Scenario}.events[1].timing.days.resampling", "CONFLICT", r => r.Scenario.Events[1].Timing.Days.Resampling = Assumption.Types.Resampling.PerBatch),
        ($"{Scenario}.events[0].timing.hazard_per_year", "OUT_OF_RANGE", r => r.Scenario.Events[0].Timing.HazardPerYear = 0),
        ($"{Scenario}.events[0].probability", "OUT_OF_RANGE", r => r.Scenario.Events[0].Probability = -0.1),
        ($"{Scenario}.events[1].after", "UNKNOWN_REFERENCE", r => r.Scenario.Events[1].After = "nobody"),
        ($"{Scenario}.events[1].after", "CONFLICT", r => r.Scenario.Events[1].After = "second"),
        ($"{Scenario}.events[1].after", "CONFLICT", r => r.Scenario.Events[0].After = "second"),
        ($"{Scenario}.events[2].after", "CONFLICT", r => r.Scenario.Events[2].After = "first"),
        ($"{Scenario}.events[0].duration_days.distribution.constant", "BREAKS_RULE", r => r.Scenario.Events[0].DurationDays.Distribution.Constant = 0),
        ($"{Scenario}.events[0].effects.interval_factor", "OUT_OF_RANGE", r => r.Scenario.Events[0].Effects.IntervalFactor = 0),
        ($"{Scenario}.events[0].effects.batch_size_factor", "OUT_OF_RANGE", r => r.Scenario.Events[0].Effects.BatchSizeFactor = -1),
        ($"{Scenario}.events[3].effects.interval_factor", "OUT_OF_RANGE", r => (r.Scenario.Events[0].Effects.IntervalFactor, r.Scenario.Events[3].Effects) = (1e-5, new() { IntervalFactor = 1e-5 })),
        ($"{Scenario}.events[1].effects.interval_factor", "OUT_OF_RANGE", r => (r.Scenario.Events[0].Effects.IntervalFactor, r.Scenario.Events[1].Effects) = (1e4, new() { IntervalFactor = 1e4 })),
        ($"{Scenario}.events[1].effects.batch_size_factor", "OUT_OF_RANGE", r => (r.Scenario.Events[0].Effects.BatchSizeFactor, r.Scenario.Events[1].Effects) = (1e4, new() { BatchSizeFactor = 1e4 })),
        ($"{Scenario}.events[0].effects.cap_change", "OUT_OF_RANGE", r => r.Scenario.Events[0].Effects.CapChange = 0.5),
        ($"{Scenario}.events[0].effects.cap_change", "NOT_FINITE", r => r.Scenario.Events[0].Effects.CapChange = double.NaN),
        ($"{Scenario}.events[0].effects.cap_change", "CONFLICT", r => r.Scenario.Assumptions.Cap = null),
    ];

    /// <summary>Fields that take every value, or that parsing leaves alone, and why.</summary>
    private static readonly Dictionary<string, string> Free = new()
    {
        ["scenarios.v1.ProjectRequest.seed"] = "every number is a seed",
        ["scenarios.v1.ProjectRequest.final_only"] = "both values mean something",
        ["scenarios.v1.Scenario.name"] = "ignored in an inline scenario",
        ["scenarios.v1.Scenario.etag"] = "output only",
        ["scenarios.v1.Scenario.revision_id"] = "output only",
        ["scenarios.v1.Scenario.create_time"] = "output only",
        ["scenarios.v1.Scenario.update_time"] = "output only",
        ["scenarios.v1.Event.disabled"] = "both values mean something",
        ["scenarios.v1.EventEffects.halt"] = "both values mean something",
    };

    /// <summary>Messages that are refused as a whole, so that their fields have no rules yet.</summary>
    private static readonly HashSet<string> NotAvailableYet =
        ["scenarios.v1.Observation"];

    public static TheoryData<int, string, string> Cases()
    {
        var data = new TheoryData<int, string, string>();
        for (var i = 0; i < Rules.Length; i++)
        {
            data.Add(i, Rules[i].Field, Rules[i].Reason);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rule_Broken_IsReportedAtItsFieldWithAMend(int index, string field, string reason)
    {
        var request = Parsers.Full();
        Rules[index].Break(request);
        var found = Parsers.Violations(() => Parsers.Parse(request));
        var violation = Assert.Single(found, v => v.Field == field && v.Reason == reason);
        Assert.Matches(@"(?s)^.+[.:] [""A-Z].+[.?]$", violation.Description);
    }

    [Fact]
    public void Request_WithEveryFieldGiven_IsLetThrough() => Assert.Equal(50_000, Parsers.Parse(Parsers.Full()).Paths);

    [Fact]
    public void Violations_OfManyFields_AreReportedAtOnce()
    {
        var request = Parsers.Full();
        request.Paths = -1;
        request.Scenario.HorizonDays = double.NaN;
        request.Scenario.Assumptions.BatchSize.Distribution.Triangular.Mode = 20_000;
        request.Scenario.Events[1].After = "nobody";
        string[] fields = [.. Parsers.Violations(() => Parsers.Parse(request)).Select(v => v.Field)];
        Assert.Equal(
            ["scenario.horizon_days", $"{Size}.triangular.mode", "scenario.events[1].after", "paths"],
            fields);
    }

    [Fact]
    public void Violation_OfAMode_SaysWhatIsGivenAllowedAndHowToMendIt()
    {
        var request = Parsers.Full();
        request.Scenario.Assumptions.BatchSize.Distribution.Triangular.Mode = 20_000;
        Assert.Equal(
            "20,000 is above max 15,000; the mode lies from min to max. Give a mode from 2,000 to 15,000, or raise max to 20,000.",
            Assert.Single(Parsers.Violations(() => Parsers.Parse(request))).Description);
    }

    [Fact]
    public void Truncation_ProposedForAGap_MendsIt()
    {
        var request = Parsers.Full();
        SetGap(request, Normal(90, 40));
        Assert.Contains("Set truncation.min to 1, or", Assert.Single(Parsers.Violations(() => Parsers.Parse(request))).Description, StringComparison.Ordinal);
        request.Scenario.Assumptions.RotationIntervalDays.Distribution.Truncation = new() { Min = 1 };
        Assert.Equal(1, Parsers.Parse(request).Model.RotationIntervalDays.Distribution.Min);
    }

    [Fact]
    public void Rules_ForEveryFieldOfARequest_AreInTheTableOrFree()
    {
        var ruled = new HashSet<string>();
        foreach (var (path, _, _) in Rules)
        {
            AddFieldsAlong(path, ruled);
        }

        var all = new HashSet<string>();
        AddFieldsOf(ProjectRequest.Descriptor, all, []);
        Assert.All(all, field => Assert.True(ruled.Contains(field) || Free.ContainsKey(field), field));
        Assert.All(Free.Keys, field => Assert.Contains(field, all));
    }

    private static void AddFieldsAlong(string path, HashSet<string> fields)
    {
        var message = ProjectRequest.Descriptor;
        foreach (var part in path.Split('.'))
        {
            if (message is null)
            {
                return;
            }

            var field = message.FindFieldByName(part.Split('[')[0]);
            Assert.NotNull(field);
            fields.Add(field.FullName);
            message = field.FieldType == FieldType.Message && !field.IsMap ? field.MessageType : null;
        }
    }

    private static void AddFieldsOf(MessageDescriptor message, HashSet<string> fields, HashSet<string> seen)
    {
        if (!message.FullName.StartsWith("scenarios.", StringComparison.Ordinal) || NotAvailableYet.Contains(message.FullName) || !seen.Add(message.FullName))
        {
            return;
        }

        foreach (var field in message.Fields.InDeclarationOrder())
        {
            fields.Add(field.FullName);
            if (field.FieldType == FieldType.Message && !field.IsMap)
            {
                AddFieldsOf(field.MessageType, fields, seen);
            }
        }
    }

    private static void PresentWithoutMode(Assumptions assumptions) =>
        (assumptions.CapBasis, assumptions.RotationMode) = (Assumptions.Types.CapBasis.Present, Assumptions.Types.RotationMode.Unspecified);

    /// <summary>Gap, size and tour all against one another: the negative of what can be.</summary>
    private static void Contradict(Scenarios.V1.Scenario scenario)
    {
        scenario.Correlations.Clear();
        scenario.Correlations.Add(new Correlation { A = "rotation_interval_days", B = "batch_size", RankCorrelation = -0.9 });
        scenario.Correlations.Add(new Correlation { A = "batch_size", B = "tour_length_days", RankCorrelation = -0.9 });
        scenario.Correlations.Add(new Correlation { A = "tour_length_days", B = "rotation_interval_days", RankCorrelation = -0.9 });
    }

    private static void SetGap(ProjectRequest request, Distribution distribution) => request.Scenario.Assumptions.RotationIntervalDays.Distribution = distribution;

    private static void SetSize(ProjectRequest request, Distribution distribution) => request.Scenario.Assumptions.BatchSize.Distribution = distribution;

    private static Distribution Metalog(params (double Probability, double Value)[] points) => new()
    {
        Metalog = new() { Quantiles = { points.Select(point => new Metalog.Types.Quantile { Probability = point.Probability, Value = point.Value }) } },
    };

    private static Distribution Unfinished(Action<Metalog.Types.Quantile> take)
    {
        var distribution = Metalog((0.1, 5), (0.5, 6), (0.9, 9));
        take(distribution.Metalog.Quantiles[0]);
        return distribution;
    }

    private static Distribution Bounded(Distribution distribution, double? lower, double? upper)
    {
        if (lower is { } low)
        {
            distribution.Metalog.LowerBound = low;
        }

        if (upper is { } high)
        {
            distribution.Metalog.UpperBound = high;
        }

        return distribution;
    }

    private static Distribution Text(string text) => new() { Text = text };

    private static Distribution Normal(double mean, double deviation) => new() { Normal = new() { Mean = mean, StandardDeviation = deviation } };

    private static Distribution Mixture(params Distribution[] components) => new()
    {
        Mixture = new() { Components = { components.Select(component => new Mixture.Types.Component { Weight = 1, Distribution = component }) } },
    };

    private static Discrete Outcomes(int count) => new()
    {
        Outcomes = { Enumerable.Range(0, count).Select(i => new Discrete.Types.Outcome { Value = i, Weight = 1 }) },
    };

    private static Distribution Quantiles(double? min, double? max, params (double Probability, double Value)[] points)
    {
        var empirical = new Empirical
        {
            Quantiles = { points.Select(point => new Empirical.Types.Quantile { Probability = point.Probability, Value = point.Value }) },
        };
        if (min is { } low)
        {
            empirical.Min = low;
        }

        if (max is { } high)
        {
            empirical.Max = high;
        }

        return new() { Empirical = empirical };
    }
}
