import { addDays, type Day, dayNumber, shortMonth } from "./dates";

/** A mark on the axis of dates. */
export interface DateTick {
  /** Days after the start. */
  readonly day: number;
  readonly label: string;
  /** A year begins here. */
  readonly isYear: boolean;
}

const roundFactors = [1, 2, 2.5, 5, 10];

/** Round counts from 0 to the top, at least `gap` pixels apart on a scale of that height. */
export function countTicks(top: number, height: number, gap: number): number[] {
  const step = roundStep((top * gap) / height);
  const ticks: number[] = [];
  for (let index = 0; index * step <= top * (1 + 1e-9); index++) {
    ticks.push(index * step);
  }

  return ticks;
}

/** The smallest round step that is no less than that; whole, because counts are. */
function roundStep(least: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = roundFactors.map((factor) => factor * magnitude).find((candidate) => candidate >= least - 1e-9)!;
  return Math.max(1, Math.ceil(step));
}

const daySteps = [1, 2, 7, 14];
const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** The densest round dates that are at least `gap` pixels apart: quarter starts on a plot of two years. */
export function dateTicks(start: Day, days: number, width: number, gap: number): DateTick[] {
  for (const step of daySteps) {
    if ((step / days) * width >= gap) {
      return everyDays(start, days, step);
    }
  }

  for (const step of monthSteps) {
    // A month is taken for its mean length: February shall not halve the marks of a year.
    if (((step * 30.44) / days) * width >= gap) {
      return everyMonths(start, days, step);
    }
  }

  return [];
}

function everyDays(start: Day, days: number, step: number): DateTick[] {
  const ticks: DateTick[] = [];
  for (let day = 0; day <= days; day += step) {
    const date = addDays(start, day);
    ticks.push({ day, label: `${date.day}\u00a0${shortMonth(date)}`, isYear: false });
  }

  return ticks;
}

function everyMonths(start: Day, days: number, step: number): DateTick[] {
  const ticks: DateTick[] = [];
  const origin = dayNumber(start);
  const yearStep = Math.max(1, step / 12);
  let year = Math.floor(start.year / yearStep) * yearStep;
  let month = 1;
  for (;;) {
    const date = { year, month, day: 1 };
    const day = dayNumber(date) - origin;
    if (day > days) {
      return ticks;
    }

    if (day >= 0) {
      const isYear = month === 1;
      ticks.push({ day, label: step >= 12 ? `${year}` : isYear ? `Jan ${year}` : shortMonth(date), isYear });
    }

    month += step;
    year += Math.floor((month - 1) / 12);
    month = ((month - 1) % 12) + 1;
  }
}
