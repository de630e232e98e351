"""The model, simulated: n paths of a scenario at a time, one batch of every path after another.

Written from the project's normative description of the model alone, with NumPy's generator and samplers and SciPy's
quantile functions; it shares no code with the engine it is compared with. Observations are not in it.
"""

import datetime
from dataclasses import dataclass

import numpy as np
from scipy import special

import distributions

DAYS_PER_YEAR = 365.25
CHUNK = 25_000
PER_BATCH_BY_DEFAULT = ("rotation_interval_days", "batch_size", "tour_length_days")
ASSUMPTIONS = ("initial_count", "cap", "first_arrival_days") + PER_BATCH_BY_DEFAULT


@dataclass
class Paths:
    """What became of each path. Times are days; infinity where it didn't happen within the horizon."""

    grid: np.ndarray
    cumulative: np.ndarray  # grid points x paths
    present: np.ndarray  # the same; None without a rotation mode
    passages: dict  # threshold -> first passage time of each path
    cap_passage: np.ndarray  # None without a cap
    event_times: dict  # id of each enabled event -> its time in each path


def simulate(message, count, seed):
    """`count` paths of the scenario given as the JSON of the contract."""
    scenario = Scenario(message)
    parts = []
    for number, first in enumerate(range(0, count, CHUNK)):
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))
        parts.append(Walk(scenario, min(CHUNK, count - first), rng).run())
    join = lambda arrays: None if arrays[0] is None else np.concatenate(arrays, axis=-1)
    return Paths(
        scenario.grid,
        join([p.cumulative for p in parts]),
        join([p.present for p in parts]),
        {c: join([p.passages[c] for p in parts]) for c in scenario.thresholds},
        join([p.cap_passage for p in parts]),
        {e.id: join([p.event_times[e.id] for p in parts]) for e in scenario.events})


def round_half_up(x):
    return np.floor(x + 0.5)


def to_date(message):
    return datetime.date(message["year"], message["month"], message["day"])


class Assumption:
    """A distribution, how often it is drawn, and its path factor."""

    def __init__(self, message, per_batch_by_default):
        self.distribution = distributions.parse(message["distribution"])
        resampling = message.get("resampling", "PER_BATCH" if per_batch_by_default else "PER_PATH")
        if resampling == "PER_BATCH" and not per_batch_by_default:
            raise ValueError("this assumption is drawn once per path")
        self.per_path = resampling == "PER_PATH"
        self.path_factor = distributions.parse(message["path_factor"]) if "path_factor" in message else None

    def draw_factor(self, rng, n):
        return self.path_factor.sample(rng, n) if self.path_factor else np.ones(n)

    def draw_once(self, rng, n):
        return self.distribution.sample(rng, n) * self.draw_factor(rng, n)


class Event:
    """What may happen and what it changes."""

    def __init__(self, message, start_date):
        self.id = message["event_id"]
        self.after = message.get("after") or None
        self.probability = message.get("probability", 1.0)
        self.timing, value = next(iter(message["timing"].items()))
        if self.timing == "date":
            self.value = float((to_date(value) - start_date).days)
        else:
            self.value = Assumption(value, False) if self.timing == "days" else value
        self.duration = Assumption(message["duration_days"], False) if "duration_days" in message else None
        effects = message.get("effects", {})
        self.halt = effects.get("halt", False)
        self.interval_factor = effects.get("interval_factor", 1.0)
        self.batch_size_factor = effects.get("batch_size_factor", 1.0)
        self.cap_change = effects.get("cap_change", 0.0)


class JointDraws:
    """Assumptions drawn together: each alone, or through a Gaussian copula where they are correlated."""

    def __init__(self, assumptions, correlations):
        self._margins = {name: a.distribution for name, a in assumptions.items()}
        linked = {name for pair in correlations for name in pair[:2]}
        self._linked = [name for name in self._margins if name in linked]
        matrix = np.eye(len(self._linked))
        for a, b, rank in correlations:
            i, j = self._linked.index(a), self._linked.index(b)
            matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
        values, vectors = np.linalg.eigh(matrix)
        if self._linked and values[0] < -1e-9:
            raise ValueError("the correlations contradict one another")
        self._root = vectors * np.sqrt(np.maximum(values, 0.0))

    def draw(self, rng, n):
        drawn = {}
        if self._linked:
            normal = self._root @ rng.standard_normal((len(self._linked), n))
            for name, z in zip(self._linked, normal):
                drawn[name] = self._margins[name].ppf(special.ndtr(z))
        for name, margin in self._margins.items():
            if name not in drawn:
                drawn[name] = margin.sample(rng, n)
        return drawn


class Scenario:
    """A scenario, read."""

    def __init__(self, message):
        given = message["assumptions"]
        self.horizon = float(message["horizon_days"])
        step = float(message["step_days"])
        inner = step * np.arange(int(np.ceil(self.horizon / step)) + 1)
        self.grid = np.append(inner[inner < self.horizon], self.horizon)
        self.thresholds = [int(c) for c in message.get("thresholds", [])]
        self.assumptions = {name: Assumption(given[name], name in PER_BATCH_BY_DEFAULT)
                            for name in ASSUMPTIONS if name in given}
        self.mode = given.get("rotation_mode")
        self.cap_on_present = given.get("cap_basis", "CUMULATIVE") == "PRESENT"
        self.skip_probability = given.get("skip_probability", 0.0)
        start = to_date(message["start_date"])
        self.events = _parents_first([Event(e, start) for e in message.get("events", []) if not e.get("disabled")])
        if "tour_length_days" in given and self.mode != "REINFORCE":
            raise ValueError("tours need REINFORCE")
        if self.cap_on_present and self.mode is None:
            raise ValueError("a cap on those present needs a rotation mode")
        self.draws_per_path, self.draws_per_batch = self._joint_draws(message.get("correlations", []))

    def _joint_draws(self, correlations):
        groups = [{n: a for n, a in self.assumptions.items() if a.per_path == per_path} for per_path in (True, False)]
        pairs = [[], []]
        for c in correlations:
            homes = [i for i in (0, 1) if c["a"] in groups[i] and c["b"] in groups[i]]
            if not homes:
                raise ValueError(f"{c['a']} and {c['b']} cannot be correlated")
            pairs[homes[0]].append((c["a"], c["b"], c["rank_correlation"]))
        return [JointDraws(group, linked) for group, linked in zip(groups, pairs)]


def _parents_first(events):
    """Events in an order in which each comes after its parent. One whose parent is disabled comes anywhere."""
    enabled, ordered = {e.id for e in events}, []
    while len(ordered) < len(events):
        placed = {e.id for e in ordered}
        ready = [e for e in events if e.id not in placed and (e.after in placed or e.after not in enabled)]
        if not ready:
            raise ValueError("events wait for one another in a circle")
        ordered += ready
    return ordered


class Windows:
    """When each event is in force in each path: from its time, that instant included, until its end, excluded."""

    def __init__(self, events, horizon, n, rng):
        self._events, self.start, self._end = events, {}, {}
        for e in events:
            self.start[e.id] = self._time(e, horizon, n, rng)
            length = e.duration.draw_once(rng, n) if e.duration else np.full(n, np.inf)
            self._end[e.id] = self.start[e.id] + length

    def _time(self, e, horizon, n, rng):
        happens = rng.random(n) < e.probability
        # Where the parent never happens (or is disabled) the clock never starts.
        clock = self.start.get(e.after, np.full(n, np.inf)) if e.after else np.zeros(n)
        if e.timing == "date":
            time = np.full(n, e.value)
        elif e.timing == "days":
            time = clock + e.value.draw_once(rng, n)
        elif e.timing == "hazard_per_year":
            time = clock + rng.exponential(DAYS_PER_YEAR / e.value, n)
        elif e.timing == "probability_within_horizon":
            happens &= (rng.random(n) < e.value) & (clock <= horizon)
            begin = np.clip(clock, 0.0, horizon)
            time = begin + rng.random(n) * (horizon - begin)
        else:
            raise ValueError(f"unknown timing {e.timing}")
        return np.where(happens, time, np.inf)

    def _in_force(self, e, time, paths):
        return (self.start[e.id][paths] <= time) & (time < self._end[e.id][paths])

    def halted(self, time, paths):
        halted = np.zeros(len(paths), dtype=bool)
        for e in self._events:
            if e.halt:
                halted |= self._in_force(e, time, paths)
        return halted

    def _product(self, time, paths, factor):
        product = np.ones(len(paths))
        for e in self._events:
            if factor(e) != 1.0:
                product[self._in_force(e, time, paths)] *= factor(e)
        return product

    def interval_factor(self, time, paths):
        return self._product(time, paths, lambda e: e.interval_factor)

    def batch_size_factor(self, time, paths):
        return self._product(time, paths, lambda e: e.batch_size_factor)

    def cap_change(self, time, paths):
        change = np.zeros(len(paths))
        for e in self._events:
            if e.cap_change:
                change[self._in_force(e, time, paths)] += e.cap_change
        return change

    def cap_change_instants(self):
        """Where the cap can move: one array over all paths for each start and end."""
        for e in self._events:
            if e.cap_change:
                yield self.start[e.id]
                yield self._end[e.id]


class Walk:
    """n paths from day 0 to the horizon."""

    def __init__(self, scenario, n, rng):
        self._s, self._n, self._rng = scenario, n, rng
        self._all = np.arange(n)
        self._windows = Windows(scenario.events, scenario.horizon, n, rng)
        self._factors = {name: a.draw_factor(rng, n) for name, a in scenario.assumptions.items()}
        self._once = scenario.draws_per_path.draw(rng, n)
        initial = round_half_up(self._per_path("initial_count")) if "initial_count" in self._once else np.zeros(n)
        self._capped = "cap" in self._once
        self._cap = round_half_up(self._per_path("cap")) if self._capped else np.full(n, np.inf)
        self._tours = "tour_length_days" in scenario.assumptions
        start = np.minimum(initial, self._cap)
        leave = self._first_leave()
        # A batch is (time, size, time it leaves), each over all paths; the initial contingent is the first. They are
        # kept where those present, or what was there when the cap moved, must be known later.
        self._batches = [(np.zeros(n), start, leave)]
        moving_cap = any(e.cap_change for e in scenario.events)
        self._keeps_batches = self._capped and (moving_cap or (scenario.cap_on_present and scenario.mode == "REINFORCE"))
        self._cumulative = start.copy()
        self._relieved = start.copy()  # those present with RELIEVE
        points = len(scenario.grid)
        self._grown, self._changed = np.zeros((points, n)), np.zeros((points, n))
        self._grown[0], self._changed[0] = start, start
        self._go_home(self._all, start, leave)
        self._passages = {c: np.where(start >= c, 0.0, np.inf) for c in scenario.thresholds}
        reached = start >= self._cap + self._windows.cap_change(np.zeros(n), self._all)
        self._cap_passage = np.where(reached, 0.0, np.inf)

    def _per_path(self, name):
        return self._once[name] * self._factors[name]

    def _first_leave(self):
        """The initial contingent's tour: the path's own where tours are drawn per path, else a draw of its own."""
        if not self._tours:
            return np.full(self._n, np.inf)
        if "tour_length_days" in self._once:
            return self._per_path("tour_length_days")
        tours = self._s.assumptions["tour_length_days"].distribution.sample(self._rng, self._n)
        return tours * self._factors["tour_length_days"]

    def run(self):
        rng, s, clock, paths, first = self._rng, self._s, np.zeros(self._n), self._all, True
        while paths.size:
            drawn = s.draws_per_batch.draw(rng, paths.size)
            value = lambda name: (drawn[name] if name in drawn else self._once[name][paths]) * self._factors[name][paths]
            if first and "first_arrival_days" in s.assumptions:
                time = value("first_arrival_days")
            else:
                time = clock[paths] + value("rotation_interval_days") * self._windows.interval_factor(clock[paths], paths)
            leaves = time + value("tour_length_days") if self._tours else np.full(paths.size, np.inf)
            size = value("batch_size")
            within = time <= s.horizon
            paths, time, size, leaves = paths[within], time[within], size[within], leaves[within]
            clock[paths] = time
            self._arrive(paths, time, size, leaves)
            first = False
        self._cap_moves()
        present = np.cumsum(self._changed, axis=0) if s.mode else None
        return Paths(s.grid, np.cumsum(self._grown, axis=0), present, self._passages,
                     self._cap_passage if self._capped else None,
                     {e.id: self._windows.start[e.id] for e in s.events})

    def _arrive(self, paths, time, size, leaves):
        size = round_half_up(size * self._windows.batch_size_factor(time, paths))
        comes = ~self._windows.halted(time, paths)
        if self._s.skip_probability > 0:
            comes &= self._rng.random(paths.size) >= self._s.skip_probability
        ceiling = self._cap[paths] + self._windows.cap_change(time, paths)
        if not self._s.cap_on_present:
            room = ceiling - self._cumulative[paths]
        elif self._s.mode == "REINFORCE":
            room = ceiling - self._present_at(time, paths)
        else:
            room = ceiling
        size = np.where(comes, np.minimum(size, np.maximum(room, 0.0)), 0.0)

        before = self._cumulative[paths]
        after = before + size
        self._cumulative[paths] = after
        for count, passage in self._passages.items():
            crossed = (before < count) & (after >= count)
            passage[paths[crossed]] = time[crossed]

        point = np.searchsorted(self._s.grid, time, side="left")  # the first grid point at or after the arrival
        self._grown[point, paths] += size
        if self._s.mode == "RELIEVE":
            returned = np.minimum(self._relieved[paths], size)
            self._changed[point, paths] += size - returned
            self._relieved[paths] += size - returned
        else:
            self._changed[point, paths] += size
            self._go_home(paths, size, leaves)
        if self._keeps_batches:
            self._remember(paths, time, size, leaves)
        if self._capped:
            if not self._s.cap_on_present:
                quantity = after
            else:
                quantity = self._relieved[paths] if self._s.mode == "RELIEVE" else self._present_at(time, paths)
            self._reach_cap(paths, time, quantity >= ceiling)

    def _reach_cap(self, paths, time, reached):
        self._cap_passage[paths[reached]] = np.minimum(self._cap_passage[paths[reached]], time[reached])

    def _go_home(self, paths, size, leaves):
        within = leaves <= self._s.horizon
        point = np.searchsorted(self._s.grid, leaves[within], side="left")
        self._changed[point, paths[within]] -= size[within]

    def _remember(self, paths, time, size, leaves):
        batch = (np.full(self._n, np.inf), np.zeros(self._n), np.full(self._n, np.inf))
        for whole, part in zip(batch, (time, size, leaves)):
            whole[paths] = part
        self._batches.append(batch)

    def _present_at(self, time, paths):
        """Those present with REINFORCE; at equal times returns come before arrivals."""
        return sum(size[paths] * ((arrives[paths] <= time) & (time < leaves[paths]))
                   for arrives, size, leaves in self._batches)

    def _quantity_at(self, time, paths):
        """What the cap limits, once all arrivals are known."""
        if not self._s.cap_on_present:
            return sum(size[paths] * (arrives[paths] <= time) for arrives, size, _ in self._batches)
        if self._s.mode == "REINFORCE":
            return self._present_at(time, paths)
        # With RELIEVE those present are as many as the largest batch so far: p + a - min(p, a) = max(p, a).
        return np.max([size[paths] * (arrives[paths] <= time) for arrives, size, _ in self._batches], axis=0)

    def _cap_moves(self):
        """The cap may also be reached because it comes down to what is there."""
        if not self._keeps_batches:
            return
        for instant in self._windows.cap_change_instants():
            paths = self._all[(instant > 0) & (instant <= self._s.horizon)]
            time = instant[paths]
            ceiling = self._cap[paths] + self._windows.cap_change(time, paths)
            self._reach_cap(paths, time, self._quantity_at(time, paths) >= ceiling)
