import { useMemo, useRef } from "preact/hooks";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { chance, yardstick } from "../numbers/chances";
import { count } from "../numbers/figures";
import type { Currency } from "../view";
import { written } from "./outlines";
import { passagesOf } from "./reading";
import { textWidth } from "./textWidth";
import { useWidth } from "./useWidth";

const barHeight = 8;
const labelPitch = 16;
const gap = 10;

/** Below this width the words would run into each other. */
const narrowest = 200;

/** Where a chance stands on a stick so wide. */
const place = (percent: number, width: number) => (percent / 100) * width;

/** The words for chances as a stick from 0 to 100 %, with the counts of the page marked on it. */
export function ChanceYardstick({ projection, current }: { readonly projection: Projection; readonly current: Currency }) {
  const container = useRef<HTMLDivElement>(null);
  const width = Math.max(narrowest, useWidth(container) ?? narrowest);

  const marks = useMemo(() => marksOf(projection, width), [projection, width]);
  const levels = Math.max(0, ...marks.map((mark) => mark.level)) + 1;
  const top = levels * labelPitch + 10;
  const stick = useMemo(() => <Stick {...{ width, top }} />, [width, top]);
  const name = marks.map(({ words, figure, chanceWord }) => `${words}: ${chanceWord || figure}`).join("; ");
  return (
    <div ref={container} class={`charts yardstick ${current}`}>
      <svg width={width} height={top + barHeight + 54} viewBox={`0 0 ${width} ${top + barHeight + 54}`} role="img" aria-label={`Chances in words. ${name}.`}>
        {stick}
        {marks.map(({ percent, words, figure, level, left }) => (
          <g key={words}>
            <path class="stick-mark" d={`M${written(place(percent, width) - 4.5)},${top - 9}h9l-4.5,7z`} />
            <text x={Math.round(left)} y={top - 14 - level * labelPitch}>
              <tspan class="strong">{words}</tspan><tspan class="quiet-label" dx={4}>{figure}</tspan>
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** The words, and how far each of them reaches. */
function Stick({ width, top }: { readonly width: number; readonly top: number }) {
  const x = (percent: number) => place(percent, width);
  const words = yardstick.map(({ word, upTo }, i) => ({ word, upTo, from: i === 0 ? 0 : yardstick[i - 1]!.upTo }));
  return (
    <>
      {words.map(({ word, from, upTo }, i) => {
        const gapBefore = i === 0 ? 0 : 1;
        return <rect key={word} class={i % 2 === 1 ? "stick-dark" : "stick-light"} x={x(from) + gapBefore} y={top} width={x(upTo - from) - gapBefore} height={barHeight} />;
      })}
      {words.map(({ word, from, upTo }, i) => {
        const isEnd = i === 0 || i === yardstick.length - 1;
        const lines = isEnd ? [word] : word.startsWith("roughly ") ? ["even"] : word.split(" ");
        const middle = i === 0 ? 0 : isEnd ? width : x((from + upTo) / 2);
        return (
          <text key={word} class="tick" text-anchor={i === 0 ? "start" : isEnd ? "end" : "middle"}>
            {lines.map((line, row) => <tspan key={line} x={middle} y={top + barHeight + (isEnd ? 44 : 16 + row * 13)}>{line}</tspan>)}
          </text>
        );
      })}
    </>
  );
}

interface Mark {
  readonly percent: number;
  readonly words: string;
  readonly figure: string;
  readonly chanceWord: string;
  /** 0 stands lowest. */
  readonly level: number;
  readonly left: number;
}

/** Labels stand over their marks, as low as those beside them leave room. */
function marksOf(projection: Projection, width: number): Mark[] {
  const paths = Number(projection.paths);
  const marks: Mark[] = [];
  const sorted = passagesOf(projection).sort((one, other) => one.reached.reachedProbability - other.reached.reachedProbability);
  for (const { count: value, reached } of sorted) {
    const words = value === null ? "The ceiling" : count(value);
    if (marks.some((mark) => mark.words === words)) {
      continue;
    }

    const { reachedProbability: probability, reachedProbabilityStandardError: error } = reached;
    const figure = probability === 0 ? "in none" : probability === 1 ? "in all" : chance(probability, error, paths);
    const length = textWidth(words, 12.5, 600) + 4 + textWidth(figure, 12.5);
    const left = Math.max(0, Math.min(width - length, probability * width - length / 2));
    let level = 0;
    while (marks.some((mark) => mark.level === level && left < mark.left + textWidth(mark.words, 12.5, 600) + 4 + textWidth(mark.figure, 12.5) + gap)) {
      level++;
    }

    marks.push({ percent: probability * 100, words, figure, chanceWord: reached.reachedInWords, level, left });
  }

  return marks;
}
