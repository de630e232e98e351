import type { ScaleLinear } from "d3-scale";
import type { Projection, ProjectionPoint } from "../gen/scenarios/v1/projection_pb";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { addDays, longDate } from "../numbers/dates";
import { type Computed, computed, errorWords } from "../numbers/figures";
import { levelWords } from "../numbers/levels";
import type { Frame } from "./frame";
import { capitalised, type FanLevels, usualLevels } from "./reading";

type Axis = ScaleLinear<number, number>;

interface Row {
  readonly words: string;
  /** Null before there is an answer. */
  readonly figure: Computed | null;
  readonly isMedian: boolean;
}

/** The levels of one day from the top down, as all read-outs tell them. */
export function readOutRows(projection: Projection, point: ProjectionPoint): (Row & { readonly figure: Computed })[] {
  const { quantiles, quantileStandardErrors } = point.cumulative!;
  return projection.quantileLevels
    .map((level, i) => ({
      words: capitalised(levelWords(level)),
      figure: computed(quantiles[i]!, quantileStandardErrors[i]!),
      isMedian: level === 0.5,
    }))
    .reverse();
}

const rowPitch = 19;
const firstRow = 42;
const meanGap = 25;

/** Distance of the box from the plot's edges. */
const margin = 8;

function boxHeight(levels: number): number {
  return firstRow + (levels - 1) * rowPitch + meanGap + 8;
}

function boxWidth(frame: Frame): number {
  return frame.form === "wide" ? 240 : 208;
}

export interface ReadOutPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/**
 * Where the read-out stands, and stays: the upper left, which a fan that grows leaves free; the lower right where it does not; and where
 * neither is free, the upper left over the fan.
 */
export function readOutPlace(projection: Projection, levels: FanLevels, frame: Frame, x: Axis, y: Axis): ReadOutPlace {
  const width = boxWidth(frame);
  const height = boxHeight(projection.quantileLevels.length);
  const upperLeft = { x: frame.left + margin, y: frame.top + margin, width };
  const lowerRight = { x: frame.right - width - margin, y: frame.bottom - height - margin, width };
  const [low, high] = levels.outer ?? [0, 0];
  const inside = (left: number) => projection.points.filter((point) => point.cumulative && x(point.day) >= left && x(point.day) <= left + width);
  const isUpperFree = inside(upperLeft.x).every((point) => y(point.cumulative!.quantiles[high]!) > upperLeft.y + height);
  const isLowerFree = inside(lowerRight.x).every((point) => y(point.cumulative!.quantiles[low]!) < lowerRight.y);
  return isUpperFree || !isLowerFree ? upperLeft : lowerRight;
}

interface ReadOutProps {
  readonly projection: Projection;
  readonly point: ProjectionPoint;
  readonly place: ReadOutPlace;
  readonly asOf: string;
}

export function ReadOut({ projection, point, place, asOf }: ReadOutProps) {
  const rows = readOutRows(projection, point);
  const mean = computed(point.cumulative!.mean, point.cumulative!.meanStandardError);
  const meanAt = firstRow + (rows.length - 1) * rowPitch + meanGap;
  const figures = place.width - (place.width > 220 ? 60 : 54);
  return (
    <g class="read-out" transform={`translate(${place.x},${place.y})`}>
      <rect class="backing" x={-4} y={-4} width={place.width + 8} height={boxHeight(rows.length) + 4} />
      <text class="read-out-date" x={0} y={13}>{longDate(point.date!)}</text>
      <text class="tick" x={place.width} y={13} text-anchor="end">{asOf === "" ? `day ${Math.round(point.day * 10) / 10}` : asOf}</text>
      <line class="read-out-rule" x1={0} x2={place.width} y1={21} y2={21} />
      {rows.map(({ words, figure, isMedian }, i) => (
        <g key={i} class={isMedian ? "read-out-median" : ""} transform={`translate(0,${firstRow + i * rowPitch})`}>
          <text class="read-out-words">{words}</text>
          <text class="read-out-figure" x={figures} text-anchor="end">{figure.value}</text>
          <text class="tick" x={place.width} text-anchor="end">{errorWords(figure)}</text>
        </g>
      ))}
      <line class="hairline" x1={0} x2={place.width} y1={meanAt - 16.5} y2={meanAt - 16.5} />
      <g transform={`translate(0,${meanAt})`}>
        <text class="read-out-words">Mean</text>
        <text class="read-out-figure" x={figures} text-anchor="end">{mean.value}</text>
        <text class="tick" x={place.width} text-anchor="end">{errorWords(mean)}</text>
      </g>
    </g>
  );
}

interface ReadOutTableProps {
  readonly projection: Projection | null;
  readonly scenario: Scenario | undefined;
  readonly index: number | null;
  readonly asOf: string;
}

/** The read-out below the picture, where there is no room in it. */
export function ReadOutTable({ projection, scenario, index, asOf }: ReadOutTableProps) {
  const point = projection && index !== null ? projection.points[index]! : null;
  const date = point?.date ?? (scenario?.startDate && addDays(scenario.startDate, scenario.horizonDays));
  // The rows stand before there is anything in them, so that nothing moves when there is.
  const rows = projection && point ? readOutRows(projection, point) : [...usualLevels].reverse().map((level): Row => (
    { words: capitalised(levelWords(level)), figure: null, isMedian: level === 0.5 }));
  return (
    <table class="read-out-table">
      <thead>
        <tr><th scope="col">{date && longDate(date)}</th><td>{asOf === "" ? "± error of computing" : asOf}</td></tr>
      </thead>
      <tbody>
        {rows.map(({ words, figure, isMedian }) => (
          <tr key={words} class={isMedian ? "read-out-median" : ""}>
            <th scope="row">{words}</th>
            <td>{figure && <><span class="read-out-value">{figure.value}</span> <span class="read-out-error">{errorWords(figure)}</span></>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
