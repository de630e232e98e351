import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { ComponentChildren, TargetedPointerEvent } from "preact";
import { useId, useMemo } from "preact/hooks";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { shortDate } from "../numbers/dates";
import { count, shortCount } from "../numbers/figures";
import { passageCurves } from "./curves";
import { DateAxis } from "./FanPicture";
import { type Frame, isStrip, rowsHeight, rowTop, sliceRoom } from "./frame";
import { written } from "./outlines";
import { ceilingOf, chanceAt, type ChanceWords, milestoneOf, neverOf, type Passage } from "./reading";
import { textWidth } from "./textWidth";

type Axis = ScaleLinear<number, number>;

interface RowsProps {
  readonly frame: Frame;
  readonly projection: Projection | null;
  readonly passages: readonly Passage[];
  readonly thresholds: readonly number[];
  readonly x: Axis;
  readonly scenario: Scenario | undefined;
}

/** How many rows there will be, so that nothing moves when the first answer comes. */
export function rowCount({ projection, passages, thresholds, scenario }: Pick<RowsProps, "projection" | "passages" | "thresholds" | "scenario">): number {
  return projection ? passages.length : thresholds.length + (scenario?.assumptions?.cap ? 1 : 0);
}

function rowScale(frame: Frame, index: number): Axis {
  const top = rowTop(frame, index);
  return scaleLinear([0, 1], [top + frame.row.height, top]);
}

/** The rows, drawn once a snapshot: for each count the share of futures that have reached it, over dates. */
export function PassageRows(props: RowsProps) {
  const { frame, projection, passages } = props;
  const hatch = useId();
  const rows = rowCount(props);
  const scales = useMemo(() => Array.from({ length: rows }, (_, index) => rowScale(frame, index)), [frame, rows]);
  const scaffold = useMemo(
    () => (
      <>
        <defs>
          <pattern id={hatch} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line class="hatch" x1={0} y1={0} x2={0} y2={5} />
          </pattern>
        </defs>
        {!isStrip(frame) && scales.map((y, index) => <RowScale key={index} {...{ frame, y }} />)}
      </>
    ),
    [hatch, scales, frame],
  );
  return (
    <>
      {scaffold}
      {isStrip(frame) ? projection && passages.map((passage, index) => <Strip key={index} {...{ frame, projection, passage, index }} x={props.x} />) : scales.map((y, index) => (
        <PassageRow
          key={index} {...props} index={index} y={y} hatch={`url(#${hatch})`}
          passage={projection ? passages[index]! : null}
        />
      ))}
    </>
  );
}

/** Shades of a strip: as many as are told from one another. */
const shades = 24;

/** Of many counts, each as a strip: the darker, the more futures have reached it. */
function Strip({ frame, projection, passage, x, index }: { readonly frame: Frame; readonly projection: Projection; readonly passage: Passage; readonly x: Axis; readonly index: number }) {
  const id = useId();
  const last = projection.points.length - 1;
  const stops = Array.from({ length: Math.min(shades, last) + 1 }, (_, i) => Math.round((i * last) / Math.max(1, Math.min(shades, last))));
  const top = rowTop(frame, index);
  const width = frame.right - frame.left;
  return (
    <g>
      <linearGradient id={id} gradientUnits="userSpaceOnUse" x1={frame.left} x2={frame.right} y1={0} y2={0}>
        {stops.map((at) => (
          <stop
            key={at} class="heat-stop" offset={written((100 * (x(projection.points[at]!.day) - frame.left)) / width) + "%"}
            stop-opacity={Math.round((passage.reached.reachedProbabilityByPoint[at] ?? 0) * 100) / 100}
          />
        ))}
      </linearGradient>
      <rect x={frame.left} y={top} width={width} height={frame.row.height} fill={`url(#${id})`} />
      <rect class="heat-frame" x={frame.left} y={top} width={width} height={frame.row.height} />
    </g>
  );
}

/** Which count a strip is of, and its chance at the crosshair or at the horizon. */
function StripWords({ frame, words, chance, index }: { readonly frame: Frame; readonly words: string; readonly chance: ChanceWords | null; readonly index: number }) {
  const y = rowTop(frame, index) + frame.row.height / 2;
  return (
    <g>
      <text class="tick" x={frame.left - frame.tickGap} y={y} dy="0.36em" text-anchor="end">{words}</text>
      {chance && (
        <text x={frame.right + 9} y={y} dy="0.36em">
          <tspan class="strong">{chance.figure}</tspan>
          {frame.form !== "narrow" && <tspan class="quiet-label" dx={6}>{chance.word}</tspan>}
        </text>
      )}
    </g>
  );
}

interface RowProps extends RowsProps {
  readonly index: number;
  readonly y: Axis;
  readonly hatch: string;
  readonly passage: Passage | null;
}

/** What of a row is the same whatever the answer. */
function RowScale({ frame, y }: Pick<RowProps, "frame" | "y">) {
  return (
    <g>
      {[1, 0.5].map((share) => (
        <g key={share}>
          <line class="hairline" x1={frame.left} x2={frame.right} y1={y(share)} y2={y(share)} />
          <text class="tick" x={frame.left - frame.tickGap} y={y(share)} dy="0.36em" text-anchor="end">
            {share * 100}{frame.form === "narrow" && share < 1 ? "" : "\u00a0%"}
          </text>
        </g>
      ))}
    </g>
  );
}

function PassageRow({ frame, projection, passage, x, y, index, hatch }: RowProps) {
  const curves = useMemo(
    () => (projection && passage ? passageCurves(projection, passage.reached.reachedProbabilityByPoint, x, y) : null),
    [projection, passage, x, y],
  );
  return (
    <g>
      {curves && <path class="passage-area" d={curves.area} />}
      <line class="axis" x1={frame.left} x2={frame.right} y1={y(0)} y2={y(0)} />
      {curves && <path class="passage-line" d={curves.line} />}
      {projection && passage && <Split {...{ frame, y, passage, hatch, index }} paths={Number(projection.paths)} />}
    </g>
  );
}

/** The futures at the horizon, parted: reached, and never within it. */
function Split({ frame, y, passage, hatch, index, paths }: { readonly frame: Frame; readonly y: Axis; readonly passage: Passage; readonly hatch: string; readonly index: number; readonly paths: number }) {
  const narrow = frame.form === "narrow";
  const left = frame.right + (narrow ? 8 : 11);
  const width = narrow ? 12 : 19;
  const reached = y(passage.reached.reachedProbability);
  const { figure, words } = splitWords(passage, paths, narrow, index > 0);
  const textLeft = left + width + (narrow ? 6 : 8);
  return (
    <g>
      <rect class="split-never" x={left} y={y(1)} width={width} height={written(reached - y(1))} fill={hatch} />
      <rect class="split-reached" x={left} y={written(reached)} width={width} height={written(y(0) - reached)} />
      <line class="split-edge" x1={left} x2={left + width} y1={written(reached)} y2={written(reached)} />
      <rect class="split-frame" x={left} y={y(1)} width={width} height={y(0) - y(1)} />
      <text x={textLeft} y={y(1) + (narrow ? 10 : 11)}>
        {figure.map((part, i) => <tspan key={part} class="split-figure" x={textLeft} dy={i === 0 ? 0 : 15}>{part}</tspan>)}
        {words.map((word, i) => <tspan key={word} class="split-words" x={textLeft} dy={i === 0 ? 16 : 13}>{word}</tspan>)}
      </text>
    </g>
  );
}

/** "27 %, never"; what every future does is said the other way round, for "none never" would be a riddle. */
function splitWords(passage: Passage, paths: number, narrow: boolean, isKnown: boolean): { figure: string[]; words: string[] } {
  const { reachedProbability } = passage.reached;
  if (reachedProbability === 0 || reachedProbability === 1) {
    return { figure: ["all"], words: [narrow ? "" : `of ${count(paths)}`, reachedProbability === 0 ? "never" : "get there"].filter(Boolean) };
  }

  const { figure } = neverOf(passage, paths);
  // A narrow picture breaks "under 0.1 %" before its number.
  return { figure: narrow ? figure.split(/ (?=\d)/) : [figure], words: narrow || isKnown ? ["never"] : ["never within", "the horizon"] };
}

interface CrosshairProps {
  readonly frame: Frame;
  readonly projection: Projection | null;
  readonly scenario: Scenario | undefined;
  readonly passages: readonly Passage[];
  readonly thresholds: readonly number[];
  readonly x: Axis;
  readonly at: number | null;
  readonly name: string;
  readonly pointer: Record<"onPointerEnter" | "onPointerMove" | "onPointerDown" | "onPointerLeave" | "onClick", (event: TargetedPointerEvent<SVGSVGElement>) => void>;
  readonly children: ComponentChildren;
}

/** The rows' picture, with their names and all that moves with the crosshair. */
export function PassageCrosshair({ frame, projection, scenario, passages, thresholds, x, at, name, pointer, children }: CrosshairProps) {
  const rows = rowCount({ projection, passages, thresholds, scenario });
  const height = rowsHeight(frame, rows);
  const dates = useMemo(
    () => <DateAxis {...{ frame, scenario, x }} chipAt={null} y={rowTop(frame, rows - 1) + frame.row.height} />,
    [frame, scenario, x, rows],
  );
  const paths = projection ? Number(projection.paths) : 0;
  const point = projection && at !== null ? projection.points[at]! : null;
  const lastIndex = projection ? projection.points.length - 1 : 0;
  if (rows === 0) {
    return null;
  }

  return (
    <svg class={`passages form-${frame.form}`} width={frame.width} height={height} viewBox={`0 0 ${frame.width} ${height}`} role="img" aria-label={name || "When each count is first reached: projecting."} {...pointer}>
      {dates}
      {children}
      {point && frame.form !== "narrow" && (
        <line class="crosshair" x1={x(point.day)} x2={x(point.day)} y1={0} y2={rowTop(frame, rows - 1) + frame.row.height} />
      )}
      {isStrip(frame) ? (projection ? passages : thresholds).map((one, index) => {
        const value = typeof one === "number" ? one : one.count;
        const words = value === null ? "Ceiling" : frame.form === "narrow" ? shortCount(value) : count(value);
        return <StripWords key={index} {...{ frame, words, index }} chance={typeof one === "number" ? null : chanceAt(one, at ?? lastIndex, paths)} />;
      }) : projection ? passages.map((passage, index) => (
        <RowWords
          key={index} {...{ frame, passage, x, index, paths }} y={rowScale(frame, index)}
          at={point ? { x: x(point.day), share: passage.reached.reachedProbabilityByPoint[at!] ?? 0, chance: chanceAt(passage, at!, paths) } : null}
          horizon={chanceAt(passage, lastIndex, paths)}
          date={shortDate((point ?? projection.points[lastIndex]!).date!)}
        />
      )) : countsAhead(thresholds, scenario).map(({ words, note }, index) => <RowName key={index} {...{ frame, words, note, index }} y={rowScale(frame, index)} />)}
    </svg>
  );
}

/** Where the button stands that takes a count of the reader's away: behind its name. */
export function removalPlace(frame: Frame, value: number, index: number): { left: string; top: string } {
  const top = rowTop(frame, index);
  const name = textWidth(count(value), 14, 650);
  // On a phone there is no room beside the figures of strips.
  const [x, y] = isStrip(frame) ? [frame.form === "narrow" ? frame.left + 2 : frame.width - 18, top - 1]
    : frame.form === "narrow" ? [name + 6, top - 25]
    : [frame.left + 6 + name + 5 + textWidth("threshold", 12.5) + 6, top + 3];
  return { left: `${x}px`, top: `${y}px` };
}

function countsAhead(thresholds: readonly number[], scenario: Scenario | undefined): { words: string; note: string }[] {
  const ceiling = ceilingOf(scenario);
  return [
    ...thresholds.map((threshold) => ({ words: count(threshold), note: "threshold" })),
    ...(scenario?.assumptions?.cap ? [ceiling ? { words: count(ceiling.count), note: "the ceiling" } : { words: "The ceiling", note: "" }] : []),
  ];
}

interface RowWordsProps {
  readonly frame: Frame;
  readonly passage: Passage;
  readonly x: Axis;
  readonly y: Axis;
  readonly index: number;
  readonly paths: number;
  readonly at: { readonly x: number; readonly share: number; readonly chance: ChanceWords } | null;
  readonly horizon: ChanceWords;
  readonly date: string;
}

function RowName({ frame, words, note, y, index }: { readonly frame: Frame; readonly words: string; readonly note: string; readonly y: Axis; readonly index: number }) {
  const narrow = frame.form === "narrow";
  return (
    <text x={narrow ? 0 : frame.left + 6} y={narrow ? y(1) - 11 : y(1) + 16} key={index}>
      <tspan class="row-count">{words}</tspan>
      {note !== "" && <tspan class="row-note" dx={5}>{note}</tspan>}
    </text>
  );
}

function RowWords({ frame, passage, x, y, index, paths, at, horizon, date }: RowWordsProps) {
  const narrow = frame.form === "narrow";
  const milestone = milestoneOf(passage, paths);
  const words = passage.count === null ? "The ceiling" : count(passage.count);
  const mark = milestone.mark;
  // A curve that has risen to the row's name by its end leaves no room for more than the count.
  const isCrossed = mark !== null && x(mark.day) < frame.left + textWidth(words, 14, 650) + 90;
  const note = isCrossed ? "" : noteOf(frame, passage, at !== null);
  const nameEnd = frame.left + 6 + textWidth(words, 14, 650) + (note === "" ? 0 : textWidth(note, 12.5) + 5);
  const chosen = at?.chance ?? horizon;
  return (
    <g>
      <RowName {...{ frame, words, note, y, index }} />
      {narrow
        ? <text class="label" x={frame.width} y={y(1) - 11} text-anchor="end">{narrowHeading(at?.chance ?? null, milestone.words, frame.width - textWidth(words, 14, 650) - 12)}</text>
        : <MilestoneLabel {...{ frame, y, words: milestone.words, nameEnd }} place={mark ? { x: x(mark.day), y: y(mark.level) } : null} />}
      {mark && <circle class="crossing" cx={written(x(mark.day))} cy={y(mark.level)} r={mark.level === 0.5 ? 4 : 3.2} />}
      {at && narrow && <line class="crosshair" x1={at.x} x2={at.x} y1={y(1) - 2} y2={y(0)} />}
      {at && <circle class="at-row" cx={at.x} cy={y(at.share)} r={3} />}
      {at && frame.form === "middle" && <ChanceAtDot {...{ frame, y, at }} words={at.chance.figure} avoid={mark ? { x: x(mark.day), y: y(mark.level), width: textWidth(milestone.words, 12.5, 500) } : null} />}
      {frame.slice !== null && (
        <text x={frame.slice}>
          <tspan class="row-chance" x={frame.slice} y={y(1) + 14}>{chosen.figure}</tspan>
          {inColumn(chosen.word).map((line, i) => <tspan key={line} class="row-word" x={frame.slice!} y={y(1) + 32 + i * 15}>{line}</tspan>)}
          {index === 0 && <tspan class="tick" x={frame.slice} y={y(1) + 34 + inColumn(chosen.word).length * 15}>by {date}</tspan>}
        </text>
      )}
    </g>
  );
}

/** Words on two lines where the column has no room for them on one. */
function inColumn(words: string): string[] {
  const last = words.lastIndexOf(" ");
  return textWidth(words, 13) <= sliceRoom || last < 0 ? [words] : [words.slice(0, last), words.slice(last + 1)];
}

function noteOf(frame: Frame, { count: value, kind }: Passage, isHovered: boolean): string {
  const isShort = frame.form === "narrow" ? isHovered || kind === "threshold" : frame.form === "middle" && kind === "threshold";
  return value === null || isShort ? "" : kind === "ceiling" ? "the ceiling" : "threshold";
}

/** The date of the row, joined by the chance at the crosshair where there is room for both. */
function narrowHeading(chance: ChanceWords | null, milestone: string, room: number): string {
  const both = `${chance?.figure} by then; ${milestone}`;
  return chance !== null && textWidth(both, 12.5, 500) <= room ? both : milestone;
}

/** Left above the circle, over the empty side of the curve; right of it where the row's own name is in the way. */
function MilestoneLabel({ frame, y, words, nameEnd, place }: { readonly frame: Frame; readonly y: Axis; readonly words: string; readonly nameEnd: number; readonly place: { x: number; y: number } | null }) {
  if (place === null) {
    return <text class="label haloed" x={frame.right - 6} y={y(0) - 8} text-anchor="end">{words}</text>;
  }

  const fits = place.x - 9 - textWidth(words, 12.5, 500) >= Math.max(frame.left, nameEnd + 8);
  return fits
    ? <text class="label haloed" x={Math.round(place.x - 10)} y={place.y - 8} text-anchor="end">{words}</text>
    : <text class="label on-area" x={Math.round(place.x + 10)} y={Math.min(y(0) - 6, place.y + 16)}>{words}</text>;
}

function ChanceAtDot({ frame, y, at, words, avoid }: { readonly frame: Frame; readonly y: Axis; readonly at: { x: number; share: number }; readonly words: string; readonly avoid: { x: number; y: number; width: number } | null }) {
  const width = textWidth(words, 13, 650);
  const dot = y(at.share);
  const below = at.share > 0.35;
  const baseline = below ? dot + 14 : dot - 8;
  const right = at.x + 8;
  const hits = avoid !== null && right < avoid.x - 10 && right + width > avoid.x - 10 - avoid.width && Math.abs(baseline - (avoid.y - 8)) < 14;
  const isRight = right + width <= frame.right - 4 && !hits;
  return <text class={`row-dot-chance ${below ? "" : "haloed"}`} x={isRight ? right : at.x - 8} y={baseline} text-anchor={isRight ? "start" : "end"}>{words}</text>;
}
