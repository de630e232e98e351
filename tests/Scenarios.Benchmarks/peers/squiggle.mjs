// Squiggle (@quri/squiggle-lang): paths are lists, made by functions of the language; figures are those of its sample sets.
//
// What it cannot say: a process that stops by itself (a path takes a fixed number of draws, enough that one in 10^7 needs
// more), and statistics that do not hold every path at every grid point in memory.
import { createInterface } from "node:readline";
import { run } from "@quri/squiggle-lang";

const cases = {
  b1: { points: 105, step: 7, horizon: 728, start: 15_000, checked: 104, draws: 24, gap: "Sym.lognormal({p5: 60, p95: 180})", size: "Sym.triangular(2000, 5000, 15000)", place: "{|s| s}" },
  b2: { points: 1826, step: 1, horizon: 1825, start: 0, checked: 730, draws: 330, gap: "Sym.gamma(2, 3.5)", size: `Sym.beta(${1 + 1200 / 1100}, ${1 + 3200 / 1100})`, place: "{|s| 100 + 1100 * s}" },
};
const { points, step, horizon, start, checked, draws, gap, size, place } = cases[process.argv[2]];

const program = (paths) => `
gap = ${gap}
size = ${size}
place = ${place}
path() = {
  days = Number.cumsum(sampleN(gap, ${draws}))
  counts = Number.cumsum(List.concat([${start}], List.map(sampleN(size, ${draws}), {|s| floor(place(s) + 0.5)})))
  points = List.map(days, {|day| min([ceil(day / ${step}), ${points}])})
  lasts = List.map(points, {|point, k| List.make(point - (k == 0 ? 0 : points[k - 1]), min([counts[k], 100000]))})
  first = List.findIndex(counts, {|count| count >= 50000})
  full = List.findIndex(counts, {|count| count >= 100000})
  {
    counts: List.flatten(lasts),
    passage: first == 0 ? 0 : first < 0 ? 1e9 : days[first - 1],
    full: full > 0 && days[full - 1] <= ${horizon} ? 1 : 0,
  }
}
paths = List.make(${paths}, {|i| path()})
figures = List.map(List.upTo(0, ${points - 1}), {|point|
  set = SampleSet.fromList(List.map(paths, {|p| p.counts[point]}))
  [mean(set), stdev(set), quantile(set, 0.05), quantile(set, 0.25), quantile(set, 0.5), quantile(set, 0.75), quantile(set, 0.95)]
})
passages = List.map(paths, {|p| p.passage})
cap = mean(List.map(paths, {|p| p.full}))
reached = mean(List.map(passages, {|day| day <= ${horizon} ? 1 : 0}))
median = Number.sort(passages)[floor(${paths} / 2)]
[figures[${checked}], [cap, reached, median, List.length(List.flatten(figures))]]
`;

async function simulate(paths, seed) {
  const output = await run(program(paths), { environment: { sampleCount: paths, xyPointLength: 1000, profile: false, seed: `${seed}` } });
  if (!output.result.ok) {
    throw new Error(output.result.value.toString());
  }
  const [[mean, sd, ...quantiles], [cap, reached, medianDay, values]] = output.result.value.result.asJS();
  return { paths, values, mean, sd, quantiles, cap, reached, medianDay: medianDay > horizon ? null : medianDay };
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [, paths, seed] = line.split(" ");
  console.log(JSON.stringify(await simulate(Number(paths), Number(seed))));
}
