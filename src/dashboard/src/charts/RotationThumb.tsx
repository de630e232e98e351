/** What a rotation does to the total, solid, and to those present, dashed: the same all along where it relieves. */
export function RotationThumb({ relieves }: { readonly relieves: boolean }) {
  const steps = "M0,28h18v-7h22v-7h22v-6h22v-5h28";
  return (
    <svg class="distribution-thumb rotation-thumb" width={112} height={50} viewBox="0 0 112 50" aria-hidden="true">
      <path class="total" d={steps} />
      <path class="present" d={relieves ? "M0,29h112" : "M0,29h18v-5h22v-5h22v3h22v2h28"} />
      <line class="axis" x1={0} x2={112} y1={34} y2={34} />
      <text x={112} y={46} text-anchor="end">total and present</text>
    </svg>
  );
}
