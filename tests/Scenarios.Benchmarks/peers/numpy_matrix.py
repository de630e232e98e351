"""NumPy as most would write it: a matrix of counts [grid point, path], then its columns' statistics."""

import numpy as np
from conversation import CAP, CASES, LEVELS, LOG_MEAN, LOG_SD, PERT_A, PERT_B, THRESHOLD, serve


def run(case, paths, seed):
    points, step, horizon, start, checked = CASES[case]
    random = np.random.default_rng(seed)
    counts = np.zeros((points + 1, paths), np.int32)
    count = np.full(paths, start, np.int32)
    passage = np.full(paths, np.inf)
    time = np.zeros(paths)
    live = np.arange(paths)
    while live.size:
        # Each round is the next arrival of every path that still has one.
        if case == "b1":
            time[live] += random.lognormal(LOG_MEAN, LOG_SD, live.size)
            size = random.triangular(2000, 5000, 15000, live.size)
        else:
            time[live] += random.gamma(2, 3.5, live.size)
            size = 100 + 1100 * random.beta(PERT_A, PERT_B, live.size)
        inside = (time[live] <= horizon) & (count[live] < CAP)
        live, size = live[inside], size[inside]
        before = count[live]
        after = np.minimum(before + np.floor(size + 0.5).astype(np.int32), CAP)
        count[live] = after
        # Several arrivals may fall between two grid points; paths within a round are distinct.
        counts[np.ceil(time[live] / step).astype(np.int64), live] += after - before
        passed = (before < THRESHOLD) & (after >= THRESHOLD)
        passage[live[passed]] = time[live[passed]]
    counts[0] = start
    counts = np.cumsum(counts[:points], axis=0, dtype=np.int32)
    means = counts.mean(axis=1)
    deviations = counts.std(axis=1, ddof=1)
    quantiles = np.quantile(counts, LEVELS, axis=1, method="inverted_cdf", overwrite_input=True)
    median = np.quantile(passage, 0.5, method="inverted_cdf")
    return {
        "paths": paths,
        "values": means.size + deviations.size + quantiles.size,
        "mean": means[checked],
        "sd": deviations[checked],
        "quantiles": quantiles[:, checked].tolist(),
        "cap": np.mean(count == CAP),
        "reached": np.mean(passage <= horizon),
        "medianDay": median if np.isfinite(median) else None,
    }


serve(run)
