"""What a set of simulated paths says, with the standard error of each figure.

A figure is asked for at a point in time or for a passage; all of them work on one array of values, one per path.
"""

import numpy as np

Z95 = 1.96


class Sample:
    """One quantity over all paths, infinity standing for never."""

    def __init__(self, values):
        self.sorted = np.sort(values)
        self.n = len(values)

    def upto(self, v):
        """Share of paths with a value <= v."""
        return np.searchsorted(self.sorted, v, side="right") / self.n

    def below(self, v):
        """Share of paths with a value < v."""
        return np.searchsorted(self.sorted, v, side="left") / self.n

    def quantile(self, p):
        """The smallest value v with P(N <= v) >= p."""
        return self.sorted[min(max(int(np.ceil(p * self.n - 1e-9)) - 1, 0), self.n - 1)]

    def quantile_standard_error(self, p):
        """From the order statistics 1.96 standard errors of a proportion away on both sides."""
        s = Z95 * np.sqrt(p * (1 - p) / self.n)
        return (self.quantile(min(p + s, 1.0)) - self.quantile(max(p - s, 0.0))) / (2 * Z95)

    def mean(self):
        return self.sorted.mean()

    def variance(self):
        return self.sorted.var(ddof=1)

    def variance_of_variance(self):
        """Variance of the sample variance, times the number of paths: m4 - m2^2."""
        squares = (self.sorted - self.sorted.mean()) ** 2
        return squares.var()


def wilson_distance(share, n):
    """The distance from a proportion to the further end of Wilson's 95 % interval around it."""
    shrink = 1 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / shrink
    half_width = Z95 / shrink * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return np.abs(centre - share) + half_width


def summarize(paths, levels):
    """Everything above at every grid point, for a reader or a test without a service."""
    def figures(values):
        sample = Sample(values)
        return {"mean": sample.mean(), "mean_standard_error": np.sqrt(sample.variance() / sample.n),
                "standard_deviation": np.sqrt(sample.variance()),
                "standard_deviation_standard_error":
                    np.sqrt(sample.variance_of_variance() / sample.n / max(4 * sample.variance(), 1e-300)),
                "quantiles": [sample.quantile(p) for p in levels],
                "quantile_standard_errors": [sample.quantile_standard_error(p) for p in levels],
                "min": sample.sorted[0], "max": sample.sorted[-1]}

    def passage(times):
        sample = Sample(times)
        by_point = [sample.upto(day) for day in paths.grid]
        return {"reached_probability": by_point[-1],
                "reached_probability_standard_error": wilson_distance(by_point[-1], sample.n) / Z95,
                "reached_probability_by_point": by_point,
                "first_passage": [sample.quantile(p) for p in levels]}

    horizon = paths.grid[-1]
    return {"points": [{"day": day, "cumulative": figures(paths.cumulative[i]),
                        "present": figures(paths.present[i]) if paths.present is not None else None}
                       for i, day in enumerate(paths.grid)],
            "thresholds": {count: passage(times) for count, times in paths.passages.items()},
            "cap": passage(paths.cap_passage) if paths.cap_passage is not None else None,
            "events": {name: np.mean(times <= horizon) for name, times in paths.event_times.items()}}
