import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Distribution } from "../../gen/scenarios/v1/distribution_pb";
import { plainNumber } from "../../numbers/figures";
import { textWidth } from "../textWidth";
import { useWidth } from "../useWidth";
import { shapeCurves, shownDomain, valueScale } from "./plot";
import { isOverLogarithms, quantileIn, type Shape, shapeOf } from "./shape";

interface EditorPlotProps {
  readonly distribution: Distribution;
  /** What the values are, for those who hear them: "days". */
  readonly unit: string;
  /** The two ends that can be taken hold of, and how much lies between them; absent: there is nothing to take hold of. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly probability?: number | undefined;
  /** Where the reader has brought the ends, at each step. */
  readonly onDrag: (low: number, high: number) => void;
}

const top = 6;
const base = 62;
const track = 71;
const height = 104;
const side = 10;
const narrowest = 160;

/** Handles draw 16 pixels wide and are hit within 44. */
const drawnRadius = 8;
const hitRadius = 22;

/** Labels of values are at least this far apart, in pixels. */
const tickGap = 16;

type End = "low" | "high";

/** A distribution and the two ends that say it, to take hold of. */
export function DistributionEditorPlot({ distribution, unit, low, high, probability, onDrag }: EditorPlotProps) {
  const container = useRef<HTMLDivElement>(null);
  const width = Math.max(narrowest, useWidth(container) ?? narrowest);
  const [dragged, setDragged] = useState<End | null>(null);

  const isLog = isOverLogarithms(distribution);
  const shape = useMemo(() => shapeOf(distribution), [distribution]);
  const ends = low !== undefined && high !== undefined ? ([low, high] as const) : null;
  // The scale holds still while a handle is dragged: else the handle would run away from the pointer.
  const held = useRef<readonly [number, number] | null>(null);
  if (dragged === null || held.current === null) {
    held.current = shape === null ? null : domainOf(shape, ends, isLog);
  }

  const domain = held.current;
  const curves = useMemo(() => {
    if (shape === null || domain === null) {
      return null;
    }

    const scale = valueScale(domain, isLog, side, width - side);
    const shown = ends ?? ([quantileIn(shape, 0.05), quantileIn(shape, 0.95)] as const);
    return { scale, shapes: shapeCurves(shape, domain, scale, isLog, top, base, shown) };
    // The ends stand in the shape already, and an array of them is never the same.
  }, [shape, domain?.[0], domain?.[1], isLog, width, low, high]);
  if (curves === null || domain === null) {
    return <div ref={container} class="distribution-plot-room" />;
  }

  const { scale, shapes } = curves;
  const move = (end: End, value: number) => {
    if (!ends) {
      return;
    }

    const step = stepOf(ends[1]);
    const lowest = isLog ? step : -Infinity;
    const next = Math.round(value / step) * step;
    const [from, to] = end === "low"
      ? [Math.max(lowest, Math.min(next, ends[1] - step)), ends[1]]
      : [ends[0], Math.max(next, ends[0] + step)];
    if (from !== ends[0] || to !== ends[1]) {
      onDrag(exact(from), exact(to));
    }
  };
  const under = (event: TargetedPointerEvent<SVGSVGElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const onPointerDown = (event: TargetedPointerEvent<SVGSVGElement>) => {
    if (!ends || event.button !== 0) {
      return;
    }

    const distances = ends.map((value) => Math.abs(scale(value) - under(event)));
    const nearest: End = distances[0]! < distances[1]! || (distances[0] === distances[1] && under(event) < scale(ends[0])) ? "low" : "high";
    if (Math.min(...distances) <= hitRadius) {
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.querySelector<SVGElement>(`[data-end="${nearest}"]`)?.focus();
      setDragged(nearest);
      event.preventDefault();
    }
  };
  const onPointerMove = (event: TargetedPointerEvent<SVGSVGElement>) => {
    if (dragged !== null) {
      move(dragged, scale.invert(Math.max(side, Math.min(width - side, under(event)))));
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<SVGGElement>) => {
    const end = event.currentTarget.dataset.end as End;
    const steps = stepsOf(event);
    if ((event.key === "Home" || event.key === "End") && ends) {
      event.preventDefault();
      // As far as it goes: to the edge of the picture, or up to the other end.
      const step = stepOf(ends[1]);
      move(end, event.key === "Home" ? (end === "low" ? Math.ceil(domain[0] / step) * step : ends[0]) : end === "low" ? ends[1] : Math.floor(domain[1] / step) * step);
    } else if (steps !== 0 && ends) {
      event.preventDefault();
      const value = end === "low" ? ends[0] : ends[1];
      move(end, value + steps * stepOf(ends[1]));
    }
  };
  const share = probability === undefined || probability === 1 ? "" : `${plainNumber(probability * 100)}\u00a0%`;
  return (
    <div ref={container} class="distribution-plot-room">
      <svg
        class="distribution-plot" width={width} height={height} viewBox={`0 0 ${width} ${height}`}
        onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={() => setDragged(null)} onPointerCancel={() => setDragged(null)}
      >
        <g aria-hidden="true">
          <path class="shape-outside" d={shapes.outside} />
          <path class="shape-inside" d={shapes.inside} />
          {shapes.atoms.map((atom) => <line key={atom.x} class="shape-atom" x1={atom.x} x2={atom.x} y1={atom.top} y2={base} />)}
          <line class="axis" x1={0} x2={width} y1={base} y2={base} />
          {ends && share !== "" && <text class="shape-share" x={(scale(ends[0]) + scale(ends[1])) / 2} y={base - 14} text-anchor="middle">{share}</text>}
          {ends && <line class="track" x1={scale(ends[0])} x2={scale(ends[1])} y1={track} y2={track} />}
          {ticksOf(scale, domain, isLog, ends, width).map((tick) => (
            <text key={tick} class="tick" x={scale(tick)} y={track + 26} text-anchor="middle">{plainNumber(tick)}</text>
          ))}
        </g>
        {ends && (["low", "high"] as const).map((end, i) => {
          const value = ends[i]!;
          return (
            <g
              key={end} class="handle" data-end={end} role="slider" tabindex={0} aria-orientation="horizontal"
              aria-label={handleName(end, probability)}
              aria-valuemin={exact(end === "low" ? domain[0] : ends[0])} aria-valuemax={exact(end === "low" ? ends[1] : domain[1])} aria-valuenow={value}
              aria-valuetext={`${plainNumber(value)}${unit === "" ? "" : ` ${unit}`}, ${handleName(end, probability).toLowerCase()}`}
              onKeyDown={onKeyDown}
            >
              <line class="stem" x1={scale(value)} x2={scale(value)} y1={top + 2} y2={track} />
              <circle class="hit" cx={scale(value)} cy={track} r={hitRadius} />
              <circle class="halo" cx={scale(value)} cy={track} r={drawnRadius + 3.5} />
              <circle class="knob" cx={scale(value)} cy={track} r={drawnRadius - 1} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** "Lower end of 90 %"; "smallest value" where everything lies between the ends. */
function handleName(end: End, probability: number | undefined): string {
  if (probability === undefined || probability === 1) {
    return end === "low" ? "Smallest value" : "Largest value";
  }

  return `${end === "low" ? "Lower" : "Upper"} end of ${plainNumber(probability * 100)}\u00a0%`;
}

/** What a handle moves by: 1 in the third figure of the larger end, so 1 day of 150 and 100 people of 15,000. */
function stepOf(high: number): number {
  return 10 ** (Math.floor(Math.log10(Math.max(1e-9, Math.abs(high)))) - 2);
}

function stepsOf({ key, shiftKey }: TargetedKeyboardEvent<SVGGElement>): number {
  const many = shiftKey ? 10 : 1;
  return key === "ArrowRight" || key === "ArrowUp" ? many : key === "ArrowLeft" || key === "ArrowDown" ? -many : key === "PageUp" ? 10 : key === "PageDown" ? -10 : 0;
}

/** 0.1 + 0.2 is 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** Room for the handles to move to: as much again on both sides as lies between them, and no value that cannot be. */
function domainOf(shape: Shape, ends: readonly [number, number] | null, isLog: boolean): [number, number] {
  const shown = shownDomain(shape, isLog);
  if (!ends) {
    return shown;
  }

  if (isLog) {
    const width = (ends[1] / ends[0]) ** 0.8;
    return [ends[0] / width, ends[1] * width];
  }

  const width = (ends[1] - ends[0]) * 0.35;
  const low = Math.min(shown[0], ends[0] - width);
  return [ends[0] >= 0 ? Math.max(0, low) : low, Math.max(shown[1], ends[1] + width)];
}

/** The ends themselves, then round values where there is room between. */
function ticksOf(scale: ReturnType<typeof valueScale>, domain: readonly [number, number], isLog: boolean, ends: readonly [number, number] | null, width: number): number[] {
  const ticks: number[] = [];
  const fits = (tick: number) => {
    const half = textWidth(plainNumber(tick), 12) / 2;
    return scale(tick) >= half && scale(tick) <= width - half
      && ticks.every((other) => Math.abs(scale(other) - scale(tick)) >= half + textWidth(plainNumber(other), 12) / 2 + tickGap);
  };
  for (const tick of [...(ends ?? []), ...(isLog ? logTicks(domain) : scale.ticks(5))]) {
    if (fits(tick)) {
      ticks.push(tick);
    }
  }

  return ticks;
}

/** 1, 3, 2, 5 of every decade first: those spread best over logarithms. */
function logTicks([low, high]: readonly [number, number]): number[] {
  return [1, 3, 2, 5, 1.5, 4, 6, 8].flatMap((factor) => {
    const found: number[] = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
      const tick = exact(factor * 10 ** decade);
      if (tick >= low && tick <= high) {
        found.push(tick);
      }
    }

    return found;
  });
}
