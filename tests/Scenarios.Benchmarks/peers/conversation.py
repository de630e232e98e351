"""A contestant's side of the conversation (ContestantProcess.cs): "ready", then a line of JSON for each run."""

import json
import sys

import numpy as np

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
CAP = 100_000
THRESHOLD = 50_000
BIN = 50
BINS = CAP // BIN + 1
DAY_BINS = 2000
Z90 = 1.6448536269514722

# (grid points, step, horizon, start, checked point)
CASES = {"b1": (105, 7.0, 728.0, 15_000, 104), "b2": (1826, 1.0, 1825.0, 0, 730)}
LOG_MEAN = (np.log(60) + np.log(180)) / 2
LOG_SD = (np.log(180) - np.log(60)) / 2 / Z90
PERT_A = 1 + 4 * (400 - 100) / (1200 - 100)
PERT_B = 1 + 4 * (1200 - 400) / (1200 - 100)


def summarize_histogram(case, paths, differences, sums, squares, passages, capped):
    """All figures from a histogram of changes [bin][point] and the sums of changes."""
    points, _, horizon, _, checked = CASES[case]
    table = np.cumsum(differences.reshape(BINS, -1)[:, :points], axis=1)
    means = np.cumsum(sums[:points]) / paths
    deviations = np.sqrt(np.maximum(0, (np.cumsum(squares[:points]) - paths * means**2) / (paths - 1)))
    below = np.cumsum(table, axis=0)
    quantiles = np.empty((points, len(LEVELS)))
    for i, level in enumerate(LEVELS):
        bins = np.argmax(below >= level * paths, axis=0)
        column = np.arange(points)
        counts = table[bins, column]
        part = (level * paths - (below[bins, column] - counts)) / counts
        quantiles[:, i] = BIN * bins + np.where(bins == BINS - 1, 0, BIN * part)
    reached = np.cumsum(passages)
    median = np.argmax(reached >= paths / 2)
    return {
        "paths": paths,
        "values": means.size + deviations.size + quantiles.size,
        "mean": means[checked],
        "sd": deviations[checked],
        "quantiles": quantiles[checked].tolist(),
        "cap": capped / paths,
        "reached": reached[-1] / paths,
        "medianDay": (median + 0.5) * horizon / DAY_BINS if reached[-1] >= paths / 2 else None,
    }


def serve(run):
    """run(case, paths, seed) makes the figures."""
    case = sys.argv[1]
    print("ready", flush=True)
    for line in sys.stdin:
        _, paths, seed = line.split()
        answer = run(case, int(paths), int(seed))
        print(json.dumps(answer, default=float), flush=True)
