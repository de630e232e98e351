"""NumPy with care: changes of the count go into a histogram by bin and grid point, so that memory does not grow with paths."""

import numpy as np
from conversation import BIN, BINS, CAP, CASES, DAY_BINS, LOG_MEAN, LOG_SD, PERT_A, PERT_B, THRESHOLD, serve, summarize_histogram

CHUNK = 20_000


def run(case, paths, seed):
    points, step, horizon, start, _ = CASES[case]
    random = np.random.default_rng(seed)
    stride = points + 1
    differences = np.zeros(BINS * stride, np.int64)
    sums, squares = np.zeros(stride), np.zeros(stride)
    passages = np.zeros(DAY_BINS, np.int64)
    capped = 0
    for first in range(0, paths, CHUNK):
        chunk = min(CHUNK, paths - first)
        time = np.zeros(chunk)
        count = np.full(chunk, start)
        entered = np.zeros(chunk, np.int64)
        enters, leaves, steps, rises, rises2 = [], [], [], [], []
        while time.size:
            if case == "b1":
                time = time + random.lognormal(LOG_MEAN, LOG_SD, time.size)
                size = random.triangular(2000, 5000, 15000, time.size)
            else:
                time = time + random.gamma(2, 3.5, time.size)
                size = 100 + 1100 * random.beta(PERT_A, PERT_B, time.size)
            row = count // BIN * stride
            enters.append(row + entered)
            inside = time <= horizon
            time, count, row = time[inside], count[inside], row[inside]
            after = np.minimum(count + np.floor(size[inside] + 0.5).astype(np.int64), CAP)
            entered = np.ceil(time / step).astype(np.int64)
            leaves.append(row + entered)
            steps.append(entered)
            rises.append(after - count)
            rises2.append((after * after - count * count).astype(float))
            passed = time[(count < THRESHOLD) & (after >= THRESHOLD)]
            passages += np.bincount((passed * (DAY_BINS / horizon * 0.999999)).astype(np.int64), minlength=DAY_BINS)
            done = after == CAP
            capped += np.count_nonzero(done)
            enters.append(CAP // BIN * stride + entered[done])
            time, count, entered = time[~done], after[~done], entered[~done]
        differences += np.bincount(np.concatenate(enters), minlength=differences.size)
        differences -= np.bincount(np.concatenate(leaves), minlength=differences.size)
        points_ = np.concatenate(steps)
        sums += np.bincount(points_, np.concatenate(rises), minlength=stride)
        squares += np.bincount(points_, np.concatenate(rises2), minlength=stride)
    sums[0], squares[0] = paths * start, paths * start**2
    return summarize_histogram(case, paths, differences, sums, squares, passages, capped)


serve(run)
