"""Two independent answers to one scenario, compared figure by figure.

Both are Monte Carlo answers, so each figure may differ by chance; LIMIT standard errors of the difference are allowed.
Means, variances and probabilities are compared with the variance pooled over both samples, which stays right where a
thing was seen in one of them a few times only. Quantiles are compared as probabilities: if v is the service's quantile
at level p, the share of Python's paths at or below v is p but for chance, and where v lies in an atom the shares below
v and up to v enclose p. So nothing is loosened where a distribution jumps. Away from atoms v is moved outwards by the
binning bound of the model's description, 0.05 % of the range, or of the horizon for times.
"""

import math

import numpy as np
from scipy import stats

from projection import Z95, Sample, wilson_distance

LIMIT = 5.0
FALSE_ALARM_EACH = 2 * stats.norm.sf(LIMIT)
BINNING = 0.0005
# The service's smallest value lies above Python's RARE smallest with probability (share of Python's paths)^RARE.
RARE = 12


class Comparison:
    """Counts what was compared and keeps what did not agree."""

    def __init__(self, answer, paths, scenario):
        self._answer, self._paths = answer, paths
        self._n = int(answer["paths"])
        self._m = paths.cumulative.shape[1]
        self._per_path = 1 / self._n + 1 / self._m
        self._horizon = paths.grid[-1]
        self._count_bound = BINNING * self._range(scenario)
        self.compared, self.largest, self.failures = 0, 0.0, []

    def _range(self, scenario):
        """Where the service's fine bins end: known from its first 1,000 paths, and a constant cap."""
        end = 2 * max(path["cumulative"][-1] for path in self._answer["samplePaths"])
        cap = scenario["assumptions"].get("cap", {})
        on_cumulative = scenario["assumptions"].get("cap_basis", "CUMULATIVE") == "CUMULATIVE"
        if on_cumulative and set(cap.get("distribution", {})) == {"constant"} and "path_factor" not in cap:
            rises = sum(max(e.get("effects", {}).get("cap_change", 0), 0)
                        for e in scenario.get("events", []) if not e.get("disabled"))
            end = min(end, cap["distribution"]["constant"] + rises)
        return end

    def run(self):
        points = self._answer["points"]
        self._same("grid", [p.get("day", 0.0) for p in points], list(self._paths.grid))
        if self.failures:
            return self
        for i, point in enumerate(points):
            where = f"day {point.get('day', 0.0):g}"
            self._summary(f"{where} cumulative", point["cumulative"], Sample(self._paths.cumulative[i]))
            self._same(f"{where} has present", "present" in point, self._paths.present is not None)
            if "present" in point and self._paths.present is not None:
                self._summary(f"{where} present", point["present"], Sample(self._paths.present[i]))
        self._same("thresholds", [int(t["count"]) for t in self._answer.get("thresholds", [])], list(self._paths.passages))
        for threshold, times in zip(self._answer.get("thresholds", []), self._paths.passages.values()):
            self._passage(f"threshold {threshold['count']}", threshold, Sample(times))
        self._same("has cap", "cap" in self._answer, self._paths.cap_passage is not None)
        if "cap" in self._answer and self._paths.cap_passage is not None:
            self._passage("cap", self._answer["cap"], Sample(self._paths.cap_passage))
        outcomes = {e["eventId"]: e for e in self._answer.get("events", [])}
        self._same("events", sorted(outcomes), sorted(self._paths.event_times))
        for name, times in self._paths.event_times.items():
            if name in outcomes:
                self._share(f"event {name}", outcomes[name].get("probability", 0.0), np.mean(times <= self._horizon))
                self._wilson(f"event {name}", outcomes[name], "probability")
        return self

    def _summary(self, where, said, sample):
        mean, sd = said.get("mean", 0.0), said.get("standardDeviation", 0.0)
        n, m = self._n, self._m
        difference = mean - sample.mean()
        pooled = (n * sd**2 + m * sample.variance()) / (n + m) + n * m * (difference / (n + m)) ** 2
        self._judge(f"{where} mean", mean, sample.mean(), difference, math.sqrt(pooled * self._per_path))
        # Variances, whose errors are nearer to normal than those of their roots.
        by_service = n * (2 * sd * said.get("standardDeviationStandardError", 0.0)) ** 2
        spread = math.sqrt(max(sample.variance_of_variance(), by_service) * self._per_path)
        self._judge(f"{where} standard deviation", sd, math.sqrt(sample.variance()), sd**2 - sample.variance(), spread)
        self._close(f"{where} mean's standard error", said.get("meanStandardError", 0.0), sd / math.sqrt(n))
        for level, value, error in zip(self._answer["quantileLevels"], said["quantiles"], said["quantileStandardErrors"]):
            exact = error == 0
            self._quantile(f"{where} quantile {level:g}", level, value, 0.0 if exact else self._count_bound, sample)
            if exact and sample.upto(value) == sample.below(value):
                self._fail(f"{where} quantile {level:g}: {value:g} is said to be exact, but no path of Python's ends there")
        self._extreme(f"{where} smallest", said.get("min", 0.0) - self._count_bound, sample.sorted[RARE - 1], +1)
        self._extreme(f"{where} largest", said.get("max", 0.0) + self._count_bound, sample.sorted[-RARE], -1)

    def _passage(self, where, said, sample):
        by_point = said.get("reachedProbabilityByPoint", [])
        self._same(f"{where} has a probability for each point", len(by_point), len(self._paths.grid))
        for day, share in zip(self._paths.grid, by_point):
            self._share(f"{where} by day {day:g}", share, sample.upto(day))
        self._share(f"{where} by the horizon", said.get("reachedProbability", 0.0), sample.upto(self._horizon))
        self._wilson(where, said, "reachedProbability")
        bound = BINNING * self._horizon
        for entry in said["firstPassage"]:
            level, day = entry["level"], entry.get("day")
            name = f"{where} passage quantile {level:g}"
            if day is None:
                self._judge(name, "never", sample.quantile(level), max(sample.upto(self._horizon) - level, 0.0),
                            math.sqrt(level * (1 - level) * self._per_path))
            else:
                self._quantile(name, level, day, bound, sample)
        self._extreme(f"{where} earliest day", said.get("earliestDay", math.inf) - bound, sample.sorted[RARE - 1], +1)

    def _quantile(self, name, level, value, bound, sample):
        short = level - sample.upto(value + bound)
        over = sample.below(value - bound) - level
        self._judge(name, value, sample.quantile(level), max(short, over, 0.0),
                    math.sqrt(level * (1 - level) * self._per_path))

    def _share(self, name, said, share):
        pooled = (self._n * said + self._m * share) / (self._n + self._m)
        self._judge(name, said, share, said - share, math.sqrt(max(pooled * (1 - pooled), 0.0) * self._per_path))

    def _wilson(self, name, said, field):
        share = said.get(field, 0.0)
        self._close(f"{name} standard error", said.get(field + "StandardError", 0.0), wilson_distance(share, self._n) / Z95)

    def _judge(self, name, said, expected, difference, standard_error):
        self.compared += 1
        rounding = 1e-12 * max(abs(x) for x in (said, expected, 1.0) if isinstance(x, float) and math.isfinite(x))
        if abs(difference) <= rounding:
            return
        z = abs(difference) / standard_error if standard_error > 0 else math.inf
        self.largest = max(self.largest, z)
        if not z <= LIMIT:
            self._fail(f"{name}: service {said}, Python {expected}, {z:.1f} standard errors apart")

    def _extreme(self, name, said, limit, sign):
        self.compared += 1
        if sign * said > sign * limit:
            self._fail(f"{name}: service {said:g} (moved by the binning bound), yet {RARE} of Python's paths lie beyond {limit:g}")

    def _close(self, name, said, expected):
        if abs(said - expected) > 1e-4 * max(abs(expected), 1e-12):
            self._fail(f"{name}: service {said}, by its definition {expected}")

    def _same(self, name, said, expected):
        if said != expected:
            self._fail(f"{name}: service {said}, Python {expected}")

    def _fail(self, sentence):
        self.failures.append(sentence)
