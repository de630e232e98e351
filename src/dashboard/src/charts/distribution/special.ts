/** Functions of probability theory, as exact as a picture needs: six digits and better. */

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0: Lanczos' approximation with g = 7 and nine terms (Godfrey's coefficients). */
export function logGamma(x: number): number {
  if (x < 0.5) {
    return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  }

  const shifted = x - 1;
  const t = shifted + 7.5;
  const sum = lanczos.slice(1).reduce((total, coefficient, i) => total + coefficient / (shifted + i + 1), lanczos[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The standard normal quantile: Acklam's rational approximation, relative error below 1.2e-9. */
export function normalQuantile(p: number): number {
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
  const c = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const horner = (coefficients: readonly number[], x: number) => coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
  if (p > 0.5) {
    return -normalQuantile(1 - p);
  }

  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(c, q) / horner(d, q);
  }

  const q = p - 0.5;
  return (horner(a, q * q) * q) / horner(b, q * q);
}

/** The regularised lower incomplete gamma function P(k, x): its series below k + 1, Lentz' continued fraction above. */
function incompleteGamma(k: number, x: number): number {
  if (x <= 0) {
    return 0;
  }

  const front = Math.exp(k * Math.log(x) - x - logGamma(k));
  if (x < k + 1) {
    let term = 1 / k;
    let sum = term;
    for (let n = 1; n < 1_000 && term > sum * 1e-12; n++) {
      term *= x / (k + n);
      sum += term;
    }

    return sum * front;
  }

  let b = x + 1 - k;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1_000; n++) {
    const factor = n * (k - n);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-12) {
      break;
    }
  }

  return 1 - front * fraction;
}

/** From here on Wilson's and Hilferty's cube root of a normal is as good as the picture. */
const largeShape = 1_000;

/** The quantile of a gamma distribution with scale 1. */
export function gammaQuantile(k: number, p: number): number {
  const z = normalQuantile(p);
  const cubeRoot = 1 - 1 / (9 * k) + z / (3 * Math.sqrt(k));
  if (k > largeShape) {
    return k * cubeRoot ** 3;
  }

  // In logarithms, for the smallest shapes have quantiles of many orders of magnitude.
  return Math.exp(bisect((logX) => incompleteGamma(k, Math.exp(logX)) - p, -700, Math.log(k + 40 * Math.sqrt(k) + 40)));
}

/** Where an ascending function is 0. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (f(middle) < 0) {
      from = middle;
    } else {
      to = middle;
    }
  }

  return (from + to) / 2;
}

/** Solves a square system by Gauss's elimination with pivots. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const pivot = rows.reduce((best, row, i) => (i >= column && Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? i : best), column);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = column + 1; i < n; i++) {
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= n; j++) {
        rows[i]![j]! -= factor * rows[column]![j]!;
      }
    }
  }

  const solution = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const known = rows[i]!.slice(i + 1, n).reduce((sum, coefficient, j) => sum + coefficient * solution[i + 1 + j]!, 0);
    solution[i] = (rows[i]![n]! - known) / rows[i]![i]!;
  }

  return solution;
}
