"""Every distribution of the model: drawn, inverted and evaluated with NumPy and SciPy alone.

`parse` turns the JSON of the contract into one of the classes below. Each offers
  sample(rng, n)  n independent draws;
  ppf(u)          the smallest x with P(X <= x) >= u, for the copula and for truncation;
  cdf(x)          P(X <= x);
  below(x)        P(X < x), which differs from cdf in atoms.
`sample` uses NumPy's own samplers where there is one, so that it shares nothing with `ppf`.
"""

import numpy as np
from scipy import optimize, special, stats


class Frozen:
    """A continuous or integer-valued distribution of scipy.stats, with NumPy's sampler for it."""

    def __init__(self, frozen, sampler):
        self._frozen, self._sampler = frozen, sampler
        self._integer = hasattr(frozen.dist, "pmf")

    def sample(self, rng, n):
        return np.asarray(self._sampler(rng, n), dtype=float)

    def ppf(self, u):
        return self._frozen.ppf(u)

    def cdf(self, x):
        return self._frozen.cdf(x)

    def below(self, x):
        return self._frozen.cdf(np.ceil(x) - 1) if self._integer else self._frozen.cdf(x)


class Atoms:
    """Listed values with weights; values that come twice add up."""

    def __init__(self, values, weights):
        self._values, where = np.unique(np.asarray(values, dtype=float), return_inverse=True)
        mass = np.bincount(where, weights=np.asarray(weights, dtype=float))
        self._cumulative = np.cumsum(mass) / mass.sum()
        self._cumulative[-1] = 1.0

    def sample(self, rng, n):
        return self.ppf(rng.random(n))

    def ppf(self, u):
        return self._values[np.searchsorted(self._cumulative, u, side="left")]

    def cdf(self, x):
        return self._upto(np.searchsorted(self._values, x, side="right"))

    def below(self, x):
        return self._upto(np.searchsorted(self._values, x, side="left"))

    def _upto(self, count):
        return np.concatenate([[0.0], self._cumulative])[count]


class PiecewiseLinear:
    """A distribution function with straight lines between the given quantiles; equal values make an atom."""

    def __init__(self, probabilities, values):
        self._probabilities = np.asarray(probabilities, dtype=float)
        self._values = np.asarray(values, dtype=float)

    def sample(self, rng, n):
        return self.ppf(rng.random(n))

    def ppf(self, u):
        return np.interp(u, self._probabilities, self._values)

    def cdf(self, x):
        return self._probability(x, "right")

    def below(self, x):
        return self._probability(x, "left")

    def _probability(self, x, side):
        upper = np.searchsorted(self._values, x, side=side)
        inside = np.clip(upper, 1, len(self._values) - 1)
        v0, v1 = self._values[inside - 1], self._values[inside]
        p0, p1 = self._probabilities[inside - 1], self._probabilities[inside]
        share = np.clip((x - v0) / np.where(v1 > v0, v1 - v0, 1.0), 0.0, 1.0)
        line = p0 + (p1 - p0) * share
        return np.where(upper == 0, 0.0, np.where(upper == len(self._values), 1.0, line))


class Metalog:
    """Keelin, "The Metalog Distributions", Decision Analysis 13 (2016): as many terms as quantiles, so through each.

    Unbounded: equations 5 to 7; lower bound, upper bound and both: the log and logit metalogs of section 4.
    """

    def __init__(self, probabilities, values, lower, upper):
        self._lower, self._upper = lower, upper
        y, x = np.asarray(probabilities, dtype=float), np.asarray(values, dtype=float)
        if lower is not None and upper is not None:
            z = np.log((x - lower) / (upper - x))
        elif lower is not None:
            z = np.log(x - lower)
        elif upper is not None:
            z = -np.log(upper - x)
        else:
            z = x
        self._coefficients = np.linalg.solve(self._basis(y, len(y)).T, z)
        fine = self.ppf(np.linspace(1e-4, 1 - 1e-4, 20001))
        if not np.all(np.diff(fine) > 0):
            raise ValueError("no metalog goes through these quantiles: its quantile function would fall somewhere")

    @staticmethod
    def _basis(y, terms):
        logit, centred = np.log(y / (1 - y)), y - 0.5
        rows = [np.ones_like(y), logit, centred * logit, centred]
        for k in range(5, terms + 1):
            rows.append(centred ** ((k - 1) // 2) if k % 2 else centred ** (k // 2 - 1) * logit)
        return np.array(rows[:terms])

    def sample(self, rng, n):
        return self.ppf(rng.random(n))

    def ppf(self, u):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            u = np.clip(u, 1e-300, 1 - 2.0 ** -53)
            m = self._coefficients @ self._basis(np.atleast_1d(u), len(self._coefficients))
            if self._lower is not None and self._upper is not None:
                m = self._lower + (self._upper - self._lower) * special.expit(m)
            elif self._lower is not None:
                m = self._lower + np.exp(m)
            elif self._upper is not None:
                m = self._upper - np.exp(-m)
        return m if np.ndim(u) else m[0]

    def cdf(self, x):
        low, high = np.zeros(np.shape(x)), np.ones(np.shape(x))
        for _ in range(60):
            middle = (low + high) / 2
            right = self.ppf(middle) <= x
            low, high = np.where(right, middle, low), np.where(right, high, middle)
        return low

    below = cdf


class Mixture:
    """Weighted components."""

    def __init__(self, weights, components):
        self._weights = np.asarray(weights, dtype=float) / np.sum(weights)
        self._components = components

    def sample(self, rng, n):
        which = rng.choice(len(self._components), size=n, p=self._weights)
        x = np.empty(n)
        for i, component in enumerate(self._components):
            mine = which == i
            x[mine] = component.sample(rng, np.count_nonzero(mine))
        return x

    def ppf(self, u):
        # The quantile of a mixture lies between the smallest and the largest of its components' quantiles.
        each = np.array([component.ppf(u) for component in self._components])
        low, high = each.min(axis=0), each.max(axis=0)
        high = np.where(self.cdf(low) >= u, low, high)
        for _ in range(64):
            middle = low + (high - low) / 2
            enough = self.cdf(middle) >= u
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high

    def cdf(self, x):
        return sum(w * c.cdf(x) for w, c in zip(self._weights, self._components))

    def below(self, x):
        return sum(w * c.below(x) for w, c in zip(self._weights, self._components))


class Truncated:
    """A distribution given that min <= X <= max: conditioned, not clamped."""

    def __init__(self, inner, low, high):
        self._inner, self._low, self._high = inner, low, high
        self._below = 0.0 if low == -np.inf else float(inner.below(low))
        self._upto = 1.0 if high == np.inf else float(inner.cdf(high))
        if self._upto - self._below < 1e-9:
            raise ValueError("the truncation leaves nothing of the distribution")

    def sample(self, rng, n):
        if self._upto - self._below < 0.01:
            return self.ppf(rng.random(n))
        x = self._inner.sample(rng, n)
        outside = np.flatnonzero((x < self._low) | (x > self._high))
        while outside.size:
            again = self._inner.sample(rng, outside.size)
            x[outside] = again
            outside = outside[(again < self._low) | (again > self._high)]
        return x

    def ppf(self, u):
        x = self._inner.ppf(self._below + u * (self._upto - self._below))
        return np.clip(x, self._low, self._high)

    def cdf(self, x):
        return np.clip((self._inner.cdf(x) - self._below) / (self._upto - self._below), 0.0, 1.0)

    def below(self, x):
        return np.clip((self._inner.below(x) - self._below) / (self._upto - self._below), 0.0, 1.0)


def parse(message):
    """The distribution that a JSON message of the contract describes."""
    families = [key for key in message if key != "truncation"]
    if len(families) != 1:
        raise ValueError(f"exactly one family is needed, got {families}")
    family = families[0]
    distribution = _FAMILIES[family](message[family])
    if "truncation" in message:
        bounds = message["truncation"]
        distribution = Truncated(distribution, bounds.get("min", -np.inf), bounds.get("max", np.inf))
    return distribution


def _constant(value):
    return Atoms([value], [1.0])


def _uniform(m):
    return Frozen(stats.uniform(m["min"], m["max"] - m["min"]), lambda rng, n: rng.uniform(m["min"], m["max"], n))


def _triangular(m):
    low, mode, high = m["min"], m["mode"], m["max"]
    return Frozen(stats.triang((mode - low) / (high - low), low, high - low),
                  lambda rng, n: rng.triangular(low, mode, high, n))


def _scaled_beta(alpha, beta, low, high):
    return Frozen(stats.beta(alpha, beta, low, high - low),
                  lambda rng, n: low + (high - low) * rng.beta(alpha, beta, n))


def _pert(m):
    low, mode, high, shape = m["min"], m["mode"], m["max"], m.get("shape", 4.0)
    share = (mode - low) / (high - low)
    return _scaled_beta(1 + shape * share, 1 + shape * (1 - share), low, high)


def _beta(m):
    return _scaled_beta(m["alpha"], m["beta"], m.get("min", 0.0), m.get("max", 1.0))


def _tails(interval):
    probability = interval.get("probability", 0.9)
    return interval["low"], interval["high"], (1 - probability) / 2, (1 + probability) / 2


def _normal_parameters(low, high, p):
    return (low + high) / 2, (high - low) / (2 * special.ndtri(p))


def _normal(m):
    if "interval" in m:
        low, high, _, p = _tails(m["interval"])
        mean, sd = _normal_parameters(low, high, p)
    else:
        mean, sd = m["mean"], m["standard_deviation"]
    return Frozen(stats.norm(mean, sd), lambda rng, n: rng.normal(mean, sd, n))


def _log_normal(m):
    if "interval" in m:
        low, high, _, p = _tails(m["interval"])
        mu, sigma = _normal_parameters(np.log(low), np.log(high), p)
    elif "log_mean" in m:
        mu, sigma = m["log_mean"], m["log_standard_deviation"]
    else:
        variance = np.log1p((m["standard_deviation"] / m["mean"]) ** 2)
        mu, sigma = np.log(m["mean"]) - variance / 2, np.sqrt(variance)
    return Frozen(stats.lognorm(sigma, scale=np.exp(mu)), lambda rng, n: rng.lognormal(mu, sigma, n))


def _gamma(m):
    if "interval" in m:
        low, high, p0, p1 = _tails(m["interval"])

        def log_ratio(log_shape):
            shape = np.exp(log_shape)
            return np.log(special.gammaincinv(shape, p1) / special.gammaincinv(shape, p0)) - np.log(high / low)

        shape = np.exp(optimize.brentq(log_ratio, np.log(0.05), np.log(1e6), xtol=1e-14))
        scale = high / special.gammaincinv(shape, p1)
    elif "shape" in m:
        shape, scale = m["shape"], m["scale"]
    else:
        shape, scale = (m["mean"] / m["standard_deviation"]) ** 2, m["standard_deviation"] ** 2 / m["mean"]
    return Frozen(stats.gamma(shape, scale=scale), lambda rng, n: rng.gamma(shape, scale, n))


def _weibull(m):
    if "interval" in m:
        low, high, p0, p1 = _tails(m["interval"])
        shape = np.log(np.log1p(-p1) / np.log1p(-p0)) / np.log(high / low)
        scale = high / (-np.log1p(-p1)) ** (1 / shape)
    elif "shape" in m:
        shape, scale = m["shape"], m["scale"]
    else:
        wanted = np.log1p((m["standard_deviation"] / m["mean"]) ** 2)

        def excess(log_shape):
            k = np.exp(log_shape)
            return special.gammaln(1 + 2 / k) - 2 * special.gammaln(1 + 1 / k) - wanted

        shape = np.exp(optimize.brentq(excess, np.log(0.1), np.log(1000), xtol=1e-14))
        scale = m["mean"] / special.gamma(1 + 1 / shape)
    return Frozen(stats.weibull_min(shape, scale=scale), lambda rng, n: scale * rng.weibull(shape, n))


def _exponential(m):
    return Frozen(stats.expon(scale=m["mean"]), lambda rng, n: rng.exponential(m["mean"], n))


def _poisson(m):
    return Frozen(stats.poisson(m["mean"]), lambda rng, n: rng.poisson(m["mean"], n))


def _negative_binomial(m):
    r, p = m["dispersion"], m["dispersion"] / (m["dispersion"] + m["mean"])
    return Frozen(stats.nbinom(r, p), lambda rng, n: rng.negative_binomial(r, p, n))


def _discrete(m):
    return Atoms([o["value"] for o in m["outcomes"]], [o["weight"] for o in m["outcomes"]])


def _empirical(m):
    if "samples" in m:
        return Atoms(m["samples"], np.ones(len(m["samples"])))
    points = m["quantiles"]
    return PiecewiseLinear([0.0] + [q["probability"] for q in points] + [1.0],
                           [m["min"]] + [q["value"] for q in points] + [m["max"]])


def _metalog(m):
    points = m["quantiles"]
    return Metalog([q["probability"] for q in points], [q["value"] for q in points],
                   m.get("lower_bound"), m.get("upper_bound"))


def _mixture(m):
    return Mixture([c["weight"] for c in m["components"]], [parse(c["distribution"]) for c in m["components"]])


_FAMILIES = {
    "constant": _constant, "uniform": _uniform, "triangular": _triangular, "pert": _pert, "normal": _normal,
    "log_normal": _log_normal, "gamma": _gamma, "weibull": _weibull, "exponential": _exponential, "beta": _beta,
    "poisson": _poisson, "negative_binomial": _negative_binomial, "discrete": _discrete, "empirical": _empirical,
    "metalog": _metalog, "mixture": _mixture,
}
