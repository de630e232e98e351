// A plain loop in JavaScript, into a histogram of changes by bin and grid point.
import { createInterface } from "node:readline";

const levels = [0.05, 0.25, 0.5, 0.75, 0.95];
const [cap, threshold, width, dayBins] = [100_000, 50_000, 50, 2000];
const bins = cap / width + 1;
const logMean = (Math.log(60) + Math.log(180)) / 2;
const logSd = (Math.log(180) - Math.log(60)) / 2 / 1.6448536269514722;

let spare = NaN;
function normal() {
  if (!Number.isNaN(spare)) {
    const value = spare;
    spare = NaN;
    return value;
  }
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  const angle = 2 * Math.PI * Math.random();
  spare = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

// Marsaglia and Tsang (2000), shape >= 1.
function gamma(shape) {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - Math.random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) {
      return d * v;
    }
  }
}

function triangular(min, mode, max) {
  const u = Math.random();
  const below = (mode - min) / (max - min);
  return u < below ? min + Math.sqrt(u * (max - min) * (mode - min)) : max - Math.sqrt((1 - u) * (max - min) * (max - mode));
}

function pert(min, mode, max) {
  const x = gamma(1 + (4 * (mode - min)) / (max - min));
  const y = gamma(1 + (4 * (max - mode)) / (max - min));
  return min + ((max - min) * x) / (x + y);
}

const cases = {
  b1: { points: 105, step: 7, horizon: 728, start: 15_000, checked: 104, gap: () => Math.exp(logMean + logSd * normal()), size: () => triangular(2000, 5000, 15_000) },
  b2: { points: 1826, step: 1, horizon: 1825, start: 0, checked: 730, gap: () => -3.5 * Math.log((1 - Math.random()) * (1 - Math.random())), size: () => pert(100, 400, 1200) },
};
const { points, step, horizon, start, checked, gap, size } = cases[process.argv[2]];

function run(paths) {
  const stride = points + 1;
  const histogram = new Int32Array(bins * stride);
  const [sums, squares] = [new Float64Array(stride), new Float64Array(stride)];
  const passages = new Int32Array(dayBins);
  let capped = 0;
  for (let path = 0; path < paths; path++) {
    let [count, entered] = [start, 0];
    for (let time = gap(); time <= horizon; time += gap()) {
      const point = Math.ceil(time / step);
      const after = Math.min(count + Math.floor(size() + 0.5), cap);
      const row = Math.floor(count / width) * stride;
      histogram[row + entered]++;
      histogram[row + point]--;
      sums[point] += after - count;
      squares[point] += after * after - count * count;
      if (count < threshold && after >= threshold) {
        passages[Math.floor(time * (dayBins / horizon) * 0.999999)]++;
      }
      count = after;
      entered = point;
      if (count === cap) {
        capped++;
        break;
      }
    }
    histogram[Math.floor(count / width) * stride + entered]++;
  }
  sums[0] = paths * start;
  squares[0] = paths * start * start;
  return summarize(paths, histogram, sums, squares, passages, capped);
}

function summarize(paths, histogram, sums, squares, passages, capped) {
  const column = new Int32Array(bins);
  const answer = { paths, values: 0, cap: capped / paths };
  let [sum, square] = [0, 0];
  for (let point = 0; point < points; point++) {
    sum += sums[point];
    square += squares[point];
    for (let bin = 0; bin < bins; bin++) {
      column[bin] += histogram[bin * (points + 1) + point];
    }
    const quantiles = [];
    for (let bin = 0, below = 0; quantiles.length < levels.length; below += column[bin++]) {
      while (quantiles.length < levels.length && below + column[bin] >= levels[quantiles.length] * paths) {
        quantiles.push(bin * width + (bin === bins - 1 ? 0 : (width * (levels[quantiles.length] * paths - below)) / column[bin]));
      }
    }
    const mean = sum / paths;
    const sd = Math.sqrt(Math.max(0, square - sum * mean) / (paths - 1));
    answer.values += 2 + quantiles.length;
    if (point === checked) {
      Object.assign(answer, { mean, sd, quantiles });
    }
  }
  let passed = 0;
  const day = passages.findIndex((count) => (passed += count) >= paths / 2);
  answer.reached = passages.reduce((a, b) => a + b, 0) / paths;
  answer.medianDay = day < 0 ? null : ((day + 0.5) * horizon) / dayBins;
  return answer;
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(run(Number(line.split(" ")[1]))));
}
