import { type ScaleLinear, scaleLinear } from "d3-scale";
import { useMemo } from "preact/hooks";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { longDate } from "../numbers/dates";
import { computed, count, errorWords, shortCount } from "../numbers/figures";
import { countTicks } from "../numbers/ticks";
import { Bands } from "./Bands";
import { bandCurves, isLattice } from "./curves";
import { DateAxis } from "./FanPicture";
import { placeLabels } from "./endLabels";
import type { Frame } from "./frame";
import { written } from "./outlines";
import type { FanLevels } from "./reading";

interface PresentFanProps {
  readonly frame: Frame;
  readonly projection: Projection;
  readonly levels: FanLevels;
  readonly x: ScaleLinear<number, number>;
  readonly at: number | null;
}

const top = 10;
const plotHeight = 120;
const axisRoom = 28;

/** The room of the fan below, before there is an answer. */
export function PresentRoom({ frame }: { readonly frame: Frame }) {
  return <figure class="present-fan" aria-hidden="true"><figcaption class="chart-note"><br /></figcaption><svg width={frame.width} height={top + plotHeight + axisRoom} /></figure>;
}

/** Those present where their number varies: a small fan of its own, on the same dates; never over the total. */
export function PresentFan({ frame, projection, levels, x, at }: PresentFanProps) {
  const bottom = top + plotHeight;
  const points = projection.points;
  const most = Math.max(1, ...points.map((point) => point.present?.quantiles.at(-1) ?? 0));
  const y = useMemo(() => scaleLinear([0, most], [bottom, top]), [most, bottom]);
  const curves = useMemo(
    () => bandCurves(points.map((point) => written(x(point.day))), points.map(({ present }) => present!.quantiles), levels, y, isLattice(projection, "present")),
    [projection, points, levels, x, y],
  );
  const point = points[at ?? points.length - 1]!;
  const present = point.present!;
  const label = frame.form === "narrow" ? shortCount : count;
  const ends = [...new Set(points.at(-1)!.present!.quantiles)].reverse();
  const places = placeLabels(ends.map((value) => y(value)), bottom);
  const endErrors = points.at(-1)!.present!;
  const middle = levels.median === null ? computed(present.mean, present.meanStandardError) : computed(present.quantiles[levels.median]!, present.quantileStandardErrors[levels.median]!);
  const words = `on ${longDate(point.date!)}: ${levels.median === null ? "on average" : "even chance of"} ${middle.value} (${errorWords(middle)})`;
  return (
    <figure class="present-fan">
      <figcaption class="chart-note"><strong>Present at any one time</strong> {words}</figcaption>
      <svg width={frame.width} height={bottom + axisRoom} viewBox={`0 0 ${frame.width} ${bottom + axisRoom}`} role="img" aria-label={`Present at any one time, ${words}`}>
        {countTicks(most, plotHeight, 40).map((tick) => (
          <g key={tick}>
            {tick > 0 && <line class="hairline" x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} />}
            <text class="tick" x={frame.left - frame.tickGap} y={y(tick)} dy="0.36em" text-anchor="end">{label(tick)}</text>
          </g>
        ))}
        <Bands curves={curves} />
        <path class="rim" d={curves.rims} />
        <path class="median present-median" d={curves.median} />
        <DateAxis {...{ frame, x }} scenario={projection.scenario} chipAt={null} y={bottom} />
        {at !== null && <line class="crosshair" x1={x(point.day)} x2={x(point.day)} y1={0} y2={bottom} />}
        {ends.map((value, i) => (
          <text key={value} class="end" x={frame.right + 9} y={places[i]} dy="0.36em">
            {computed(value, endErrors.quantileStandardErrors[endErrors.quantiles.indexOf(value)]!).value}
          </text>
        ))}
      </svg>
    </figure>
  );
}
