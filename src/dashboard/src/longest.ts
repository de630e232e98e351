import { quantileOf } from "./charts/distribution/shape";
import { presentAhead } from "./charts/reading";
import {
  type Assumption, Assumptions_CapBasis as CapBasis, Assumptions_RotationMode as RotationMode, type Scenario,
} from "./gen/scenarios/v1/scenario_pb";
import { chance, chanceWord, shareError } from "./numbers/chances";
import { addDays, longDate } from "./numbers/dates";
import { count } from "./numbers/figures";

/** The longest forms that sentences of an answer take while it sharpens: what they need room for, whatever the font. */

/** The paths of the first snapshot. */
const firstPaths = 1_000;

/** So many standard errors cover where a share settles. */
const reach = 4;

const words = "almost no chance|almost certain|very unlikely|unlikely|roughly even|very likely|likely";
const chances = new RegExp(`(is|has)? ?(?:${words}) \\((?:(?:about |over |under )?([\\d.]+)[\\s\u00a0]%|(none|all) of [\\d,]+ futures?)\\)`, "g");

/** No date is longer. */
const longestDate = "26\u00a0September";

/** What a headline may become as paths are added, up to so many. */
export function longestHeadline(headline: string, paths: number, most: number): string {
  const passages = headline.indexOf(";");
  const [total, rest] = passages < 0 ? [headline, ""] : [headline.slice(0, passages), headline.slice(passages)];
  // A figure that is told without "about" never needs it later, but for one whose step becomes finer.
  return total.replace(/(between|more than|and) (?=\*\*)/g, "$1 about ")
    + rest.replace(chances, (_, verb: string | undefined, figure: string | undefined, share: string | undefined) => {
      const probability = figure !== undefined ? Number(figure) / 100 : share === "none" ? 0 : 1;
      return `${verb === undefined ? " " : "has "}${longestChance(probability, paths, most)}`;
    });
}

/** What the sentences below it may become. */
export function longestConsequence(consequence: string, most: number): string {
  return consequence
    .replace(/(?:none|all|[\d,]+) of [\d,]+ futures?/g, `${count(most / 1_000)} of ${count(most)} futures`)
    .replace(/\d{1,2}[\s\u00a0][A-Z][a-z]+ (?=\d{4})/g, `${longestDate} `);
}

/** The headline before there is one, with all that the scenario may have in it. */
export function expectedHeadline(scenario: Scenario, most: number): string {
  const { noun, verb, startDate, horizonDays, thresholds } = scenario;
  const cap = capOf(scenario);
  const largest = `**${count(Math.max(100_000, cap ?? 0, ...thresholds.map(Number)))}**`;
  const median = noun ? largest.replace(/\*\*$/, ` ${noun}**`) : largest;
  const by = startDate ? longDate(addDays(startDate, horizonDays)) : "the horizon";
  const total = noun ? `about ${median} will have been ${verb || "counted"} in total` : `the total ${verb || "counted"} will be about ${median}`;
  const usual = usualTotal(scenario);
  const chanceOf = (value: number | null) => {
    const isSure = value !== null && usual !== null && (value < usual * wellBelow || value > usual * wellAbove);
    return longestChance(isSure ? 0 : 1 / firstPaths, firstPaths, most);
  };
  const clauses = [
    ...thresholds.slice(0, 1).map((threshold) => `passing **${count(Number(threshold))}** is ${chanceOf(Number(threshold))}`),
    ...(scenario.assumptions?.cap ? [`reaching the ceiling${cap === null ? "" : ` of **${count(cap)}**`} has ${chanceOf(cap)}`] : []),
  ];
  return `By ${by} ${total}, very likely (90\u00a0%) between about ${largest} and about ${largest}${clauses.length > 0 ? "; " : ""}${clauses.join(", ")}.`;
}

/** Below and above so many times the usual total, few futures disagree about a count. */
const wellBelow = 0.5;
const wellAbove = 1.4;

/** Roughly what comes in by the horizon; null where the page does not know. */
function usualTotal({ assumptions, horizonDays }: Scenario): number | null {
  const middle = (assumption: Assumption | undefined) => (assumption?.distribution ? quantileOf(assumption.distribution, 0.5) : NaN);
  const initial = assumptions?.initialCount ? middle(assumptions.initialCount) : 0;
  const total = initial + (horizonDays / middle(assumptions?.rotationIntervalDays)) * middle(assumptions?.batchSize);
  return Number.isFinite(total) ? total : null;
}

/** The sentences below it before there are any. */
export function expectedConsequence(scenario: Scenario, most: number): string {
  const { assumptions, startDate, horizonDays } = scenario;
  const cap = capOf(scenario);
  const end = `${longestDate} ${addDays(startDate ?? { year: 2000, month: 1, day: 1 }, horizonDays).year}`;
  const atOnce = assumptions?.capBasis === CapBasis.PRESENT ? " at any one time" : "";
  const reaching = assumptions?.cap
    ? `${cap === null ? "Reaching the ceiling" : count(cap)}${atOnce} within a year happens in **${count(most / 1_000)} of ${count(most)} futures**; the fastest 1 in 100 get there by ${end}.`
    : "";
  return [reaching, presentSentence(scenario, end)].filter(Boolean).join(" ");
}

function presentSentence(scenario: Scenario, end: string): string {
  const { assumptions } = scenario;
  const atEnd = `On ${end} about **${count(100_000)}** are present`;
  if (assumptions?.rotationMode === RotationMode.REINFORCE) {
    return assumptions.tourLengthDays ? `${atEnd}: each batch leaves at the end of its tour.` : "None leave: all that came are still present.";
  }
  const initial = assumptions?.initialCount?.distribution;
  const ahead = presentAhead(scenario);
  return ahead === null ? ""
    : ahead === "constant" && initial ? `All along, **${count(quantileOf(initial, 0.5))}** are present at any one time: as many leave as arrive.`
    : `${atEnd}: as many leave as arrive, or all that are there if they are fewer.`;
}

/** The ceiling where it is one number. */
function capOf({ assumptions }: Scenario): number | null {
  const family = assumptions?.cap?.distribution?.family;
  return family?.case === "constant" && !assumptions?.cap?.pathFactor ? family.value : null;
}

/** The longest way to say a share that so many paths have told, as more are added: what was seen once is in no way "none" later. */
function longestChance(probability: number, paths: number, most: number): string {
  const error = reach * shareError(probability, paths);
  const least = probability === 0 ? 0 : 0.5 / most;
  const said: string[] = [];
  for (const near of [probability, ...Array.from({ length: 9 }, (_, i) => probability + error * (i / 4 - 1))]) {
    const share = Math.min(probability === 1 ? 1 : 1 - 0.5 / most, Math.max(least, near));
    for (const known of [paths, most]) {
      said.push(`${chanceWord(share, most)} (${chance(share, shareError(share, known), known)})`);
    }
  }
  return said.reduce((longest, one) => (one.length > longest.length ? one : longest));
}
