"""Numba: a compiled loop over paths, into the same histogram."""

import numba
import numpy as np
from conversation import BIN, BINS, CAP, CASES, DAY_BINS, LOG_MEAN, LOG_SD, PERT_A, PERT_B, THRESHOLD, serve, summarize_histogram


@numba.njit(fastmath=True)
def simulate(weekly, paths, seed, points, step, horizon, start, differences, sums, squares, passages):
    np.random.seed(seed)
    stride = points + 1
    capped = 0
    for _ in range(paths):
        count, time, entered = start, 0.0, 0
        while True:
            time += np.random.lognormal(LOG_MEAN, LOG_SD) if weekly else np.random.gamma(2.0, 3.5)
            if time > horizon:
                break
            size = np.random.triangular(2000.0, 5000.0, 15000.0) if weekly else 100 + 1100 * np.random.beta(PERT_A, PERT_B)
            after = min(count + int(size + 0.5), CAP)
            point = int(np.ceil(time / step))
            row = count // BIN * stride
            differences[row + entered] += 1
            differences[row + point] -= 1
            sums[point] += after - count
            squares[point] += after * after - count * count
            if count < THRESHOLD and after >= THRESHOLD:
                passages[int(time * (DAY_BINS / horizon * 0.999999))] += 1
            count, entered = after, point
            if count == CAP:
                capped += 1
                break
        differences[count // BIN * stride + entered] += 1
    sums[0] = paths * start
    squares[0] = paths * start * start
    return capped


def run(case, paths, seed):
    points, step, horizon, start, _ = CASES[case]
    differences = np.zeros(BINS * (points + 1), np.int32)
    sums, squares = np.zeros(points + 1), np.zeros(points + 1)
    passages = np.zeros(DAY_BINS, np.int64)
    capped = simulate(case == "b1", paths, seed, points, step, horizon, start, differences, sums, squares, passages)
    return summarize_histogram(case, paths, differences, sums, squares, passages, capped)


serve(run)
