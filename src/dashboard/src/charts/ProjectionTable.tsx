import type { TargetedKeyboardEvent } from "preact";
import { useMemo } from "preact/hooks";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { percentWithError, shareError } from "../numbers/chances";
import { shortDate } from "../numbers/dates";
import { computed, count, errorWords } from "../numbers/figures";
import { levelWords } from "../numbers/levels";
import { capitalised, passagesOf, totalWords } from "./reading";

interface ProjectionTableProps {
  readonly projection: Projection;
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLDivElement>) => void;
}

/** The projection as a table: every reported date with its levels, mean and errors, and the chance of having reached each count. */
export function ProjectionTable({ projection, onKeyDown }: ProjectionTableProps) {
  const passages = useMemo(() => passagesOf(projection), [projection]);
  const paths = Number(projection.paths);
  return (
    <div class="table-scroll" role="region" aria-label={`${totalWords(projection.scenario)}, as a table`} tabIndex={0} onKeyDown={onKeyDown}>
      <table class="projection-table">
        <caption>
          <span class="in-view">
            {totalWords(projection.scenario)}, by date. ± is the error of computing, 95 %. Chances are in per cent of {count(paths)} futures.
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Date</th>
            {projection.quantileLevels.map((level) => <th key={level} scope="col">{capitalised(levelWords(level))}</th>)}
            <th scope="col">Mean</th>
            {passages.map(({ count: value, kind }) => (
              <th key={`${kind} ${value}`} scope="col">{value === null ? "Ceiling" : count(value)} reached</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {projection.points.map((point, index) => (
            <tr key={point.day}>
              <th scope="row">{shortDate(point.date!)}</th>
              {point.cumulative!.quantiles.map((value, level) => <Cell key={level} value={value} error={point.cumulative!.quantileStandardErrors[level]!} />)}
              <Cell value={point.cumulative!.mean} error={point.cumulative!.meanStandardError} />
              {passages.map(({ kind, count: value, reached }) => {
                const share = reached.reachedProbabilityByPoint[index] ?? 0;
                const shown = percentWithError(share, shareError(share, paths));
                return (
                  <td key={`${kind} ${value}`}>
                    {share === 0 ? "none" : share === 1 ? "all" : <>{shown.value} <small>±&nbsp;{shown.error}</small></>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ value, error }: { readonly value: number; readonly error: number }) {
  const shown = computed(value, error);
  return <td>{shown.value} <small>{errorWords(shown)}</small></td>;
}
