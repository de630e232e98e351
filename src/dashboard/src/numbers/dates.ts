import type { Date as CalendarDate } from "../gen/google/type/date_pb";
import { noBreak } from "./figures";

/** Calendar dates without a time or a zone: a day is a day wherever it is read. */
export type Day = Pick<CalendarDate, "year" | "month" | "day">;

const months = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

const millisecondsPerDay = 86_400_000;

/** "17 November 2026", for text. */
export function longDate(date: Day): string {
  return `${date.day}${noBreak}${monthName(date)} ${date.year}`;
}

/** "17 Nov 2026", for charts. */
export function shortDate(date: Day): string {
  return `${date.day}${noBreak}${shortMonth(date)}${noBreak}${date.year}`;
}

/** "2026-11-17", for links and files. */
export function isoDate(date: Day): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

export function monthName(date: Day): string {
  return months[date.month - 1]!;
}

export function shortMonth(date: Day): string {
  return monthName(date).slice(0, 3);
}

/** Days since 1 January 1970. */
export function dayNumber(date: Day): number {
  const instant = new Date(0);
  instant.setUTCFullYear(date.year, date.month - 1, date.day);
  return instant.getTime() / millisecondsPerDay;
}

/** The date a whole number of days after another. */
export function addDays(date: Day, days: number): Day {
  const instant = new Date((dayNumber(date) + Math.floor(days)) * millisecondsPerDay);
  return { year: instant.getUTCFullYear(), month: instant.getUTCMonth() + 1, day: instant.getUTCDate() };
}
