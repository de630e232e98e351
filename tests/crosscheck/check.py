"""Checks a running service against the Python model on every scenario of the folder beside this file.

usage: /usr/bin/python3 check.py http://localhost:5080 [--only NAME ...]

Needs NumPy and SciPy (Debian: python3-numpy, python3-scipy). The model is tested against closed forms first; then each
scenario is projected twice, with PATHS_OF_SERVICE paths there and PATHS_OF_PYTHON here, and every mean, standard
deviation, quantile and probability at every grid point is compared (comparison.py says how). Seeds are fixed: a failure
repeats. The last line but one states the probability that any of it fails by chance.

What each scenario uses; all of them together use every feature of the model but observations.

founding-with-events              the founding scenario, its two events enabled: hazard, probability within the horizon
weekly-benchmark                  B1: no mode; thresholds at the start and above the cap; log-normal interval, triangular
dense-benchmark                   60 jumps a path: gamma, PERT; REINFORCE without tours; last points mostly in the cap
lattice-with-skips                atoms throughout: constant start, batch and cap; skips; a halt of random length
tours-per-batch                   tours by batch, the first contingent's own; exponential, Poisson, negative binomial; no cap
tours-per-path-cap-present        tours by path with a factor; drawn cap on those present; batch factor; Weibull, gamma interval
relieve-cap-present               RELIEVE under a cap on those present; chain of three, days, probabilities, cap raised for a time
cap-moves                         cumulative cap truncated normal, raised and lowered by date, hazard, horizon; they overlap
equal-times                       all on one lattice of days: returns before arrivals, windows' first and last instants, an event
                                  running at day 0, one on the last day; cap on those present lowered; zero batches, skips
correlated-per-batch              gap, size and tour of a batch correlated; first arrival drawn; cap on those present
correlated-per-path               start, cap, first arrival, gap correlated, gap and batch once per path; beta; factor
metalogs                          metalog bounded below, above, on both sides, and unbounded but truncated
pooled-sources                    mixtures (one with an atom, one with a truncated part), samples, quantiles with bounds; skips
interval-forms                    intervals of all four families, other probabilities than 0.9; factors on all five; cap below start
event-chains                      all four timings, a chain of four, date before the start, disabled parent, 0 and 1
zero-sizes-and-negative-ceilings  batches of 0 and 2.5, factor 0, cap drawn Poisson and pushed below 0; threshold 0
present-cap-moves                 tours with a factor, cap on those present lowered, then raised after it; pause
first-arrival-under-an-event      interval factor in force from day 0 must not touch the first arrival; start above the cap
satellite-launches                small counts: Poisson everywhere, Weibull tours, no cap, a horizon of 365.25 days
correlated-atoms                  copula on Poisson, discrete, a mixture with atoms, a truncated tour, quantiles with an atom
one-rhythm-per-future             gap and size once per path and correlated, tours by batch, halt and factor in one event
"""

import argparse
import json
import multiprocessing
import pathlib
import sys
import time
import unittest
import urllib.error
import urllib.request
import zlib

import model
from comparison import FALSE_ALARM_EACH, Comparison

PATHS_OF_SERVICE = 1_000_000
PATHS_OF_PYTHON = 200_000
LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
SEED_OF_SERVICE = 20241117
SCENARIOS = pathlib.Path(__file__).parent / "scenarios"
# The description of the model speaks of the range by the first 1,000 paths; with them we know it exactly.
SAMPLE_PATHS = 1000


def project(base, scenario):
    """The service's final projection of a scenario."""
    body = {"scenario": scenario, "paths": PATHS_OF_SERVICE, "seed": SEED_OF_SERVICE, "quantile_levels": LEVELS,
            "sample_path_count": SAMPLE_PATHS, "final_only": True}
    request = urllib.request.Request(base.rstrip("/") + "/v1/projections:project", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=100) as response:
            lines = [line for line in response.read().splitlines() if line.strip()]
    except urllib.error.HTTPError as refusal:
        raise RuntimeError(f"refused with HTTP {refusal.code}: {refusal.read().decode()}") from refusal
    last = json.loads(lines[-1])
    if "projection" not in last:
        raise RuntimeError(f"the stream ended with {lines[-1].decode()}")
    return last["projection"]


def check(job):
    """One scenario: its name, how many figures were compared, the largest z, and what failed."""
    base, name, started = job[0], job[1], time.monotonic()
    scenario = json.loads((SCENARIOS / f"{name}.json").read_text())
    try:
        answer = project(base, scenario)
        result = Comparison(answer, model.simulate(scenario, PATHS_OF_PYTHON, zlib.crc32(name.encode())), scenario).run()
        return name, result.compared, result.largest, result.failures, time.monotonic() - started
    except Exception as error:  # whatever went wrong in one scenario is its failure, and the others still run
        return name, 0, 0.0, [f"{type(error).__name__}: {error}"], time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description="Checks a running service against the Python model.")
    parser.add_argument("base", help="HTTP address of the service, for instance http://localhost:5080")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="scenarios to check; default all")
    arguments = parser.parse_args()

    tests = unittest.defaultTestLoader.loadTestsFromName("test_model")
    if not unittest.TextTestRunner(verbosity=0).run(tests).wasSuccessful():
        sys.exit("The Python model fails its own tests; nothing was compared.")

    names = arguments.only or sorted(path.stem for path in SCENARIOS.glob("*.json"))
    passed = failed = compared = 0
    with multiprocessing.Pool(2) as pool:
        for name, count, largest, failures, seconds in pool.imap(check, [(arguments.base, name) for name in names], chunksize=1):
            compared += count
            passed, failed = passed + (not failures), failed + bool(failures)
            verdict = "FAILED" if failures else "ok"
            print(f"{verdict:6} {name:34} {count:5} figures, largest difference {largest:.1f} standard errors, {seconds:.1f} s")
            for sentence in failures[:20]:
                print(f"         {sentence}")
            if len(failures) > 20:
                print(f"         and {len(failures) - 20} more")
            sys.stdout.flush()
    print(f"{compared} figures compared; all of them right, one or more would fail with probability "
          f"{compared * FALSE_ALARM_EACH:.1e} at most")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
