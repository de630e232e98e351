import { h, render } from "preact";
import { parts, plain } from "../emphasis";
import { footnotesOf } from "../footnotes";
import type { Projection, Summary } from "../gen/scenarios/v1/projection_pb";
import { Evidence_Kind } from "../gen/scenarios/v1/scenario_pb";
import { chance, shareError } from "../numbers/chances";
import { addDays, type Day, isoDate, longDate } from "../numbers/dates";
import { count, singleLook } from "../numbers/figures";
import { idOf } from "../titles";
import type { ReaderView } from "../view";
import { bandsNote, MainChart } from "./MainChart";
import { passagesOf, totalWords } from "./reading";
import { textWidth } from "./textWidth";

/** The projection as files: pictures that say what they are of, and figures in full. */

const chartWidth = 944;
const margin = 40;
const pixelsPerUnit = 2;
const svgNamespace = "http://www.w3.org/2000/svg";

/** What a picture outside the page needs to look as in it. */
const carried = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "stop-color", "stop-opacity", "font-family", "font-size", "font-weight", "paint-order", "shape-rendering",
] as const;

/** What a file says of itself that is not in the projection. */
export interface About {
  /** Counted from the first; null where that is not known. */
  readonly revision: number | null;
  /** The day on which the file is made. */
  readonly on: Day;
}

export async function exportSvg(projection: Projection, view: ReaderView, about: About): Promise<void> {
  save(new Blob([await pictureOf(projection, view, about)], { type: "image/svg+xml" }), `${fileName(projection)}.svg`);
}

export async function exportPng(projection: Projection, view: ReaderView, about: About): Promise<void> {
  const url = URL.createObjectURL(new Blob([await pictureOf(projection, view, about)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * pixelsPerUnit;
    canvas.height = image.height * pixelsPerUnit;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, "image/png"); });
    if (picture) {
      save(picture, `${fileName(projection)}.png`);
    }
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function exportCsv(projection: Projection, about: About): void {
  // The mark lets spreadsheets read the noun as it is written.
  save(new Blob(["\ufeff", csvOf(projection, about)], { type: "text/csv" }), `${fileName(projection)}.csv`);
}

/**
 * Every reported date in full: each figure of the service with its 95 % half-width beside it. Before them, in lines that begin with #, what
 * the figures are and where they come from.
 */
export function csvOf(projection: Projection, about: About): string {
  const passages = passagesOf(projection);
  const paths = Number(projection.paths);
  const hasPresent = projection.points.every(({ present }) => present !== undefined);
  const summary = (prefix: string) => [
    ...projection.quantileLevels.flatMap((level) => [`${prefix}quantile ${level}`, `${prefix}quantile ${level} ±`]),
    `${prefix}mean`, `${prefix}mean ±`,
  ];
  const figures = ({ quantiles, quantileStandardErrors, mean, meanStandardError }: Summary) => [
    ...quantiles.flatMap((value, level) => [value, halfWidth(quantileStandardErrors[level]!)]), mean, halfWidth(meanStandardError),
  ];
  const head = [
    "date", "day",
    ...summary(""),
    ...passages.flatMap(({ count: value, kind }) => {
      const name = `chance ${kind === "ceiling" ? "ceiling" : ""} ${value ?? ""}`.replace(/ +/g, " ").trim();
      return [name, `${name} ±`];
    }),
    ...(hasPresent ? summary("present ") : []),
  ];
  const halfWidth = (standardError: number) => Number((singleLook * standardError).toPrecision(6));
  const rows = projection.points.map((point, index) => [
    isoDate(point.date!), point.day,
    ...figures(point.cumulative!),
    ...passages.flatMap(({ reached }) => {
      const share = reached.reachedProbabilityByPoint[index] ?? 0;
      return [share, halfWidth(shareError(share, paths))];
    }),
    ...(hasPresent ? figures(point.present!) : []),
  ]);
  const said = [
    ...originOf(projection, about),
    plain(projection.headline), plain(projection.consequence),
    "±: the error of computing, 95 %. Quantiles and chances: what the assumptions leave open.",
    ...eventLines(projection), ...sourceLines(projection),
  ];
  const lines = said.filter(Boolean).map((line) => cell(`# ${line}`));
  return [...lines, ...[head, ...rows].map((row) => row.join(","))].join("\r\n") + "\r\n";
}

/** A cell of text, quoted if it must be. */
const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""').replace(/\s+/g, " ")}"` : text);

/** What a file is of: scenario and revision, premise, and how it is found again. */
function originOf(projection: Projection, { revision, on }: About): string[] {
  const { scenario } = projection;
  const start = scenario?.startDate;
  const name = scenario?.displayName || "A scenario";
  return [
    `${name}${revision === null ? "" : `, revision ${revision}`}`,
    start ? `Projection from ${longDate(start)} to ${longDate(addDays(start, scenario.horizonDays))}, if the assumptions hold` : "",
    `${projection.name}, ${count(Number(projection.paths))} paths, seed ${projection.seed}. Written on ${longDate(on)}`,
  ];
}

function eventLines({ scenario, events, paths }: Projection): string[] {
  return (scenario?.events ?? []).map(({ eventId, displayName, disabled }) => {
    const happens = events.find((one) => one.eventId === eventId);
    const share = happens && `, happens in ${chance(happens.probability, happens.probabilityStandardError, Number(paths))}`;
    return `Event: ${displayName || eventId}: ${disabled ? "off" : `on${share ?? ""}`}`;
  });
}

/** Who says what is assumed, and what is assumed without a source. */
function sourceLines({ scenario }: Projection): string[] {
  return scenario ? footnotesOf(scenario).map(({ about, evidence: { source, claim, kind, uri } }) =>
    `${about}${kind === Evidence_Kind.JUDGEMENT ? ", judged" : kind === Evidence_Kind.REPORTED ? ", reported" : ""}: ${[source, claim].filter(Boolean).join(": ")}${uri ? ` ${uri}` : ""}`) : [];
}

/** The charts drawn once more, light and at their full width whatever the window's, under the answer and over their name. */
async function pictureOf(projection: Projection, view: ReaderView, about: About): Promise<string> {
  const stage = document.createElement("div");
  stage.className = "export-stage";
  document.body.append(stage);
  try {
    render(h(MainChart, {
      projection, scenario: projection.scenario, view: { ...view, showTable: false }, current: true, onAt: () => undefined, onFuture: () => undefined,
    }), stage);
    // The chart measures its room first and draws then.
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
    return compose(projection, about, [...stage.querySelectorAll<SVGSVGElement>(".charts svg")]);
  } finally {
    render(null, stage);
    stage.remove();
  }
}

function compose(projection: Projection, about: About, charts: readonly SVGSVGElement[]): string {
  const ink = getComputedStyle(charts[0]!).fill;
  const family = getComputedStyle(charts[0]!).fontFamily;
  const picture = document.createElementNS(svgNamespace, "svg");
  let y = margin;
  const write = (words: string, size: number, weight: number, line: number) => {
    y += line;
    const text = element("text", { x: margin, y, fill: ink, "font-family": family, "font-size": size, "font-weight": weight });
    // Emphasis stands in bold, as on the page.
    parts(words).forEach((part, i) => {
      const span = element("tspan", { "font-weight": i % 2 === 1 ? 650 : weight });
      span.textContent = part;
      text.append(span);
    });
    picture.append(text);
  };
  const [name, premise, origin] = originOf(projection, about);
  const small = (words: string) => wrapped(words, 12, chartWidth).forEach((line) => write(line, 12, 400, 17));
  write(name!, 16, 650, 16);
  if (premise) {
    write(premise, 13, 400, 22);
  }
  y += 6;
  wrapped(projection.headline, 22, chartWidth).forEach((line) => write(line, 22, 400, 30));
  if (projection.consequence) {
    y += 4;
    wrapped(projection.consequence, 15, chartWidth).forEach((line) => write(line, 15, 400, 22));
  }
  y += 12;
  charts.forEach((chart) => {
    const title = chart.classList.contains("fan") ? totalWords(projection.scenario) : chart.classList.contains("passages") ? "When each count is first reached" : "Present at any one time";
    write(title, 16, 650, 32);
    if (chart.classList.contains("fan")) {
      write(bandsNote(projection), 13, 400, 20);
    } else if (chart.classList.contains("passages")) {
      write("Share of futures that have reached it by the date below. Hatched: never within the horizon.", 13, 400, 20);
    }
    y += 8;
    const copy = chart.cloneNode(true) as SVGSVGElement;
    carryStyles(chart, copy);
    copy.setAttribute("x", `${margin}`);
    copy.setAttribute("y", `${y}`);
    copy.setAttribute("overflow", "visible");
    picture.append(copy);
    y += chart.height.baseVal.value;
  });
  y += 12;
  [...eventLines(projection), ...sourceLines(projection)].forEach(small);
  y += 8;
  small(`${origin}. ± is the error of computing, 95 %; the bands are what the assumptions leave open.`);
  const height = y + margin;
  const width = chartWidth + 2 * margin;
  for (const [name, value] of Object.entries({ xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` })) {
    picture.setAttribute(name, `${value}`);
  }

  const title = element("title", {});
  title.textContent = plain(projection.headline);
  const paper = getComputedStyle(charts[0]!.closest(".export-stage")!).backgroundColor;
  picture.prepend(title, element("rect", { width, height, fill: paper }));
  return new XMLSerializer().serializeToString(picture);
}

function carryStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  if (style.display === "none") {
    to.remove();
    return;
  }

  for (const property of carried) {
    const value = style.getPropertyValue(property);
    if (value !== "") {
      to.setAttribute(property, value);
    }
  }

  for (const attribute of ["class", "tabindex", "role", "aria-label"]) {
    to.removeAttribute(attribute);
  }

  const children = [...to.children];
  [...from.children].forEach((child, i) => carryStyles(child, children[i]!));
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, `${value}`));
  return made;
}

/** Lines of a sentence; an emphasis that goes on in the next line is marked there again. */
export function wrapped(sentence: string, size: number, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sentence.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(plain(longer), size, 500) > room) {
      const isOpen = parts(line).length % 2 === 0;
      lines.push(isOpen ? `${line}**` : line);
      line = isOpen ? `**${word}` : word;
    } else {
      line = longer;
    }
  }

  return [...lines, line];
}

/** Named after the scenario, and after the projection by the first letters of its name. */
function fileName({ name, scenario }: Projection): string {
  return `${idOf(scenario?.displayName ?? "") || "projection"}-${name.replace("projections/", "").slice(0, 8)}`;
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the file once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
