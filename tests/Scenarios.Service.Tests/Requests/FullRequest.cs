using Google.Protobuf;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

/// <summary>A request to start from.</summary>
internal static class FullRequest
{
    /// <summary>A valid request that gives every field that this version serves.</summary>
    public static ProjectRequest Make() => JsonParser.Default.Parse<ProjectRequest>(
        """
        {"scenario": {
           "name": "scenarios/given", "etag": "e", "revision_id": "r", "create_time": "2024-01-01T00:00:00Z", "update_time": "2024-01-01T00:00:00Z",
           "display_name": "Example", "description": "An example.", "noun": "troops", "verb": "sent",
           "start_date": {"year": 2024, "month": 11, "day": 17}, "horizon_days": 728, "step_days": 7, "thresholds": [50000, 75000],
           "assumptions": {
             "initial_count": {"distribution": {"constant": 15000}, "resampling": "PER_PATH",
               "evidence": [{"source": "s", "claim": "c", "kind": "REPORTED", "date": {"year": 2024, "month": 11}, "uri": "https://example.org"}]},
             "rotation_interval_days": {"distribution": {"log_normal": {"interval": {"low": 60, "high": 180, "probability": 0.9}},
               "truncation": {"min": 10, "max": 500}}, "resampling": "PER_BATCH", "path_factor": {"log_normal": {"interval": {"low": 0.8, "high": 1.25}}}},
             "batch_size": {"distribution": {"triangular": {"min": 2000, "mode": 5000, "max": 15000}}},
             "cap": {"distribution": {"uniform": {"min": 90000, "max": 110000}}, "resampling": "PER_PATH"},
             "cap_basis": "CUMULATIVE", "cap_basis_evidence": [{"source": "a"}],
             "rotation_mode": "REINFORCE", "rotation_mode_evidence": [{"source": "b"}],
             "first_arrival_days": {"distribution": {"exponential": {"mean": 30}}},
             "tour_length_days": {"distribution": {"weibull": {"mean": 200, "standard_deviation": 50}}}, "skip_probability": 0.1},
           "correlations": [
             {"a": "rotation_interval_days", "b": "batch_size", "rank_correlation": -0.3},
             {"a": "cap", "b": "first_arrival_days", "rank_correlation": 0.2}],
           "events": [
             {"event_id": "first", "display_name": "First", "evidence": [{"source": "c"}], "timing": {"hazard_per_year": 0.5},
              "probability": 0.9, "duration_days": {"distribution": {"constant": 90}},
              "effects": {"halt": true, "interval_factor": 0.8, "batch_size_factor": 1.25, "cap_change": -1000}},
             {"event_id": "second", "timing": {"days": {"distribution": {"gamma": {"shape": 2, "scale": 10}}}}, "after": "first"},
             {"event_id": "third", "disabled": true, "timing": {"date": {"year": 2025, "month": 2, "day": 28}}},
             {"event_id": "fourth", "timing": {"probability_within_horizon": 0.3}}],
           "labels": {"theatre": "kursk", "desk": "east"}},
         "paths": "50000", "seed": "7", "quantile_levels": [0.1, 0.5, 0.9], "thresholds": ["40000"], "report_days": [365, 728, 100.5],
         "sample_path_count": 20, "histogram_days": [365, 728], "histogram_bin_count": 40,
         "target_precision": {"relative_half_width": 0.001, "quantile_half_width": 100}, "sampling": "PSEUDO_RANDOM",
         "update_interval": "0.25s", "final_only": true}
        """);
}
