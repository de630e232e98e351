"""The reference against closed forms, published figures and paths worked out by hand. Seeds are fixed.

Statistical checks allow 5 standard errors, and shares what an exact binomial test allows at the same 6e-7: the
probability with which each of them is wrong by chance.
Run with: /usr/bin/python3 -m unittest -v test_model (in this folder); check.py runs it first.
"""

import math
import unittest

import numpy as np
from scipy import integrate, stats

import distributions
import model
import projection

N = 100_000
FALSE_ALARM = 2 * stats.norm.sf(5)


def scenario(horizon, step, events=(), correlations=(), thresholds=(), **given):
    assumptions = {name: given.pop(name) for name in list(given) if name in ("rotation_mode", "cap_basis", "skip_probability")}
    for name, value in given.items():
        assumptions[name] = value if isinstance(value, dict) and "distribution" in value else {"distribution": as_distribution(value)}
    return {"start_date": {"year": 2024, "month": 11, "day": 17}, "horizon_days": horizon, "step_days": step,
            "thresholds": list(thresholds), "assumptions": assumptions, "events": list(events), "correlations": list(correlations)}


def as_distribution(value):
    return value if isinstance(value, dict) else {"constant": value}


def on(day, **effects):
    duration = effects.pop("for_days", None)
    date = model.to_date({"year": 2024, "month": 11, "day": 17}) + model.datetime.timedelta(day)
    event = {"event_id": f"day{day}".replace("-", "m"), "timing": {"date": {"year": date.year, "month": date.month, "day": date.day}},
             "effects": effects}
    if duration is not None:
        event["duration_days"] = {"distribution": {"constant": duration}}
    return event


def one_path(message):
    return model.simulate(message, 1, 1)


def may_be(happened, probability):
    """Whether a share may come from this probability: a two-sided binomial test, exact also for the rare."""
    count = np.count_nonzero(happened)
    law = stats.binom(len(happened), min(max(probability, 0.0), 1.0))
    return 2 * min(law.cdf(count), law.sf(count - 1)) > FALSE_ALARM


class Distributions(unittest.TestCase):
    CASES = {
        "uniform": {"uniform": {"min": 2, "max": 5}},
        "triangular": {"triangular": {"min": 2000, "mode": 5000, "max": 15000}},
        "pert": {"pert": {"min": 1, "mode": 3, "max": 4, "shape": 2}},
        "normal": {"normal": {"interval": {"low": 3, "high": 9, "probability": 0.8}}},
        "log-normal": {"log_normal": {"mean": 50, "standard_deviation": 30}},
        "gamma": {"gamma": {"interval": {"low": 10, "high": 60}}},
        "weibull by interval": {"weibull": {"interval": {"low": 10, "high": 60}}},
        "weibull by moments": {"weibull": {"mean": 10, "standard_deviation": 4}},
        "exponential": {"exponential": {"mean": 12}},
        "beta": {"beta": {"alpha": 2, "beta": 3, "min": 5, "max": 9}},
        "poisson": {"poisson": {"mean": 3.3}},
        "negative binomial": {"negative_binomial": {"mean": 10, "dispersion": 2}},
        "discrete": {"discrete": {"outcomes": [{"value": 0, "weight": 1}, {"value": 7, "weight": 3}, {"value": 0, "weight": 2}]}},
        "samples": {"empirical": {"samples": [1, 4, 4, 9]}},
        "quantiles": {"empirical": {"quantiles": [{"probability": 0.2, "value": 3}, {"probability": 0.7, "value": 3},
                                                  {"probability": 0.9, "value": 8}], "min": 1, "max": 10}},
        "metalog": {"metalog": {"quantiles": [{"probability": p, "value": v} for p, v in ((0.1, 20), (0.5, 60), (0.8, 95), (0.9, 150))],
                                "lower_bound": 0}},
        "mixture": {"mixture": {"components": [{"weight": 3, "distribution": {"normal": {"mean": 0, "standard_deviation": 1}}},
                                               {"weight": 1, "distribution": {"poisson": {"mean": 4}}}]}},
        "truncated": {"poisson": {"mean": 3.3}, "truncation": {"min": 2, "max": 5}},
        "truncated far out": {"normal": {"mean": 0, "standard_deviation": 1}, "truncation": {"min": 3}},
    }

    def test_samples_follow_the_distribution_function(self):
        rng = np.random.Generator(np.random.PCG64(7))
        for name, message in self.CASES.items():
            with self.subTest(name):
                d = distributions.parse(message)
                for x in (d.sample(rng, N), d.ppf(rng.random(N))):
                    points = np.unique(np.quantile(x, np.linspace(0.02, 0.98, 25)))
                    for side, share in ((d.cdf, lambda v: x <= v), (d.below, lambda v: x < v)):
                        for v in points:
                            self.assertTrue(may_be(share(v), float(side(np.array(v)))), (name, v))

    def test_forms_mean_what_they_say(self):
        for family, factor in (("normal", 1), ("log_normal", 1), ("gamma", 1), ("weibull", 1)):
            d = distributions.parse({family: {"interval": {"low": 60, "high": 180, "probability": 0.8}}})
            np.testing.assert_allclose(d.ppf(np.array([0.1, 0.9])), [60, 180], rtol=1e-9)
        for family in ("log_normal", "gamma", "weibull"):
            frozen = distributions.parse({family: {"mean": 50, "standard_deviation": 20}})._frozen
            np.testing.assert_allclose([frozen.mean(), frozen.std()], [50, 20], rtol=1e-9)
        pert = distributions.parse({"pert": {"min": 4000, "mode": 10000, "max": 15000}})._frozen
        self.assertAlmostEqual(pert.mean(), (4000 + 4 * 10000 + 15000) / 6, 6)
        negative = distributions.parse({"negative_binomial": {"mean": 10, "dispersion": 2}})._frozen
        np.testing.assert_allclose([negative.mean(), negative.var()], [10, 10 + 100 / 2])

    def test_a_metalog_goes_through_its_quantiles_and_stays_in_its_bounds(self):
        points = [(0.05, 12), (0.25, 32), (0.5, 48), (0.75, 64), (0.95, 88)]
        for low, high in ((None, None), (0, None), (None, 100), (0, 100)):
            d = distributions.Metalog([p for p, _ in points], [v for _, v in points], low, high)
            np.testing.assert_allclose(d.ppf(np.array([p for p, _ in points])), [v for _, v in points], rtol=1e-9)
            ends = d.ppf(np.array([1e-12, 1 - 1e-12]))
            self.assertTrue(low is None or ends[0] >= low)
            self.assertTrue(high is None or ends[1] <= high)
        # Three terms, unbounded, by Keelin's equation: symmetric quantiles make it logistic.
        logistic = distributions.Metalog([0.1, 0.5, 0.9], [-math.log(9), 0, math.log(9)], None, None)
        np.testing.assert_allclose(logistic.ppf(np.array([0.3, 0.99])), [math.log(3 / 7), math.log(99)], atol=1e-12)


class ByHand(unittest.TestCase):
    def test_the_founding_check(self):
        founding = dict(initial_count=15000, batch_size=15000, cap=100000, rotation_mode="RELIEVE")
        slow = one_path(scenario(365, 5, rotation_interval_days=75, **founding))
        self.assertEqual(slow.cumulative[-1, 0], 75000)
        self.assertTrue((slow.present == 15000).all())
        fast = one_path(scenario(365, 5, rotation_interval_days=60, **founding))
        self.assertEqual(fast.cap_passage[0], 360)
        self.assertEqual([c[0] for c in fast.cumulative[-3:]], [90000, 100000, 100000])
        self.assertEqual(list(fast.grid[-2:]), [360, 365])

    def test_the_last_step_may_be_shorter(self):
        self.assertEqual(list(one_path(scenario(10, 4, rotation_interval_days=3, batch_size=1)).grid), [0, 4, 8, 10])

    def test_returns_come_before_arrivals(self):
        p = one_path(scenario(100, 10, rotation_interval_days=20, tour_length_days=40, batch_size=10, initial_count=5, cap=20,
                              cap_basis="PRESENT", rotation_mode="REINFORCE"))
        # day 0: 5; 20: 15; 40: the 5 leave, 10 come: 20; 60: 10 leave, 10 come, and so on.
        self.assertEqual(list(p.present[:, 0]), [5, 5, 15, 15, 20, 20, 20, 20, 20, 20, 20])
        self.assertEqual(list(p.cumulative[:, 0]), [5, 5, 15, 15, 25, 25, 35, 35, 45, 45, 55])
        self.assertEqual(p.cap_passage[0], 40)

    def test_windows_hold_their_first_instant_and_not_their_last(self):
        p = one_path(scenario(60, 10, events=[on(20, halt=True, for_days=20)], rotation_interval_days=10, batch_size=1,
                              rotation_mode="REINFORCE"))
        self.assertEqual(list(p.cumulative[:, 0]), [0, 1, 1, 1, 2, 3, 4])

    def test_factors_touch_gaps_that_start_and_batches_that_arrive(self):
        p = one_path(scenario(100, 5, events=[on(10, interval_factor=2.0, batch_size_factor=1.25, for_days=20)],
                              rotation_interval_days=10, batch_size=10))
        # Arrivals: 10 (in force: 12.5, rounded to 13), 30 (no longer), 40, ...
        self.assertEqual([int(p.cumulative[p.grid == d, 0][0]) for d in (5, 10, 25, 30, 40, 50)], [0, 13, 13, 23, 33, 43])

    def test_first_arrival_is_a_time(self):
        p = one_path(scenario(40, 5, events=[on(-5, interval_factor=2.0)], rotation_interval_days=10, first_arrival_days=5, batch_size=1))
        self.assertEqual(list(p.cumulative[:, 0]), [0, 1, 1, 1, 1, 2, 2, 2, 2])

    def test_the_cap_is_reached_when_it_comes_down(self):
        p = one_path(scenario(60, 10, events=[on(25, cap_change=-30, for_days=10)], rotation_interval_days=10, batch_size=10, cap=50))
        self.assertEqual(list(p.cumulative[:, 0]), [0, 10, 20, 20, 30, 40, 50])
        self.assertEqual(p.cap_passage[0], 25)
        self.assertEqual(p.event_times["day25"][0], 25)

    def test_the_cap_is_reached_when_a_rise_ends(self):
        p = one_path(scenario(60, 10, events=[on(0, cap_change=30, for_days=35)], rotation_interval_days=10, batch_size=10, cap=20))
        self.assertEqual(list(p.cumulative[:, 0]), [0, 10, 20, 30, 30, 30, 30])
        self.assertEqual(p.cap_passage[0], 35)

    def test_relieving_keeps_the_largest_batch(self):
        message = scenario(60, 10, events=[on(25, batch_size_factor=3.0, for_days=10)], rotation_interval_days=10, batch_size=10,
                           initial_count=5, cap=20, cap_basis="PRESENT", rotation_mode="RELIEVE")
        p = one_path(message)
        self.assertEqual(list(p.present[:, 0]), [5, 10, 10, 20, 20, 20, 20])
        self.assertEqual(list(p.cumulative[:, 0]), [5, 15, 25, 45, 55, 65, 75])
        self.assertEqual(p.cap_passage[0], 30)

    def test_counts_round_half_up(self):
        p = one_path(scenario(10, 10, rotation_interval_days=10, batch_size=2.5, initial_count=0.5))
        self.assertEqual(list(p.cumulative[:, 0]), [1, 4])


class ClosedForms(unittest.TestCase):
    def near(self, x, expected, message=None):
        if x.dtype == bool:
            self.assertTrue(may_be(x, expected), (np.mean(x), expected, message))
            return
        self.assertLessEqual(abs(np.mean(x) - expected), 5 * np.std(x) / math.sqrt(len(x)), message)

    def test_exponential_gaps_make_a_thinned_poisson_process(self):
        p = model.simulate(scenario(100, 25, rotation_interval_days={"exponential": {"mean": 10}}, batch_size=1, skip_probability=0.2,
                                    thresholds=[4]), N, 2)
        for i, day in enumerate(p.grid[1:], 1):
            law = stats.poisson(0.8 * day / 10)
            for k in range(16):
                self.near(p.cumulative[i] <= k, law.cdf(k), (day, k))
        for day in (20, 50, 90):
            self.near(p.passages[4] <= day, stats.gamma(4, scale=12.5).cdf(day))

    def test_presence_is_m_g_infinity(self):
        tour = stats.lognorm(0.7, scale=30)
        message = scenario(120, 40, rotation_interval_days={"exponential": {"mean": 6}}, batch_size=1, rotation_mode="REINFORCE",
                           tour_length_days={"log_normal": {"log_mean": math.log(30), "log_standard_deviation": 0.7}})
        p = model.simulate(message, N, 3)
        for i, day in enumerate(p.grid[1:], 1):
            law = stats.poisson(integrate.quad(tour.sf, 0, day)[0] / 6)
            for k in range(14):
                self.near(p.present[i] <= k, law.cdf(k), (day, k))

    def test_event_probabilities(self):
        never = {"event_id": "off", "disabled": True, "timing": {"hazard_per_year": 9}}
        events = [{"event_id": "child", "after": "parent", "timing": {"probability_within_horizon": 0.5}},
                  {"event_id": "parent", "timing": {"hazard_per_year": 2}, "probability": 0.75},
                  {"event_id": "days", "timing": {"days": {"distribution": {"uniform": {"min": 100, "max": 500}}}}},
                  {"event_id": "within", "timing": {"probability_within_horizon": 0.3}},
                  {"event_id": "chained", "after": "within", "timing": {"days": {"distribution": {"constant": 100}}}},
                  never, {"event_id": "orphan", "after": "off", "timing": {"hazard_per_year": 9}}]
        p = model.simulate(scenario(300, 300, events=events, rotation_interval_days=200, batch_size=1), N, 4)
        parent = 0.75 * (1 - math.exp(-2 * 300 / 365.25))
        for name, expected in (("parent", parent), ("child", parent / 2), ("days", 0.5), ("within", 0.3), ("chained", 0.2)):
            self.near(p.event_times[name] <= 300, expected, name)
        self.near(p.event_times["within"] <= 75, 0.3 / 4)
        self.assertTrue(np.isinf(p.event_times["orphan"]).all())
        self.assertNotIn("off", p.event_times)

    def test_rank_correlations_are_achieved(self):
        message = scenario(1000, 1000, rotation_interval_days={"gamma": {"shape": 2, "scale": 30}},
                           batch_size={"log_normal": {"mean": 100, "standard_deviation": 80}},
                           tour_length_days={"weibull": {"shape": 1.5, "scale": 9}}, rotation_mode="REINFORCE",
                           correlations=[{"a": "rotation_interval_days", "b": "batch_size", "rank_correlation": -0.6},
                                         {"a": "batch_size", "b": "tour_length_days", "rank_correlation": 0.5}])
        drawn = model.Scenario(message).draws_per_batch.draw(np.random.default_rng(5), N)
        for a, b, expected in (("rotation_interval_days", "batch_size", -0.6), ("batch_size", "tour_length_days", 0.5),
                               ("rotation_interval_days", "tour_length_days", 0.0)):
            self.assertLess(abs(stats.spearmanr(drawn[a], drawn[b])[0] - expected), 5 / math.sqrt(N))
        contradiction = dict(message, correlations=[
            {"a": a, "b": b, "rank_correlation": -0.9}
            for a, b in (("rotation_interval_days", "batch_size"), ("batch_size", "tour_length_days"),
                         ("rotation_interval_days", "tour_length_days"))])
        self.assertRaises(ValueError, model.Scenario, contradiction)

    def test_the_known_figures_of_b1(self):
        message = scenario(728, 7, initial_count=15000, rotation_interval_days={"log_normal": {"interval": {"low": 60, "high": 180}}},
                           batch_size={"triangular": {"min": 2000, "mode": 5000, "max": 15000}}, cap=100000, thresholds=[50000])
        p = model.simulate(message, 2 * N, 6)
        x = p.cumulative[-1]
        self.near(x, 60350.77)
        self.near(p.passages[50000] <= 728, 0.858338)
        self.near(p.cap_passage <= 728, 1.0667e-4)
        sample = projection.Sample(x)
        self.assertLess(abs(math.sqrt(sample.variance()) - 9676.15),
                        5 * math.sqrt(sample.variance_of_variance() / sample.n) / (2 * 9676.15))
        for level, expected in ((0.05, 45070), (0.25, 53601), (0.5, 59986), (0.75, 66704), (0.95, 76877)):
            self.assertLess(abs(sample.quantile(level) - expected), 5 * sample.quantile_standard_error(level), level)
        passage = projection.Sample(p.passages[50000])
        self.assertLess(abs(passage.quantile(0.5) - 578.390), 5 * passage.quantile_standard_error(0.5))

    def test_dense_arrivals_reach_the_cap_of_b2(self):
        message = scenario(1825, 73, rotation_interval_days={"gamma": {"shape": 2, "scale": 3.5}},
                           batch_size={"pert": {"min": 100, "mode": 400, "max": 1200}}, cap=100000, thresholds=[50000])
        p = model.simulate(message, 20_000, 8)
        self.near(p.cap_passage <= 1825, 0.99998839)
        passage = projection.Sample(p.passages[50000])
        self.assertLess(abs(passage.quantile(0.5) - 726.8085), 5 * passage.quantile_standard_error(0.5))


if __name__ == "__main__":
    unittest.main()
