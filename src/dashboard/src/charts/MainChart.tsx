import { scaleLinear } from "d3-scale";
import type { ComponentChildren, TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { plain } from "../emphasis";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { addDays, longDate } from "../numbers/dates";
import { count } from "../numbers/figures";
import { bandWords } from "../numbers/levels";
import type { ReaderView } from "../view";
import "./charts.css";
import { FanCrosshair, FanFurniture, FanPicture, labelRoom } from "./FanPicture";
import { frameOf, isNarrow, isStrip, rowsFrame } from "./frame";
import { nearestFuture } from "./curves";
import { PassageCrosshair, PassageRows, removalPlace, rowCount } from "./PassagePicture";
import { PresentFan, PresentRoom } from "./PresentFan";
import { ProjectionTable } from "./ProjectionTable";
import { countTop, countTopOf, fanLevels, nearestPoint, passageSentence, passagesOf, presentAhead, presentOf, thresholdsOf, totalWords, usualLevels } from "./reading";
import { ReadOutTable } from "./ReadOut";
import { useSame } from "./useSame";
import { useWidth } from "./useWidth";

interface MainChartProps {
  /** Null until the first snapshot: all that is drawn then comes from the scenario. */
  readonly projection: Projection | null;
  /** As projected, and the same object through the snapshots of one projection: what hangs on it alone is drawn once. */
  readonly scenario: Scenario | undefined;
  readonly view: Pick<ReaderView, "at" | "counts" | "showFutures" | "showPresent" | "showTable">;
  /** False: the answer stands for something else than what the page says now, and loses its colour. */
  readonly current: boolean;
  /** What stands beside a read-out that is not current: when the last snapshot came. */
  readonly asOf?: string;
  /** The scale of counts holds still: something is being dragged. */
  readonly hold?: boolean;
  /** The sample future whose replay is open. */
  readonly future?: number | null;
  /** The reader put the crosshair on a day, or took it away. */
  readonly onAt: (day: number | null) => void;
  readonly onFuture: (index: number) => void;
  /** Takes a count of the reader's away, at its row. */
  readonly onRemoveCount?: (count: number) => void;
  /** Keys T and F on the chart. */
  readonly onToggle?: (part: "showTable" | "showFutures") => void;
  /** Stands below the fan. */
  readonly afterFan?: ComponentChildren;
  /** Stand at the right of the headings. */
  readonly fanControls?: ComponentChildren;
  readonly passageControls?: ComponentChildren;
}

/** Days that a page key moves the crosshair by: a quarter of a year. */
const quarter = 91.3125;

/** How near to a future a pointer is taken to mean it, in pixels. */
const futureReach = 8;

/**
 * The answer as pictures: the fan over dates, and below it on the same dates when each count is first reached. One crosshair runs through
 * both and moves the read-out, the slice and the chances together.
 */
export function MainChart(props: MainChartProps) {
  const { projection, scenario, view, current } = props;
  const container = useRef<HTMLDivElement>(null);
  const width = useWidth(container);
  const isFocusDue = useRef(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const thresholds = useSame(thresholdsOf(projection, scenario, view.counts));
  const top = useTop(projection, scenario, thresholds, props.hold ?? false);

  const labels = labelRoom(width !== null && isNarrow(width), scenario, thresholds, top);
  const frame = useMemo(() => (width === null ? null : frameOf(width, labels)), [width, labels.counts, labels.ends]);
  const horizon = projection?.points.at(-1)?.day ?? scenario?.horizonDays ?? 1;
  const x = useMemo(() => scaleLinear([0, horizon], frame ? [frame.left, frame.right] : [0, 1]), [frame, horizon]);
  const y = useMemo(() => scaleLinear([0, top ?? 1], frame ? [frame.bottom, frame.top] : [1, 0]), [frame, top]);
  const levels = useSame(fanLevels(projection?.quantileLevels ?? []));
  const passages = useMemo(() => (projection ? passagesOf(projection) : []), [projection]);
  const present = useSame(useMemo(() => (projection ? presentOf(projection) : null), [projection]));
  const sentences = useMemo(
    () => (projection ? passages.map((passage) => passageSentence(passage, Number(projection.paths))).join(" ") : ""),
    [projection, passages],
  );
  const asked = rowCount({ projection, passages, thresholds, scenario });
  const rowFrame = useMemo(() => frame && rowsFrame(frame, asked), [frame, asked]);
  const highlighted = pointed ?? props.future ?? null;

  const day = hovered ?? view.at;
  const index = projection === null || projection.points.length === 0 ? null : nearestPoint(projection, day ?? horizon);
  const at = index === null || day === null ? null : index;

  const isAwaited = projection === null;
  const chipAt = at === null || frame?.form === "narrow" ? null : x(projection!.points[at]!.day);
  const furniture = useMemo(
    () => frame && <FanFurniture {...{ frame, scenario, isAwaited, thresholds, x, y, top, chipAt }} />,
    [frame, scenario, isAwaited, thresholds, x, y, top, chipAt],
  );
  const picture = useMemo(
    () => frame && projection && <FanPicture {...{ frame, projection, levels, x, y }} showFutures={view.showFutures} />,
    [frame, projection, levels, x, y, view.showFutures],
  );
  const rows = useMemo(
    () => rowFrame && <PassageRows {...{ projection, passages, thresholds, x, scenario }} frame={rowFrame} />,
    [rowFrame, projection, passages, thresholds, x, scenario],
  );

  const dayUnder = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const offset = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return frame && offset >= frame.left - 12 && offset <= frame.right + 12 ? Math.min(horizon, Math.max(0, x.invert(offset))) : null;
  };
  const snapped = (place: number | null) => (projection && place !== null && projection.points.length > 0 ? projection.points[nearestPoint(projection, place)]!.day : null);
  const onPointer = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const under = dayUnder(event);
    const place = snapped(under);
    if (event.pointerType === "touch") {
      if (place !== null) {
        props.onAt(place);
      }
      return;
    }

    setHovered(place);
    setPointed(under === null ? null : futureUnder(event, under));
  };
  const futureUnder = (event: TargetedPointerEvent<SVGSVGElement>, under: number) => {
    if (!projection || !view.showFutures || !event.currentTarget.classList.contains("fan")) {
      return null;
    }

    const count = y.invert(event.clientY - event.currentTarget.getBoundingClientRect().top);
    const daysPerPixel = x.invert(1) - x.invert(0);
    const countPerPixel = y.invert(0) - y.invert(1);
    return nearestFuture(projection.samplePaths, under, count, daysPerPixel, countPerPixel, futureReach);
  };
  const onClick = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const under = dayUnder(event);
    const future = under === null ? null : futureUnder(event, under);
    if (future !== null) {
      props.onFuture(future);
    } else if (under !== null && event.pointerType !== "touch") {
      const place = snapped(under);
      props.onAt(place === view.at ? null : place);
    }
  };
  const onLeave = () => {
    setHovered(null);
    setPointed(null);
  };
  const onKey = (event: TargetedKeyboardEvent<SVGSVGElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !projection || index === null) {
      return;
    }

    const last = projection.points.length - 1;
    const from = projection.points[index]!.day;
    const goTo = (target: number) => props.onAt(projection.points[Math.min(last, Math.max(0, target))]!.day);
    const futures = view.showFutures ? projection.samplePaths.length : 0;
    const step = event.key === "ArrowUp" || event.key === "ArrowDown" ? (event.key === "ArrowUp" ? 1 : -1) : 0;
    if (step !== 0 && futures > 0) {
      setPointed(highlighted === null ? (step > 0 ? 0 : futures - 1) : (highlighted + step + futures) % futures);
    } else if (event.key === "Enter" && pointed !== null) {
      props.onFuture(pointed);
    } else if (event.key === "ArrowLeft") {
      goTo(index - 1);
    } else if (event.key === "ArrowRight") {
      goTo(index + 1);
    } else if (event.key === "PageUp") {
      goTo(Math.max(index + 1, nearestPoint(projection, from + quarter)));
    } else if (event.key === "PageDown") {
      goTo(Math.min(index - 1, nearestPoint(projection, from - quarter)));
    } else if (event.key === "Home") {
      goTo(0);
    } else if (event.key === "End") {
      goTo(last);
    } else if (event.key === "Escape") {
      props.onAt(null);
      setPointed(null);
    } else if (props.onToggle && isTableKey(event)) {
      toggleTable(props.onToggle);
    } else if (props.onToggle && (event.key === "f" || event.key === "F")) {
      props.onToggle("showFutures");
    } else {
      return;
    }

    event.preventDefault();
    setHovered(null);
  };
  // Who asked for the table by a key goes on from it, and back again.
  const toggleTable = (onToggle: NonNullable<MainChartProps["onToggle"]>) => {
    isFocusDue.current = true;
    onToggle("showTable");
  };
  useLayoutEffect(() => {
    if (isFocusDue.current) {
      isFocusDue.current = false;
      container.current?.querySelector<HTMLElement | SVGElement>(view.showTable ? ".table-scroll" : "svg.fan")?.focus();
    }
  }, [view.showTable]);
  const onTableKey = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (props.onToggle && (isTableKey(event) || event.key === "Escape")) {
      event.preventDefault();
      toggleTable(props.onToggle);
    }
  };
  const pointer = {
    onPointerEnter: onPointer, onPointerMove: onPointer, onPointerDown: onPointer, onPointerLeave: onLeave, onClick,
  };

  const name = projection ? plain(projection.headline) : scenario?.startDate ? `Projecting to ${longDate(addDays(scenario.startDate, scenario.horizonDays))}.` : "Projecting.";
  return (
    <div class={current || projection === null ? "charts" : "charts stale"} ref={container}>
      <section class="chart">
        <header class="chart-head">
          <div>
            <h2>{totalWords(scenario)}</h2>
            <p class="chart-note">{bandsNote(projection)}{view.showFutures && " Point at a future, and click for its story."}</p>
          </div>
          {props.fanControls && <div class="chart-controls">{props.fanControls}</div>}
        </header>
        {view.showTable && projection ? <ProjectionTable projection={projection} onKeyDown={onTableKey} /> : frame && (
          <svg
            class={`fan form-${frame.form}`} width={frame.width} height={frame.height} viewBox={`0 0 ${frame.width} ${frame.height}`}
            role="img" aria-label={name} tabindex={0} onKeyDown={onKey} {...pointer}
          >
            {furniture}
            {picture}
            <FanCrosshair
              {...{ frame, scenario, projection, thresholds, levels, x, y, at, present, highlighted }}
              showPresent={view.showPresent} showFutures={view.showFutures} asOf={props.asOf ?? ""}
            />
          </svg>
        )}
        {frame?.form === "narrow" && !(view.showTable && projection) && <ReadOutTable {...{ projection, scenario, index }} asOf={props.asOf ?? ""} />}
        {frame && projection && present?.kind === "varies" && view.showPresent && !view.showTable && (
          <PresentFan {...{ frame, projection, levels, x, at }} />
        )}
        {frame && isAwaited && view.showPresent && !view.showTable && presentAhead(scenario) === "varies" && <PresentRoom frame={frame} />}
      </section>
      {props.afterFan}
      <section class="chart">
        <header class="chart-head">
          <div>
            <h2>When each count is first reached</h2>
            <p class="chart-note">
              {asked === 0 ? "No count is asked about yet. Add one, and see when it is first reached."
                : rowFrame && isStrip(rowFrame) ? "The darker, the more futures have reached it by the date below."
                : "Share of futures that have reached it by the date below. Hatched: never within the horizon."}
            </p>
          </div>
          {props.passageControls && <div class="chart-controls">{props.passageControls}</div>}
        </header>
        {rowFrame && rows && (
          <div class="passage-room">
            <PassageCrosshair {...{ projection, scenario, passages, thresholds, x, at, pointer }} frame={rowFrame} name={sentences}>
              {rows}
            </PassageCrosshair>
            {props.onRemoveCount && passages.map(({ count: value, kind }, row) => kind === "threshold" && value !== null && view.counts.includes(value) && (
              <button
                type="button" class={isStrip(rowFrame) ? "remove-count of-strip" : "remove-count"} key={value} aria-label={`Remove ${count(value)}`} title={`Remove ${count(value)}`}
                style={removalPlace(rowFrame, value, row)} onClick={() => props.onRemoveCount!(value)}
              >
                ×
              </button>
            ))}
          </div>
        )}
      </section>
    </div>
  );
}

function isTableKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (key === "t" || key === "T") && !ctrlKey && !metaKey && !altKey;
}

/** What the bands of a fan mean. */
export function bandsNote(projection: Projection | null): string {
  const levels = projection?.quantileLevels ?? usualLevels;
  const { outer, inner } = fanLevels(levels);
  const words = (pair: readonly [number, number]) => bandWords(levels[pair[0]]!, levels[pair[1]]!);
  return [inner && `Dark band: ${words(inner)}.`, outer && `Light band: ${words(outer)}.`].filter(Boolean).join(" ");
}

/** Top of the scale of counts. Through the snapshots of one answer it only grows, and while something is dragged as well. */
function useTop(projection: Projection | null, scenario: Scenario | undefined, thresholds: readonly number[], hold: boolean): number | null {
  const last = useRef<{ name: string; top: number } | null>(null);
  return useMemo(() => {
    if (!projection || projection.points.length === 0) {
      return scenario ? countTopOf(scenario, thresholds) : null;
    }

    const needed = countTop(projection);
    const held = last.current && (hold || last.current.name === projection.name) ? Math.max(last.current.top, needed) : needed;
    last.current = { name: projection.name, top: held };
    return held;
  }, [projection, scenario, thresholds, hold]);
}
