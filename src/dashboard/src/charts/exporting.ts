import { h, render } from "preact";
import { parts, plain } from "../emphasis";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { shareError } from "../numbers/chances";
import { isoDate } from "../numbers/dates";
import { count, singleLook } from "../numbers/figures";
import type { ReaderView } from "../view";
import { MainChart } from "./MainChart";
import { passagesOf, totalWords } from "./reading";
import { textWidth } from "./textWidth";

/** The projection as files: pictures that say what they are of, and figures in full. */

const chartWidth = 944;
const margin = 40;
const pixelsPerUnit = 2;
const svgNamespace = "http://www.w3.org/2000/svg";

/** What a picture outside the page needs to look as in it. */
const carried = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "paint-order", "shape-rendering",
] as const;

export async function exportSvg(projection: Projection, view: ReaderView): Promise<void> {
  save(new Blob([await pictureOf(projection, view)], { type: "image/svg+xml" }), `${fileName(projection)}.svg`);
}

export async function exportPng(projection: Projection, view: ReaderView): Promise<void> {
  const url = URL.createObjectURL(new Blob([await pictureOf(projection, view)], { type: "image/svg+xml" }));
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

export function exportCsv(projection: Projection): void {
  // The mark lets spreadsheets read the noun as it is written.
  save(new Blob(["\ufeff", csvOf(projection)], { type: "text/csv" }), `${fileName(projection)}.csv`);
}

/** Every reported date in full: each figure of the service with its 95 % half-width beside it. */
export function csvOf(projection: Projection): string {
  const passages = passagesOf(projection);
  const paths = Number(projection.paths);
  const head = [
    "date", "day",
    ...projection.quantileLevels.flatMap((level) => [`quantile ${level}`, `quantile ${level} ±`]),
    "mean", "mean ±",
    ...passages.flatMap(({ count: value, kind }) => {
      const name = `chance ${kind === "ceiling" ? "ceiling" : ""} ${value ?? ""}`.replace(/ +/g, " ").trim();
      return [name, `${name} ±`];
    }),
  ];
  const halfWidth = (standardError: number) => Number((singleLook * standardError).toPrecision(6));
  const rows = projection.points.map((point, index) => [
    isoDate(point.date!), point.day,
    ...point.cumulative!.quantiles.flatMap((value, level) => [value, halfWidth(point.cumulative!.quantileStandardErrors[level]!)]),
    point.cumulative!.mean, halfWidth(point.cumulative!.meanStandardError),
    ...passages.flatMap(({ reached }) => {
      const share = reached.reachedProbabilityByPoint[index] ?? 0;
      return [share, halfWidth(shareError(share, paths))];
    }),
  ]);
  return [head, ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
}

/** The charts drawn once more, light and at their full width whatever the window's, under the answer and over their name. */
async function pictureOf(projection: Projection, view: ReaderView): Promise<string> {
  const stage = document.createElement("div");
  stage.className = "export-stage";
  document.body.append(stage);
  try {
    render(h(MainChart, {
      projection, scenario: projection.scenario, view: { ...view, showTable: false }, current: true, onAt: () => undefined, onFuture: () => undefined,
    }), stage);
    // The chart measures its room first and draws then.
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
    return compose(projection, [...stage.querySelectorAll<SVGSVGElement>(".charts svg")]);
  } finally {
    render(null, stage);
    stage.remove();
  }
}

function compose(projection: Projection, charts: readonly SVGSVGElement[]): string {
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
  wrapped(projection.headline, 22, chartWidth).forEach((line) => write(line, 22, 400, 30));
  y += 12;
  charts.forEach((chart) => {
    const title = chart.classList.contains("fan") ? totalWords(projection.scenario) : chart.classList.contains("passages") ? "When each count is first reached" : "Present at any one time";
    write(title, 16, 650, 32);
    y += 8;
    const copy = chart.cloneNode(true) as SVGSVGElement;
    carryStyles(chart, copy);
    copy.setAttribute("x", `${margin}`);
    copy.setAttribute("y", `${y}`);
    copy.setAttribute("overflow", "visible");
    picture.append(copy);
    y += chart.height.baseVal.value;
  });
  write(`${projection.name}, ${count(Number(projection.paths))} paths, seed ${projection.seed}. ± is the error of computing, 95 %.`, 12, 400, 32);
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

function fileName(projection: Projection): string {
  return projection.name.replace("/", "-");
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the file once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
