import { useMemo } from "preact/hooks";
import type { Distribution } from "../../gen/scenarios/v1/distribution_pb";
import { plainNumber } from "../../numbers/figures";
import { textWidth } from "../textWidth";
import { shapeCurves, shownDomain, valueScale } from "./plot";
import { isOverLogarithms, quantileIn, shapeOf } from "./shape";

const width = 112;
const top = 3;
const base = 34;
const height = 50;

interface ThumbProps {
  readonly distribution: Distribution;
  /** The largest of the numbers that a single one is to be seen among, on a scale from 0; absent: it stands alone. */
  readonly among?: number | undefined;
}

/** A distribution at a glance, beside the words that say it: nine in ten dark, with the values at their ends. */
export function DistributionThumb({ distribution, among }: ThumbProps) {
  const drawn = useMemo(() => {
    const shape = shapeOf(distribution);
    if (shape === null) {
      return null;
    }

    const isLog = isOverLogarithms(distribution);
    const [low, high] = [quantileIn(shape, 0.05), quantileIn(shape, 0.95)];
    const domain = shownDomain(shape, isLog, among);
    const x = valueScale(domain, isLog, 2, width - 2);
    return { low, high, x, curves: shapeCurves(shape, domain, x, isLog, top, base, [low, high]) };
  }, [distribution, among]);
  if (drawn === null) {
    return null;
  }

  const { low, high, x, curves } = drawn;
  return (
    <svg class="distribution-thumb" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="shape-outside" d={curves.outside} />
      <path class="shape-inside" d={curves.inside} />
      {curves.atoms.map((atom) => <line key={atom.x} class="shape-atom" x1={atom.x} x2={atom.x} y1={atom.top} y2={base} />)}
      <line class="axis" x1={0} x2={width} y1={base} y2={base} />
      {thumbLabels(low, high).map(({ words, value }, i, all) => {
        const half = textWidth(words, 10.5) / 2;
        const room = all.length === 1 ? [half, width - half] : i === 0 ? [half, x(high) - half - 4] : [x(low) + half + 4, width - half];
        return <text key={i} x={Math.max(room[0]!, Math.min(room[1]!, x(value)))} y={base + 12} text-anchor="middle">{words}</text>;
      })}
    </svg>
  );
}

/** The values at the ends, to the third figure of the larger, unless they are one, or would run into each other. */
function thumbLabels(low: number, high: number): { words: string; value: number }[] {
  const step = 10 ** (Math.floor(Math.log10(Math.max(1e-9, Math.abs(low), Math.abs(high)))) - 2);
  const words = [low, high].map((value) => plainNumber(Math.round(value / step) * step));
  if (low === high || words[0] === words[1]) {
    return [{ words: words[0]!, value: low }];
  }

  const fits = words.reduce((sum, word) => sum + textWidth(word, 10.5), 0) + 12 <= width;
  return fits ? [{ words: words[0]!, value: low }, { words: words[1]!, value: high }] : [{ words: words[1]!, value: high }];
}
