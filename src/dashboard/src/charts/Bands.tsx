import { useId, useMemo } from "preact/hooks";
import type { BandCurves } from "./curves";

/** The bands of a fan: in colours, and hatched where these are not to be had. */
export function Bands({ curves }: { readonly curves: BandCurves }) {
  const id = useId();
  const hatches = useMemo(() => <Hatches id={id} />, [id]);
  return (
    <>
      {hatches}
      <path class="band90" d={curves.band90} fill={`url(#${id}-sparse)`} />
      <path class="band50" d={curves.band50} fill={`url(#${id}-dense)`} />
    </>
  );
}

/** Two densities. */
function Hatches({ id }: { readonly id: string }) {
  const pattern = (name: string, distance: number) => (
    <pattern id={`${id}-${name}`} width={distance} height={distance} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="hatch" x1={0} y1={0} x2={0} y2={distance} />
    </pattern>
  );
  return <defs>{pattern("sparse", 9)}{pattern("dense", 4)}</defs>;
}
