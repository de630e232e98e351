import { ChanceYardstick } from "../charts";
import { addDays, longDate } from "../numbers/dates";
import { count } from "../numbers/figures";
import { currency, open, projected, projection, scenario } from "../page";
import { medianHalfWidth } from "./top";

/** How sharp the answer is, and what it is called for good. */
export function Precision() {
  const shown = projected.value;
  return (
    <section class={`precision ${currency.value}`} aria-label="Precision">
      <dl>
        <div><dt>Paths</dt><dd><Paths /></dd></div>
        <div><dt>Median is sharp to</dt><dd><MedianError /></dd></div>
        <div><dt>Seed</dt><dd>{shown ? String(shown.seed) : "…"}</dd></div>
        <div>
          <dt>Permanent name</dt>
          <dd>{shown ? <PermanentName name={shown.name} /> : "…"}</dd>
        </div>
      </dl>
    </section>
  );
}

function Paths() {
  const shown = projection.value;
  return <>{shown ? count(Number(shown.paths)) : "…"}</>;
}

function MedianError() {
  const half = medianHalfWidth();
  return <>{projection.value ? (half ? <>± {half} <span class="quiet">{scenario.value?.noun}</span></> : "exact") : "…"}</>;
}

function PermanentName({ name }: { name: string }) {
  return (
    <a
      class="name"
      href={`/${name}`}
      title={name}
      onClick={(event) => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
          event.preventDefault();
          open({ kind: "projection", name });
        }
      }}
    >
      <span class="short" aria-hidden="true">{name.replace(/^(projections\/.{4}).*(.{4})$/, "$1…$2")}</span>
      <span class="whole">{name}</span>
    </a>
  );
}

/** The words for chances, with the counts of the page among them. */
export function Words() {
  const shown = projection.value;
  const given = scenario.value;
  if (!shown || (shown.thresholds.length === 0 && !shown.cap)) {
    return null;
  }
  return (
    <section class={`words ${currency.value}`} aria-labelledby="words">
      <div class="heading">
        <div>
          <h2 id="words">Words for chances</h2>
          <p class="sub">ICD 203 yardstick{given?.startDate && `, by ${longDate(addDays(given.startDate, given.horizonDays))}`}</p>
        </div>
      </div>
      <ChanceYardstick projection={shown} current={currency.value} />
    </section>
  );
}
