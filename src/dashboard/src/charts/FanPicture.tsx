import type { ScaleLinear } from "d3-scale";
import { useId, useMemo } from "preact/hooks";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { chance } from "../numbers/chances";
import { longDate, shortDate } from "../numbers/dates";
import { count, noBreak, shortCount } from "../numbers/figures";
import { countTicks, dateTicks } from "../numbers/ticks";
import { Bands } from "./Bands";
import { fanCurves, futureCurve, sliceCurves } from "./curves";
import { endLabels, placeLabels } from "./endLabels";
import { type Frame, type LabelRoom, sliceRoom } from "./frame";
import { written } from "./outlines";
import { ReadOut, readOutPlace } from "./ReadOut";
import { ceilingOf, ceilingWords, type FanLevels, nearestPoint, type Present } from "./reading";
import { textWidth } from "./textWidth";

type Axis = ScaleLinear<number, number>;

/** Labels of dates nearer than this to the date under the crosshair give way to it, in pixels. */
const chipClearance = 72;

/** From here on a count in full is wider than the room left of the plot. */
const widestCount = 1_000_000;

/** How far over the topmost count a ceiling above the chart is named, clear of a line that is there, in pixels. */
const aboveTop = 13;

/** Counts whose labels would touch, in pixels. */
const countClearance = 13;

interface FurnitureProps {
  readonly frame: Frame;
  readonly scenario: Scenario | undefined;
  /** There is no answer yet. */
  readonly isAwaited: boolean;
  readonly thresholds: readonly number[];
  readonly x: Axis;
  readonly y: Axis;
  readonly top: number | null;
  /** Where the crosshair's date stands on the axis. */
  readonly chipAt: number | null;
}

/** How a count of the scale is written. */
const labelOf = (isNarrow: boolean, top: number | null) => (isNarrow || (top ?? 0) >= widestCount ? shortCount : count);

/** What the labels of counts need beside the plot: of those of a million or more, which have more digits than others. */
export function labelRoom(isNarrow: boolean, scenario: Scenario | undefined, thresholds: readonly number[], top: number | null): LabelRoom {
  const label = labelOf(isNarrow, top);
  const size = isNarrow ? 11.5 : 12.5;
  const end = (value: number) => textWidth(count(value), isNarrow ? 13 : 15, 700);
  return {
    counts: Math.max(0, ...countLines(scenario, thresholds, top).map((line) => textWidth(label(line), size))),
    ends: Math.max(0, Math.ceil(end(top ?? 0) - end(widestCount - 1))),
  };
}

/** What stands before there is an answer: axes, dates, and the start. The ceiling and the counts are drawn over the fan. */
export function FanFurniture({ frame, scenario, isAwaited, thresholds, x, y, top, chipAt }: FurnitureProps) {
  const lines = countLines(scenario, thresholds, top);
  const ticks = top === null ? [] : countTicks(top, frame.bottom - frame.top, frame.countGap);
  const label = labelOf(frame.form === "narrow", top);
  const isFree = (tick: number) => !lines.some((line) => line !== tick && Math.abs(y(line) - y(tick)) < countClearance);
  const initial = scenario?.assumptions?.initialCount?.distribution?.family;
  return (
    <>
      <g>
        {ticks.map((tick) => (tick === 0 || lines.includes(tick) ? null : <line key={tick} class="hairline" x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} />))}
        {ticks.filter(isFree).map((tick) => (
          <text key={tick} class="tick" x={frame.left - frame.tickGap} y={y(tick)} dy="0.36em" text-anchor="end">{label(tick)}</text>
        ))}
        {apart(lines, y).filter((line) => !ticks.includes(line)).map((line) => (
          <text key={line} class="tick" x={frame.left - frame.tickGap} y={y(line)} dy="0.36em" text-anchor="end">{label(line)}</text>
        ))}
      </g>
      <DateAxis {...{ frame, scenario, x, chipAt }} y={frame.bottom} />
      {isAwaited && top !== null && initial?.case === "constant" && scenario?.startDate && initial.value <= top && (
        <g>
          <CountLines {...{ frame, scenario, thresholds, y }} />
          <circle class="start" cx={x(0)} cy={y(initial.value)} r={4} />
          <text class="label" x={x(0) + 10} y={y(initial.value)} dy="0.36em">{count(initial.value)} on {longDate(scenario.startDate)}</text>
        </g>
      )}
    </>
  );
}

/** Of counts whose labels would touch, the larger ones. */
function apart(lines: readonly number[], y: Axis): number[] {
  const labelled: number[] = [];
  for (const line of [...lines].sort((one, other) => other - one)) {
    if (labelled.length === 0 || y(line) - y(labelled.at(-1)!) >= countClearance) {
      labelled.push(line);
    }
  }

  return labelled;
}

export function DateAxis({ frame, scenario, x, chipAt, y }: Pick<FurnitureProps, "frame" | "scenario" | "x" | "chipAt"> & { readonly y: number }) {
  const ticks = scenario?.startDate ? dateTicks(scenario.startDate, x.domain()[1]!, frame.right - frame.left, frame.dateGap) : [];
  return (
    <g>
      <line class="axis" x1={frame.left} x2={frame.right} y1={y} y2={y} />
      {ticks.map((tick) => {
        const place = x(tick.day);
        return (
          <g key={tick.day}>
            <line class="axis" x1={place} x2={place} y1={y} y2={y + 5} />
            {(chipAt === null || Math.abs(place - chipAt) >= chipClearance) && (
              <text class={tick.isYear ? "tick year" : "tick"} x={place} y={y + 18} text-anchor="middle">{tick.label}</text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function countLines(scenario: Scenario | undefined, thresholds: readonly number[], top: number | null): number[] {
  const ceiling = ceilingOf(scenario);
  return [...new Set([...thresholds, ...(ceiling ? [ceiling.count] : [])])].filter((line) => top !== null && line > 0 && line <= top);
}

interface PictureProps {
  readonly frame: Frame;
  readonly projection: Projection;
  readonly levels: FanLevels;
  readonly x: Axis;
  readonly y: Axis;
  readonly showFutures: boolean;
}

/** The fan itself, drawn once a snapshot. */
export function FanPicture({ frame, projection, levels, x, y, showFutures }: PictureProps) {
  const clip = useId();
  const curves = useMemo(() => fanCurves(projection, levels, x, y), [projection, levels, x, y]);
  // The same futures at each snapshot of a projection.
  const futures = useMemo(
    () => (showFutures ? projection.samplePaths.map((path) => futureCurve(path, x.domain()[1]!, x, y)).join("") : ""),
    [showFutures, projection.name, x, y],
  );
  const labels = endLabels(projection);
  const places = placeLabels(labels.map((label) => y(label.value)), frame.bottom - 4);
  return (
    <>
      <clipPath id={clip}><rect x={frame.left} y={frame.top - 1} width={frame.right - frame.left + 1} height={frame.bottom - frame.top + 1} /></clipPath>
      <g clip-path={`url(#${clip})`}>
        <Bands curves={curves} />
        <path class="ribbon outer" d={curves.outerRibbons} />
        <path class="ribbon inner" d={curves.innerRibbons} />
        <path class="ribbon middle" d={curves.medianRibbon} />
        <path class="rim" d={curves.rims} />
        {showFutures && <path class="futures" d={futures} />}
        <path class="median" d={curves.median} stroke-width={curves.medianWidth} />
      </g>
      <g>
        {labels.map((label, i) => (
          <text key={i} x={frame.right + 9} y={Math.round(places[i]!)} dy="0.36em" class={label.isMedian ? "end median-end" : "end"}>
            {label.figure}
            {frame.form !== "narrow" && <tspan class="end-words" dx={6}>{label.words}</tspan>}
          </text>
        ))}
      </g>
    </>
  );
}

/** The ceiling solid, the thresholds dotted, across the fan. */
function CountLines({ frame, scenario, thresholds, y }: Pick<FurnitureProps, "frame" | "scenario" | "thresholds" | "y">) {
  const top = y.domain()[1]!;
  const ceiling = ceilingOf(scenario);
  const isAbove = ceiling !== null && ceiling.count > top;
  const words = ceiling && ceilingWords(ceiling, isAbove);
  const name = words?.name ?? "";
  const room = (frame.right - frame.left) * 0.8;
  const claim = words && words.claim !== "" && frame.form !== "narrow" && textWidth(`${name}: ${words.claim}`, 12.5, 500) < room ? `: ${words.claim}` : "";
  return (
    <g>
      {countLines(scenario, thresholds, top).filter((line) => line !== ceiling?.count).map((line) => (
        <line key={line} class="threshold" x1={frame.left} x2={frame.right} y1={y(line)} y2={y(line)} />
      ))}
      {ceiling && !isAbove && <line class="ceiling" x1={frame.left} x2={frame.right} y1={y(ceiling.count)} y2={y(ceiling.count)} />}
      {words && <text class="label ceiling-label" x={frame.left + 6} y={isAbove ? frame.top - aboveTop : y(ceiling!.count) - 6}>{name}{claim}</text>}
    </g>
  );
}

interface CrosshairProps {
  readonly frame: Frame;
  readonly scenario: Scenario | undefined;
  readonly projection: Projection | null;
  readonly thresholds: readonly number[];
  readonly levels: FanLevels;
  readonly x: Axis;
  readonly y: Axis;
  /** Index of the reported point under the crosshair; null: none, and the horizon is told. */
  readonly at: number | null;
  readonly present: Present;
  readonly highlighted: number | null;
  readonly showPresent: boolean;
  readonly showFutures: boolean;
  readonly asOf: string;
}

/** What lies over the fan, and all that moves with the crosshair. */
export function FanCrosshair({ frame, scenario, projection, thresholds, levels, x, y, at, present, highlighted, showPresent, showFutures, asOf }: CrosshairProps) {
  const isPointed = at !== null;
  const place = useMemo(
    () => (projection && isPointed ? readOutPlace(projection, levels, frame, x, y) : null),
    [projection, isPointed, levels, frame, x, y],
  );
  const lines = useMemo(
    () => (
      <>
        <CountLines {...{ frame, scenario, thresholds, y }} />
        {showPresent && present?.kind === "constant" && <PresentLine {...{ frame, x, y, present }} />}
      </>
    ),
    [frame, scenario, thresholds, x, y, present, showPresent],
  );
  const circles = useMemo(
    () => projection && levels.median !== null && crossings(projection).map(({ day, count: value }) => (
      value <= y.domain()[1]! && <circle key={value} class="crossing" cx={written(x(day))} cy={written(y(value))} r={4} />
    )),
    [projection, levels, x, y],
  );
  if (!projection) {
    return null;
  }

  const point = at === null ? null : projection.points[at]!;
  const future = highlighted !== null && showFutures ? projection.samplePaths[highlighted] : undefined;
  const chipWidth = point ? textWidth(shortDate(point.date!), 12.5, 600) + 20 : 0;
  const chipAt = point ? Math.min(frame.right - chipWidth / 2, Math.max(frame.left + chipWidth / 2, x(point.day))) : 0;
  return (
    <>
      {future && (
        <g class="future">
          <path d={futureCurve(future, x.domain()[1]!, x, y)} />
          <FutureName {...{ future, x, y, frame }} index={highlighted!} />
        </g>
      )}
      {lines}
      {circles}
      {point && <line class="crosshair" x1={x(point.day)} x2={x(point.day)} y1={frame.crossTop} y2={frame.bottom} />}
      {point?.cumulative?.quantiles.map((value, level) => (
        <circle
          key={level} class={level === levels.median ? "at-median" : "at-level"}
          cx={x(point.day)} cy={y(value)} r={level === levels.median ? 4 : 2.6}
        />
      ))}
      {point && place && frame.form !== "narrow" && <ReadOut {...{ projection, point, place, asOf }} />}
      {point && frame.form !== "narrow" && (
        <g class="chip">
          <rect x={chipAt - chipWidth / 2} y={frame.bottom + 5} width={chipWidth} height={20} rx={2} />
          <text x={chipAt} y={frame.bottom + 19} text-anchor="middle">{shortDate(point.date!)}</text>
        </g>
      )}
      {frame.slice !== null && <Slice {...{ frame, projection, levels, y, at }} left={frame.slice} />}
    </>
  );
}

/** Where the median crosses a threshold: the same date as the circle on the row of that count. */
function crossings(projection: Projection): { day: number; count: number }[] {
  return projection.thresholds.flatMap((row) => {
    const passage = row.firstPassage.find((candidate) => candidate.level === 0.5);
    return passage?.day ? [{ day: passage.day, count: Number(row.count) }] : [];
  });
}

/** The name of a future, where its line is level for long enough to carry it: in the wider half of the fan, if it is so there. */
function FutureName({ future, x, y, frame, index }: { readonly future: Projection["samplePaths"][number]; readonly x: Axis; readonly y: Axis; readonly frame: Frame; readonly index: number }) {
  const words = `future ${index}`;
  const needed = textWidth(words, 12.5, 500) + 12;
  const wanted = frame.left + (frame.right - frame.left) * 0.72;
  const horizon = x.domain()[1]!;
  const level = future.days
    .map((from, i) => ({ left: x(from), right: x(future.days[i + 1] ?? horizon), count: future.cumulative[i]! }))
    .filter(({ left, right }) => right - left >= needed)
    .sort((one, other) => Math.abs(one.left - wanted) - Math.abs(other.left - wanted))[0];
  return level && <text class="label" x={level.left + 6} y={y(level.count) + 15}>{words}</text>;
}

function PresentLine({ frame, x, y, present }: { readonly frame: Frame; readonly x: Axis; readonly y: Axis; readonly present: { count: number; relieved: boolean } }) {
  const at = y(present.count);
  // Below the line where there is room above the axis, as the fan is above it.
  const baseline = frame.bottom - at >= 24 ? at + 17 : at - 7;
  const name = frame.form === "narrow" ? "Present:" : "Present at any one time:";
  return (
    <g>
      <line class="present" x1={x(0)} x2={frame.right} y1={at} y2={at} />
      <text class="label" x={frame.left + 6} y={baseline}>
        <tspan class="strong">{name} {count(present.count)}</tspan>
        {present.relieved && frame.form !== "narrow" && <tspan class="quiet-label">, as many leave as arrive</tspan>}
      </text>
    </g>
  );
}

/** As much as the column of the slice has room for. */
function atCeiling(share: number, paths: number): string {
  const figure = share === 1 ? "all" : chance(share, 0, paths);
  return [`${figure} at the ceiling`, `${figure} at ceiling`].find((words) => textWidth(words, 12.5, 500) <= sliceRoom - 5) ?? figure;
}

interface SliceProps {
  readonly frame: Frame;
  readonly projection: Projection;
  readonly levels: FanLevels;
  readonly y: Axis;
  readonly at: number | null;
  readonly left: number;
}

/** The futures of one day side by side, on the fan's scale of counts. */
function Slice({ frame, projection, levels, y, at, left }: SliceProps) {
  const wanted = projection.points[at ?? projection.points.length - 1];
  const histogram = useMemo(
    () => wanted && projection.histograms.reduce<Projection["histograms"][number] | null>(
      (best, candidate) => (best === null || Math.abs(candidate.day - wanted.day) < Math.abs(best.day - wanted.day) ? candidate : best), null),
    [projection, wanted],
  );
  const point = histogram ? projection.points[nearestPoint(projection, histogram.day)] : undefined;
  const curves = useMemo(
    () => (histogram && point?.cumulative ? sliceCurves(histogram, point.cumulative.quantiles, levels, left, sliceRoom, y, y.domain()[1]!) : null),
    [histogram, point, levels, left, y],
  );
  if (!curves || !point?.cumulative || !wanted) {
    return null;
  }

  const ceiling = ceilingOf(projection.scenario);
  const median = levels.median === null ? null : point.cumulative.quantiles[levels.median]!;
  const isThatDay = at !== null && point === wanted;
  return (
    <g>
      <text class="slice-title" x={left} y={frame.crossTop - 9}>{isThatDay ? "Futures on that day" : `On${noBreak}${shortDate(point.date!)}`}</text>
      <line class="axis" x1={left} x2={left} y1={frame.crossTop} y2={frame.bottom} />
      <path class="slice-outside" d={curves.outside} />
      <path class="slice90" d={curves.band90} />
      <path class="slice50" d={curves.band50} />
      {curves.atoms.map((atom) => (
        <g key={atom.count}>
          <path class="atom" d={atom.path} />
          {atom.count === ceiling?.count && !ceiling.moves && (
            <text class="label quiet-label" x={left + 5} y={y(atom.count) - 11}>{atCeiling(atom.share, Number(projection.paths))}</text>
          )}
        </g>
      ))}
      {median !== null && <line class="slice-median" x1={left} x2={written(left + Math.min(sliceRoom, curves.lengthAt(median) + 5))} y1={written(y(median))} y2={written(y(median))} />}
      <text class="tick" x={left} y={frame.bottom + 18}>share of futures</text>
    </g>
  );
}
